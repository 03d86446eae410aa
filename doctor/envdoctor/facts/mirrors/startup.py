"""Which mirrors, certificates and proxies do the start-up files set, and has this session got them?"""

from __future__ import annotations

import os

from envdoctor.engine.fact import Fact, probe
from envdoctor.facts.session.context import Examined
from envdoctor.facts.shell.parser import Place
from envdoctor.facts.shell.startup_files import Shell, StartupFiles, is_personal_list
from envdoctor.facts.shell.startup_lines import LineKind, StartupLine
from envdoctor.system.session import Session

NAMES = (
    *("UV_DEFAULT_INDEX", "UV_INDEX", "UV_INDEX_URL", "UV_EXTRA_INDEX_URL", "UV_PYTHON_INSTALL_MIRROR"),
    *("UV_PYPY_INSTALL_MIRROR", "PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_TRUSTED_HOST", "PIP_CERT", "PIP_PROXY"),
    *("HF_ENDPOINT", "SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"),
    *("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "all_proxy", "no_proxy"),
)


class StartupMirror(Fact, frozen=True):
    """One variable that a start-up file of the calling shell sets whenever it is read.

    Attributes:
        line: the last line that sets it. There is none if the files may remove the variable after it.
        value: to what; None if that depends on something else.
        here: what it is in this session; None if it is not set.
    """

    line: StartupLine
    value: str | None
    here: str | None

    @property
    def name(self) -> str:
        """The variable."""
        return self.line.name

    @property
    def exported(self) -> bool:
        """Whether programs get to see it."""
        return self.line.kind is LineKind.EXPORT


class StartupMirrors(Fact, frozen=True):
    """The mirrors, certificates and proxies that the start-up files of the calling shell set."""

    mirrors: tuple[StartupMirror, ...] = ()


@probe
def probe_startup_mirrors(session: Session, startup: StartupFiles, examined: Examined) -> StartupMirrors:
    """Compare what the start-up files set with what is set."""
    files = _read_by(startup, examined.shell)
    last: dict[str, StartupLine] = {}
    lines = [line for line in startup.lines if line.name in NAMES and line.file in files]
    removing = [line for line in lines if line.kind is LineKind.UNSET and line.place is not Place.FUNCTION]
    for line in lines:
        if line in removing:
            last.pop(line.name, None)
        elif line.kind in {LineKind.EXPORT, LineKind.ASSIGNMENT} and line.place is Place.TOP:
            last[line.name] = line
    for line in removing:  # in another file, nobody can tell whether before or after
        if line.name in last and last[line.name].file != line.file:
            del last[line.name]
    home = session.home or "~"
    return StartupMirrors(
        tuple(
            StartupMirror(line, _value(line, home, session.env.get(name)), session.env.get(name))
            for name, line in last.items()
            if line.value  # an empty value takes a mirror away
        )
    )


def _read_by(startup: StartupFiles, name: str | None) -> set[str]:
    """The files that a shell reads, however it is started."""
    shells = [shell for shell in Shell if shell.value == name] or [Shell.BASH, Shell.ZSH]
    ways = [(login, interactive) for login in (False, True) for interactive in (False, True)]
    return {
        path
        for shell in shells
        for login, interactive in ways
        for path in startup.read_by(shell, login=login, interactive=interactive)
        if not is_personal_list(path)
    }


def _value(line: StartupLine, home: str, here: str | None) -> str | None:
    value = line.value or ""
    if value == here:  # as it is for `"~/ca.pem"`, which no shell expands between quotes
        return value
    for written in ("$HOME", "${HOME}"):
        value = value.replace(written, home)
    if value.startswith("~/"):
        value = home + value[1:]
    return None if "$" in value or "`" in value else os.path.expandvars(value)
