"""Whose programs are run: by whom they are called for, and who else could change them."""

from __future__ import annotations

import os
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from envdoctor.system.session import Session
from envdoctor.system.trust import flaws, steps, trust_of
from tests.support import make_session

pytestmark = pytest.mark.tools

ME = os.geteuid()
STRANGER = 54_321


def make_program(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\necho it has run\n")
    path.chmod(0o755)
    return path


def session(tmp_path: Path, **env: str) -> Session:
    return make_session({"PATH": f"{tmp_path}/bin:relative::", **env}, cwd=tmp_path)


def is_run(session: Session, program: Path | str, reached_by: Path | None = None) -> bool:
    done = session.run(str(program), reached_by=None if reached_by is None else str(reached_by))
    return done.stdout == "it has run\n"


# who calls for it


def test_what_the_shell_finds_in_an_absolute_element_is_run(tmp_path: Path) -> None:
    assert is_run(session(tmp_path), make_program(tmp_path / "bin/python"))
    assert is_run(make_session({"PATH": f"{tmp_path}/bin/"}), tmp_path / "bin/python")


@pytest.mark.parametrize("place", ["other/python", "relative/python", "python", "bin/below/python"])
def test_nothing_else_is_run(place: str, tmp_path: Path) -> None:
    program = make_program(tmp_path / place)
    assert not is_run(session(tmp_path), program)
    done = session(tmp_path).run(str(program))
    assert done.ending.value == "may not be run"
    assert done.stderr.startswith("is not run: neither an absolute element of `PATH`")
    lifted = session(tmp_path)
    lifted.lifted = True
    assert not is_run(lifted, program)


def test_a_program_is_not_searched_for(tmp_path: Path) -> None:
    make_program(tmp_path / "bin/python")
    assert not is_run(session(tmp_path), "python")


@pytest.mark.parametrize("variable", ["VIRTUAL_ENV", "CONDA_PREFIX"])
def test_what_is_active_by_an_absolute_path_is_run(variable: str, tmp_path: Path) -> None:
    program = make_program(tmp_path / "env/bin/python")
    assert is_run(session(tmp_path, **{variable: f"{tmp_path}/env"}), program)
    for value in ("env", "./env", "", "/proc/self/cwd/env", f"{tmp_path}/bin"):
        assert not is_run(session(tmp_path, **{variable: value}), program)


def test_what_python_names_is_run(tmp_path: Path) -> None:
    program = make_program(tmp_path / "env/bin/python")
    assert is_run(make_session(python=str(program)), program)
    assert is_run(make_session(python=str(tmp_path / "env")), program)
    assert not is_run(make_session(python=str(program)), make_program(tmp_path / "env/bin/pip"))


def test_what_a_script_leads_to_is_run_if_the_script_is(tmp_path: Path) -> None:
    python, pip = make_program(tmp_path / "env/bin/python"), make_program(tmp_path / "bin/pip")
    assert is_run(session(tmp_path), python, reached_by=pip)
    assert not is_run(session(tmp_path), python, reached_by=make_program(tmp_path / "other/pip"))


def test_a_directory_that_depends_on_the_process_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_program(tmp_path / "bin/python")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "here").symlink_to("/proc/self/cwd")
    for place in ("/proc/self/cwd/bin", "//proc/self/cwd/bin", "/usr/../proc/self/cwd/bin", f"{tmp_path}/here/bin"):
        assert not is_run(make_session({"PATH": place}), f"{place}/python"), place


# who else may change it


def refused(path: Path, user: int = ME) -> str | None:
    return next(flaws(str(path), user), None)


def needs_root() -> None:
    assert os.geteuid() == 0, "give files to other users: run the tests as root, as CI does"


def test_a_program_of_root_or_the_user_is_trusted(tmp_path: Path) -> None:
    assert refused(make_program(tmp_path / "bin/python")) is None
    assert refused(Path("/usr/bin/env"), STRANGER) is None


def test_root_runs_no_program_of_a_user(tmp_path: Path) -> None:
    needs_root()
    program = make_program(tmp_path / "bin/python")
    os.chown(program, STRANGER, -1)
    assert (
        refused(program, 0)
        == f"{program} belongs to user {STRANGER}, who is neither root nor the user who runs envdoctor"
    )
    assert refused(program, STRANGER) is None
    assert not is_run(session(tmp_path, SUDO_UID=str(STRANGER), SUDO_USER="somebody"), program)
    lifted = session(tmp_path)
    lifted.lifted = True
    assert is_run(lifted, program)


def test_every_directory_above_counts(tmp_path: Path) -> None:
    needs_root()
    program = make_program(tmp_path / "a/b/bin/python")
    for level in (program.parent, tmp_path / "a/b", tmp_path / "a"):
        os.chown(level, STRANGER, -1)
        assert (refused(program) or "").startswith(f"{level} belongs to user {STRANGER}")
        os.chown(level, 0, -1)
    assert refused(program) is None


