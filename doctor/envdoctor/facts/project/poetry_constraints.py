"""What do poetry's version constraints and dependencies mean, said as PEP 440 and PEP 508 say it?

Held against poetry's own parser by tests/facts/test_poetry_versions.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

OR = r"\|\|?"
LONGEST = 1_000
TERM = r"(===|~=|==|!=|>=|<=|\^|~|>|<|=)?\s*v?([0-9][0-9A-Za-z.*+!-]*|[*xX])(?:[\s,]+|$)"
NAME = r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?"


def alternatives(constraint: str) -> tuple[str, ...] | None:
    """The specifier sets of which one must hold, `""` for any version; None if it is no constraint of poetry's.

    What is None poetry refuses, unless it is too long to be looked at (held against poetry-core 2.5).
    """
    sets = [_specifiers(part.strip()) for part in re.split(OR, constraint)] if len(constraint) < LONGEST else [None]
    found = tuple(part for part in sets if part is not None)
    return found if len(found) == len(sets) else None


def is_refused(constraint: str) -> bool:
    """Whether poetry cannot parse it."""
    return bool(constraint.strip()) and len(constraint) < LONGEST and alternatives(constraint) is None


def _specifiers(text: str) -> str | None:
    """One set: terms with a comma or a blank between them."""
    terms: list[str] = []
    rest = text
    while rest:
        term = re.match(TERM, rest)
        if term is None or (term[1] and term[2] in ("x", "X")):
            return None
        terms += filter(None, [_term(term[1] or "==", term[2])])
        rest = rest[term.end() :]
    return ",".join(terms) if text else None


def _term(operator: str, version: str) -> str:
    if version in ("*", "x", "X"):
        return ""
    release = [int(number) for number in re.findall(r"\d+", re.split(r"[^0-9.]", version)[0])]
    match operator:
        case "=":
            return f"=={version}"
        case "^":
            first = next((i for i, number in enumerate(release[:3]) if number), len(release[:3]) - 1)
            return f">={version},<{_next(release, first)}"
        case "~":
            return f">={version},<{_next(release, min(1, len(release) - 1))}"
        case _:
            return f"{operator}{version}"


def _next(release: list[int], position: int) -> str:
    return ".".join(map(str, [*release[:position], release[position] + 1]))


def requirements(name: str, value: object) -> Iterator[str]:
    """What an entry of poetry's dependency tables asks for, in PEP 508; nothing for what only an extra brings."""
    for constraint in value if isinstance(value, list) else [value]:
        if isinstance(constraint, str):
            yield f"{name}{_one(alternatives(constraint))}"
        elif isinstance(constraint, dict) and constraint.get("optional") is not True:
            yield _requirement(name, constraint)


def _requirement(name: str, table: dict[str, object]) -> str:
    extras = table.get("extras")
    named = [extra for extra in extras if isinstance(extra, str)] if isinstance(extras, list) else []
    version = table.get("version")
    text = name + (f"[{','.join(named)}]" if named else "")
    if source := next((table[key] for key in ("path", "git", "url") if isinstance(table.get(key), str)), None):
        text += f" @ {_as_url(str(source))}"
    elif isinstance(version, str):
        text += _one(alternatives(version))
    marker = " and ".join(f"({part})" for part in _markers(table))
    return f"{text} ; {marker}" if marker else text


def _markers(table: dict[str, object]) -> Iterator[str]:
    if isinstance(markers := table.get("markers"), str):
        yield markers
    if isinstance(platform := table.get("platform"), str):
        yield f'sys_platform == "{platform}"'
    if isinstance(python := table.get("python"), str) and (sets := alternatives(python)):
        clauses = (" and ".join(_python_marker(term) for term in part.split(",") if term) for part in sets)
        if all(written := tuple(clauses)):
            yield " or ".join(written)


def _python_marker(term: str) -> str:
    """A marker for one specifier of Python's version: by the minor version, or by all of it if the term goes so far."""
    match = re.match(r"([=!<>~]+)(.+)", term)
    assert match is not None, term  # noqa: S101 - `alternatives` writes no other terms
    name = "python_full_version" if match[2].replace(".*", "").count(".") > 1 else "python_version"
    return f'{name} {match[1]} "{match[2]}"'


def _one(sets: tuple[str, ...] | None) -> str:
    """Several alternatives have no equal in PEP 508: then any version will do, which judges too little, never wrong."""
    return sets[0] if sets and len(sets) == 1 else ""


def _as_url(source: str) -> str:
    return source if re.match(r"[a-z+]+://", source) else f"file:{source.replace(' ', '%20')}"
