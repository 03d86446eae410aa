"""The shared libraries that Python, its packages and other programs load."""
