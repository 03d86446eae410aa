"""Interpreters, what they read from the session, and their packages."""