def test_so_does_what_the_python_of_an_environment_loads(tmp_path: Path) -> None:
    program = make_program(tmp_path / "env/bin/python")
    packages = tmp_path / "env/lib/python3.11/site-packages"
    packages.mkdir(parents=True)
    (tmp_path / "env/pyvenv.cfg").touch()
    seen = session(tmp_path, VIRTUAL_ENV=str(tmp_path / "env"))
    assert is_run(seen, program)
    for place in (packages, packages.parent, tmp_path / "env/pyvenv.cfg"):
        before = place.stat().st_mode
        place.chmod(0o777)
        assert f"{place} may be written by everybody" in str(seen.refusal(str(program)))
        assert not is_run(seen, program)
        place.chmod(before)
    assert is_run(seen, program)


def test_so_does_every_link_on_the_way(tmp_path: Path) -> None:
    needs_root()
    make_program(tmp_path / "real/bin/python")
    (tmp_path / "one").symlink_to("two")
    (tmp_path / "two").symlink_to(tmp_path / "real")
    program = tmp_path / "one/bin/python"
    assert refused(program) is None
    os.lchown(tmp_path / "two", STRANGER, -1)
    assert (refused(program) or "").startswith(f"{tmp_path}/two belongs")
    os.lchown(tmp_path / "two", 0, -1)
    os.chown(tmp_path / "real", STRANGER, -1)
    assert (refused(program) or "").startswith(f"{tmp_path}/real belongs")


def test_a_link_leads_to_its_own_directories_too(tmp_path: Path) -> None:
    needs_root()
    hidden = tmp_path / "strangers/there"
    hidden.mkdir(parents=True)
    make_program(tmp_path / "own/python")
    (hidden / "link").symlink_to(tmp_path / "own")
    (tmp_path / "bin").symlink_to(hidden / "link")
    assert refused(tmp_path / "bin/python") is None
    os.chown(tmp_path / "strangers", STRANGER, -1)
    assert (refused(tmp_path / "bin/python") or "").startswith(f"{tmp_path}/strangers belongs")


def test_what_everybody_may_write_is_not_trusted_unless_it_is_sticky(tmp_path: Path) -> None:
    program = make_program(tmp_path / "a/bin/python")
    (tmp_path / "a").chmod(0o777)
    assert refused(program) == f"{tmp_path}/a may be written by everybody"
    (tmp_path / "a").chmod(0o1777)
    assert refused(program) is None
    program.chmod(0o1777)
    assert refused(program) == f"{program} may be written by everybody"


def test_a_group_may_write_if_it_has_no_other_members(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = make_program(tmp_path / "bin/python")
    program.parent.chmod(0o775)
    for others in (False, True):
        monkeypatch.setattr("envdoctor.system.trust.others_in", lambda group, user, others=others: others)
        group = program.parent.stat().st_gid
        assert refused(program) == (
            f"{program.parent} may be written by group {group}, which has other members" if others else None
        )


def test_links_without_end_end(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    assert [found for _, found in steps(str(tmp_path / "a/python"))][-1] is None


# what variables lead to


def confined(name: str, value: str, tmp_path: Path, **env: str) -> str | None:
    return make_session({name: value, **env}, cwd=tmp_path).own_environment().get(name)


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("LD_LIBRARY_PATH", "/opt/a:/opt/b", "/opt/a:/opt/b"),
        ("LD_LIBRARY_PATH", "/opt/a:", "/opt/a"),
        ("LD_LIBRARY_PATH", ":/opt/a", "/opt/a"),
        ("LD_LIBRARY_PATH", "/opt/a;lib;/opt/b", "/opt/a;/opt/b"),
        ("LD_LIBRARY_PATH", ":", None),
        ("LD_LIBRARY_PATH", "$ORIGIN/../lib:${ORIGIN}:lib", "$ORIGIN/../lib:${ORIGIN}"),
        ("LD_LIBRARY_PATH", "/proc/self/cwd/lib", None),
        ("LD_LIBRARY_PATH", "/tmp", None),
        ("LD_PRELOAD", "libx.so ./evil.so:/opt/y.so evil/z.so", "libx.so:/opt/y.so"),
        ("LD_AUDIT", "./evil.so", None),
        ("PYTHONPATH", "/opt/a::src", "/opt/a"),
        ("PYTHONHOME", "here", None),
        ("PYTHONHOME", "/usr:there", "/usr"),
        ("PYTHONUSERBASE", "base", None),
        ("OPENSSL_CONF", "openssl.cnf", None),
        ("BASH_ENV", "./start", None),
        ("GCONV_PATH", ".", None),
        ("PATH", "/opt/bin::bin:~/bin:/opt/more", "/opt/bin:/opt/more"),
        ("UV_INDEX", "name=relative", "name=relative"),
    ],
)
def test_nothing_depends_on_the_working_directory(name: str, value: str, expected: str | None, tmp_path: Path) -> None:
    assert confined(name, value, tmp_path) == expected
    seen = make_session({name: value})
    assert seen.withholds(name) == (() if expected == value else (name,))
    assert (seen.cannot_show(name) is None) is (expected == value)


