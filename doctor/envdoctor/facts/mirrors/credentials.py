"""Where do passwords and tokens stand inside addresses: in variables, in configuration, in files of the project?

Only that there are some, and for which host, is remembered. Files are searched as text, whatever their format.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

from envdoctor.engine.fact import Fact, probe
from envdoctor.facts.conda.condarc import Condarc
from envdoctor.facts.http.parts import Credentials, credentials_of, is_loopback, split
from envdoctor.facts.pip.settings import PipSettings
from envdoctor.facts.project.project import Project
from envdoctor.facts.project.requirements_txt import Requirements, read_requirements
from envdoctor.facts.uv.settings import UvSettings
from envdoctor.system.files import Unreadable, read_text
from envdoctor.system.session import Session
from envdoctor.text import limits
from envdoctor.text.patterns import pattern

ADDRESS = pattern(r"[A-Za-z][A-Za-z0-9+.-]{0,40}://[^\s\"'<>]+")
CONDA_TOKEN = pattern(r"/t/[^/\s$<{]+")
PROXIES = ("http_proxy", "https_proxy", "all_proxy")
VARIABLES = (
    *("UV_DEFAULT_INDEX", "UV_INDEX", "UV_INDEX_URL", "UV_EXTRA_INDEX_URL", "UV_FIND_LINKS"),
    *("UV_PYTHON_INSTALL_MIRROR", "UV_PYPY_INSTALL_MIRROR", "UV_ASTRAL_MIRROR_URL", "UV_INSTALLER_GITHUB_BASE_URL"),
    *("UV_DOWNLOAD_URL", "PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_FIND_LINKS", "PIP_PROXY", "PIPENV_PYPI_MIRROR"),
    *("CONDA_CHANNELS", "CONDA_CHANNEL_ALIAS", "CONDA_DEFAULT_CHANNELS", "HF_ENDPOINT"),
    *PROXIES,
    *(name.upper() for name in PROXIES),
)
PROJECT_FILES = (
    *("pyproject.toml", "uv.toml", "uv.lock", "poetry.toml", "poetry.lock", "Pipfile", "Pipfile.lock", "pdm.lock"),
    *("pip.conf", "environment.yml", "environment.yaml", ".env"),
)
OF_UV = ("pyproject.toml", "uv.toml", "uv.lock")
OF_CONDA = ("environment.yml", "environment.yaml")
KEYRINGS = ("subprocess", "import")


class Leak(Fact, frozen=True):
    """A place with credentials in an address.

    Attributes:
        place: the variable, or the file.
        text: the first such address.
        host: where it leads.
        credentials: what it carries.
        line: where in the file, from 1; None for a variable.
        alone: whether the variable holds nothing but this address.
        count: how many such addresses there are in this place.
        tracked: whether git keeps the file; None where that is not known.
        open_to: who else may read the file, `everybody` or `the group`; None if nobody, or for a variable.
        of_project: whether it is a file of the project.
    """

    place: str
    text: str
    host: str
    credentials: Credentials
    line: int | None = None
    alone: bool = False
    count: int = 1
    tracked: bool | None = None
    open_to: str | None = None
    of_project: bool = False

    @property
    def origin(self) -> str:
        """The variable, or the file with its line."""
        return self.place if self.line is None else f"{self.place}:{self.line}"


class UrlCredentials(Fact, frozen=True):
    """Every place of this session with credentials in an address."""

    leaks: tuple[Leak, ...] = ()


@probe
def probe_url_credentials(
    session: Session,
    pip: PipSettings,
    uv: UvSettings,
    condarc: Condarc | None,
    project: Project | None,
    requirements: Requirements | None,
) -> UrlCredentials:
    """Search variables, configuration files and the project; look into git's index for what holds something."""
    asks = _asks_for_passwords(pip, uv)
    leaks = [
        leak
        for name in VARIABLES
        if (value := session.env.get(name)) and (leak := first(value, name, users=_takes_users(name, asks))) is not None
    ]
    own = dict.fromkeys((file.path for file in pip.files), asks["PIP"])
    own |= dict.fromkeys((file.path for file in uv.files), asks["UV"])
    own |= dict.fromkeys((file.path for file in condarc.files) if condarc else (), asks["CONDA"])
    ours = {os.path.join(project.root, name): _reader(name, asks) for name in PROJECT_FILES} if project else {}
    listed = (*requirements.files, *requirements.others) if requirements else ()
    ours |= dict.fromkeys(listed, asks["PIP"] or asks["UV"])
    for path, users in {**own, **ours}.items():
        read = read_requirements if path in listed else read_text
        leaks += _of_file(path, read, of_project=path in ours, users=users)
    return UrlCredentials(tuple(leaks))


