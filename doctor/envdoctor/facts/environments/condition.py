"""What is wrong with the environments of this session: the active one, and the project's own?

An environment can be sick in several ways at once, most of which follow from one. `defect_of` names that one.
"""

from __future__ import annotations

import enum
import os

from envdoctor.engine.fact import Fact, Unavailable, probe
from envdoctor.facts.environments import parts
from envdoctor.facts.environments.scripts import VenvScripts, survey
from envdoctor.facts.project.manager_environment import ManagedEnvironment
from envdoctor.facts.project.project import ProjectManager
from envdoctor.facts.python.interpreters import Interpreters
from envdoctor.facts.venv import places
from envdoctor.facts.venv.active import ActiveVenv, ProjectVenv
from envdoctor.facts.venv.layout import Tool, Venv, is_environment
from envdoctor.facts.venv.layout import examine as describe
from envdoctor.facts.venv.ownership import Ownership, look_at_owners
from envdoctor.facts.venv.soundness import drift, lost_base
from envdoctor.system.files import Unreadable, read_text
from envdoctor.system.session import Session
from envdoctor.text import limits
from envdoctor.text.plain import is_plain

# places that only exist on a Mac
MAC_PLACES = ("/Users/", "/opt/homebrew/", "/Library/Frameworks/", "/Applications/", "/usr/local/Cellar/")
MANAGERS = (ProjectManager.POETRY, ProjectManager.PIPENV)


class Defect(enum.Enum):
    """The one thing that an environment suffers from, the most telling first."""

    OTHER_MACHINE = "made for another machine"
    BASE_GONE = "its base interpreter is gone"
    INCOMPLETE = "parts of it are missing"
    COPIED = "a copy that runs the original"
    MOVED = "moved from the place that it names"
    DRIFTED = "its base has become another version"
    UNUSABLE_PATH = "its path cannot be used"


class Condition(Fact, frozen=True, kw_only=True):
    """One environment that concerns the session, with what decides whether it works.

    Attributes:
        venv: the environment.
        active: whether `VIRTUAL_ENV` names it.
        near: whether it is the project's own.
        managed_by: the manager that keeps it for the project, poetry or pipenv; None for a `.venv` of nobody's.
        level: how many directories above the working directory the project's own stands.
        lost: the base interpreter that does not exist; None if it does.
        made_for: the minor version that its packages are for, if its Python is another one now.
        runs: that other version.
        hidden: how many packages that hides.
        missing: what it lacks to work, in a few words; None if it is whole.
        named_root: the other directory that `activate`, or else its programs, call their environment; None if they name
            this one.
        named_is_environment: whether there is an environment at that place.
        rebuild_with: an interpreter in the base's directory that it can be made with again; None if there is none.
        base_lacks_pip: whether the base cannot install pip into environments, as Debian's without `python3-venv`.
        base_owner: the number of the user whom the base's directory belongs to; None if that cannot be seen.
        belongs_to: the project that it was made for: the directory around a `.venv` that is one, or what
            virtualenvwrapper has noted; None where nothing says so.
        running: the version of its Python if that was asked, `3.12.1`.
        scripts: its programs.
        ownership: whose it is.
        defect: what it suffers from; None if it is sound.
    """

    venv: Venv
    active: bool = False
    near: bool = False
    managed_by: ProjectManager | None = None
    level: int = 0
    lost: str | None = None
    made_for: str | None = None
    runs: str | None = None
    hidden: int = 0
    missing: str | None = None
    named_root: str | None = None
    named_is_environment: bool = False
    rebuild_with: str | None = None
    base_lacks_pip: bool = False
    base_owner: int | None = None
    belongs_to: str | None = None
    running: str | None = None
    scripts: VenvScripts = VenvScripts()
    ownership: Ownership = Ownership()
    defect: Defect | None = None

    @property
    def kind(self) -> str:
        """What it is to the session, for the start of a sentence."""
        return "the active environment" if self.active else "the project's environment"

    @property
    def went_back(self) -> bool:
        """Whether uv made it with a newer release of the same Python than it runs on now."""
        written, running = self.venv.version or "", self.running or ""
        if self.venv.tool is not Tool.UV or written.count(".") != 2 or running.count(".") != 2:
            return False
        *minor, patch = map(int, written.split("."))
        *now, patch_now = map(int, running.split("."))
        return minor == now and patch_now < patch


class VenvConditions(Fact, frozen=True):
    """The environments that concern the session: the active one first, each once."""

    conditions: tuple[Condition, ...]

    @property
    def active(self) -> Condition | None:
        """The active environment."""
        return next((condition for condition in self.conditions if condition.active), None)

    @property
    def near(self) -> Condition | None:
        """The project's own."""
        return next((condition for condition in self.conditions if condition.near), None)

    @property
    def differ(self) -> bool:
        """Whether the active environment is not the project's own: it is another one, or none is active."""
        return any(condition.active is not condition.near for condition in self.conditions)

    def suffering(self, defect: Defect) -> tuple[Condition, ...]:
        """Those that suffer from this."""
        return tuple(condition for condition in self.conditions if condition.defect is defect)


