"""Which entries of an `environment.yml` that is YAML does conda refuse?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from envdoctor.text.patterns import pattern

if TYPE_CHECKING:
    import yaml

EXTRAS = pattern(r"[\w.-]+\[[^\]=]*\].*")
OF_PIP = pattern(r"(?:git|hg|svn|bzr)\+\w+://.*|.*\s@\s.*|\.{1,2}/.*|-.*")
REST = pattern(r"(?:[^\s:]++::)?[A-Za-z0-9_][\w.-]*+\s*+(.*)")
OPERATOR = pattern(r"[=!<>~]*")
# conda.models.version of conda 26 knows the first eight; what it makes of the others is not looked at here
KNOWN = ("=", "==", "!=", "<=", ">=", "<", ">", "~=", "===", "")
MAY_STAND_ALONE = ("", "=", "==")
Fault = tuple[int, str]


def faults(top: yaml.Node | None) -> Iterator[Fault]:
    """The line, and what is wrong there."""
    import yaml

    if top is not None and not isinstance(top, yaml.MappingNode):
        yield top.start_mark.line + 1, "it holds no `name` and no `dependencies`, but something else"
        return
    for key, value in top.value if top else ():
        if isinstance(key, yaml.ScalarNode) and key.value == "dependencies" and isinstance(value, yaml.SequenceNode):
            for item in value.value:
                if isinstance(item, yaml.ScalarNode) and (said := _fault(item.value.strip())):
                    yield item.start_mark.line + 1, said


def _fault(text: str) -> str | None:
    if EXTRAS.fullmatch(text):
        return f"`{text}` is no package of conda's: it has no extras, and gets the package from pip below `- pip:`"
    if OF_PIP.fullmatch(text):
        return f"`{text}` is no package of conda's: what pip is to install stands below `- pip:`"
    rest = REST.fullmatch(text.partition("[")[0])
    if rest and any(map(_is_broken, rest[1].replace(" ", "").replace("|", ",").split(","))):
        return f"invalid version in `{text}`: invalid operator"
    return None


def _is_broken(term: str) -> bool:
    """Whether the operator of one term is none, or has nothing behind it."""
    found = OPERATOR.match(term)
    operator = found[0] if found else ""
    return operator not in KNOWN or (operator == term and operator not in MAY_STAND_ALONE)
