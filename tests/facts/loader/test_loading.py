"""The loaders of one session, with and without its variables."""

from __future__ import annotations

import sys

import pytest

from envdoctor.facts.loader.loading import Loading, loading
from tests.facts.loader.glibc_world import Lab
from tests.native import make_program
from tests.support import make_session


def test_a_session_has_its_loaders_once() -> None:
    session, other = make_session(), make_session()
    assert loading(session) is loading(session)
    assert loading(session) is not loading(other)


def test_programs_of_one_kind_share_a_loader() -> None:
    found = Loading(make_session({"LD_LIBRARY_PATH": "/opt/lib"}))
    assert found.here(sys.executable) is found.here("/no/such/program")
    assert found.clean(sys.executable) is not found.here(sys.executable)


@pytest.mark.tools
def test_the_variables_of_the_session_count_for_it_and_not_for_the_clean_one(lab: Lab) -> None:
    lab.put("a")
    program = str(lab.program(lab.top("a")))
    found = Loading(make_session({"LD_LIBRARY_PATH": f"{lab.root}/a"}))
    here, clean = (found.start(loader, program) for loader in (found.here(program), found.clean(program)))
    assert here is not None
    assert clean is not None
    assert here.names["liblow.so.1"].path == f"{lab.root}/a/liblow.so.1"
    assert "liblow.so.1" not in clean.names


@pytest.mark.tools
def test_what_the_systems_loader_does_not_start_is_not_judged(lab: Lab) -> None:
    found = Loading(make_session())
    own = str(make_program(lab.root / "own", flags=["-Wl,--dynamic-linker=/nix/store/x/ld-linux.so.2"]))
    assert found.start(found.clean(own), own) is None
    script = lab.root / "script"
    script.write_text("#!/bin/sh\n")
    assert found.start(found.clean(str(script)), str(script)) is None
