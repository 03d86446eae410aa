"""What is a check? A generator function that names the facts it judges as parameters, and yields what it finds."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Generic, ParamSpec

from envdoctor.engine.finding import Finding, Severity
from envdoctor.engine.gate import OPEN, Gate
from envdoctor.engine.reference import Need
from envdoctor.text.patterns import pattern

P = ParamSpec("P")

CODE = pattern(r"[A-Z]{2,6}[0-9]{3}")
SECTION = pattern(r"^## (.+)$", re.MULTILINE)


def family_of(code: str) -> str:
    """The letters of a code: `PIP`."""
    return code.rstrip("0123456789")


class Check(Generic[P]):
    """A check as the doctor knows it: the function, and what `check` and the docstring say about it.

    Attributes:
        code: family prefix and three digits, never reused: `PIP001`.
        slug: the fault in the reader's words, the function's name with dashes: `pip-installs-elsewhere`.
        severity: how bad its findings are, unless one says otherwise.
        since: the first version that had it.
        unless: the codes of the checks whose findings make this one moot, a plugin's too; it then gives way to them.
        moots: the codes of the checks that find nothing any more once this one's fix is applied, a plugin's too.
        gate: what must be there so that it judges at all; it finds nothing otherwise.
        needs: the facts that it needs, as an index says; None: its signature says it.
    """

    needs: tuple[Need, ...] | None = None

    def __init__(
        self,
        function: Callable[P, Iterator[Finding]],
        code: str,
        severity: Severity,
        since: str,
        unless: tuple[str, ...],
        moots: tuple[str, ...] = (),
        gate: Gate = OPEN,
    ) -> None:
        self._function = function
        self.code = code
        self.severity = severity
        self.since = since
        self.unless = unless
        self.moots = moots
        self.gate = gate
        self.slug = function.__name__.replace("_", "-")

    def __call__(self, *facts: P.args, **named: P.kwargs) -> Iterator[Finding]:
        """Judge these facts."""
        if self.gate.is_shut((*facts, *named.values())):
            return iter(())
        return self.function(*facts, **named)

    def __repr__(self) -> str:
        return f"<check {self.code} {self.slug}>"

    @property
    def function(self) -> Callable[P, Iterator[Finding]]:
        """The generator function itself."""
        return self._function

    @property
    def family(self) -> str:
        """The letters of the code, in lower case: `pip`."""
        return family_of(self.code).lower()

    @property
    def subject(self) -> str:
        """What the family is about, in a word, as `conda`; of a plugin, the letters of its codes."""
        package, _, rest = self.module.partition(".")
        return rest.partition(".")[0] if package == "envdoctor_checks" else self.family.upper()

    @property
    def module(self) -> str:
        """The module that holds it."""
        return self.function.__module__

    @property
    def manual(self) -> str:
        """The docstring, which is the check's manual page in Markdown."""
        from inspect import cleandoc

        return cleandoc(self.function.__doc__ or "")

    @property
    def title(self) -> str:
        """The sickness in one sentence."""
        return self.manual.partition("\n")[0]

    @property
    def sections(self) -> tuple[str, ...]:
        """The headings of the manual page, in order."""
        return tuple(SECTION.findall(self.manual))


def check(
    code: str,
    *,
    severity: Severity,
    since: str,
    unless: tuple[str, ...] = (),
    moots: tuple[str, ...] = (),
    where: tuple[str, ...] = (),
) -> Callable[[Callable[P, Iterator[Finding]]], Check[P]]:
    """Mark a generator function as a check. It registers nothing: the module that holds it is what gets loaded.

    Args:
        code: family prefix and three digits: `PIP001`.
        severity: how bad its findings are, unless one says otherwise.
        since: the first version that has it.
        unless: the codes of the checks that say more: where one of them finds something, this one is skipped.
        moots: the codes of the checks that find nothing any more once this one's fix is applied.
        where: ways into its facts, as `UrlCredentials.leaks`. Where none of them leads to something, it finds nothing
            and is not even imported.

    Raises:
        ValueError: for what is no code.
    """
    for one in (code, *unless, *moots):
        if not CODE.fullmatch(one):
            raise ValueError(f"{one!r} is not a family prefix and three digits")

    def mark(function: Callable[P, Iterator[Finding]]) -> Check[P]:
        return Check(function, code, severity, since, unless, moots, Gate(where))

    return mark
