"""With what is uv upgraded? With what has installed it."""

from __future__ import annotations

from envdoctor.facts.uv.installations import UvInstaller

UPGRADES = {
    UvInstaller.STANDALONE: "`uv self update`",
    UvInstaller.CONDA: "`conda update uv`",
    UvInstaller.PIP: "`pip install --upgrade uv`",
    UvInstaller.UV: "`uv tool upgrade uv`",
    UvInstaller.PIPX: "`pipx upgrade uv`",
    UvInstaller.HOMEBREW: "`brew upgrade uv`",
    UvInstaller.SYSTEM: "the system's package manager",
    UvInstaller.UNKNOWN: "whatever installed it",
}
