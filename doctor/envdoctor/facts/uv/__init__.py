"""uv's settings, target, project, indexes and managed Pythons."""
