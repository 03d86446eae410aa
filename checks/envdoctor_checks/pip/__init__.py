"""PIP: where pip installs."""
