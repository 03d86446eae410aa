"""TRM: tmux, editors, notebooks, sudo."""
