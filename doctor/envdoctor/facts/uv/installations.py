"""Which uv programs does the search path lead to, of which versions, and who installed each?"""

from __future__ import annotations

import enum
import glob
import os
import re

from envdoctor.engine.fact import Fact, Unavailable, probe
from envdoctor.facts.commands.commands import Commands, Hit
from envdoctor.facts.commands.resolve import HitKind
from envdoctor.facts.commands.shim_files import CHOOSING, obstacle
from envdoctor.system.child_processes import Ending
from envdoctor.system.files import Unreadable, read_text
from envdoctor.system.session import Session
from envdoctor.system.threads import side_by_side
from envdoctor.system.unread import note
from envdoctor.text import limits
from envdoctor.text.patterns import pattern

VERSION = pattern(r"^uv (\d+)\.(\d+)\.(\d+)", re.MULTILINE)


class UvInstaller(enum.Enum):
    """Who put a uv where it is, and so who can upgrade it."""

    STANDALONE = "uv's own installer"
    CONDA = "conda"
    PIP = "pip"
    UV = "uv"
    PIPX = "pipx"
    HOMEBREW = "Homebrew"
    SYSTEM = "the system's package manager"
    UNKNOWN = "unknown"


class UvCopy(Fact, frozen=True):
    """One uv program.

    Attributes:
        path: the first place on the search path that leads to it.
        real: the program itself, links resolved.
        version: of the three numbers; None if it did not say.
        installer: who installed it.
        environment: the environment whose `bin` it is in; None outside of environments.
        problem: why it gave no version.
        refused: whether it may not be run.
        is_script: whether it is a script, which may look for anything where it is run.
    """

    path: str
    real: str
    version: tuple[int, ...] | None = None
    installer: UvInstaller = UvInstaller.UNKNOWN
    environment: str | None = None
    problem: str | None = None
    refused: bool = False
    is_script: bool = False

    @property
    def silence(self) -> str:
        """Why it gave no version, as a sentence."""
        return f"{self.path} {self.problem}" if self.refused else f"{self.path} does not run: {self.problem}"

    @property
    def shown_version(self) -> str:
        """The version as people write it."""
        return ".".join(map(str, self.version)) if self.version else "of unknown version"


class UvCopies(Fact, frozen=True):
    """Every distinct uv on the search path, the one that answers first.

    Attributes:
        copies: each program once, however many names lead to it.
        receipt: where uv's own installer says that it installed to; None if it left no receipt.
    """

    copies: tuple[UvCopy, ...]
    receipt: str | None = None

    @property
    def first(self) -> UvCopy:
        """The uv that answers."""
        return self.copies[0]


@probe
def probe_uv_copies(session: Session, commands: Commands) -> UvCopies:
    """Ask every distinct uv on the search path for its version, side by side, and look who installed it."""
    hits = {hit.real: hit for hit in reversed(commands.all("uv"))}
    distinct = tuple(hit for hit in commands.all("uv") if hits[hit.real] is hit)
    if not distinct:
        raise Unavailable("no uv here")
    receipt = read_receipt(session)
    copies = side_by_side(lambda hit: ask(session, hit, receipt), distinct)
    return UvCopies(tuple(copies[hit] for hit in distinct), receipt)


def ask(session: Session, hit: Hit, receipt: str | None) -> UvCopy:
    """One uv, with the version that it gives."""
    environment = environment_of(hit.real)
    installer = installer_of(hit.real, environment, receipt)
    if hit.problem is not None:
        return UvCopy(hit.path, hit.real, None, installer, environment, hit.problem)
    refusal = session.refusal(hit.path)
    if reason := refusal.reason if refusal else obstacle(hit.manager, session.cwd, session.home):
        return UvCopy(hit.path, hit.real, None, installer, environment, reason, refused=True)
    done = session.run(hit.path, "--version", cwd=session.cwd if hit.manager in CHOOSING and session.cwd else "/")
    found = VERSION.search(done.stdout)
    if found is None:
        said = (done.stderr.strip() or done.stdout.strip()).partition("\n")[0]
        problem = "did not answer in time" if done.ending is Ending.TIMED_OUT else said or f"exit status {done.status}"
        return UvCopy(hit.path, hit.real, None, installer, environment, problem)
    version = tuple(map(int, found.groups()))
    return UvCopy(hit.path, hit.real, version, installer, environment, is_script=hit.kind is HitKind.SCRIPT)


def environment_of(program: str) -> str | None:
    """The environment, virtual or conda's, whose `bin` holds a program."""
    root = os.path.dirname(os.path.dirname(program))
    marks = (os.path.join(root, "pyvenv.cfg"), os.path.join(root, "conda-meta"))
    return root if any(map(os.path.exists, marks)) else None


def installer_of(program: str, environment: str | None, receipt: str | None) -> UvInstaller:
    """Who installed a uv, by what lies beside it; the first that fits."""
    directory = os.path.dirname(program)
    root = os.path.dirname(directory)
    beside = glob.escape(root)
    wheel = os.path.join(beside, "lib", "python*", "*-packages", "uv-[0-9]*.dist-info")
    signs = {
        UvInstaller.STANDALONE: receipt is not None and os.path.realpath(receipt) in (directory, root),
        UvInstaller.CONDA: glob.glob(os.path.join(beside, "conda-meta", "uv-[0-9]*.json")),
        UvInstaller.HOMEBREW: "/Cellar/" in program,
        UvInstaller.UV: environment and os.path.exists(os.path.join(environment, "uv-receipt.toml")),
        UvInstaller.PIPX: environment and os.path.exists(os.path.join(environment, "pipx_metadata.json")),
        UvInstaller.SYSTEM: directory in ("/usr/bin", "/bin") or program.startswith("/snap/"),
        UvInstaller.PIP: glob.glob(wheel),
    }
    return next((installer for installer, sign in signs.items() if sign), UvInstaller.UNKNOWN)


def read_receipt(session: Session) -> str | None:
    """The directory that uv's own installer says it installed to."""
    config = session.env.get("XDG_CONFIG_HOME") or os.path.join(session.home or "/", ".config")
    try:
        path = os.path.join(config, "uv", "uv-receipt.json")
        text = read_text(path, limits.SMALL_FILE)
    except Unreadable:
        return None
    import json

    try:
        receipt = json.loads(text)
    except (ValueError, RecursionError):
        note(path, "not JSON")
        return None
    prefix = receipt.get("install_prefix") if isinstance(receipt, dict) else None
    return prefix if isinstance(prefix, str) else None
