"""UV: uv."""
