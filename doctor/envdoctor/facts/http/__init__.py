"""Addresses, and how a server is asked."""
