"""Facts, checks, findings, fixes, and what brings them together; no tool by name."""
