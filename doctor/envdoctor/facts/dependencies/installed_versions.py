"""Of which version is a manager that is installed as a package? By what lies beside its program, which is not run."""

from __future__ import annotations

import glob
import os

from envdoctor.text import pep440

Version = tuple[int, ...]


def installed_version(program: str, name: str) -> Version | None:
    """The version of a distribution that a program belongs to, links resolved; None unless there is just one."""
    root = glob.escape(os.path.dirname(os.path.dirname(program)))
    found = glob.glob(os.path.join(root, "lib", "python*", "site-packages", f"{glob.escape(name)}-[0-9]*.dist-info"))
    versions = (pep440.version(os.path.basename(path).split("-")[1].removesuffix(".dist")) for path in found)
    known = next(filter(None, versions), None)
    return known.release if known and len(found) == 1 else None
