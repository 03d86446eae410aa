from __future__ import annotations

import os

import pytest


@pytest.fixture(autouse=True)
def quick_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is in the memory of the system outlives a process that is killed: to wait for the disk proves nothing."""
    monkeypatch.setattr(os, "fsync", lambda _descriptor: None)
