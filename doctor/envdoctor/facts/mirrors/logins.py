"""Where may a tool have a login for a mirror that is not looked into here: a keyring, the store of `uv auth`?

What a keyring holds, only the tool can ask. Of uv's store nothing but the services that it knows is kept.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from envdoctor.engine.fact import Fact, probe
from envdoctor.facts.http.parts import split
from envdoctor.facts.http.url import Address
from envdoctor.facts.pip.settings import PipSettings
from envdoctor.facts.uv.settings import UvSettings
from envdoctor.system.files import Unreadable
from envdoctor.system.session import Session
from envdoctor.system.toml import read_toml
from envdoctor.text.patterns import pattern

ASKED = ("subprocess", "import")
NO_WORD = pattern(r"[^A-Za-z0-9]")


class Logins(Fact, frozen=True):
    """What is known of logins that are kept elsewhere than in addresses and `~/.netrc`.

    Attributes:
        pip: the keyring that pip may ask, as the end of a sentence; None if it asks none.
        uv: the same for uv.
        stored: the services for which `uv auth login` has kept a login.
        variables: the names of indexes for which a variable of uv's holds a password.
    """

    pip: str | None = None
    uv: str | None = None
    stored: tuple[str, ...] = ()
    variables: tuple[str, ...] = ()

    def of(self, tool: str, address: Address) -> str | None:
        """Where a tool may have a login for an address, as the end of a sentence; None if nothing is known of one."""
        match tool:
            case "uv":
                return self._of_uv(address)
            case "pip" | "pipenv":
                return self.pip
            case "poetry":
                return "poetry may have one in its own settings or in a keyring"
            case _:
                return None

    def _of_uv(self, address: Address) -> str | None:
        if address.name in self.variables:
            return f"uv takes one from the variables of the index `{address.name}`"
        if any(split(service).host == address.host for service in self.stored):
            return "`uv auth` has one"
        return self.uv


@probe
def probe_logins(session: Session, pip: PipSettings, uv: UvSettings) -> Logins:
    """Look for settings, programs and files, and ask none of them."""
    names = (index.name for index in uv.indexes if index.name)
    return Logins(
        _of_pip(session, pip),
        _of_uv(session, uv),
        tuple(_stored(session)),
        tuple(name for name in names if session.env.get(f"UV_INDEX_{NO_WORD.sub('_', name).upper()}_PASSWORD")),
    )


def _of_pip(session: Session, pip: PipSettings) -> str | None:
    """By default pip asks a keyring that is there, since 23.1 also one that is only a command."""
    setting = pip.effective("keyring-provider")
    if setting and setting.value in ASKED:
        return f"pip asks a keyring, as {setting.origin} says"
    if setting and setting.value == "disabled":
        return None
    keyring = next(_keyrings(session, pip.prefix), None)
    return f"pip may ask the keyring of {keyring}" if keyring else None


def _keyrings(session: Session, prefix: str | None) -> Iterator[str]:
    """The package beside pip, and the command on the search path."""
    library = os.path.join(prefix, "lib") if prefix else ""
    try:
        minors = [name for name in os.listdir(library) if name.startswith("python")] if library else []
    except OSError:
        minors = []
    packages = (os.path.join(library, minor, "site-packages", "keyring") for minor in minors)
    yield from filter(os.path.isdir, packages)
    commands = (os.path.join(entry, "keyring") for entry in (session.env.get("PATH") or "").split(os.pathsep) if entry)
    yield from (path for path in commands if os.path.isabs(path) and os.access(path, os.X_OK))


def _of_uv(session: Session, uv: UvSettings) -> str | None:
    of_file = uv.value("pip.keyring-provider") or uv.value("keyring-provider")
    variable = uv.variable("UV_KEYRING_PROVIDER")
    if (variable or (of_file.value if of_file else "")) in ASKED:
        origin = "UV_KEYRING_PROVIDER" if variable or of_file is None else of_file.origin
        return f"uv asks a keyring, as {origin} says"
    if "native-auth" in (session.env.get("UV_PREVIEW_FEATURES") or ""):
        return "uv may have one in the system's keyring, as UV_PREVIEW_FEATURES says"
    return None


def _stored(session: Session) -> Iterator[str]:
    share = session.env.get("XDG_DATA_HOME") or (f"{session.home}/.local/share" if session.home else "")
    directory = session.env.get("UV_CREDENTIALS_DIR") or (share and f"{share}/uv/credentials")
    if not directory:
        return
    try:
        entries = read_toml(os.path.join(directory, "credentials.toml")).table.get("credential")
    except Unreadable:
        return
    for entry in entries if isinstance(entries, list) else ():
        if isinstance(entry, dict) and isinstance(service := entry.get("service"), str):
            yield service
