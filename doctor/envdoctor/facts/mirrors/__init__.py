"""Mirrors and indexes: which is used, what has set it, whether it answers."""
