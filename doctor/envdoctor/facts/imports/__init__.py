"""What an import name means: the file that it is taken from, who installed it, why it is not found."""
