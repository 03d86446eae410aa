"""pip's settings, options and indexes, and the pip that is typed."""
