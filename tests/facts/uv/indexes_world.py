"""A home with the configuration files of uv and pip."""

from __future__ import annotations

from pathlib import Path

from envdoctor.facts.http.url import Address
from envdoctor.system.session import Session
from tests.support import make_session

A, B, C, D = (f"https://{name}.example/simple" for name in "abcd")


class Home:
    """A home and a project, with the files of uv and pip."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.project = root / "project"
        self.user_toml = root / ".config/uv/uv.toml"
        self.pip_conf = root / ".config/pip/pip.conf"
        for directory in (self.project, self.user_toml.parent, self.pip_conf.parent):
            directory.mkdir(parents=True)

    def session(self, **env: str) -> Session:
        return make_session({"HOME": str(self.root), "XDG_CONFIG_DIRS": "/nonexistent", **env}, cwd=self.project)


def texts(addresses: tuple[Address, ...]) -> list[str]:
    return [address.text for address in addresses]
