"""Caches, temporary directories and homes, and the file systems on which they and environments lie."""
