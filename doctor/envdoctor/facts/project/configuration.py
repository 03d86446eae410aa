"""What does the project say about envdoctor itself?"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from envdoctor.engine.fact import Fact, Unavailable, probe
from envdoctor.facts.project._configuration_places import Places
from envdoctor.facts.project.configuration_file import TABLE, ConfigurationError, is_own, search, settings_of
from envdoctor.facts.project.expectations import Expectations, Pattern, mistakes
from envdoctor.report.acceptance import Rule, Suppression, Text
from envdoctor.system.session import Session
from envdoctor.system.toml import Document

Seconds = Annotated[float, msgspec.Meta(gt=0, le=600)]


class Settings(msgspec.Struct, frozen=True, rename="kebab", forbid_unknown_fields=True):
    """The settings; each one is named like the option of `envdoctor check` that it stands for.

    Attributes:
        select: codes, prefixes or names of the checks to run; all without it.
        ignore: those to leave out.
        fail_on: the severity from which a finding fails the run.
        strict: whether warnings fail it, and suppressions that suppress nothing.
        timeout: the seconds that one question to the machine may take.
        deep: whether every installed extension module is looked into.
        network: whether the mirrors that are set are asked; it counts in CI only.
        plugins: whether checks of other packages run.
        suppress: the findings that are accepted.
        expect: what the project needs of the session.
    """

    select: tuple[Text, ...] = ()
    ignore: tuple[Text, ...] = ()
    fail_on: Literal["error", "warning", "info"] = "error"
    strict: bool = False
    timeout: Seconds = 10.0
    deep: bool = False
    network: bool = False
    plugins: bool = True
    suppress: tuple[Suppression, ...] = ()
    expect: Expectations = Expectations()


class Configuration(Fact, frozen=True):
    """The configuration that counts in a directory.

    Attributes:
        file: where it stands.
        settings: what it says, with what counts for everything that it does not say.
        origins: `file:line` of each setting that the file names; of each suppression as `suppress[0]`, of what is
            expected as `expect.commands.git`.
    """

    file: str
    settings: Settings
    origins: tuple[tuple[str, str], ...] = ()

    def origin(self, name: str) -> str | None:
        """`file:line` of a setting; None where the file does not name it."""
        return dict(self.origins).get(name)

    def origin_of_expected(self, name: str) -> str:
        """`file:line` of what is expected, such as `commands.git`; of the nearest above that has a line."""
        known = dict(self.origins)
        section = name.partition(".")[0]
        return known.get(f"expect.{name}") or known.get(f"expect.{section}") or known.get("expect") or self.file

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The suppressions, each with where it stands."""
        numbered = enumerate(self.settings.suppress)
        return tuple(Rule(each, self.origin(f"suppress[{number}]") or self.file) for number, each in numbered)


NAMES = {
    "": Settings.__struct_encode_fields__,
    "suppress": Suppression.__struct_encode_fields__,
    "expect": Expectations.__struct_encode_fields__,
    "expect.variables": Pattern.__struct_encode_fields__,
}


@probe
def probe_configuration(session: Session) -> Configuration:
    """Read the configuration. A wrong one is told by the command line, before anything is examined."""
    try:
        document = search(session).document
        if document:
            return read(document)
    except ConfigurationError as error:
        raise Unavailable(str(error)) from error
    raise Unavailable("nothing is configured here")


def read(document: Document) -> Configuration:
    """The configuration in a file. Raises ConfigurationError."""
    table, places = settings_of(document), Places(document, "" if is_own(document) else ".".join(TABLE))
    try:
        settings = msgspec.convert(table, Settings)
    except msgspec.ValidationError as error:
        raise ConfigurationError(places.explained(str(error), NAMES)) from error
    configuration = Configuration(document.path, settings, tuple(places.origins(table)))
    for name, right in mistakes(settings.expect):
        raise ConfigurationError(f"{configuration.origin_of_expected(name)}: expect.{name}: {right}")
    return configuration
