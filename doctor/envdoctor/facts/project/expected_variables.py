"""Do the session's variables hold what the project expects? Values leave here masked, and secrets not at all."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

from envdoctor.engine.fact import Fact, Unavailable, probe
from envdoctor.facts.project.configuration import Configuration
from envdoctor.facts.project.expectations import LONGEST, Pattern, is_secret
from envdoctor.system.code_variables import NARROW
from envdoctor.system.session import Session
from envdoctor.text.plain import plain

CODE = {
    *(name for names, _ in NARROW for name in names),
    *("NODE_OPTIONS", "PERL5OPT", "RUBYOPT", "JAVA_TOOL_OPTIONS", "PROMPT_COMMAND", "PS1", "PS4", "EDITOR", "VISUAL"),
    *("PAGER", "LESSOPEN", "GIT_SSH", "GIT_SSH_COMMAND", "GIT_EXTERNAL_DIFF", "GIT_EDITOR", "GIT_PAGER", "BROWSER"),
}
SHOWN = 200


class ExpectedVariable(Fact, frozen=True, kw_only=True):
    """One variable that must be set.

    Attributes:
        name: its name.
        origin: where the configuration says so.
        value: the value that it must have; None if the value may be any.
        pattern: what the value must look like; None if it is not told so.
        is_set: whether it is set and not empty.
        fits: whether it is as expected.
        found: the plain words of its value, masked and shortened; None if it is not set, or if its name is that of a
            secret.
        leads_to_code: whether it decides which code is run.
    """

    name: str
    origin: str
    value: str | None = None
    pattern: str | None = None
    is_set: bool = False
    fits: bool = False
    found: str | None = None
    leads_to_code: bool = False


class ExpectedVariables(Fact, frozen=True):
    """The variables that must be set."""

    variables: tuple[ExpectedVariable, ...]


class ForbiddenVariable(Fact, frozen=True):
    """One variable that must not be set, where that is said, and whether it is."""

    name: str
    origin: str
    is_set: bool


class ForbiddenVariables(Fact, frozen=True):
    """The variables that must not be set."""

    variables: tuple[ForbiddenVariable, ...]


@probe
def probe_expected_variables(session: Session, configuration: Configuration) -> ExpectedVariables:
    """Compare each, by its exact name."""
    if not configuration.settings.expect.variables:
        raise Unavailable("no variable is expected here")
    return ExpectedVariables(tuple(_compared(session, configuration)))


@probe
def probe_forbidden_variables(session: Session, configuration: Configuration) -> ForbiddenVariables:
    """See which of them are set, also with an empty value."""
    names = configuration.settings.expect.forbid_variables
    if not names:
        raise Unavailable("no variable is forbidden here")
    places = ((name, configuration.origin_of_expected(f"forbid-variables.{name}")) for name in names)
    return ForbiddenVariables(tuple(ForbiddenVariable(name, at, name in session.env) for name, at in places))


def _compared(session: Session, configuration: Configuration) -> Iterator[ExpectedVariable]:
    from envdoctor.text.secrets import Masker

    masker = Masker()
    for name, wanted in configuration.settings.expect.variables.items():
        value, secret = session.env.get(name, ""), is_secret(name)
        yield ExpectedVariable(
            name=name,
            origin=configuration.origin_of_expected(f"variables.{name}"),
            value=wanted if isinstance(wanted, str) and wanted else None,
            pattern=wanted.pattern if isinstance(wanted, Pattern) else None,
            is_set=bool(value),
            fits=bool(value) and _fits(value, wanted),
            found=plain(masker.mask(value)[:SHOWN]) if value and not secret else None,
            leads_to_code=name in CODE,
        )


def _fits(value: str, wanted: str | Pattern) -> bool:
    """Whether a value is as expected. One too long for a pattern does not fit: the match would take too long."""
    if isinstance(wanted, Pattern):
        return len(value) <= LONGEST and fnmatchcase(value, wanted.pattern)
    return not wanted or value == wanted
