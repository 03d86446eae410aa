"""What the steps of a fix change, so that two fixes can be compared."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator

from envdoctor.engine.fix import (
    Activate,
    AnyAction,
    CopyVariable,
    Deactivate,
    EditFile,
    Manager,
    Manual,
    PrependPath,
    RemoveFromPath,
    Run,
    SetFromOutput,
    SetVariable,
    UnsetVariable,
)
from envdoctor.plan.commands import effects_of_command
from envdoctor.plan.effect import ACTIVE, Effect, Verb, resolved

LISTS = {(Verb.PUT, Verb.DROP), (Verb.DROP, Verb.PUT), (Verb.ADD, Verb.TAKE), (Verb.TAKE, Verb.ADD)}
WHOLE = {(one, other) for one in (Verb.SET, Verb.UNSET) for other in (Verb.SET, Verb.UNSET)} | {
    (Verb.PUT, Verb.UNSET),
    (Verb.UNINSTALL, Verb.INSTALL),
    (Verb.INSTALL, Verb.UNINSTALL),
}


def effects_of(actions: Iterable[AnyAction], cwd: str) -> tuple[Effect, ...]:
    """What the steps together leave changed: what one of them does and a later one takes back does not count."""
    left: list[Effect] = []
    for action in actions:
        for effect in effects_of_step(action, cwd):
            left = [earlier for earlier in left if not is_undone(earlier, effect)]
            if effect not in left:
                left.append(effect)
    return tuple(left)


def is_undone(earlier: Effect, later: Effect) -> bool:
    """Whether a change does not last because of a later one."""
    verbs = (earlier.verb, later.verb)
    if later.verb is Verb.CLEAR and earlier.verb is not Verb.CLEAR:
        return earlier.lies_in(later.thing)
    if verbs == (Verb.LEAVE, Verb.PUT) and later.thing == "PATH":
        return later.value == f"{earlier.thing}/bin"
    if earlier.thing != later.thing:
        return False
    return verbs in WHOLE or (verbs in LISTS and earlier.value == later.value)


def effects_of_step(action: AnyAction, cwd: str) -> Iterator[Effect]:  # noqa: PLR0912, C901 - one branch a kind of step
    """What one step changes."""
    match action:
        case SetVariable(name, value):
            yield Effect(Verb.SET, name, value)
            if name == "VIRTUAL_ENV":
                yield Effect(Verb.ENTER, resolved(value, cwd), Manager.VENV.value)
        case CopyVariable(name, source):
            yield Effect(Verb.READ, source)
            yield Effect(Verb.SET, name, f"${source}")
        case SetFromOutput(name, argv):
            yield Effect(Verb.SET, name, " ".join(argv))
        case UnsetVariable(name):
            yield Effect(Verb.UNSET, name)
            if name == "VIRTUAL_ENV":
                yield Effect(Verb.LEAVE, ACTIVE, Manager.VENV.value)
        case PrependPath(directory, variable):
            yield Effect(Verb.PUT, variable, directory)
        case RemoveFromPath(directory, variable):
            yield Effect(Verb.DROP, variable, directory)
            if variable == "PATH" and posixpath.basename(directory) == "bin":
                yield Effect(Verb.LEAVE, posixpath.dirname(directory))
        case Activate(environment, manager):
            by_name = manager is Manager.CONDA and "/" not in environment
            yield Effect(Verb.ENTER, environment if by_name else resolved(environment, cwd), manager.value)
        case Deactivate(manager):
            yield Effect(Verb.LEAVE, ACTIVE, manager.value)
        case EditFile(path, remove, add):
            yield from (Effect(Verb.TAKE, path, line) for line in remove)
            yield from (Effect(Verb.ADD, path, line) for line in add)
        case Run():
            yield from effects_of_command(action, cwd)
        case Manual():
            return
