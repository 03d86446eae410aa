"""PYE: pyenv."""
