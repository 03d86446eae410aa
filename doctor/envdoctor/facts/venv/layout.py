"""What is a virtual environment made of, who made it, from which Python, and is it whole?"""

from __future__ import annotations

import enum
import os
import re
import shlex
from collections.abc import Iterator

from envdoctor.engine.fact import Fact
from envdoctor.engine.finding import Evidence
from envdoctor.facts.venv import pyvenv_cfg
from envdoctor.facts.venv.pyvenv_cfg import PyvenvConfig
from envdoctor.system.files import Unreadable, read_bytes, read_text
from envdoctor.text import limits
from envdoctor.text.patterns import pattern

ASSIGNMENT = pattern(r"[ \t]*(?:export[ \t]+)?VIRTUAL_ENV=(.+)")
EXPANDED = frozenset('$`"')  # in double quotes
NUMBERS = pattern(r"[0-9]+(?:\.[0-9]+){1,2}")


class Tool(enum.Enum):
    """What made an environment."""

    VENV = "venv"
    VIRTUALENV = "virtualenv"
    UV = "uv"
    UNKNOWN = "unknown"


class Form(enum.Enum):
    """What stands where an environment is expected."""

    DIRECTORY = "directory"
    SYMLINK = "symlink"
    REDIRECT = "redirect file"


class LinkState(enum.Enum):
    """What the interpreter of an environment is."""

    SYMLINK = "symlink"
    REGULAR = "regular file"
    DANGLING = "dangling symlink"
    MISSING = "missing"


class Venv(Fact, frozen=True, kw_only=True):
    """A virtual environment as it lies on the disk; its interpreter has not been run.

    Attributes:
        root: its directory, as spelled.
        real: the same with all links resolved.
        form: what stands at the place where it was looked for.
        config: its `pyvenv.cfg`; None if it has none, as those that virtualenv made before version 20.
        settings: what that file says.
        config_problem: why the file, or a line of it, cannot be read.
        tool: what made the environment.
        scripts: the directory of its programs, `bin`.
        python: its interpreter, `<scripts>/python`, else `python3`, whether it exists or not.
        python_state: what that is.
        base: the interpreter that the environment stands on: where its own leads, or what the configuration names.
        base_exists: whether that is there.
        base_is_conda: whether that belongs to a conda environment.
        activate: its script for `sh`; None if it has none.
        activate_root: the directory that this script names literally; None if it computes it.
        activate_is_here: whether that is this directory; true if it is computed, false if the shell expands it.
        site_packages: its directories of installed packages.
        has_pip: whether pip is installed in one of them.
    """

    root: str
    real: str
    form: Form = Form.DIRECTORY
    config: str | None = None
    settings: PyvenvConfig | None = None
    config_problem: str | None = None
    tool: Tool = Tool.UNKNOWN
    scripts: str = ""
    python: str = ""
    python_state: LinkState = LinkState.SYMLINK
    base: str | None = None
    base_exists: bool = True
    base_is_conda: bool = False
    activate: str | None = None
    activate_root: str | None = None
    activate_is_here: bool = True
    site_packages: tuple[str, ...] = ()
    has_pip: bool = False

    def value(self, key: str) -> str | None:
        """What the configuration says for a key; None if it does not have it."""
        return self.settings.get(key) if self.settings else None

    def config_line(self, key: str) -> Evidence:
        """The line of a key, as proof; or that there is none."""
        line = self.settings.line(key) if self.settings else None
        if self.settings is None or line is None:
            return Evidence(f"no line for `{key}`", self.config or os.path.join(self.root, pyvenv_cfg.NAME))
        return Evidence(f"{key} = {line.value}", self.settings.origin(key))

    @property
    def activate_expands(self) -> bool:
        """Whether its `activate` has the path in double quotes, in which the shell makes another one of it."""
        return self.activate is not None and self.activate_root is None and not self.activate_is_here

    @property
    def home(self) -> str | None:
        """The directory of the base interpreter, as written at creation."""
        return self.value("home")

    @property
    def prompt(self) -> str | None:
        """The name that the shell's prompt shows; None where it is the directory's."""
        prompt = self.value("prompt")
        quoted = prompt and len(prompt) > 1 and prompt[0] == prompt[-1] and prompt[0] in "'\""
        return prompt[1:-1] if prompt and quoted else prompt

    @property
    def version(self) -> str | None:
        """The version of Python as written at creation, `3.11.7` or `3.11`."""
        written = NUMBERS.match(self.value("version_info") or self.value("version") or "")
        return written[0] if written else None

    @property
    def includes_system_site(self) -> bool:
        """Whether the base's packages are visible inside; so they are where nothing is written."""
        return (self.value("include-system-site-packages") or "true").lower() == "true"

    @property
    def is_relocatable(self) -> bool:
        """Whether it was made to be moved: its scripts compute where they are."""
        return (self.value("relocatable") or "").lower() == "true"

    @property
    def is_for_windows(self) -> bool:
        """Whether it was made by a Windows Python: its programs are in `Scripts`."""
        return os.path.basename(self.scripts) == "Scripts"


