"""Typed commands and what they run."""
