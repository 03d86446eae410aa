"""Declared, locked and satisfied requirements."""
