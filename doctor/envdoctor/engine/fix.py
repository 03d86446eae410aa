"""What fixes a finding? A fix is data: a summary, and actions that a renderer turns into commands for a shell."""

from __future__ import annotations

import enum

import msgspec


class Safety(enum.Enum):
    """What a fix may cost: nothing, a change of state that can be undone, or something that is lost."""

    SAFE = "safe"
    CHANGES_STATE = "changes-state"
    DESTRUCTIVE = "destructive"


class Scope(enum.Enum):
    """How far a fix reaches: this shell only (and only the shell itself can do it), or beyond it."""

    SESSION = "session"
    LASTING = "lasting"


class Manager(enum.Enum):
    """Whose activation is meant: a virtual environment's own script, or conda's shell function."""

    VENV = "venv"
    CONDA = "conda"


class Action(msgspec.Struct, frozen=True, tag_field="kind"):
    """One step of a fix. `envdoctor.shells` knows how each shell says it."""


class Value:
    """A frozen record whose constructor takes any number of parts, which a `Struct`'s cannot."""

    __slots__: tuple[str, ...] = ()

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{type(self).__name__} is frozen")

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self._parts() == other._parts()

    def __hash__(self) -> int:
        return hash(self._parts())

    def __repr__(self) -> str:
        return f"{type(self).__name__}{self._parts()}"

    def _parts(self) -> tuple[object, ...]:
        return tuple(getattr(self, name) for name in self.__slots__)

    def _set(self, **parts: object) -> None:
        for name, value in parts.items():
            object.__setattr__(self, name, value)


class Run(Value):
    """Run a command: an argument vector, quoted only when it is shown.

    Attributes:
        argv: the program and its arguments.
        variables: name and value of what is set for this command alone.
        directory: where to run it, if not where the reader is.
    """

    __slots__ = ("argv", "directory", "variables")
    argv: tuple[str, ...]
    variables: tuple[tuple[str, str], ...]
    directory: str | None

    def __init__(self, *argv: str, variables: tuple[tuple[str, str], ...] = (), directory: str | None = None) -> None:
        self._set(argv=argv, variables=variables, directory=directory)


class SetVariable(Action, frozen=True, tag="set-variable"):
    """Export a variable with this value."""

    name: str
    value: str


class CopyVariable(Action, frozen=True, tag="copy-variable"):
    """Export a variable with the value of another, so that a secret in it need not be shown."""

    name: str
    source: str


class SetFromOutput(Action, frozen=True, tag="set-from-output"):
    """Export a variable with what a command prints, so that a secret in it need not be shown."""

    name: str
    argv: tuple[str, ...]


class UnsetVariable(Action, frozen=True, tag="unset-variable"):
    """Remove a variable from the shell."""

    name: str


class PrependPath(Action, frozen=True, tag="prepend-path"):
    """Put a directory first on the search path, or on another list variable."""

    directory: str
    variable: str = "PATH"


class RemoveFromPath(Action, frozen=True, tag="remove-from-path"):
    """Remove every occurrence of an element from the search path, or from another list variable. `""` is an element.

    Attributes:
        directory: the element, verbatim.
        variable: the list.
        semicolons: whether `;` separates elements too. What is left is joined by `:`.
    """

    directory: str
    variable: str = "PATH"
    semicolons: bool = False


class Activate(Action, frozen=True, tag="activate"):
    """Activate an environment: the directory of a virtual environment, or the name or prefix of a conda environment."""

    environment: str
    manager: Manager = Manager.VENV


class Deactivate(Action, frozen=True, tag="deactivate"):
    """Leave the active environment, also where the shell has inherited it and has no `deactivate`."""

    manager: Manager = Manager.VENV


class EditFile(Action, frozen=True, tag="edit-file"):
    """Change a text file: take out each line equal to one of `remove`, then append the lines of `add`.

    What the file was before lines are taken out is kept beside it, as `PATH.before-envdoctor`. `envdoctor fix --apply`
    keeps it elsewhere, and puts what is added in exchange for other lines where the first of them stood.
    """

    path: str
    remove: tuple[str, ...] = ()
    add: tuple[str, ...] = ()


class Manual(Action, frozen=True, tag="manual"):
    """Something that no command can do, in one sentence that says what to do."""

    text: str


AnyAction = (
    Run
    | SetVariable
    | CopyVariable
    | SetFromOutput
    | UnsetVariable
    | PrependPath
    | RemoveFromPath
    | Activate
    | Deactivate
    | EditFile
    | Manual
)

LASTING = (Run, EditFile, Manual)


class Fix(Value):
    """The cure of one finding: what it does in a few words, and the steps.

    Attributes:
        summary: what the steps achieve, an imperative without a full stop.
        actions: the steps, in order. The first is what most readers will paste.
        safety: what running it may cost.
        scope: how far it reaches. Left out, steps that only change the shell make it `SESSION`, any other `LASTING`.
        undo: the steps that take it back, in order; none where that is obvious or cannot be done.
    """

    __slots__ = ("actions", "safety", "scope", "summary", "undo")
    summary: str
    actions: tuple[AnyAction, ...]
    safety: Safety
    scope: Scope
    undo: tuple[AnyAction, ...]

    def __init__(
        self,
        summary: str,
        *actions: AnyAction,
        safety: Safety = Safety.SAFE,
        scope: Scope | None = None,
        undo: tuple[AnyAction, ...] = (),
    ) -> None:
        if scope is None:
            scope = Scope.LASTING if any(isinstance(action, LASTING) for action in actions) else Scope.SESSION
        self._set(summary=summary, actions=actions, safety=safety, scope=scope, undo=undo)
