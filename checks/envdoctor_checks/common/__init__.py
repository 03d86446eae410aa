"""Wording and fixes that several families share; no checks."""
