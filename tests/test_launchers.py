"""Every way to start envdoctor, as literal starts. The same ways for real: tests/clinic/test_launch.py."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from envdoctor.launchers import (
    Launcher,
    Start,
    look,
    recognise,
    user_environment,
)
from envdoctor.system.processes import Process
from envdoctor.system.session import Launch

CACHE = "/home/me/.cache/uv"
ARCHIVE = f"{CACHE}/archive-v0/alEgq27JBIKPe2qm"
LAYER = f"{CACHE}/builds-v0/.tmpN9Ub9p"
SCRIPT = f"{CACHE}/environments-v2/script-0123456789abcdef"
TOOL = "/home/me/.local/share/uv/tools/envdoctor"
PIPX = "/home/me/.local/share/pipx/venvs/envdoctor"
PIPX_RUN = "/home/me/.cache/pipx/8a6475644f430cb"
PROJECT = "/home/me/project/.venv"
MINE = "/home/me/mine"
PYENV = "/home/me/.pyenv"
VERSION = f"{PYENV}/versions/3.11.7"

USER_PATH = "/home/me/bin:/usr/bin:/bin"
USER = {"HOME": "/home/me", "PATH": USER_PATH, "PWD": "/home/me/project"}
ACTIVE = {**USER, "PATH": f"{MINE}/bin:{USER_PATH}", "VIRTUAL_ENV": MINE}
BASH = Process(2, "bash", "/bin/bash", ("bash",))
UV_RUN = Process(3, "uv", "/opt/uv", ("uv", "-q", "run", "envdoctor"))
UVX = Process(3, "uv", "/opt/uv", ("/opt/uv", "tool", "uvx", "envdoctor"))
PRE_COMMIT = Process(3, "pre-commit", "/usr/bin/python3.11", ("python3", "/usr/bin/pre-commit", "run"))
OF_PIPX = {"PIP_USER": "0", "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_KEYRING_PROVIDER": "subprocess"}
OF_PYENV = {
    "PYENV_VERSION": "3.11.7",
    "PYENV_DIR": "/home/me/project",
    "PYENV_ROOT": PYENV,
    "PYENV_HOOK_PATH": f"{PYENV}/pyenv.d:/usr/etc/pyenv.d",
    "_PYENV_INSTALL_PREFIX": PYENV,
}
HOOKS = "/home/me/.cache/pre-commit/repo1x2y/py_env-python3"
HOOK = {"VIRTUAL_ENV": HOOKS, "PRE_COMMIT": "1"}
IN_HOOK = {"PRE_COMMIT": "1"}
PYENV_PATH = (f"{VERSION}/bin", f"{PYENV}/libexec", f"{PYENV}/plugins/pyenv-update/bin")


def given(user: Mapping[str, str], *front: str, **variables: str) -> dict[str, str]:
    return {**user, **variables, "PATH": ":".join((*front, user["PATH"]))}


def by_uv(prefix: str, *front: str, uv: Process = UV_RUN, user: Mapping[str, str] = USER, **others: object) -> Start:
    env = given(user, *front, UV="/opt/uv", UV_RUN_RECURSION_DEPTH="1", VIRTUAL_ENV=prefix)
    return Start(env, prefix, parent=uv, parent_env=user, **others)  # type: ignore[arg-type]


UNDONE = {
    "a hook of pre-commit": (
        Start(given(USER, f"{HOOKS}/bin", **HOOK), HOOKS, parent=PRE_COMMIT, outside={**ACTIVE, "PYTHONHOME": "/opt"}),
        Launcher.PRE_COMMIT,
        {**ACTIVE, **IN_HOOK, "PYTHONHOME": "/opt"},
        (),
    ),
    "a hook of pre-commit that git has started": (
        Start(
            given(USER, f"{HOOKS}/bin", "/usr/lib/git-core", **HOOK),
            HOOKS,
            parent=PRE_COMMIT,
            outside=given(USER, "/usr/lib/git-core"),
        ),
        Launcher.PRE_COMMIT,
        {**USER, **IN_HOOK},
        (f"{HOOKS}/bin", "/usr/lib/git-core"),
    ),
    "a hook of a pre-commit whose own environment cannot be seen": (
        Start(given(USER, f"{HOOKS}/bin", **HOOK), HOOKS, parent=PRE_COMMIT),
        Launcher.PRE_COMMIT,
        {**USER, **IN_HOOK},
        (f"{HOOKS}/bin",),
    ),
    "uv run": (by_uv(PROJECT, f"{PROJECT}/bin"), Launcher.UV_RUN, USER, (f"{PROJECT}/bin",)),
    "uv run, another environment active": (
        by_uv(PROJECT, f"{PROJECT}/bin", user=ACTIVE),
        Launcher.UV_RUN,
        ACTIVE,
        (f"{PROJECT}/bin",),
    ),
    "uv run, the same environment active": (
        by_uv(MINE, f"{MINE}/bin", user=ACTIVE),
        Launcher.UV_RUN,
        ACTIVE,
        (f"{MINE}/bin",),
    ),
    "uv run of what uv tool installed": (
        by_uv(TOOL, f"{PROJECT}/bin", files=("uv-receipt.toml",)),
        Launcher.UV_RUN,
        USER,
        (f"{PROJECT}/bin",),
    ),
    "uv run of what pipx installed": (
        by_uv(PIPX, f"{PROJECT}/bin", files=("pipx_metadata.json",)),
        Launcher.UV_RUN,
        USER,
        (f"{PROJECT}/bin",),
    ),
    "uv run --with": (
        by_uv(LAYER, f"{LAYER}/bin", f"{ARCHIVE}/bin", f"{PROJECT}/bin", extends=PROJECT, user=ACTIVE),
        Launcher.UV_RUN_WITH,
        ACTIVE,
        (f"{LAYER}/bin", f"{ARCHIVE}/bin", f"{PROJECT}/bin"),
    ),
    "uv run --isolated": (by_uv(LAYER, f"{LAYER}/bin"), Launcher.UV_RUN_WITH, USER, (f"{LAYER}/bin",)),
    "uv run --with, as uv made it once": (
        by_uv(ARCHIVE, f"{ARCHIVE}/bin", f"{PROJECT}/bin"),
        Launcher.UV_RUN_WITH,
        USER,
        (f"{ARCHIVE}/bin", f"{PROJECT}/bin"),
    ),
    "uv run script.py": (by_uv(SCRIPT, f"{SCRIPT}/bin"), Launcher.UV_RUN_SCRIPT, USER, (f"{SCRIPT}/bin",)),
    "uvx": (
        Start(given(ACTIVE, f"{ARCHIVE}/bin", UV="/opt/uv"), ARCHIVE, parent=UVX, parent_env=ACTIVE),
        Launcher.UVX,
        ACTIVE,
        (f"{ARCHIVE}/bin",),
    ),
    "uvx of what uv tool installed": (
        Start(
            given(ACTIVE, f"{TOOL}/bin", UV="/opt/uv"),
            TOOL,
            files=("uv-receipt.toml",),
            parent=UVX,
            parent_env=ACTIVE,
        ),
        Launcher.UVX,
        ACTIVE,
        (f"{TOOL}/bin",),
    ),
    "uvx whose own environment cannot be seen": (
        Start(given(ACTIVE, f"{ARCHIVE}/bin"), ARCHIVE, parent=UVX),
        Launcher.UVX,
        ACTIVE,
        (f"{ARCHIVE}/bin",),
    ),
    "a shell that uv run --with has started": (
        Start(
            given(USER, f"{LAYER}/bin", f"{ARCHIVE}/bin", f"{PROJECT}/bin", VIRTUAL_ENV=LAYER),
            LAYER,
            extends=PROJECT,
            parent=BASH,
            parent_env=USER,
        ),
        Launcher.UV_RUN_WITH,
        given(USER, f"{PROJECT}/bin", VIRTUAL_ENV=PROJECT),
        (f"{LAYER}/bin", f"{ARCHIVE}/bin"),
    ),
    "pipx run": (
        Start({**ACTIVE, **OF_PIPX}, PIPX_RUN, files=("pipx_metadata.json",), parent=BASH),
        Launcher.PIPX_RUN,
        ACTIVE,
        (),
    ),
    "pipx run, keyrings chosen by the user": (
        Start(
            {**USER, **OF_PIPX, "PIP_KEYRING_PROVIDER": "import"},
            PIPX_RUN,
            files=("pipx_metadata.json",),
            parent=BASH,
        ),
        Launcher.PIPX_RUN,
        {**USER, "PIP_KEYRING_PROVIDER": "import"},
        (),
    ),
    "pipx run, through uv": (
        Start(
            given({**ACTIVE, **OF_PIPX}, f"{ARCHIVE}/bin", UV="/opt/uv"),
            ARCHIVE,
            parent=UVX,
            parent_env={**ACTIVE, **OF_PIPX},
        ),
        Launcher.PIPX_RUN,
        ACTIVE,
        (f"{ARCHIVE}/bin",),
    ),
    "pyenv shim": (
        Start(given(USER, *PYENV_PATH, **OF_PYENV), VERSION, parent=BASH, parent_env=USER, pyenv_selects="3.11.7"),
        Launcher.PYENV_SHIM,
        USER,
        PYENV_PATH,
    ),
    "pyenv shim that falls through to the system": (
        Start(
            given(USER, *PYENV_PATH[1:], **{**OF_PYENV, "PYENV_VERSION": "system"}),
            "/usr",
            parent=BASH,
            pyenv_selects="system",
        ),
        Launcher.PYENV_SHIM,
        USER,
        PYENV_PATH[1:],
    ),
    "pyenv shim, version, directory and root chosen by the user": (
        Start(given(USER, *PYENV_PATH, **{**OF_PYENV, "PYENV_DIR": "/elsewhere"}), VERSION, pyenv_selects="3.13.0"),
        Launcher.PYENV_SHIM,
        {**USER, "PYENV_VERSION": "3.11.7", "PYENV_DIR": "/elsewhere"},
        PYENV_PATH,
    ),
    "pyenv shim, the same version already on the path": (
        Start(
            given(given(USER, f"{VERSION}/bin", f"{PYENV}/shims"), *PYENV_PATH, **OF_PYENV),
            VERSION,
            pyenv_selects="3.11.7",
        ),
        Launcher.PYENV_SHIM,
        given(USER, f"{VERSION}/bin", f"{PYENV}/shims"),
        PYENV_PATH,
    ),
    "pyenv shim, a plugin's shims on the user's own path": (
        Start(
            given(given(USER, f"{PYENV}/plugins/pyenv-virtualenv/shims"), *PYENV_PATH, **OF_PYENV),
            VERSION,
            pyenv_selects="3.11.7",
        ),
        Launcher.PYENV_SHIM,
        given(USER, f"{PYENV}/plugins/pyenv-virtualenv/shims"),
        PYENV_PATH,
    ),
}


@pytest.mark.parametrize(("start", "launcher", "env", "removed"), UNDONE.values(), ids=UNDONE)
def test_what_the_launcher_did_is_undone(
    start: Start, launcher: Launcher, env: dict[str, str], removed: tuple[str, ...]
) -> None:
    found, launch = user_environment(start)
    found.pop("UV", None)  # stays where uv itself cannot be asked; it means nothing to anybody
    assert found == env
    assert (launch.kind, launch.removed) == (launcher, removed)
    assert launch.note


LEFT_ALONE = {
    "a hook of pre-commit that runs what the user has active": (
        Start({**ACTIVE, **IN_HOOK}, MINE, parent=PRE_COMMIT, outside=ACTIVE),
        Launcher.PRE_COMMIT,
    ),
    "a hook of pre-commit in the language of the system": (
        Start({**ACTIVE, **IN_HOOK}, TOOL, files=("uv-receipt.toml",), parent=PRE_COMMIT, outside=ACTIVE),
        Launcher.UV_TOOL,
    ),
    "an activated environment": (Start(ACTIVE, MINE, files=("pyvenv.cfg",), parent=BASH), Launcher.PLAIN),
    "the full path of an environment": (Start(USER, MINE, files=("pyvenv.cfg",), parent=BASH), Launcher.PLAIN),
    "the system's Python": (Start(USER, "/usr", parent=BASH), Launcher.PLAIN),
    "uv tool": (Start(ACTIVE, TOOL, files=("uv-receipt.toml",), parent=BASH), Launcher.UV_TOOL),
    "pipx": (Start(ACTIVE, PIPX, files=("pipx_metadata.json",), parent=BASH), Launcher.PIPX),
    "poetry run": (Start({**ACTIVE, "POETRY_ACTIVE": "1"}, MINE, parent=BASH), Launcher.PLAIN),
    "pipenv run": (Start({**ACTIVE, "PIPENV_ACTIVE": "1"}, MINE, parent=BASH), Launcher.PLAIN),
    "tox": (
        Start({**ACTIVE, "TOX_ENV_NAME": "py"}, MINE, parent=Process(4, "tox", "/usr/bin/python3", ("python", "tox"))),
        Launcher.PLAIN,
    ),
    "a shell that uv run has started": (
        Start({**ACTIVE, "UV": "/opt/uv", "UV_RUN_RECURSION_DEPTH": "1"}, MINE, parent=BASH, parent_env=ACTIVE),
        Launcher.PLAIN,
    ),
    "a shell below a pyenv shim": (
        Start(
            given(USER, *PYENV_PATH, **OF_PYENV), VERSION, parent=BASH, parent_env=given(USER, *PYENV_PATH, **OF_PYENV)
        ),
        Launcher.PLAIN,
    ),
    "pyenv's version on the path": (Start(given(USER, f"{VERSION}/bin"), VERSION, parent=BASH), Launcher.PLAIN),
    "somebody's libexec on the path": (Start(given(USER, "/opt/git/libexec"), MINE, parent=BASH), Launcher.PLAIN),
    "nothing at all": (Start({}, "/usr"), Launcher.PLAIN),
}


@pytest.mark.parametrize(("start", "launcher"), LEFT_ALONE.values(), ids=LEFT_ALONE)
def test_what_added_nothing_is_left_alone(start: Start, launcher: Launcher) -> None:
    assert user_environment(start) == (start.env, Launch(launcher))


def test_uv_run_says_what_it_hides_where_uv_cannot_be_asked() -> None:
    start = Start(given(USER, f"{PROJECT}/bin", VIRTUAL_ENV=PROJECT), PROJECT, parent=UV_RUN)
    assert user_environment(start) == (
        USER,
        Launch(
            "uv run",
            (f"{PROJECT}/bin",),
            "launched by uv run, which hides what VIRTUAL_ENV was: its own environment is left out",
        ),
    )


def test_a_hook_is_recognised_where_its_environment_lies_behind_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    env = given(USER, f"{tmp_path}/link/bin", PRE_COMMIT="1", VIRTUAL_ENV=f"{tmp_path}/link")
    assert recognise(Start(env, f"{tmp_path}/real", outside=USER)) is Launcher.PRE_COMMIT
    assert recognise(Start(env, f"{tmp_path}/other", outside=USER)) is Launcher.PLAIN


def test_a_session_that_pre_commit_hides_is_said_to_be_unread() -> None:
    hidden = UNDONE["a hook of a pre-commit whose own environment cannot be seen"][0]
    assert user_environment(hidden)[1] == Launch(
        "pre-commit",
        (f"{HOOKS}/bin",),
        "launched by pre-commit, which hides what VIRTUAL_ENV was: its own environment is left out",
        "the environment of pre-commit",
    )
    assert user_environment(UNDONE["a hook of pre-commit"][0])[1].unread is None


def test_what_is_outside_of_a_hook_is_the_nearest_process_that_is_no_part_of_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    environments = {8: {**USER, **HOOK}, 7: ACTIVE, 6: USER}
    monkeypatch.setattr("envdoctor.system.processes.environment", environments.get)
    monkeypatch.setenv("PRE_COMMIT", "1")
    above = [Process(8, "bash", "/bin/bash"), Process(7, "pre-commit"), Process(6, "git")]
    assert look(above).outside == ACTIVE
    assert look([above[0], Process(5, "another user's"), *above[1:]]).outside is None
    monkeypatch.delenv("PRE_COMMIT")
    assert look(above).outside is None


def test_notes_name_the_launcher() -> None:
    assert user_environment(UNDONE["uvx"][0])[1].note == "launched by uvx: its own environment is left out"
    assert user_environment(UNDONE["pipx run"][0])[1].note == (
        "launched by pipx run, which hides PYTHONPATH and PIP_TARGET: its own environment is left out"
    )
    assert user_environment(UNDONE["pyenv shim"][0])[1].note == (
        "launched by a pyenv shim: its own environment is left out"
    )


def test_programs_that_only_start_another_one_are_looked_through() -> None:
    above = [Process(8, "timeout", "/usr/bin/timeout"), Process(7, "env", "/usr/bin/env"), UV_RUN, BASH]
    assert look(above).parent == UV_RUN
    assert look([]).parent is None


def test_every_launcher_is_recognised_somewhere() -> None:
    starts = [row[0] for row in UNDONE.values()] + [row[0] for row in LEFT_ALONE.values()]
    assert {recognise(start) for start in starts} == set(Launcher)
