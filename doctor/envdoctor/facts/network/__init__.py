"""Proxies and certificates."""
