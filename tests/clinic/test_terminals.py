"""Real multiplexers on private sockets: activations that are lost, mixed or remembered, and those that come through."""

from __future__ import annotations

import json
import os
import pty
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.clinic.conda import install_pip, make_root
from tests.clinic.pane import Screen, Tmux
from tests.clinic.patient import TOOLS, Patient
from tests.support import needs_python, needs_tool

NOT_LOGIN = 'set -g default-command "${SHELL}"'
RESETS_PATH = {"bash": ".bash_profile", "zsh": ".zprofile", "fish": ".config/fish/config.fish"}
MakeTmux = Callable[..., Tmux]


@pytest.fixture
def make_tmux() -> Iterator[MakeTmux]:
    """Starts tmux servers, which are ended by their own sockets."""
    servers: list[Tmux] = []

    def make(patient: Patient, *config: str) -> Tmux:
        servers.append(Tmux(patient, *config).__enter__())
        return servers[-1]

    yield make
    for server in servers:
        server.__exit__(None, None, None)


@pytest.fixture(params=["bash", "zsh", "fish"])
def user(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Patient]:
    """A user of each shell with an environment that has a pip."""
    with make_user(tmp_path, request.param) as patient:
        yield patient


@pytest.fixture
def bash_user(tmp_path: Path) -> Iterator[Patient]:
    """The same with bash alone."""
    with make_user(tmp_path, "bash") as patient:
        yield patient


def make_user(tmp_path: Path, shell: str) -> Patient:
    program = needs_tool(shell)
    patient = Patient(tmp_path / "patient", shell)
    patient.env["SHELL"] = program
    (patient.home / ".zshrc").touch()  # without one, zsh asks a new user questions
    (patient.home / ".bashrc").touch()
    make_venv(patient, ".venv")
    return patient


def make_venv(patient: Patient, name: str) -> Path:
    patient.prepares(sys.executable, "-m", "venv", "--without-pip", name)
    install_pip(patient.project / name)
    return patient.project / name


def activate(patient: Patient, name: str = ".venv") -> None:
    patient.does(f"source {name}/bin/activate{'.fish' if patient.shell_name == 'fish' else ''}")


def reset_path_in(patient: Patient) -> Path:
    """Have the login shell forget the search path, as `/etc/profile` does on Debian."""
    path = patient.home / RESETS_PATH[patient.shell_name]
    path.parent.mkdir(parents=True, exist_ok=True)
    before = "# one line before\n"
    if patient.shell_name == "fish":
        path.write_text(f"{before}set -gx PATH /usr/local/bin /usr/bin /bin\n")
    else:
        path.write_text(f"{before}PATH=/usr/local/bin:/usr/bin:/bin\nexport PATH\n")
    return path


def of_terminals(codes: set[str]) -> set[str]:
    return {code for code in codes if code.startswith("TRM")}


@pytest.mark.sick("TRM001")
def test_a_start_up_file_that_sets_the_search_path_anew_takes_the_environment_away(
    user: Patient, make_tmux: MakeTmux
) -> None:
    profile = reset_path_in(user)
    activate(user)
    pane = make_tmux(user).session(shell=user.shell_name)
    finding = pane.examine().finding("TRM001")
    assert finding["severity"] == "error"
    assert f"because {profile}:2 replaces the search path" in finding["message"]
    after = pane.cure("TRM001")
    assert not of_terminals(after.codes)
    assert pane.says("command -v python") == f"{user.project}/.venv/bin/python"


@pytest.mark.sick("TRM001")
def test_debians_profile_is_named_and_its_lasting_remedy_works(bash_user: Patient, make_tmux: MakeTmux) -> None:
    if "\nexport PATH" not in Path("/etc/profile").read_text():
        pytest.skip("the login profile of this system leaves the search path alone")
    activate(bash_user)
    tmux = make_tmux(bash_user)
    finding = tmux.session().examine().finding("TRM001")
    assert "because /etc/profile:" in finding["message"]
    assert NOT_LOGIN in finding["fix"]["commands"]["bash"][-1]
    tmux.config.write_text(f"{NOT_LOGIN}\n")
    bash_user.does(tmux.command("source-file", str(tmux.config)))
    assert not of_terminals(tmux.window().examine().codes) - {"TRM006"}


