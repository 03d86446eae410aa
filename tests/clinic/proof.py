"""The record of which case proves the fix of a check through `envdoctor fix` itself: one of each check and shell.

The other cases of a check paste what is printed. `pytest tests/clinic/test_….py --rewrite-golden` records a case for a
check that has none yet, and renews what stands there of those that run; docs/proof.md is made from the record.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from tests.clinic.treatment import Way, by_hand

BY_HAND = {Way.BY_HAND.value, Way.PARTLY_BY_HAND.value}
RECORD = Path(__file__).parent.parent / "golden" / "proofs.json"


class Proof(msgspec.Struct, frozen=True, order=True, omit_defaults=True):
    """A fix that has been proven, or one that only a person can carry out, whose check has spoken.

    Attributes:
        code: the check.
        shell: in which shell.
        test: the case.
        environment: what the shell was in.
        way: how the fix was taken.
        result: what came of it.
    """

    code: str
    shell: str
    test: str
    environment: str
    way: str
    result: str = "gone"

    @property
    def is_by_hand(self) -> bool:
        """Whether no command was taken."""
        return self.way in BY_HAND


class Register:
    """The record, as it counts for the test that runs.

    Args:
        test: the running test.
        sick: the checks whose sickness it makes.
        rewriting: whether the record is made now.
    """

    def __init__(self, test: str, sick: Collection[str] = (), *, rewriting: bool) -> None:
        self._test = test
        self._unseen = set(sick)
        self._rewriting = rewriting

    def wants(self, code: str, shell: str) -> bool:
        """Whether this test is the one whose fix of this check is taken from `envdoctor fix` in this shell."""
        known = {(proof.code, proof.shell): proof for proof in recorded() if not proof.is_by_hand}
        chosen = known.get((code, shell))
        return self._rewriting if chosen is None else chosen.test == self._test

    def sees(self, shell: str, document: dict[str, Any]) -> None:
        """Note of the first examination that finds the sickness if its fixes are done by hand, and none was taken."""
        mine = [each for each in document["results"] if each["code"] in self._unseen and each["findings"]]
        self._unseen -= {each["code"] for each in mine}
        for result in mine:
            proofs = [proof for proof in recorded() if proof.code == result["code"]]
            taken = any(not proof.is_by_hand for proof in proofs)
            other = any((proof.shell, proof.test) != (shell, self._test) for proof in proofs)
            way = by_hand(finding["fix"] for finding in result["findings"])
            if way and not taken and not other and (proofs or self._rewriting):
                self.note(result["code"], shell, document, way, "found")

    def note(self, code: str, shell: str, document: dict[str, Any], way: Way, result: str = "gone") -> None:
        """Compare with the record how it was proven, or write it down."""
        proof = Proof(code, shell, self._test, environment_of(document["session"]), way.value, result)
        if self._rewriting:
            _add(proof)
        else:
            assert proof in recorded(), f"{proof}: run with --rewrite-golden"


def recorded() -> list[Proof]:
    """The record."""
    return msgspec.json.decode(RECORD.read_bytes(), type=list[Proof]) if RECORD.exists() else []


def environment_of(session: dict[str, Any]) -> str:
    """What the shell is in, by its search path."""
    for directory in session["search_path"]:
        root = os.path.dirname(directory)
        if os.path.isdir(os.path.join(root, "conda-meta")):
            return "conda"
        if os.path.isfile(os.path.join(root, "pyvenv.cfg")):
            return "virtual environment"
        if directory.endswith("/shims"):
            return "pyenv"
    return "no environment"


def forget(proofs: Collection[Proof]) -> None:
    """Take proofs out of the record."""
    if proofs:
        with _locked():
            _store([each for each in recorded() if each not in proofs])


def _add(proof: Proof) -> None:
    with _locked():
        others = [each for each in recorded() if proof.is_by_hand or each.code != proof.code or not each.is_by_hand]
        proofs = {(each.code, each.shell): each for each in others} | {(proof.code, proof.shell): proof}
        _store(proofs.values())


def _store(proofs: Iterable[Proof]) -> None:
    rows = ",\n".join(json.dumps(msgspec.to_builtins(each)) for each in sorted(proofs))
    RECORD.write_text(f"[\n{rows}\n]\n", encoding="utf-8")


@contextmanager
def _locked() -> Iterator[None]:
    """Several test processes write it."""
    lock = os.open(RECORD.parent, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)
