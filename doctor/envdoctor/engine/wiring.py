"""What does a check or a probe need? Read from its signature at load time, with errors that name file and line."""

from __future__ import annotations

import sys
import types
from collections.abc import Iterable
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

import msgspec

from envdoctor.engine.check import Check
from envdoctor.engine.fact import Fact, Probe
from envdoctor.engine.gate import Gate
from envdoctor.engine.reference import FactType, Need, Reference
from envdoctor.system.session import Session


class SignatureError(TypeError):
    """A check or probe whose signature cannot be wired. The message begins with `file:line`."""


@cache
def needs_of(marked: Check[Any] | Probe[Any]) -> tuple[Need, ...]:
    """The needs of a check or probe, one a parameter, in order. Raises SignatureError."""
    if isinstance(marked, Check) and marked.needs is not None:
        return marked.needs
    session_allowed = isinstance(marked, Probe)
    needs = []
    code = marked.function.__code__
    for name in code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]:
        if name not in marked.function.__annotations__:
            raise mistake(marked, f"parameter {name!r} has no annotation")
        need = _looked_up(marked, name) or _need(hint := _hints(marked)[name])
        if need is None:
            raise mistake(marked, f'"{name}: {_spelled(hint)}" is not a fact')
        if need.fact is None and not session_allowed:
            raise mistake(marked, f'"{name}: Session": a check sees facts only, so that it can be replayed')
        if isinstance(need.fact, type) and find_probe(need.fact) is None:
            raise mistake(marked, f"{need.fact.__module__} holds no probe that makes {need.fact.__name__}")
        needs.append(need)
    facts = {fact.__name__: fact for fact in facts_in(needs)}
    for way in marked.gate.where:
        name, *fields = way.split(".")
        if name not in facts or not all(hasattr(facts[name], field) for field in fields[:1]):
            raise mistake(marked, f"{way!r} leads through no fact of its parameters")
    return tuple(needs)


@cache
def made_by(probe: Probe[Any]) -> type[Fact]:
    """The fact that a probe's return annotation names. Raises SignatureError."""
    need = _looked_up(probe, "return")
    made: object = need.fact if need and not need.optional else _hints(probe).get("return")
    if not (isinstance(made, type) and issubclass(made, Fact)):
        raise mistake(probe, "the return annotation must name the fact that the probe makes")
    return made


@cache
def find_probe(fact: type[Fact]) -> Probe[Any] | None:
    """The probe of a fact, which stands in the fact's own module."""
    for member in vars(sys.modules[fact.__module__]).values():
        if isinstance(member, Probe) and member.function.__module__ == fact.__module__ and made_by(member) is fact:
            return member
    return None


def probe_of(fact: type[Fact]) -> Probe[Any]:
    """The probe of a fact that something needs: `needs_of` has refused every fact without one."""
    probe = find_probe(fact)
    assert probe is not None, fact  # noqa: S101 - see above
    return probe


def foundations(fact: FactType) -> tuple[Need, ...]:
    """What a fact is made of: the needs of its probe, which the index knows without importing it."""
    return fact.needs if isinstance(fact, Reference) else needs_of(probe_of(fact))


def gate_of(fact: FactType) -> Gate:
    """What must be there so that the probe of a fact is called, which the index knows too."""
    return fact.gate if isinstance(fact, Reference) else probe_of(fact).gate


def facts_in(needs: Iterable[Need]) -> list[FactType]:
    """The facts among these needs."""
    return [need.fact for need in needs if need.fact is not None]


def names_of(needs: Iterable[Need]) -> tuple[str, ...]:
    """The names of the facts among these needs, `?` behind those that need not exist."""
    return tuple(need.fact.__name__ + "?" * need.optional for need in needs if need.fact is not None)


def _looked_up(marked: Check[Any] | Probe[Any], name: str) -> Need | None:
    """What an annotation of the common forms `Fact` and `Fact | None` means; to evaluate it costs ten times as much."""
    annotation = marked.function.__annotations__.get(name)
    if not isinstance(annotation, str):
        return None
    need = _need(marked.function.__globals__.get(annotation.removesuffix(" | None")))
    return Need(need.fact, annotation.endswith(" | None")) if need and need.fact else need


def _hints(marked: Check[Any] | Probe[Any]) -> dict[str, Any]:
    try:
        return get_type_hints(marked.function)
    except NameError as error:
        raise mistake(marked, f"{error}; a fact must be imported at run time, not under TYPE_CHECKING") from error


def _need(hint: object) -> Need | None:
    if hint is Session:
        return Need(None)
    if isinstance(hint, type) and issubclass(hint, Fact):
        return Need(hint)
    if get_origin(hint) in {Union, types.UnionType}:
        named = [part for part in get_args(hint) if part is not type(None)]
        if len(named) == 1 and isinstance(named[0], type) and issubclass(named[0], Fact):
            return Need(named[0], optional=True)
    return None


def _spelled(hint: object) -> str:
    return hint.__name__ if isinstance(hint, type) else str(hint)


def mistake(marked: Check[Any] | Probe[Any], problem: str) -> SignatureError:
    """The error that says what is wrong with a check or probe, and where it stands."""
    code = marked.function.__code__
    return SignatureError(f"{code.co_filename}:{code.co_firstlineno}: {marked.function.__name__}: {problem}")


def expect(marked: Check[Any] | Probe[Any], kind: type[object], *made: object) -> None:
    """Refuse what is of another kind: a plugin may be written without a type checker. Raises SignatureError."""
    for one in made:
        if not isinstance(one, kind):
            raise mistake(marked, f"it made {one!r:.100}, which is no {kind.__name__}")


def expect_indexed(marked: Check[Any] | Probe[Any], needs: Iterable[Need], gate: Gate) -> None:
    """Refuse what needs other facts than the index of checks and facts says. Raises SignatureError."""
    if names_of(needs_of(marked)) != names_of(needs) or marked.gate != gate:
        raise mistake(marked, "the index says that it needs other facts: make that file again")


def expect_recordable(probe: Probe[Any], made: Fact) -> None:
    """Refuse a fact that a report could not hold: one with a field that is no JSON. Raises SignatureError."""
    import json

    try:
        written = json.dumps(msgspec.to_builtins(made), allow_nan=False)
        msgspec.convert(json.loads(written), type(made))
    except (TypeError, ValueError, RecursionError, msgspec.MsgspecError) as error:
        raise mistake(probe, f"its fact cannot be kept as JSON: {error}") from error


def described(error: BaseException) -> str:
    """One line that leads a developer to the fault in a check or probe: what, and where."""
    import traceback

    if isinstance(error, SignatureError):
        return str(error)
    frame = traceback.extract_tb(error.__traceback__)[-1]
    try:
        said = f": {error}"
    except Exception:  # noqa: BLE001 - an exception of a plugin may not even be able to say what it is
        said = ""
    return f"{type(error).__name__}{said} ({frame.filename}:{frame.lineno})"
