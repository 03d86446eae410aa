"""PRJ: what the project needs."""