def is_environment(root: str) -> bool:
    """Whether a directory is a virtual environment; one without a configuration has at least Python and `activate`."""
    if os.path.isfile(os.path.join(root, pyvenv_cfg.NAME)):
        return True
    if os.path.isdir(os.path.join(root, "conda-meta")):
        return False
    return os.path.lexists(os.path.join(root, "bin/python")) and os.path.isfile(os.path.join(root, "bin/activate"))


def examine(root: str, form: Form = Form.DIRECTORY) -> Venv:
    """Describe the environment in a directory."""
    config = os.path.join(root, pyvenv_cfg.NAME)
    settings, problem = _read_config(config)
    values = {line.key: line.value for line in settings.lines} if settings else {}
    windows = not os.path.isdir(os.path.join(root, "bin")) and os.path.isdir(os.path.join(root, "Scripts"))
    scripts = os.path.join(root, "Scripts" if windows else "bin")
    python, state = _python(scripts)
    base = _base(python, state, values)
    home = values.get("home")
    activate = os.path.join(scripts, "activate")
    names, expanded = _activated_root(activate, root)
    packages = tuple(_site_packages(os.path.join(root, "Lib" if windows else "lib")))
    return Venv(
        root=root,
        real=os.path.realpath(root),
        form=form,
        config=config if os.path.lexists(config) else None,
        settings=settings,
        config_problem=problem,
        tool=_tool(values),
        scripts=scripts,
        python=python,
        python_state=state,
        base=base,
        base_exists=base is not None and os.path.exists(base),
        base_is_conda=home is not None and os.path.isdir(os.path.join(os.path.dirname(home), "conda-meta")),
        activate=activate if os.path.isfile(activate) else None,
        activate_root=names,
        activate_is_here=not expanded and (names is None or _same(names, root)),
        site_packages=packages,
        has_pip=any(os.path.isdir(os.path.join(directory, "pip")) for directory in packages),
    )


def _read_config(path: str) -> tuple[PyvenvConfig | None, str | None]:
    """What the configuration says, and what about it cannot be read. A line that is not UTF-8 spoils itself alone."""
    try:
        content = read_bytes(path, limits.SMALL_FILE)
    except Unreadable as answer:
        return None, answer.reason
    if b"\0" in content:
        return None, "a binary file"
    settings = pyvenv_cfg.parse(path, content.decode("utf-8-sig", "surrogateescape"))
    try:
        content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        return settings, f"line {line} is not UTF-8"
    return settings, None


def _tool(values: dict[str, str]) -> Tool:
    for tool in (Tool.UV, Tool.VIRTUALENV):
        if tool.value in values:
            return tool
    return Tool.VENV if "home" in values else Tool.UNKNOWN


def _python(scripts: str) -> tuple[str, LinkState]:
    names = ("python.exe",) if scripts.endswith("Scripts") else ("python", "python3")
    paths = [os.path.join(scripts, name) for name in names]
    path = next(filter(os.path.lexists, paths), paths[0])
    if not os.path.lexists(path):
        return path, LinkState.MISSING
    if not os.path.islink(path):
        return path, LinkState.REGULAR
    return path, LinkState.SYMLINK if os.path.exists(path) else LinkState.DANGLING


def _base(python: str, state: LinkState, values: dict[str, str]) -> str | None:
    if state in (LinkState.SYMLINK, LinkState.DANGLING):
        return os.path.realpath(python)
    for key in ("base-executable", "executable"):
        if key in values:
            return values[key]
    if "home" not in values:
        return None
    paths = [os.path.join(values["home"], name) for name in ("python3", "python")]
    return next(filter(os.path.exists, paths), paths[0])


def _activated_root(activate: str, root: str) -> tuple[str | None, bool]:
    """The directory that an `activate` script names; None where it computes it, or there is no such script.

    And whether it has the path in double quotes, in which the shell expands it, as venv wrote it before 2025.
    """
    try:
        text = read_text(activate, limits.SMALL_FILE)
    except Unreadable:
        return None, False
    for line in text.splitlines():
        assignment = ASSIGNMENT.match(line)
        if assignment and EXPANDED & {*root} and assignment[1].strip() == f'"{root}"':
            return None, True
        if assignment and not re.search(r"[$`]", assignment[1]):
            try:
                return "".join(shlex.split(assignment[1])[:1]) or None, False
            except ValueError:
                continue
    return None, False


def _same(one: str, other: str) -> bool:
    try:
        return os.path.samefile(one, other)
    except OSError:
        return False


def _site_packages(library: str) -> Iterator[str]:
    try:
        names = sorted(os.listdir(library))
    except OSError:
        return
    places = (os.path.join(library, name, "site-packages") for name in ("", *names))
    yield from filter(os.path.isdir, places)
