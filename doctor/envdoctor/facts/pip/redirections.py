"""Where do pip's settings send installs to, instead of the environment of the Python that runs?"""

from __future__ import annotations

import os
from collections.abc import Iterator

from envdoctor.engine.fact import Fact, probe
from envdoctor.facts.pip.config_file import PipSetting
from envdoctor.facts.pip.options import canonical, switched
from envdoctor.facts.pip.settings import PipSettings, prefix_named
from envdoctor.facts.python.active import ActivePython
from envdoctor.facts.python.interpreters import Interpreter
from envdoctor.system.session import Session

# pip 23.0 to 26.3: "Can not combine '--user' and '--target'"; `--root` goes with it.
NOT_WITH_USER = ("target", "prefix")


class Redirection(Fact, frozen=True):
    """One setting that sends installs away.

    Attributes:
        setting: what says so: `target`, `prefix`, `root` or `python`.
        place: the directory in which packages land; None for a `python` that does not exist.
        searched: whether the active Python imports from there.
        with_user: the setting that asks for a user install at the same time, so that pip stops; None if none does.
    """

    setting: PipSetting
    place: str | None
    searched: bool = False
    with_user: PipSetting | None = None


class PipRedirections(Fact, frozen=True):
    """The settings that send installs away from the active Python's own environment."""

    found: tuple[Redirection, ...] = ()


@probe
def probe_pip_redirections(session: Session, settings: PipSettings, active: ActivePython) -> PipRedirections:
    """Work out where packages would land, and whether the active Python looks there."""
    python = active.interpreter
    extra = session.env.get("PYTHONPATH", "").split(os.pathsep)
    searched = {os.path.realpath(entry) for entry in (*python.sys_path, *filter(None, extra))}
    user = settings.effective("user")
    asked = user if user is not None and switched(user.value) else None
    found = [
        Redirection(
            setting,
            place,
            place is not None and os.path.realpath(place) in searched,
            asked if canonical(setting.option) in NOT_WITH_USER else None,
        )
        for setting, place in _places(session, settings, python)
    ]
    return PipRedirections(tuple(found))


def _places(session: Session, settings: PipSettings, python: Interpreter) -> Iterator[tuple[PipSetting, str | None]]:
    def absolute(value: str) -> str:
        return os.path.normpath(os.path.join(session.cwd or "/", value))

    if setting := settings.effective("python", "global"):
        prefix = prefix_named(absolute(setting.value))
        if prefix is None or os.path.realpath(prefix) != python.root:
            yield setting, prefix
    if setting := settings.effective("target"):
        yield setting, absolute(setting.value)
    if (setting := settings.effective("prefix")) and os.path.realpath(absolute(setting.value)) != python.root:
        minor = f"lib/python{python.minor}/site-packages"
        yield setting, os.path.join(absolute(setting.value), minor)
    if (setting := settings.effective("root")) and absolute(setting.value) != "/":
        yield setting, absolute(setting.value) + python.purelib
