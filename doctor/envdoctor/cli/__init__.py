"""The commands: one module each, and the only code that prints."""
