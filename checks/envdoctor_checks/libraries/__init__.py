"""LIB: shared libraries."""