@pytest.mark.sick("TRM001")
def test_the_lasting_remedies_for_files_that_every_shell_reads_work(user: Patient, make_tmux: MakeTmux) -> None:
    fish = user.shell_name == "fish"
    file = user.home / {"bash": ".bashrc", "zsh": ".zshenv", "fish": ".config/fish/config.fish"}[user.shell_name]
    file.parent.mkdir(parents=True, exist_ok=True)
    (user.home / ".bash_profile").write_text(". ~/.bashrc\n")
    places = "/usr/local/bin /usr/bin /bin" if fish else "/usr/local/bin:/usr/bin:/bin"
    file.write_text(f"set -gx PATH {places}\n" if fish else f"export PATH={places}\n")
    activate(user)
    tmux = make_tmux(user)
    finding = tmux.session(shell=user.shell_name).examine().finding("TRM001")
    *no_login, behind = [step["text"] for step in finding["fix"]["actions"] if step["kind"] == "manual"]
    assert behind.endswith(f"in {file}:1, put the directories behind `$PATH`")
    assert not any(str(file) in remedy for remedy in no_login)
    file.write_text(f"set -gx PATH $PATH {places}\n" if fish else f"export PATH=$PATH:{places}\n")
    tmux.config.write_text(f"{NOT_LOGIN}\n" if no_login else "")
    user.does(tmux.command("source-file", str(tmux.config)))
    assert "TRM001" not in tmux.window(shell=user.shell_name).examine().codes


@pytest.mark.sick("TRM001")
def test_pyenv_pushes_its_shims_before_the_environment(bash_user: Patient, make_tmux: MakeTmux) -> None:
    version = Path(needs_python("3.11")).parents[1]
    root = version.parents[1]
    bash_user.env |= {"PYENV_ROOT": str(root), "PYENV_VERSION": version.name}
    bashrc = bash_user.home / ".bashrc"
    bashrc.write_text(f'export PYENV_ROOT={root}\nexport PATH="$PYENV_ROOT/bin:$PATH"\neval "$(pyenv init - bash)"\n')
    activate(bash_user)
    pane = make_tmux(bash_user, NOT_LOGIN).session()
    finding = pane.examine().finding("TRM001")
    assert f"because {bashrc}:3 puts {root}/shims before it" in finding["message"]
    assert "--no-push-path" in finding["fix"]["commands"]["bash"][-1]
    pane.cure("TRM001")


@pytest.mark.sick("TRM001")
def test_conda_activates_base_over_the_environment(bash_user: Patient, make_tmux: MakeTmux) -> None:
    root = make_root(bash_user.home / "conda", pip=True, auto_activate=True)
    bashrc = bash_user.home / ".bashrc"
    bashrc.write_text(root.block())
    activate(bash_user)
    pane = make_tmux(bash_user, NOT_LOGIN).session()
    finding = pane.examine().finding("TRM001")
    assert f"because {bashrc}:1 puts {root.path}/bin before it" in finding["message"]
    assert "auto_activate_base false" in finding["fix"]["commands"]["bash"][-1]
    pane.cure("TRM001")


@pytest.mark.sick("TRM001")
def test_a_search_path_set_anew_and_conda_after_it_are_one_finding(bash_user: Patient, make_tmux: MakeTmux) -> None:
    root = make_root(bash_user.home / "conda", pip=True, auto_activate=True)
    profile = reset_path_in(bash_user)
    with profile.open("a") as more:
        more.write(". ~/.bashrc\n")
    bashrc = bash_user.home / ".bashrc"
    bashrc.write_text(root.block())
    activate(bash_user)
    pane = make_tmux(bash_user).session()
    examined = pane.examine()
    message = examined.finding("TRM001")["message"]
    assert f"{profile}:2 replaces the search path, and {bashrc}:1 puts {root.path}/bin first" in message
    assert not examined.codes & {"PY002", "CND003"}
    pane.cure("TRM001")


