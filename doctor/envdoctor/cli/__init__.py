"""The command line: one module a command, and the only code that prints."""
