from __future__ import annotations

import os
import pwd
from pathlib import Path

import pytest

from envdoctor.system.own_identity import own_identity

ACCOUNT = ("ada", "x", 1000, 1000, "Ada King Lovelace,room 3,,", "/home/ada", "/bin/bash")


@pytest.fixture(autouse=True)
def _account(monkeypatch: pytest.MonkeyPatch) -> None:
    def account(number: int) -> pwd.struct_passwd:
        if number == 1001:
            return pwd.struct_passwd(("bob", *ACCOUNT[1:4], "Bob Smith", "/home/bob", "/bin/sh"))
        return pwd.struct_passwd(ACCOUNT)

    monkeypatch.setattr(pwd, "getpwuid", account)


def test_the_account_the_person_and_the_machine(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path)
    identity = own_identity({"USER": "countess", "HOSTNAME": "engine"}, f"{tmp_path}/link")
    assert identity.homes == (f"{tmp_path}/link", str(tmp_path), "/home/ada")
    assert identity.users == ("ada", "countess")
    assert identity.full_names == ("Ada King Lovelace",)
    assert identity.hosts == (os.uname().nodename, "engine")


def test_who_became_this_user_by_sudo() -> None:
    identity = own_identity({"SUDO_UID": "1001", "SUDO_USER": "bob"}, None)
    assert identity.homes == ("/home/ada", "/home/bob")
    assert identity.users == ("ada", "bob")
    assert identity.full_names == ("Ada King Lovelace", "Bob Smith")


@pytest.mark.parametrize("uid", ["", "x", "9" * 40])
def test_what_is_no_number_of_a_user_is_nobody(uid: str) -> None:
    assert own_identity({"SUDO_UID": uid}, None).homes == ("/home/ada",)


def test_the_name_that_git_knows(tmp_path: Path) -> None:
    (tmp_path / ".gitconfig").write_text('[user]\n\tname = "A. Byron"\n\temail = a@b.example\n')
    (tmp_path / ".config/git").mkdir(parents=True)
    (tmp_path / ".config/git/config").write_text("[user]\nname=Augusta Ada # married\n")
    assert own_identity({"GIT_AUTHOR_NAME": "AAL"}, str(tmp_path)).full_names == (
        "Ada King Lovelace",
        "AAL",
        "A. Byron",
        "Augusta Ada",
    )
