"""tmux, screen, VS Code, Jupyter."""
