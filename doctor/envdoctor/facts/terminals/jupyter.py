"""Which Jupyter kernels are installed here, and which Python does each of them start?

Jupyter looks through `JUPYTER_PATH`, the user's directory, the environment that it runs in and the system's, and takes
the first kernel of a name. None of them is started to find out.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from envdoctor.engine.fact import Fact, Unavailable, probe
from envdoctor.facts.commands.commands import Commands
from envdoctor.facts.python.active import ActivePython
from envdoctor.facts.venv.layout import is_environment
from envdoctor.system.files import Unreadable, read_text, real_path
from envdoctor.system.session import Session
from envdoctor.system.unread import note
from envdoctor.text import limits
from envdoctor.text.patterns import pattern

MOST = 200
PYTHON = pattern(r"(?:python|pypy)[0-9.]*(?:t|w)?(?:\.exe)?")
BARE = pattern(r"python(?:[23](?:\.[0-9]+)?)?")  # for these Jupyter takes its own Python


class Kernel(Fact, frozen=True):
    """One kernel of Python, as its `kernel.json` describes it.

    Attributes:
        name: the name of its directory, by which notebooks ask for it.
        file: its `kernel.json`.
        level: `user`, `environment`, `system` or `JUPYTER_PATH`.
        program: the first word of its command.
        exists: whether that is there; a bare `python` always is.
        root: the environment or installation that it belongs to, links resolved; None for a bare `python`.
        display_name: what menus show.
        hides: another kernel of this name further on, which it hides.
        runs_ipykernel: whether its command is `-m ipykernel` or `-m ipykernel_launcher`, with no path of its own.
        lacks_ipykernel: whether that environment has no `ipykernel`, which the command asks for.
        has_pip: whether that environment has a pip.
    """

    name: str
    file: str
    level: str
    program: str
    exists: bool
    root: str | None = None
    display_name: str | None = None
    hides: str | None = None
    runs_ipykernel: bool = False
    lacks_ipykernel: bool = False
    has_pip: bool = True

    @property
    def is_bare(self) -> bool:
        """Whether it runs whatever Python Jupyter itself runs in."""
        return BARE.fullmatch(self.program) is not None


class Skipped(Fact, frozen=True):
    """A `kernel.json` that cannot be read, and why."""

    file: str
    reason: str


class JupyterKernels(Fact, frozen=True):
    """The kernels of Python that Jupyter finds, the first of each name; those of other languages are left out.

    Attributes:
        kernels: each of them. Kernels that a wrapper starts (`conda run`, a shell) are left out.
        jupyter: the environment of the `jupyter` command on the search path; None if there is none, or it is not known.
        has_ipykernel: whether the active Python has what a kernel of its own needs.
        skipped: what cannot be read.
    """

    kernels: tuple[Kernel, ...] = ()
    jupyter: str | None = None
    has_ipykernel: bool = False
    skipped: tuple[Skipped, ...] = ()


@probe
def probe_jupyter_kernels(session: Session, commands: Commands, active: ActivePython | None) -> JupyterKernels:
    """Read each `kernel.json` where Jupyter would look."""
    hit = commands.first("jupyter")
    jupyter = real_path(os.path.dirname(os.path.dirname(hit.runs))) if hit and hit.runs else None
    prefixes = [prefix for prefix in (jupyter, active.interpreter.prefix if active else None) if prefix]
    first: dict[str, Kernel] = {}
    skipped: list[Skipped] = []
    for level, directory in _directories(session, prefixes):
        for path in _specifications(directory):
            name = os.path.basename(os.path.dirname(path)).lower()
            try:
                kernel = understand(path, name, level)
            except Unreadable as answer:
                skipped.append(Skipped(path, answer.reason))
                continue
            if kernel and name not in first:
                first[name] = kernel
            elif kernel and not first[name].hides and first[name].file != path:
                first[name] = _hiding(first[name], path)
    first = {name: _with_packages(session, kernel) for name, kernel in first.items()}
    if not first and not skipped:
        raise Unavailable("no Jupyter kernels of Python here")
    packages = active.interpreter.site_packages if active else ()
    has_ipykernel = any(os.path.isdir(os.path.join(directory, "ipykernel")) for directory in packages)
    return JupyterKernels(tuple(first.values()), jupyter, has_ipykernel, tuple(skipped))


def _with_packages(session: Session, kernel: Kernel) -> Kernel:
    """The same, with what its environment lacks."""
    import msgspec

    if not kernel.exists or kernel.root is None or not kernel.runs_ipykernel:
        return kernel
    from envdoctor.facts.terminals.ipykernel import has_pip, lacks_ipykernel

    if not lacks_ipykernel(session, kernel.root):
        return kernel
    return msgspec.structs.replace(kernel, lacks_ipykernel=True, has_pip=has_pip(kernel.root))


def _hiding(kernel: Kernel, path: str) -> Kernel:
    import msgspec

    return msgspec.structs.replace(kernel, hides=path)


def _directories(session: Session, prefixes: list[str]) -> Iterator[tuple[str, str]]:
    """Where kernels are looked for, in Jupyter's order."""
    for directory in (session.env.get("JUPYTER_PATH") or "").split(os.pathsep):
        if os.path.isabs(directory):
            yield "JUPYTER_PATH", os.path.join(directory, "kernels")
    if user := _of_the_user(session):
        yield "user", os.path.join(user, "kernels")
    for prefix in dict.fromkeys(prefixes):
        level = "system" if prefix == "/usr" else "environment"
        yield level, os.path.join(prefix, "share/jupyter/kernels")
    for directory in ("/usr/local/share/jupyter", "/usr/share/jupyter"):
        yield "system", os.path.join(directory, "kernels")


