"""Every environment of the machine: its kind, its condition, what can rebuild it."""