@probe
def probe_venv_conditions(
    session: Session,
    active: ActiveVenv | None,
    project: ProjectVenv | None,
    managed: ManagedEnvironment | None,
    interpreters: Interpreters,
) -> VenvConditions:
    """Look closely at the active environment and the project's own: its `.venv`, else what its manager keeps for it."""
    manager = managed.manager if managed and managed.manager in MANAGERS else None
    root = managed.root if managed and manager else None
    kept = describe(root) if root and is_environment(root) else None
    own, level = (project.venv, project.level) if project and project.venv else (kept, 0)
    found: list[Condition] = []
    for environment, is_active in ((active.venv if active else None, True), (own, False)):
        if environment is None or any(environment.real == known.venv.real for known in found):
            continue
        near = own is not None and own.real == environment.real
        by = manager if kept and kept.real == environment.real else None
        up = level if near else 0
        found.append(
            examine(environment, interpreters, session.home, active=is_active, near=near, managed_by=by, level=up)
        )
    if not found:
        raise Unavailable("no virtual environment is active or near")
    return VenvConditions(tuple(found))


def examine(
    venv: Venv,
    interpreters: Interpreters,
    home: str | None,
    *,
    active: bool = False,
    near: bool = False,
    managed_by: ProjectManager | None = None,
    level: int = 0,
) -> Condition:
    """How an environment fares. Its programs are read, none is run."""
    scripts = survey(venv)
    made_for, runs = drift(venv) or (None, None)
    named = venv.activate_root if not venv.activate_is_here else None
    if named is None and not scripts.own and not venv.activate_expands:
        named = _meant(scripts)
    interpreter = interpreters.at(venv.python)
    condition = Condition(
        venv=venv,
        active=active,
        near=near,
        managed_by=managed_by,
        level=level,
        lost=lost_base(venv),
        made_for=made_for,
        runs=runs,
        hidden=parts.count_packages(venv, made_for) if made_for else 0,
        missing=parts.missing(venv),
        named_root=named,
        named_is_environment=named is not None and is_environment(named),
        rebuild_with=parts.rebuild_with(venv, made_for),
        base_lacks_pip=parts.lacks_pip(venv),
        base_owner=_owner(venv.home),
        belongs_to=_belongs_to(venv),
        running=interpreter.version_text if interpreter else None,
        scripts=scripts,
        ownership=look_at_owners(venv),
    )
    return _diagnosed(condition, home)


def defect_of(condition: Condition, home: str | None) -> Defect | None:
    """The defect from which an environment's other troubles follow.

    One that has lost its base and was made at a place that does not exist was made on another machine; but not if that
    place is in this user's home, where it has only been moved.
    """
    venv, named = condition.venv, condition.named_root
    at_home = named is not None and home is not None and named.startswith(f"{home.rstrip('/')}/")
    elsewhere = named is not None and not os.path.lexists(named) and not at_home
    foreign = (condition.lost or "").startswith(MAC_PLACES) and os.uname().sysname == "Linux"
    rules = {
        Defect.OTHER_MACHINE: venv.is_for_windows or (condition.lost is not None and (elsewhere or foreign)),
        Defect.BASE_GONE: condition.lost is not None,
        Defect.INCOMPLETE: condition.missing is not None,
        Defect.COPIED: condition.named_root is not None and condition.named_is_environment,
        Defect.MOVED: condition.named_root is not None,
        Defect.DRIFTED: condition.made_for is not None and condition.hidden > 0,
        Defect.UNUSABLE_PATH: ":" in venv.root or venv.activate_expands or bool(condition.scripts.unreadable),
    }
    return next((defect for defect, holds in rules.items() if holds), None)


def _diagnosed(condition: Condition, home: str | None) -> Condition:
    import msgspec

    return msgspec.structs.replace(condition, defect=defect_of(condition, home))


def _meant(scripts: VenvScripts) -> str | None:
    """The environment that programs mean which all run a Python elsewhere; a system's Python is none."""
    root = scripts.mismatched_root
    if root is None or (os.path.isdir(root) and not is_environment(root)):
        return None
    return root


def _owner(home: str | None) -> int | None:
    try:
        return os.stat(home).st_uid if home else None
    except OSError:
        return None


def _belongs_to(venv: Venv) -> str | None:
    root = venv.root.rstrip("/")
    around = os.path.dirname(root)
    if os.path.basename(root) in places.NAMES and places.is_marked(around):
        return around
    try:
        noted = read_text(f"{root}/.project", limits.PATH_FILE).strip()
    except Unreadable:
        return None
    return noted if os.path.isabs(noted) and (os.path.lexists(noted) or is_plain(noted)) else None
