"""The machine, bounded: files, processes, child processes, the session."""
