"""Every regular expression of the source, and texts that are made to slow each of them down.

They are found by reading the source: each call of `re` or `pattern`, evaluated among the names of its module. What a
function builds from its own names has an example here.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial
from importlib import import_module
from pathlib import Path
from re import _constants as op  # type: ignore[attr-defined]  # what patterns are parsed into is not public
from re import _parser  # type: ignore[attr-defined]
from typing import Any

import msgspec

from envdoctor.text.identity import Identity
from envdoctor.text.names import NameMasker
from tests.fuzz.growth import cost as processor_time

ROOT = Path(__file__).parent.parent
SOURCES = (ROOT / "doctor", ROOT / "checks")
ANYWHERE = frozenset({"search", "sub", "subn", "split", "findall", "finditer"})
METHODS = ANYWHERE | {"match", "fullmatch", "compile"}
MAY_ASK = re.compile(rf"\.(?:{'|'.join(METHODS)})\b|\bpattern\(")
"""What stands in the source of every module that makes a pattern or asks one; the others need not be read."""
POOL = "aZ0_-. \t\n/:@=\"'\\$#,;<>()[]{}%+*!~|^?&`é\0"
"""A character of every kind that a pattern may tell apart."""
FEW = 4
MOST_BEFORE = 8
MOST_KINDS = 14
ENDS = ("", "\0\n!")
SIZES = (14, 18, 22, 26, 60, 200, 500, 2_000, 8_000)
ENOUGH = 2_000
"""The size from which on growth can be told; what is slow with less is slow in any case."""
QUICK = 0.02
"""Seconds of the processor that hardly any linear work takes for the largest size; where it does, its growth counts."""
LARGE = 8.0
"""How many times as much four times the size may cost. Linear work costs four times, quadratic sixteen."""


class Regex(msgspec.Struct, frozen=True):
    """A regular expression of the source.

    Attributes:
        place: `envdoctor/facts/pip/config_file.py:20`.
        name: the file and the name, or what is written: `envdoctor/facts/pip/config_file.py:SECTION`.
        text: the pattern; None if it is built from names of a function without an example in `BUILT`.
        flags: how it is read.
        methods: what it is asked with; a match at the beginning costs less than a search from everywhere.
    """

    place: str
    name: str
    text: str | bytes | None
    flags: int
    methods: frozenset[str]


ASKED = {("envdoctor.facts.pip.config_file", "OPTCRE"): "match"}
"""What another library asks of a pattern that it is given."""
SOMEBODY = NameMasker(Identity(("/home/ada", "/data/x/ada"), ("ada", "li"), ("Ada King",), ("b.corp.example",)))
SOMEBODY.learn("https://9.9.9.9/ https://nexus.acme/ https://box/")
BUILT: Mapping[str, Mapping[str, object]] = {
    "envdoctor_checks/common/extending_lines.py": {"name": "MANPATH", "old": r"\$(?:MANPATH\b|\{MANPATH\})"},
    "envdoctor_checks/common/together.py": {"setting": "HTTPS_PROXY"},
    "envdoctor/facts/dependencies/lock_formats.py": {"pattern": r'(?m)^        "([^"]+)": \{$'},
    "envdoctor/facts/libraries/cuda_wheels.py": {"start": "nvidia_cublas"},
    "envdoctor/facts/packages/build_tools.py": {"missing": ["pkg_resources", "distutils"]},
    "envdoctor/facts/project/project.py": {"keys": ["tool", "poetry"]},
    "envdoctor/facts/python/metadata.py": {"name": b"Requires-Dist"},
    "envdoctor/facts/shell/expansion.py": {"name": "PATH", "plain": r"(?:[^{}$]|\$(?!\{))*+"},
    "envdoctor/facts/shell/tokenizer.py": {"indent": "\t*", "last": "EOF"},
    "envdoctor/facts/uv/health.py": {"number": "7"},
    "envdoctor/text/names.py": {"expression": SOMEBODY.expression()},
}
"""Examples of the names of functions that patterns are built from, by module."""


def regexes() -> Iterator[Regex]:
    """Every regular expression of the source."""
    modules = {
        path.relative_to(source): tuple(ast.walk(ast.parse(text)))
        for source in SOURCES
        for path in sorted(source.rglob("*.py"))
        if path.name != "patterns.py" and MAY_ASK.search(text := path.read_text())
    }
    asked = {name: {method} for name, method in ASKED.items()}
    for path, nodes in modules.items():
        for name, method in _questions(nodes):
            asked.setdefault((_module(path), name), set()).add(method)
    for path, nodes in modules.items():
        for node in nodes:
            if isinstance(node, ast.ImportFrom):
                for alias in node.names:
                    theirs = asked.setdefault((node.module or "", alias.name), set())
                    theirs |= asked.get((_module(path), alias.name), set())
    for path, nodes in modules.items():
        yield from _of_module(path, nodes, asked)


def _module(path: Path) -> str:
    return ".".join(path.with_suffix("").parts)


def _questions(nodes: Iterable[ast.AST]) -> Iterator[tuple[str, str]]:
    """The names that something is asked of with a method of patterns."""
    for node in nodes:
        match node:
            case ast.Attribute(value=ast.Name(id=name) | ast.Attribute(attr=name), attr=method) if method in METHODS:
                yield name, method
            case ast.Attribute(value=ast.IfExp(body=ast.Name(id=one), orelse=ast.Name(id=other)), attr=method):
                yield from ((name, method) for name in (one, other) if method in METHODS)
            case _:
                pass


def _of_module(path: Path, nodes: Sequence[ast.AST], asked: Mapping[tuple[str, str], set[str]]) -> Iterator[Regex]:
    names: dict[str, object] = {}
    named = {
        id(node.value): node.targets[0].id
        for node in nodes
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }
    for node in nodes:
        method = _method(node)
        if method is None or not isinstance(node, ast.Call):
            continue
        names = names or vars(import_module(_module(path)))
        given = [*node.args[1:2]] if method == "compile" else []
        given += [keyword.value for keyword in node.keywords if keyword.arg == "flags"]
        flags = int(eval(ast.unparse(given[0]), names)) if given else 0
        name = named.get(id(node), "")
        methods = {method} if method != "compile" else asked.get((_module(path), name), set())
        if not methods:  # one that is handed on is asked under another name
            methods = {said for other, said in _questions(nodes) if other.islower() and other != "re"} & METHODS
        text = node.args[0]
        for branch in [text.body, text.orelse] if isinstance(text, ast.IfExp) else [text]:
            value = _value(path, branch, names)
            if not isinstance(value, re.Pattern):  # that one is found where it is made
                written = f"{path}:{name or ast.unparse(branch)}"
                yield Regex(f"{path}:{node.lineno}", written, value, flags, frozenset(methods or ANYWHERE))


def _value(path: Path, node: ast.expr, names: Mapping[str, object]) -> Any:
    """The pattern that an expression stands for; None if that is not known."""
    with suppress(NameError):
        value = eval(ast.unparse(node), {**names, **BUILT.get(str(path), {})})
        return value if isinstance(value, str | bytes | re.Pattern) else None
    return None


def _method(node: ast.AST) -> str | None:
    """What a call asks of a pattern; `compile` if it only makes one, None if it is no such call."""
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Name(id="re"), attr=method)) if method in METHODS:
            return method
        case ast.Call(func=ast.Name(id="pattern")):
            return "compile"
        case _:
            return None


def attacks(regex: Regex) -> Iterator[tuple[str, str, str]]:
    """Texts that may slow a pattern down: a beginning, what is repeated behind it, and an end."""
    text = regex.text.decode("latin-1") if isinstance(regex.text, bytes) else regex.text
    tree = _parser.parse(text, regex.flags)
    kinds = _kinds(tree, tree.state.flags)
    befores, bodies = _places(tree, [""], kinds)
    befores = list(dict.fromkeys(befores))[:MOST_BEFORE]
    for before in dict.fromkeys(["", *befores]):
        for unit in dict.fromkeys([*kinds, *bodies[:MOST_BEFORE]]):
            yield from ((before, unit, after) for after in ENDS if unit)
    repeated = (before + kind for before in befores for kind in ("", *kinds[:FEW]))
    for unit in dict.fromkeys([*_samples(tree, kinds), *repeated]):
        yield from (("", unit, after) for after in ENDS if unit)


def _accepts(node: tuple[Any, Any], char: str, flags: int) -> bool:
    kind, value = node
    if kind is op.LITERAL:
        return chr(value).lower() == char.lower() if flags & re.IGNORECASE else chr(value) == char
    if kind is op.NOT_LITERAL:
        return chr(value) != char
    if kind is op.RANGE:
        return bool(value[0] <= ord(char) <= value[1])
    if kind is op.CATEGORY:
        letter = {"DIGIT": "d", "SPACE": "s", "WORD": "w"}[str(value).rpartition("_")[2]]
        return re.match(f"\\{letter.upper() if 'NOT' in str(value) else letter}", char) is not None
    if kind is op.IN:
        negated = value[0][0] is op.NEGATE
        return any(_accepts(item, char, flags) for item in value[negated:]) != negated
    return char != "\n" or bool(flags & re.DOTALL)


def _kinds(tree: Any, flags: int) -> list[str]:
    """A character for each group of characters that the pattern does not tell apart."""
    sets = list(_sets(tree))
    by_answers: dict[tuple[bool, ...], str] = {}
    for char in dict.fromkeys([*POOL, *(chr(value) for kind, value in sets if kind is op.LITERAL)]):
        by_answers.setdefault(tuple(_accepts(node, char, flags) for node in sets), char)
    return [char for answers, char in by_answers.items() if any(answers)][:MOST_KINDS]


def _sets(tree: Any) -> Iterator[tuple[Any, Any]]:
    for kind, value in tree:
        if kind in (op.LITERAL, op.NOT_LITERAL, op.ANY, op.IN):
            yield kind, value
        for inner in _inside(kind, value):
            yield from _sets(inner)


def _inside(kind: Any, value: Any) -> list[Any]:
    """The sequences within a part of a pattern."""
    if kind in (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT):
        return [value[2]]
    if kind is op.SUBPATTERN:
        return [value[3]]
    if kind is op.BRANCH:
        return list(value[1])
    if kind in (op.ASSERT, op.ASSERT_NOT):
        return [value[1]]
    if kind is op.GROUPREF_EXISTS:
        return [part for part in value[1:] if part is not None]
    return [value] if kind is op.ATOMIC_GROUP else []


def _samples(tree: Any, kinds: list[str]) -> list[str]:
    """A few texts that a sequence matches."""
    found = [""]
    for part in tree:
        found = [before + sample for before in found for sample in _samples_of(part, kinds)][:FEW]
    return found


def _samples_of(part: tuple[Any, Any], kinds: list[str]) -> list[str]:
    kind, value = part
    if kind is op.LITERAL:
        return [chr(value)]
    if kind in (op.NOT_LITERAL, op.ANY, op.IN):
        return [char for char in [*kinds, *POOL] if _accepts(part, char, re.DOTALL)][:2] or [""]
    if kind in (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT):
        return [sample * max(min(value[0], 50), 1) for sample in _samples(value[2], kinds)] + [""] * (value[0] == 0)
    if kind is op.ASSERT_NOT or (kind is op.ASSERT and value[0] < 0):
        return [""]
    return [sample for inner in _inside(kind, value) for sample in _samples(inner, kinds)][:FEW] or [""]


def _places(tree: Any, befores: list[str], kinds: list[str]) -> tuple[list[str], list[str]]:
    """What may stand before each repetition of a pattern, and what is repeated there."""
    ways, bodies = [], []
    for part in tree:
        kind, value = part
        if kind in (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT):
            ways += befores
            bodies += _samples(value[2], kinds)
        for inner in _inside(kind, value):
            more = _places(inner, befores, kinds)
            ways += more[0]
            bodies += more[1]
        befores = [before + sample for before in befores for sample in _samples_of(part, kinds)][:FEW]
    return ways, bodies


def slow(regex: Regex, largest: int = SIZES[-1]) -> tuple[str, str, str, str] | None:
    """The method and the attack that a pattern needs too long for; None if it withstands all of them."""
    assert regex.text is not None, "built from names of a function: give examples of them in BUILT"
    compiled = re.compile(regex.text, regex.flags)
    for before, unit, after in dict.fromkeys(attacks(regex)):
        for method in sorted(regex.methods - {"compile"}):

            def cost(
                size: int, times: int = 1, method: str = method, parts: tuple[str, str, str] = (before, unit, after)
            ) -> float:
                text: Any = parts[0] + parts[1] * (size // len(parts[1]) + 1) + parts[2]
                content = text if isinstance(regex.text, str) else text.encode("latin-1", "replace")
                return processor_time(partial(_ask, compiled, method, content), times)

            for size in (*(size for size in SIZES if size < largest), largest):
                if cost(size) > QUICK and (size < ENOUGH or (_grows(cost, size) and _grows(cost, size))):
                    return method, before, unit, after
    return None


def _grows(cost: Callable[..., float], size: int) -> bool:
    """Whether it costs too much more than a quarter of the size. One measurement may be off on a busy machine."""
    return cost(size, 3) > LARGE * cost(size // 4, 3)


def _ask(compiled: re.Pattern[Any], method: str, text: Any) -> None:
    """Ask all that there is to ask with a method."""
    if method in ("sub", "subn"):
        compiled.sub(text[:0], text)
    elif method == "finditer":
        list(compiled.finditer(text))
    else:
        getattr(compiled, method)(text)
