from __future__ import annotations

import os
from pathlib import Path

import pytest

from envdoctor.facts.session.context import (
    Examined,
    Marker,
    Place,
    occasion_of,
    probe_examined,
    surroundings,
)
from envdoctor.facts.session.occasion import Occasion
from envdoctor.system.processes import Process
from envdoctor.system.session import Launch
from envdoctor.system.unread import noting
from tests.support import make_session

LINUX = "6.1.0-13-amd64"
TMUX = Process(9, "tmux: server", "/usr/bin/tmux", ("tmux",))


def markers(env: dict[str, str], *above: Process, release: str = LINUX, root: str = "/nowhere") -> list[Marker]:
    return list(surroundings(env, above, release, root))


def test_the_session_is_described(tmp_path: Path) -> None:
    session = make_session(
        {"HOME": "/home/me", "SHELL": "/bin/fish", "STY": "12.pts", "PATH": "/bin::x", "VIRTUAL_ENV": "/mine"},
        cwd=tmp_path,
        launch=Launch("uvx", ("/cache/bin",), "launched by uvx: its own environment is left out"),
        processes=(Process(5, "zsh", "/bin/zsh", ("-zsh",), "/dev/pts/0", 12.5),),
        python="/opt/python3",
    )
    described = probe_examined(session)
    assert described == Examined(
        shell="zsh",
        login=True,
        interactive=True,
        shell_started=12.5,
        cwd=str(tmp_path),
        home="/home/me",
        search_path=("/bin", "", "x"),
        virtual_env="/mine",
        user_id=os.getuid(),
        effective_user_id=os.geteuid(),
        system=os.uname().sysname,
        machine=os.uname().machine,
        launched_as="uvx",
        note="launched by uvx: its own environment is left out",
        removed=("/cache/bin",),
        python="/opt/python3",
        markers=described.markers,
        occasion=Occasion.SESSION,
    )
    assert described.at(Place.MULTIPLEXER) == Marker(Place.MULTIPLEXER, "screen", "STY")
    assert described.at(Place.NOTEBOOK) is None


def test_what_hides_the_session_is_unread() -> None:
    hidden = make_session({}, launch=Launch("pre-commit", unread="the environment of pre-commit"))
    with noting() as notes:
        probe_examined(hidden)
    assert notes["the environment of pre-commit"].startswith("not shown to this process")


def test_a_session_without_shell_home_and_directory() -> None:
    described = probe_examined(make_session({"HOME": "not/absolute"}, cwd=None))
    assert (described.shell, described.login, described.interactive) == (None, None, None)
    assert (described.cwd, described.home, described.launched_as, described.note) == (None, None, "plain", None)


@pytest.mark.parametrize(
    ("env", "place", "name", "origin"),
    [
        ({"TMUX": "/tmp/tmux-0/default,12,0"}, Place.MULTIPLEXER, "tmux", "TMUX"),
        ({"ZELLIJ": "0"}, Place.MULTIPLEXER, "zellij", "ZELLIJ"),
        ({"TERM_PROGRAM": "vscode"}, Place.EDITOR, "VS Code", "TERM_PROGRAM=vscode"),
        (
            {"TERMINAL_EMULATOR": "JetBrains-JediTerm"},
            Place.EDITOR,
            "JetBrains",
            "TERMINAL_EMULATOR=JetBrains-JediTerm",
        ),
        ({"JPY_PARENT_PID": "77"}, Place.NOTEBOOK, "Jupyter", "JPY_PARENT_PID"),
        ({"SSH_CONNECTION": "::1 1 ::1 22"}, Place.SSH, "SSH", "SSH_CONNECTION"),
        ({"SUDO_USER": "me"}, Place.OTHER_USER, "sudo", "SUDO_USER"),
        ({"SLURM_JOB_ID": "4"}, Place.BATCH_JOB, "Slurm", "SLURM_JOB_ID"),
        ({"LMOD_CMD": "/opt/lmod"}, Place.CLUSTER, "Lmod", "LMOD_CMD"),
        ({"KUBERNETES_SERVICE_HOST": "10.0.0.1"}, Place.CONTAINER, "Kubernetes", "KUBERNETES_SERVICE_HOST"),
        ({"CI": "true", "GITHUB_ACTIONS": "true"}, Place.CI, "GitHub Actions", "GITHUB_ACTIONS"),
        ({"TF_BUILD": "True"}, Place.CI, "Azure Pipelines", "TF_BUILD"),
        ({"JENKINS_URL": "http://ci", "BUILD_ID": "3"}, Place.CI, "Jenkins", "JENKINS_URL"),
        ({"CI": "woodpecker"}, Place.CI, "Woodpecker", "CI=woodpecker"),
        ({"CI": "1"}, Place.CI, "CI", "CI"),
    ],
)
def test_a_marker_and_its_origin(env: dict[str, str], place: Place, name: str, origin: str) -> None:
    assert markers(env) == [Marker(place, name, origin)]


