"""Which package indexes does pip ask, and what has set each?"""

from __future__ import annotations

import os
from collections.abc import Iterator

from envdoctor.engine.fact import Fact, probe
from envdoctor.facts.http.url import Address, Reader, read
from envdoctor.facts.pip.config_file import PipLevel, PipSetting
from envdoctor.facts.pip.options import canonical, switched
from envdoctor.facts.pip.settings import FILE_VARIABLE, FROM_VARIABLE, PipSettings
from envdoctor.facts.pip.trusted_hosts import TrustedHost
from envdoctor.system.session import Session


class PipIndexes(Fact, frozen=True):
    """The indexes that are set for `pip install`.

    Attributes:
        indexes: what is set as the index: the one that counts first, then those that lose against it.
        extras: what is asked beside it.
        find_links: further places of archives.
        trusted: the hosts that need no valid certificate, and no https.
        no_index: the setting by which no index is asked at all; None if there is none.
        own_file: the file of the environment that pip installs into, which no other one reads; None if there is none.
        reads_user_file: whether it reads the user's file, which `pip config set` writes: no variable names another.
        trusted_setting: what sets the hosts that need no proof; None if nothing does.
    """

    indexes: tuple[Address, ...] = ()
    extras: tuple[Address, ...] = ()
    find_links: tuple[Address, ...] = ()
    trusted: tuple[TrustedHost, ...] = ()
    no_index: PipSetting | None = None
    own_file: str | None = None
    reads_user_file: bool = True
    trusted_setting: PipSetting | None = None

    @property
    def index(self) -> Address | None:
        """The index; None if it is pip's own."""
        return self.indexes[0] if self.indexes else None

    def trusts(self, address: Address) -> TrustedHost | None:
        """What makes pip trust a host without proof."""
        return next((host for host in self.trusted if host.covers(address)), None)

    def ignores(self, address: Address) -> bool:
        """Whether pip passes over what is plain http; not where it stops at the word that was to trust the host."""
        stopped = any(host.stops and host.means(address) for host in self.trusted)
        return self.trusts(address) is None and not stopped


@probe
def probe_pip_indexes(session: Session, settings: PipSettings) -> PipIndexes:
    """Read the addresses among what is set for pip."""
    cwd, named = session.cwd or "/", session.env.get(FILE_VARIABLE)
    effective = settings.effective("index-url")
    others = [s for s in settings.settings if canonical(s.option) == "index-url" and s.value and s is not effective]
    reaching = [setting for setting in others if setting.section in ("global", "install", FROM_VARIABLE)]
    no_index, trusted = settings.effective("no-index"), settings.effective("trusted-host")
    return PipIndexes(
        tuple(_address(s.value, s, cwd) for s in (*([effective] if effective else []), *reversed(reaching))),
        tuple(_several(settings.effective("extra-index-url"), cwd)),
        tuple(_several(settings.effective("find-links"), cwd, session.home)),  # the only one in which it replaces a ~
        tuple(_trusted(trusted)),
        no_index if no_index and switched(no_index.value) else None,
        next((file.path for file in settings.files if file.level is PipLevel.SITE), None),
        not (named and os.path.exists(os.path.join(cwd, named))),
        trusted,
    )


def _several(setting: PipSetting | None, cwd: str, home: str | None = None) -> Iterator[Address]:
    if setting is not None:
        yield from (_address(word, setting, cwd, home) for word in setting.words)


def _trusted(setting: PipSetting | None) -> Iterator[TrustedHost]:
    if setting is not None:
        yield from (TrustedHost(word, setting.origin) for word in setting.words)


def _address(text: str, setting: PipSetting, cwd: str, home: str | None = None) -> Address:
    named = setting.origin if setting.section == FROM_VARIABLE else f"[{setting.section}] {setting.option}"
    reader = Reader.PIP_LINKS if setting.option == "find-links" else Reader.PIP
    return read(text, named, setting.origin, reader, file=setting.file, cwd=cwd, home=home)