def test_nor_on_a_directory_where_others_may_write(tmp_path: Path) -> None:
    open_to_all = tmp_path / "lib"
    open_to_all.mkdir()
    open_to_all.chmod(0o1777)  # the sticky bit keeps nobody from adding a library
    assert confined("LD_LIBRARY_PATH", f"/opt/a:{open_to_all}", tmp_path) == "/opt/a"
    open_to_all.chmod(0o755)
    assert confined("LD_LIBRARY_PATH", f"/opt/a:{open_to_all}", tmp_path) == f"/opt/a:{open_to_all}"


def test_the_search_path_of_a_question_is_absolute(tmp_path: Path) -> None:
    assert session(tmp_path).clean_environment()["PATH"] == f"{tmp_path}/bin"
    assert trust_of({"PATH": ".::bin:/opt/bin/"}, None).directories == {"/opt/bin"}


# what an access control list and a base let others do


def access_list(path: Path, *entries: tuple[int, int, int], mask: int = 7) -> None:
    """Give a file an access control list: tag, rights and number of each entry, as `setfacl` writes them."""
    unset = 0xFFFFFFFF
    ordered = sorted([(1, 7, unset), (4, 5, unset), (0x10, mask, unset), (0x20, 5, unset), *entries])
    content = struct.pack("<I", 2) + b"".join(struct.pack("<HHI", *entry) for entry in ordered)
    os.setxattr(path, "system.posix_acl_access", content)


def test_whom_an_access_control_list_lets_write_counts(tmp_path: Path) -> None:
    program = make_program(tmp_path / "bin/python")
    user, group = 0x02, 0x08
    access_list(program, (user, 7, STRANGER))
    assert refused(program) == f"{program} may be written by user {STRANGER}, whom an access control list lets"
    assert not is_run(session(tmp_path), program)
    access_list(program, (user, 7, ME), (user, 5, STRANGER))
    assert refused(program) is None
    access_list(program, (user, 7, STRANGER), mask=5)
    assert refused(program) is None
    access_list(program, (user, 5, STRANGER), (group, 7, 0))
    assert refused(program) is None
    access_list(program.parent, (user, 7, STRANGER))
    assert refused(program) == f"{program.parent} may be written by user {STRANGER}, whom an access control list lets"


def test_a_group_that_an_access_control_list_lets_write_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = make_program(tmp_path / "bin/python")
    monkeypatch.setattr("envdoctor.system.trust.others_in", lambda number, _: number == STRANGER)
    access_list(program, (0x08, 7, STRANGER))
    assert refused(program) == f"{program} may be written by group {STRANGER}, which has other members"
    access_list(program, (0x08, 7, STRANGER + 1))
    assert refused(program) is None


def test_the_base_of_a_copied_python_counts(tmp_path: Path) -> None:
    needs_root()
    base = make_program(tmp_path / "base/bin/python3")
    library = tmp_path / "base/lib/python3.12"
    library.mkdir(parents=True)
    program = make_program(tmp_path / "env/bin/python")
    (tmp_path / "env/pyvenv.cfg").write_text(f"version = 3.12.1\nHome = {base.parent}/\n")
    active = {"VIRTUAL_ENV": str(tmp_path / "env")}
    assert is_run(session(tmp_path, **active), program)
    for place in (library, base.parent, tmp_path / "base"):
        os.chown(place, STRANGER, -1)
        assert f"{place} belongs to user {STRANGER}" in str(session(tmp_path, **active).refusal(str(program)))
        assert not is_run(session(tmp_path, **active), program)
        os.chown(place, ME, -1)


AS_ANOTHER = """
import os, sys
from tests.support import make_session
make_session({{"PATH": "/usr/bin"}}).run("/usr/bin/true")  # what is loaded later may not be theirs to read
os.setgroups([]), os.setgid({user}), os.setuid({user})
session = make_session({{"PATH": {path!r}}})
for program in sys.argv[1:]:
    print(session.run(program).stdout.strip() or session.refusal(program).reason)
"""


def test_an_ordinary_user_runs_what_is_theirs_and_roots_and_nobody_elses(tmp_path: Path) -> None:
    needs_root()
    user, second = STRANGER, STRANGER + 1
    with tempfile.TemporaryDirectory() as made:
        place = Path(made)
        place.chmod(0o755)
        mine, roots, other, given = (
            make_program(place / name / "python") for name in ("mine", "root", "other", "given")
        )
        for path, owner in ((mine, user), (other.parent, second), (given, second)):
            os.chown(path, owner, owner)
        script = AS_ANOTHER.format(user=user, path=":".join(str(path.parent) for path in (mine, roots, other, given)))
        root = Path(__file__).parents[2]
        done = subprocess.run(
            [sys.executable, "-c", script, *map(str, (mine, roots, other, given))],
            capture_output=True,
            text=True,
            cwd=root,
            check=False,
        )
    assert done.stderr == ""
    assert done.stdout.splitlines() == [
        "it has run",
        "it has run",
        *(
            f"is not run: {flawed} belongs to user {second}, who is neither root nor the user who runs envdoctor "
            "(`--trust` runs it nevertheless)"
            for flawed in (other.parent, given)
        ),
    ]
