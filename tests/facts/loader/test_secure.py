from __future__ import annotations

import os

import pytest

from envdoctor.facts.loader.glibc import Loader
from envdoctor.facts.loader.host import read_host
from envdoctor.facts.loader.secure import is_secure
from tests.facts.loader.glibc_world import Lab

pytestmark = pytest.mark.tools


def test_raised_privileges_hide_the_library_path(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    program = lab.program(lab.top("a"))
    lab.put("a")
    assert Loader(read_host(), f"{lab.root}/a").start(str(program)).failures == []
    program.chmod(0o4755)
    uid = os.getuid()
    assert not is_secure(str(program))
    monkeypatch.setattr(os, "getuid", lambda: uid + 1)
    assert is_secure(str(program))
    assert Loader(read_host(), f"{lab.root}/a").start(str(program)).failures != []
    program.chmod(0o2755)
    assert not is_secure(str(program))
    gid = os.getgid()
    monkeypatch.setattr(os, "getgid", lambda: gid + 1)
    assert is_secure(str(program))
