"""The project, its manager, its environment, its pins."""
