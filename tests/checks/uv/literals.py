"""A version and an environment for what uv does."""

from __future__ import annotations

from envdoctor.facts.uv.directories import Place

NEWEST = (0, 13, 9)

OWN = Place("/home/ann/app/.venv", python="3.11")