def _asks_for_passwords(pip: PipSettings, uv: UvSettings) -> dict[str, bool]:
    """Which tools take a name that stands alone for a user's, because they get the password elsewhere."""
    of_pip = pip.effective("keyring-provider")
    of_uv = uv.value("pip.keyring-provider") or uv.value("keyring-provider")
    chosen = uv.variable("UV_KEYRING_PROVIDER") or (of_uv.value if of_uv else "")
    return {"PIP": of_pip is not None and of_pip.value in KEYRINGS, "UV": chosen in KEYRINGS, "CONDA": True}


def _takes_users(name: str, asks: dict[str, bool]) -> bool:
    """Whether a name that stands alone in this variable is a user's; in front of a proxy it always is."""
    return name.lower() in PROXIES or name == "PIP_PROXY" or asks.get(name.partition("_")[0], False)


def _reader(name: str, asks: dict[str, bool]) -> bool:
    """Whether the tool that reads a file of the project is one of them."""
    tool = "UV" if name in OF_UV else "CONDA" if name in OF_CONDA else "PIP" if name == "pip.conf" else ""
    return asks.get(tool, False)


def _of_file(path: str, read: Callable[[str, int], str], *, of_project: bool, users: bool) -> Iterator[Leak]:
    try:
        text = read(path, limits.LOCK)
    except Unreadable:
        return
    found = first(text, path, in_file=True, users=users)
    if found is not None:
        from msgspec.structs import replace

        from envdoctor.facts.project.git_index import is_tracked

        yield replace(found, tracked=is_tracked(path), open_to=_open_to(path), of_project=of_project)


def first(text: str, place: str, *, in_file: bool = False, users: bool = False) -> Leak | None:
    """The first address with credentials in a text, and how many there are; None if there is none.

    With `users`, a name without a password is a user's, and no token.
    """
    if "://" not in text:
        return None if in_file else _without_scheme(text, place)
    found: Leak | None = None
    count = 0
    for number, line in enumerate(text.splitlines(), 1):
        if "@" not in line and "/t/" not in line:
            continue
        for address in ADDRESS.finditer(line):
            kind = _secret(address[0], users=users)
            if kind is not None:
                count += 1
                host, alone = split(address[0]).host, not in_file and address[0] == text.strip()
                found = found or Leak(place, address[0], host, kind, number if in_file else None, alone)
    if found is None or count == 1:
        return found
    from msgspec.structs import replace

    return replace(found, count=count)


def _without_scheme(text: str, place: str) -> Leak | None:
    """A proxy may be written as `user:password@host:port`."""
    host = split(text).host
    if not host or is_loopback(host) or credentials_of(text) is not Credentials.PASSWORD:
        return None
    return Leak(place, text, host, Credentials.PASSWORD)


def _secret(address: str, *, users: bool) -> Credentials | None:
    parts = split(address)
    if not parts.host or is_loopback(parts.host) or parts.scheme in {"git+ssh", "ssh"}:
        return None
    kind = credentials_of(address)
    if kind.secret and not (users and kind is Credentials.TOKEN):
        return kind
    return Credentials.TOKEN if CONDA_TOKEN.search(parts.path) else None


def _open_to(path: str) -> str | None:
    try:
        mode = os.stat(path).st_mode
    except OSError:
        return None
    return "everybody" if mode & 0o004 else "the group" if mode & 0o040 else None
