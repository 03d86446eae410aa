"""What of a report is personal, and how is it masked before it is shared?

On top of the secrets: home directories, names of persons, accounts and machines, addresses of mail, private hosts. In
the facts the home directory becomes an absolute path of its own, so that they judge as before; a reader sees `~`.
"""

from __future__ import annotations

import os

import msgspec

from envdoctor.engine.fact import Missing
from envdoctor.engine.reference import Facts
from envdoctor.report.redaction import Masks, changed, redact
from envdoctor.report.report import Recorded, Report
from envdoctor.text.identity import Identity
from envdoctor.text.names import NameMasker
from envdoctor.text.pseudonyms import to_fill_in, with_tilde

ACCOUNTS = frozenset({"user", "owner"})
"""The fields of facts that hold the name of an account."""
HOSTS = frozenset({"host", "hosts", "no_proxy"})
"""Those that hold a host without a scheme."""
ABOUT_HOSTS = ("proxy", "host", "index", "url", "mirror", "channel", "endpoint")
"""What stands in the name of a setting that may hold such a host."""


class SharedMasks(Masks):
    """Masks for what is personal too.

    Attributes:
        names: what masks it.
    """

    def __init__(self, report: Report, identity: Identity, *, keep_hosts: bool = False, key: bytes = b"") -> None:
        super().__init__()
        self.names = NameMasker(identity, keep_hosts=keep_hosts, key=key)
        self.learn(report)

    def learn(self, report: Report) -> None:
        """Take up the names in another report that is told of together with the first."""
        for fact in report.known.values():
            self._learn(fact, "")

    def fact(self, text: str) -> str:
        """A string of a fact or of a step."""
        return self.names.mask(super().fact(text))

    def sentence(self, text: str) -> str:
        """A string that is only read."""
        return with_tilde(self.fact(text))

    def is_quiet(self, fact: object) -> bool:
        """Names stand nearly everywhere."""
        return isinstance(fact, Missing) and not fact.reason

    def breaks(self, command: str) -> bool:
        """A shell knows its own home directory; all else has to be filled in."""
        return super().breaks(command) or to_fill_in(command)

    def counts(self) -> dict[str, int]:
        """How many different things are masked, by rule."""
        return {**super().counts(), **self.names.counts()}

    def _learn(self, value: object, field: str) -> None:
        """Take up the names in a fact, before any text is masked."""
        if isinstance(value, str):
            self.names.learn(value)
            if field in ACCOUNTS:
                self.names.learn_user(value)
            if field in HOSTS:
                self.names.learn_hosts(value)
        elif isinstance(value, tuple):
            for item in value:
                self._learn(item, field)
        elif isinstance(value, msgspec.Struct):
            about_hosts = _is_about_hosts(value)
            for name in value.__struct_fields__:
                self._learn(getattr(value, name), "hosts" if about_hosts and name in ("text", "value") else name)


def _is_about_hosts(value: msgspec.Struct) -> bool:
    setting = getattr(value, "setting", None) or getattr(value, "name", None)
    return isinstance(setting, str) and any(word in setting.lower() for word in ABOUT_HOSTS)


def share(report: Report, masks: SharedMasks) -> Report:
    """The report with what is secret and what is personal masked."""
    source = report.recorded
    recorded = source and Recorded(os.path.basename(source.file), source.created, source.version)
    return redact(msgspec.structs.replace(report, recorded=recorded, shared=True), masks)


def for_reading(report: Report) -> Report:
    """A shared report as a document tells it: `~` for the home directory in the facts too, which no longer replay."""
    if not report.shared:
        return report
    known = Facts({kind: changed(fact, with_tilde) for kind, fact in report.known.items()})
    return msgspec.structs.replace(report, known=known)
