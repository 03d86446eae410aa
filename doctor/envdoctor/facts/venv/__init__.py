"""Virtual environments as they stand on disk."""