@pytest.mark.sick("TRM001")
def test_a_command_in_a_login_shell_of_its_own_names_the_line_too(bash_user: Patient, make_tmux: MakeTmux) -> None:
    profile = reset_path_in(bash_user)
    activate(bash_user)
    tmux = make_tmux(bash_user, NOT_LOGIN)
    pane = tmux.session()
    report = bash_user.home / "report"
    pane.types(
        f"tmux new-window -d \"bash -lc '{TOOLS}/envdoctor check --output json={report}; tmux wait-for -S done'\""
    )
    pane.types("tmux wait-for done")
    [finding] = next(
        result["findings"] for result in json.loads(report.read_text())["results"] if result["code"] == "TRM001"
    )
    assert f"because {profile}:2 replaces the search path" in finding["message"]


@pytest.mark.sick("TRM001")
def test_a_window_asked_for_by_another_terminal_has_the_variable_without_the_path(
    bash_user: Patient, make_tmux: MakeTmux
) -> None:
    tmux = make_tmux(bash_user, NOT_LOGIN)
    activate(bash_user)
    tmux.session()
    bash_user.close_shell()
    pane = tmux.window()
    finding = pane.examine().finding("TRM001")
    assert "because tmux gave this pane a search path without it" in finding["message"]
    pane.cure("TRM001")


@pytest.mark.sick("TRM001")
def test_screen_with_login_shells_loses_the_activation(bash_user: Patient) -> None:
    profile = reset_path_in(bash_user)
    activate(bash_user)
    with Screen(bash_user, "shell -$SHELL") as screen:
        pane = screen.session()
        finding = pane.examine().finding("TRM001")
        assert finding["message"].startswith("in this screen pane")
        assert str(profile) in finding["message"]
        pane.cure("TRM001")


@pytest.mark.healthy("TRM001", "TRM002", "TRM003")
def test_screen_without_login_shells_keeps_it(bash_user: Patient) -> None:
    activate(bash_user)
    with Screen(bash_user) as screen:
        assert not of_terminals(screen.session().examine().codes) - {"TRM006"}


@pytest.mark.healthy("TRM001", "TRM002", "TRM003")
def test_an_environment_that_comes_through_whole_is_fine(user: Patient, make_tmux: MakeTmux) -> None:
    activate(user)
    pane = make_tmux(user, NOT_LOGIN).session(shell=user.shell_name)
    assert not of_terminals(pane.examine().codes) - {"TRM006"}


@pytest.mark.healthy("TRM001", "TRM002", "TRM003")
def test_activated_inside_the_pane_is_fine(user: Patient, make_tmux: MakeTmux) -> None:
    pane = make_tmux(user).session(shell=user.shell_name)
    assert not of_terminals(pane.examine().codes)
    pane.types(f"source .venv/bin/activate{'.fish' if user.shell_name == 'fish' else ''}")
    assert not of_terminals(pane.examine().codes)


@pytest.mark.healthy("TRM001", "TRM002", "TRM003")
def test_variables_of_a_dead_server_count_for_nothing(bash_user: Patient, make_tmux: MakeTmux) -> None:
    tmux = make_tmux(bash_user)
    variable = tmux.session().says("echo $TMUX")
    tmux.kill()
    bash_user.env["TMUX"] = variable
    bash_user.close_shell()
    activate(bash_user)
    bash_user.does("export PATH=/usr/bin:/bin")
    assert not of_terminals(bash_user.examine().codes)


