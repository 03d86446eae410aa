"""NET: proxies and certificates."""
