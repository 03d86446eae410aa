"""A user, a project and the tools around it, in which a secret stands at every place that is read."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.secrets import malformed, well_formed
from tests.secrets.kinds import BARE, Kind, parts

HARMLESS = "harmless"
# `@any unknown key@`: nothing is kept of what stands here. The others are told as they stand, so that only the form can
# give a secret away: `@told index-url@`, `@word extra-index-url@` in a list, `@name PATH@` in a path.
MARK = re.compile(r"@(any|told|word|name) ([^@\n]+)@")
PYTHON = os.path.realpath(sys.executable)
VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"


class World:
    """The places of one kind of secret, each with a secret of its own.

    Attributes:
        kind: of secret.
        planted: the parts of the secrets, by the place where they stand.
        env: the variables of the session.
        project: its working directory.
    """

    def __init__(self, root: Path, kind: Kind) -> None:
        self.kind = kind
        self.planted: dict[str, set[str]] = {}
        self.root = root
        self.project = root / "project"
        self.env = {"HOME": f"{root}/home", "PATH": f"{root}/bin:/usr/bin:/bin", "LANG": "C.UTF-8"}

    def nothing(self) -> World:
        """There is an empty project."""
        self.project.mkdir()
        return self

    def well_formed(self) -> World:
        """Every tool can read its files, and keys have values that may be anything."""
        self._program("tmux", f'case "$*" in *show-environment*) cat "{self.root}/said/tmux" ;; esac')
        self.put(well_formed.FILES, well_formed.VARIABLES)
        for link in ("bin/python3", "project/.venv/bin/python"):
            (self.root / link).parent.mkdir(parents=True, exist_ok=True)
            (self.root / link).symlink_to(PYTHON)
        return self

    def malformed(self) -> World:
        """Nothing is as its reader expects it, and what is not understood is a secret."""
        self.put(malformed.FILES, malformed.VARIABLES)
        for name in malformed.FAIL:
            said = self.root / "said" / name
            self._program(name, f"cat '{said}' >&2; exit 1")
        self._program(
            "uv", f'case "$1" in --version) echo "uv 0.9.7" ;; *) cat "{self.root}/said/uv" >&2; exit 2 ;; esac'
        )
        return self

    def leaks(self, document: str) -> list[str]:
        """The places whose secrets, or recognisable parts of them, stand in a document."""
        shown = parts(document)
        return [place for place, secret in self.planted.items() if not shown.isdisjoint(secret)]

    def put(self, files: Mapping[str, str], variables: Mapping[str, str] | None = None) -> None:
        """Write these files, and set these variables."""
        self.env |= {name: self._filled(name, value) for name, value in (variables or {}).items()}
        for name, template in files.items():
            path = self.root / self._filled("a file's name", name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(self._filled(path.name, template), encoding="utf-8")
            path.chmod(0o755 if template.startswith("#!") else 0o644)

    def _program(self, name: str, script: str) -> None:
        path = self.root / "bin" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)

    def _filled(self, name: str, template: str) -> str:
        text = template.replace("ROOT", str(self.root)).replace("PYTHON_HOME", os.path.dirname(PYTHON))
        return MARK.sub(lambda mark: self._secret(f"{name}: {mark[2]}", mark[1]), text.replace("VERSION", VERSION))

    def _secret(self, place: str, mark: str) -> str:
        fits = {"any": True, "told": self.kind is not BARE, "word": self.kind.is_word, "name": self.kind.is_name}
        if not fits[mark] or (mark != "any" and self.kind is BARE):
            return HARMLESS
        self.planted[place] = parts(self.kind.secret(place))
        return self.kind.text(place)