@pytest.mark.parametrize(
    "env",
    [
        {},
        {"TMUX": "", "STY": "", "SSH_CONNECTION": "", "GITHUB_ACTIONS": ""},
        {"CI": "false"},
        {"CI": "0"},
        {"JENKINS_URL": "http://ci"},
        {"TERM_PROGRAM": "iTerm.app", "TERM": "screen-256color", "VSCODE_IPC_HOOK_CLI": "/tmp/stale"},
    ],
)
def test_nothing_is_marked(env: dict[str, str]) -> None:
    assert markers(env) == []


def test_inside_a_multiplexer_an_editors_variables_are_stale() -> None:
    env = {"TMUX": "/tmp/s,1,0", "TERMINAL_EMULATOR": "JetBrains-JediTerm"}
    assert markers(env, TMUX) == [Marker(Place.MULTIPLEXER, "tmux", "TMUX")]
    assert [marker.name for marker in markers(env)] == ["tmux", "JetBrains"]


def test_su_shows_among_the_processes() -> None:
    su = Process(31, "su", "/bin/su", ("su", "other"))
    assert markers({}, Process(32, "bash"), su) == [Marker(Place.OTHER_USER, "su", "process 31")]


@pytest.mark.parametrize(("file", "name"), [(".dockerenv", "Docker"), ("run/.containerenv", "Podman")])
def test_a_container_by_its_file(tmp_path: Path, file: str, name: str) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / file).touch()
    assert markers({}, root=str(tmp_path)) == [Marker(Place.CONTAINER, name, f"/{file}")]


@pytest.mark.parametrize(
    ("release", "name"),
    [("5.15.153.1-microsoft-standard-WSL2", "WSL 2"), ("4.4.0-19041-Microsoft", "WSL 1")],
)
def test_wsl_by_its_kernel(release: str, name: str) -> None:
    assert markers({}, release=release) == [Marker(Place.WSL, name, f"kernel {release}")]


STEP = Process(7, "bash", "/bin/bash", ("/usr/bin/bash", "-e", "/home/runner/work/_temp/1.sh"))


@pytest.mark.parametrize(
    ("places", "occasion"),
    [
        ([], Occasion.SESSION),
        ([Place.EDITOR, Place.SSH, Place.MULTIPLEXER, Place.WSL], Occasion.SESSION),
        ([Place.CI], Occasion.CI_STEP),
        ([Place.CONTAINER, Place.CI], Occasion.CI_STEP),
        ([Place.BATCH_JOB], Occasion.BATCH_JOB),
        ([Place.NOTEBOOK], Occasion.NOTEBOOK_COMMAND),
        ([Place.CONTAINER], Occasion.CONTAINER_COMMAND),
        ([Place.CONTAINER, Place.CONTAINER_BUILD], Occasion.BUILD_STEP),
    ],
)
def test_where_no_process_tells_it_the_surroundings_tell_the_occasion(places: list[Place], occasion: Occasion) -> None:
    there = [Marker(place, place.value, "a variable") for place in places]
    assert occasion_of((STEP,), there) is occasion
    assert occasion_of((), there) is occasion, "bash has replaced itself with its last command"
    typed = Process(7, "bash", "/bin/bash", ("bash",), "/dev/pts/0")
    assert occasion_of((STEP, typed), there) is Occasion.SESSION, "a person types there, as in a container's terminal"


def test_a_service_is_what_a_service_manager_itself_starts() -> None:
    systemd = Process(1, "systemd", "/usr/lib/systemd/systemd")
    assert occasion_of((STEP, systemd), ()) is Occasion.SERVICE
    assert occasion_of((Process(5, "gnome-shell"), systemd), ()) is Occasion.SESSION


@pytest.mark.parametrize(
    ("engine", "host", "kinds"),
    [
        ('engine="buildah-1.33.7"', "", {"Podman": Place.CONTAINER, "buildah": Place.CONTAINER_BUILD}),
        ('engine="podman-5.0"', "", {"Podman": Place.CONTAINER}),
        (None, "buildkitsandbox", {"BuildKit": Place.CONTAINER_BUILD}),
        (None, "ada-laptop", {}),
    ],
)
def test_the_build_of_a_container_is_told_by_what_the_builder_leaves(
    tmp_path: Path, engine: str | None, host: str, kinds: dict[str, Place]
) -> None:
    (tmp_path / "run").mkdir()
    if engine:
        (tmp_path / "run/.containerenv").write_text(f'{engine}\nname="x"\n')
    found = list(surroundings({}, (), LINUX, str(tmp_path), host=host))
    assert {marker.name: marker.place for marker in found} == kinds
    assert bool(found) == any(marker.place is Place.CONTAINER for marker in found), "no venv is fine there"
