"""Who else is in a group, as the directory of users says."""

from __future__ import annotations

import grp
import pwd

import pytest

from envdoctor.system import members


def account(name: str, number: int, group: int) -> pwd.struct_passwd:
    return pwd.struct_passwd((name, "x", number, group, "", "/", "/bin/sh"))


@pytest.mark.parametrize(
    ("name", "listed", "primary", "expected"),
    [
        ("ada", [], 1000, False),  # the user's private group
        ("staff", [], 0, False),  # nobody is in it
        ("shared", ["ada"], 0, False),
        ("shared", ["ada", "root"], 0, False),
        ("shared", ["ada", "eve"], 0, True),
        ("shared", ["gone"], 0, True),
        ("users", [], 1001, True),  # eve's first group
        ("sudo", ["eve"], 0, False),
    ],
)
def test_the_members_of_a_group(
    name: str,
    listed: list[str],
    primary: int,
    expected: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    people = {"root": account("root", 0, 0), "ada": account("ada", 1000, 7), "eve": account("eve", 1001, 8)}
    if primary:
        owner = next(person for person in people.values() if person.pw_uid == primary)
        people[owner.pw_name] = account(owner.pw_name, primary, 500)
    monkeypatch.setattr(grp, "getgrgid", lambda number: grp.struct_group((name, "x", number, listed)))
    monkeypatch.setattr(pwd, "getpwall", lambda: list(people.values()))
    monkeypatch.setattr(pwd, "getpwnam", lambda who: people[who])
    members.others_in.cache_clear()
    try:
        assert members.others_in(500, 1000) is expected
    finally:
        members.others_in.cache_clear()


def test_a_directory_of_users_that_does_not_answer_vouches_for_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(members, "within", lambda question: None)
    assert members.others_in(54_321, 12_345)


def test_the_group_of_root_has_nobody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(members, "within", lambda question: pytest.fail("nobody need be asked"))
    assert not members.others_in(0, 12_346)
