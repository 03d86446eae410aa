"""Strings alone: patterns, what is visible, secrets, credentials in addresses."""
