"""ENV: virtual environments."""
