"""What does conda refuse of an `environment.yml` that is YAML, and what does it pass over?

After `conda/env/env.py` of conda 26, which checks the file as CEP 24 describes it. Before 25.9 conda made an empty
environment of a file without `dependencies`, and ended in a traceback at a wrong type.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from envdoctor.text.patterns import pattern
from envdoctor.text.plain import plain

if TYPE_CHECKING:
    import yaml

EXTRAS = pattern(r"[\w.-]+\[[^\]=]*\].*")
OF_PIP = pattern(r"(?:git|hg|svn|bzr)\+\w+://.*|.*\s@\s.*|\.{1,2}/.*|-.*")
REST = pattern(r"(?:[^\s:]++::)?[A-Za-z0-9_][\w.-]*+\s*+(.*)")
OPERATOR = pattern(r"[=!<>~]*")
# conda.models.version of conda 26 knows the first eight; what it makes of the others is not looked at here
KNOWN = ("=", "==", "!=", "<=", ">=", "<", ">", "~=", "===", "")
# before a version that stands alone it takes these for the other way round
TURNED = pattern(r"=[<>][^=,|]*")
MAY_STAND_ALONE = ("", "=", "==")
TYPES = {"name": "str", "prefix": "str", "dependencies": "list", "channels": "list", "variables": "dict"}
# what conda-lock reads in the same file, beside them
OF_CONDA_LOCK = ("platforms", "category")
# a plain word that YAML takes for something else than text
EMPTY = ("", "~", "null", "Null", "NULL")
NO_TEXT = pattern(r"|~|null|Null|NULL|true|True|TRUE|false|False|FALSE|[-+]?\d+(?:\.\d*)?|[-+]?\.\d+")
Fault = tuple[int, str]


def faults(top: yaml.Node | None) -> Iterator[Fault]:
    """The line, and what is wrong there."""
    import yaml

    if top is None:
        return
    if not isinstance(top, yaml.MappingNode):
        yield top.start_mark.line + 1, "it holds no `name` and no `dependencies`, but something else"
        return
    sections = list(_sections(top))
    counted = Counter(key.value for key, _ in sections)
    for key, value in sections:
        if counted[key.value] > 1:
            yield key.start_mark.line + 1, f"found duplicate key `{plain(key.value)}`"
            return
        wanted, of = TYPES.get(key.value), _type(value)
        # nothing behind a name means the same to conda before 25.9 and to micromamba
        is_left_open = of is None and value.value in EMPTY and key.value != "dependencies"
        if wanted and of != wanted and not is_left_open:
            yield key.start_mark.line + 1, f"invalid type for `{key.value}`, expected a {wanted}"
        elif key.value in ("dependencies", "channels"):
            yield from _entries(key.value, value)
    if "dependencies" not in counted:
        yield top.start_mark.line + 1, "missing required field `dependencies`"


def ignored(top: yaml.Node | None) -> Iterator[tuple[int, str, bool]]:
    """The line and what is said of each section and extra that conda does not know; whether that is a slip."""
    import difflib

    for key, value in _sections(top):
        if key.value == "dependencies":
            yield from _extras(value)
        elif key.value not in TYPES and key.value not in OF_CONDA_LOCK:
            close = difflib.get_close_matches(key.value.lower(), TYPES, 1)
            said = f"the section `{plain(key.value)}` is invalid and will be ignored"
            yield key.start_mark.line + 1, f"{said}; `{close[0]}` may be meant" if close else said, bool(close)


def _extras(node: yaml.Node) -> Iterator[tuple[int, str, bool]]:
    """What stands in brackets behind a name, and is no field: conda 26.7 installs the package without it."""
    for item in node.value if _type(node) == "list" else ():
        if _type(item) == "str" and EXTRAS.fullmatch(item.value.strip()):
            said = f"the extras of `{plain(item.value.strip())}` are ignored: only pip knows them, below `- pip:`"
            yield item.start_mark.line + 1, said, True


def _sections(top: yaml.Node | None) -> Iterator[tuple[yaml.ScalarNode, yaml.Node]]:
    import yaml

    for key, value in top.value if isinstance(top, yaml.MappingNode) else ():
        if isinstance(key, yaml.ScalarNode):
            yield key, value


def _type(node: yaml.Node) -> str | None:
    """What Python makes of it; None for what is no text, list or table."""
    import yaml

    if isinstance(node, yaml.ScalarNode):
        return None if node.style is None and NO_TEXT.fullmatch(node.value) else "str"
    return "list" if isinstance(node, yaml.SequenceNode) else "dict"


def _entries(section: str, node: yaml.Node) -> Iterator[Fault]:
    for item in node.value:
        of, line = _type(item), item.start_mark.line + 1
        if section == "channels":
            if of != "str":
                yield line, "`channels` must only contain strings"
        elif of == "str":
            if said := _fault(item.value.strip()):
                yield line, said
        elif of != "dict":
            what = "a list" if of else f"`{plain(item.value)}`" if item.value else "nothing"
            yield line, f"{what} is an invalid type for a dependency"


def _fault(text: str) -> str | None:
    shown = plain(text)
    if OF_PIP.fullmatch(text):
        return f"`{shown}` is no package of conda's: what pip is to install stands below `- pip:`"
    rest = REST.fullmatch(text.partition("[")[0])
    if (
        rest
        and not TURNED.fullmatch(rest[1])
        and any(map(_is_broken, rest[1].replace(" ", "").replace("|", ",").split(",")))
    ):
        return f"invalid version in `{shown}`: invalid operator"
    return None


def _is_broken(term: str) -> bool:
    """Whether the operator of one term is none, or has nothing behind it."""
    found = OPERATOR.match(term)
    operator = found[0] if found else ""
    return operator not in KNOWN or (operator == term and operator not in MAY_STAND_ALONE)