def _of_the_user(session: Session) -> str | None:
    if own := session.env.get("JUPYTER_DATA_DIR"):
        return own if os.path.isabs(own) else None
    if session.home is None:
        return None
    if os.uname().sysname == "Darwin":
        return os.path.join(session.home, "Library/Jupyter")
    data = session.env.get("XDG_DATA_HOME") or os.path.join(session.home, ".local/share")
    return os.path.join(data, "jupyter")


def _specifications(directory: str) -> Iterator[str]:
    try:
        names = sorted(os.listdir(directory))[:MOST]
    except OSError:
        return
    paths = (os.path.join(directory, name, "kernel.json") for name in names)
    yield from filter(os.path.lexists, paths)


def understand(path: str, name: str, level: str) -> Kernel | None:
    """The kernel that a `kernel.json` describes; None if it is not of Python or a wrapper starts it.

    Raises Unreadable.
    """
    import json

    try:
        described = json.loads(read_text(path, limits.SMALL_FILE))
    except (ValueError, RecursionError) as error:
        note(path, "not valid JSON")
        raise Unreadable(path, "not valid JSON") from error
    argv = described.get("argv") if isinstance(described, dict) else None
    if not isinstance(argv, list) or not argv or not all(isinstance(word, str) for word in argv):
        raise Unreadable(path, "it names no command")
    program, language, shown = argv[0], described.get("language"), described.get("display_name")
    is_python = str(language).lower() == "python" or any(word.startswith("ipykernel") for word in argv[1:])
    if not is_python or not PYTHON.fullmatch(os.path.basename(program)):
        return None
    bare = BARE.fullmatch(program) is not None
    if not bare and not os.path.isabs(program):
        return None  # looked up on the search path of the server, which nobody knows
    return Kernel(
        name=name,
        file=path,
        level=level,
        program=program,
        exists=bare or os.path.exists(program),
        root=None if bare else _root(program),
        display_name=shown if isinstance(shown, str) else None,
        runs_ipykernel=any(word.startswith("ipykernel") for word in argv[1:]) and not _sets_path(described),
    )


def _sets_path(described: dict[str, object]) -> bool:
    """Whether a `kernel.json` has packages come from elsewhere."""
    variables = described.get("env")
    return isinstance(variables, dict) and "PYTHONPATH" in variables


def _root(program: str) -> str:
    """The environment of a Python, by the place of its link; of one that is in none, by where it leads."""
    root = os.path.dirname(os.path.dirname(program))
    if is_environment(root) or os.path.isdir(os.path.join(root, "conda-meta")):
        return real_path(root)
    return os.path.dirname(os.path.dirname(real_path(program)))
