"""Secrets of every kind, the places that are read, and all that is written."""