@pytest.mark.sick("TRM003")
def test_a_second_session_from_another_environment_mixes_both(bash_user: Patient, make_tmux: MakeTmux) -> None:
    other = make_venv(bash_user, "other")
    tmux = make_tmux(bash_user, NOT_LOGIN)
    activate(bash_user)
    tmux.session("first")
    bash_user.close_shell()
    activate(bash_user, "other")
    pane = tmux.session("second")
    finding = pane.examine().finding("TRM003")
    assert f"VIRTUAL_ENV names {bash_user.project}/.venv, but `python` runs that of {other}" in finding["message"]
    after = pane.cure("TRM003", hints=["ENV007"])  # this project has an environment of its own
    assert not of_terminals(after.codes)
    assert pane.says("echo $VIRTUAL_ENV") == str(other)
    assert tmux.session("third").says("echo ${VIRTUAL_ENV-unset}") == "unset"


@pytest.mark.healthy("TRM001", "TRM002", "TRM003")
def test_a_session_that_was_handed_its_environment_is_fine(bash_user: Patient, make_tmux: MakeTmux) -> None:
    other = make_venv(bash_user, "other")
    tmux = make_tmux(bash_user, NOT_LOGIN)
    activate(bash_user)
    tmux.session("first")
    bash_user.close_shell()
    activate(bash_user, "other")
    pane = tmux.session("second", "bash", "-e", f"VIRTUAL_ENV={other}")
    assert not of_terminals(pane.examine().codes) - {"TRM006"}


@pytest.mark.sick("TRM002")
def test_a_server_that_remembers_a_removed_environment_forgets_it(bash_user: Patient, make_tmux: MakeTmux) -> None:
    tmux = make_tmux(bash_user, NOT_LOGIN)
    old = make_venv(bash_user, "old")
    activate(bash_user, "old")
    tmux.session("first")
    shutil.rmtree(old)
    bash_user.close_shell()
    pane = tmux.window("first")
    finding = pane.examine().finding("TRM002")
    assert finding["severity"] == "error"
    assert finding["message"] == f"the tmux server gives every new pane VIRTUAL_ENV={old}, which does not exist"
    pane.cure("TRM002", hints=["ENV006"])  # the project's environment is still to be activated
    assert tmux.window("first").says("echo ${VIRTUAL_ENV-unset}") == "unset"


@pytest.mark.sick("TRM002")
def test_a_server_that_remembers_another_environment_than_the_one_in_use(
    bash_user: Patient, make_tmux: MakeTmux
) -> None:
    make_venv(bash_user, "other")
    tmux = make_tmux(bash_user, NOT_LOGIN)
    activate(bash_user, "other")
    pane = tmux.session()
    pane.types("source .venv/bin/activate")
    assert pane.examine().finding("TRM002")["severity"] == "warning"
    pane.cure("TRM002")


@pytest.mark.sick("TRM006")
def test_an_inherited_activation_gets_its_deactivate_back(bash_user: Patient, make_tmux: MakeTmux) -> None:
    activate(bash_user)
    pane = make_tmux(bash_user, NOT_LOGIN).session()
    finding = pane.examine().finding("TRM006")
    assert finding["severity"] == "info"
    assert pane.types("deactivate") != 0
    pane.cure("TRM006")
    assert pane.types("deactivate") == 0


@pytest.mark.sick("TRM004")
def test_the_server_is_told_what_this_shell_has(bash_user: Patient, make_tmux: MakeTmux) -> None:
    bash_user.does("export https_proxy=http://old.example:8080")
    pane = make_tmux(bash_user, NOT_LOGIN).session()
    assert not of_terminals(pane.examine().codes)
    pane.types("export https_proxy=http://new.example:8080")
    pane.cure("TRM004")
    assert pane.says("tmux show-environment -g https_proxy") == "https_proxy=http://new.example:8080"


