"""What the variables of a session are after the steps of a fix: for shells that take data in, and no script."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from envdoctor.engine.fix import (
    Activate,
    AnyAction,
    CopyVariable,
    Deactivate,
    Manager,
    PrependPath,
    RemoveFromPath,
    SetVariable,
    UnsetVariable,
)


class Values(msgspec.Struct, frozen=True):
    """The variables that are different: those that are gone, and those with a value."""

    unset: tuple[str, ...]
    set: dict[str, str]


def is_data(action: AnyAction) -> bool:
    """Whether a step changes nothing but variables."""
    if isinstance(action, Activate | Deactivate):
        return action.manager is Manager.VENV
    return isinstance(action, SetVariable | CopyVariable | UnsetVariable | PrependPath | RemoveFromPath)


def after(actions: Iterable[AnyAction], before: Mapping[str, str]) -> Values:
    """What these steps make of the variables of a session."""
    now = dict(before)
    named: dict[str, None] = {}
    for action in actions:
        for name, value in _changed(action, now).items():
            named[name] = None
            if value is None:
                now.pop(name, None)
            else:
                now[name] = value
    gone = tuple(name for name in named if name not in now)
    return Values(gone, {name: now[name] for name in named if name in now and now[name] != before.get(name)})


def _changed(action: AnyAction, now: Mapping[str, str]) -> dict[str, str | None]:  # noqa: PLR0911 - one branch a kind of step
    match action:
        case SetVariable(name, value):
            return {name: value}
        case CopyVariable(name, source):
            return {name: now.get(source, "")}
        case UnsetVariable(name):
            return {name: None}
        case PrependPath(directory, variable):
            return {variable: ":".join((directory, *_elements(now, variable)))}
        case RemoveFromPath(directory, variable, semicolons):
            elements = [e for each in _elements(now, variable) for e in (each.split(";") if semicolons else (each,))]
            return {variable: ":".join(e for e in elements if e != directory)} if variable in now else {}
        case Activate(environment):
            path = ":".join((f"{environment}/bin", *_elements(now, "PATH")))
            return {"VIRTUAL_ENV": environment, "PATH": path}
        case Deactivate():
            return {"VIRTUAL_ENV": None, "VIRTUAL_ENV_PROMPT": None}
        case _:
            return {}


def _elements(now: Mapping[str, str], variable: str) -> list[str]:
    """The elements of a list variable; none where it is empty or not set."""
    return now[variable].split(":") if now.get(variable) else []
