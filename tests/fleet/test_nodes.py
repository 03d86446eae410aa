from __future__ import annotations

import sys

import pytest

from envdoctor.fleet.nodes import BadNodes, expanded, folded


def test_a_set_is_read_in_its_order() -> None:
    assert expanded("m[8-10]!m9,gpu1") == ("gpu1", "m8", "m10")


@pytest.mark.tools  # groups are looked up by the commands that ClusterShell's configuration names
def test_an_unknown_group_is_told() -> None:
    with pytest.raises(BadNodes, match="no-such-group"):
        expanded("@no-such-group")


@pytest.mark.parametrize("nodes", ["m[1-", "", "m1!m1", "../x", "-oProxyCommand=x", ".ssh"])
def test_what_is_no_set_of_machines_is_told(nodes: str) -> None:
    with pytest.raises(BadNodes):
        expanded(nodes)


def test_names_are_folded_where_they_make_a_set(monkeypatch: pytest.MonkeyPatch) -> None:
    assert folded(["m1", "m2", "m10.example"]) == "m[1-2],m10.example"
    for odd in (["m1"], ["m1", "a,b2"], ["m1", "r1n2"], ["m1", "@x1"], ["m1", "all.ndjson:3"]):
        assert folded(odd) == ""
    monkeypatch.setitem(sys.modules, "ClusterShell.NodeSet", None)
    assert folded(["m1", "m2"]) == ""