@pytest.mark.sick("TRM004")
def test_the_server_is_told_what_the_terminal_outside_has(bash_user: Patient, make_tmux: MakeTmux) -> None:
    tmux = make_tmux(bash_user, NOT_LOGIN)
    bash_user.does("export LD_LIBRARY_PATH=$HOME")
    pane = tmux.session()
    with attached(tmux, {**bash_user.env, "HF_ENDPOINT": "https://mirror.example"}):
        message = pane.examine().finding("TRM004")["message"]
        assert message.startswith("LD_LIBRARY_PATH and HF_ENDPOINT in tmux: ")
        pane.cure("TRM004")
        assert pane.says("echo ${LD_LIBRARY_PATH-unset} $HF_ENDPOINT") == "unset https://mirror.example"


@contextmanager
def attached(tmux: Tmux, env: Mapping[str, str]) -> Iterator[None]:
    """Somebody looks at the session, from a terminal with this environment."""
    ours, theirs = pty.openpty()
    command = [tmux.program, "-S", str(tmux.socket), "attach-session", "-t", "work"]
    client = subprocess.Popen(command, env=dict(env), stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)
    try:
        os.read(ours, 1)  # it has begun to draw
        yield
    finally:
        client.terminate()
        client.wait(30)
        os.close(ours)


@pytest.mark.healthy("TRM004")
def test_what_a_start_up_file_sets_or_this_shell_adds_is_fine(bash_user: Patient, make_tmux: MakeTmux) -> None:
    (bash_user.home / ".bashrc").write_text("export HF_ENDPOINT=https://mirror.example\n")
    bash_user.does("export HF_ENDPOINT=https://old.example LD_LIBRARY_PATH=$HOME")
    pane = make_tmux(bash_user, NOT_LOGIN).session()
    pane.types("export LD_LIBRARY_PATH=$HOME/project:$LD_LIBRARY_PATH NO_PROXY=localhost")
    assert not of_terminals(pane.examine().codes)


@pytest.mark.healthy("TRM004")
@pytest.mark.parametrize("by", ["modules", "conda"])
def test_who_comes_back_from_a_fresh_login_keeps_what_the_pane_has_loaded(
    by: str, bash_user: Patient, make_tmux: MakeTmux
) -> None:
    fresh = dict(bash_user.env)
    if by == "modules":
        bash_user.does("export MODULESHOME=/m LOADEDMODULES=cuda/12.4 LD_LIBRARY_PATH=$HOME")
    else:
        environment = make_root(bash_user.home / "conda", pip=True).environment("ml", pip=True)
        bash_user.does(f"export CONDA_PREFIX={environment} LD_LIBRARY_PATH={environment}/lib/extra")
    tmux = make_tmux(bash_user, NOT_LOGIN)
    pane = tmux.session()
    with attached(tmux, fresh):
        assert "TRM004" not in pane.examine().codes


@pytest.mark.sick("TRM005")
def test_a_profile_that_hides_the_file_with_the_set_up_reads_it_again(bash_user: Patient) -> None:
    rc, profile = bash_user.home / ".bashrc", bash_user.home / ".bash_profile"
    rc.write_text('export PATH="$HOME/tools/bin:$PATH"\n')
    (bash_user.home / ".profile").write_text(". ~/.bashrc\n")
    profile.write_text("export EDITOR=vi\n")
    finding = bash_user.examine().finding("TRM005")
    assert f"{profile} does not read {rc}, and hides {bash_user.home}/.profile" in finding["message"]
    bash_user.cure("TRM005")
    assert f"{bash_user.home}/tools/bin:" in bash_user.does("bash -lic 'echo $PATH'").stdout


@pytest.mark.healthy("TRM005")
def test_debians_own_files_are_fine(bash_user: Patient) -> None:
    for name in (".bashrc", ".profile"):
        shutil.copy(f"/etc/skel/{name}", bash_user.home)
    with (bash_user.home / ".bashrc").open("a") as rc:
        rc.write('export PATH="$HOME/tools/bin:$PATH"\n')
    assert not of_terminals(bash_user.examine().codes)
