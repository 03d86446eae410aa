"""Which pip answers: environments without pip, launchers that lead nowhere, and the set-ups that only look like it."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

from tests.clinic.conda import install_pip, make_executable, make_prefix, make_root, pip_wheel
from tests.clinic.environments import by_venv, by_virtualenv
from tests.clinic.patient import Patient
from tests.clinic.pyenvs import give_pyenv
from tests.wheels import write_command_wheel

PYTHON = os.path.realpath(sys.executable)


@pytest.fixture(scope="session")
def other(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python with pip that anybody may install into. Tests do not change it."""
    return make_prefix(tmp_path_factory.mktemp("other") / "anaconda", pip=True)


@pytest.fixture
def user(patient: Patient, other: Path) -> Patient:
    """A user of uv, with another Python's pip on the search path, who installs from a directory of wheels."""
    patient.install("uv")
    wheels = str(pip_wheel().parent)
    offline = {"UV_FIND_LINKS": wheels, "UV_OFFLINE": "1", "PIP_FIND_LINKS": wheels, "PIP_NO_INDEX": "1"}
    patient.env |= {**offline, "UV_PYTHON_DOWNLOADS": "never"}
    patient.env["PATH"] = f"{patient.bin}:{other}/bin:{patient.env['PATH']}"
    return patient


def make_with_pip(user: Patient, path: Path) -> None:
    user.prepares("uv", "venv", "--quiet", "--python", PYTHON, path)
    user.prepares("uv", "pip", "install", "--quiet", "--python", path, "pip")


@pytest.mark.sick("PIP001")
@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_an_environment_of_uv_gets_pip_from_uv(user: Patient, other: Path, shell: str) -> None:
    user.shell_name = shell
    user.prepares("uv", "venv", "--quiet", "--python", PYTHON)
    user.does("source .venv/bin/activate" + (".fish" if shell == "fish" else ""))
    before = user.examine()
    finding = before.finding("PIP001")
    assert finding["severity"] == "error"
    assert str(other) in finding["message"]
    assert "where uv has put no pip" in finding["message"]
    after = user.cure("PIP001", before=before)
    assert after.result("PIP001")["outcome"] == "ok"
    assert f"{user.project}/.venv" in user.does("hash -r; pip --version" if shell != "fish" else "pip --version").stdout


@pytest.mark.sick("PIP001")
def test_an_environment_of_venv_without_pip_gets_its_own(user: Patient) -> None:
    user.prepares(sys.executable, "-m", "venv", "--without-pip", ".venv")
    user.does("source .venv/bin/activate")
    user.cure("PIP001")


@pytest.mark.sick("PIP001")
def test_a_conda_environment_without_pip_is_told_to_conda(patient: Patient) -> None:
    root = make_root(patient.home / "miniconda3", pip=True)
    environment = root.environment("ml")
    patient.env |= root.active(f"{root.path}/bin:{patient.env['PATH']}", environment)
    finding = patient.examine().finding("PIP001")
    assert finding["severity"] == "error"
    assert finding["fix"]["commands"]["bash"] == ["conda install pip"]
    install_pip(environment)  # as conda does
    assert "PIP001" not in patient.examine().codes


@pytest.mark.sick("PIP001")
def test_another_pip_in_front_gives_way_when_the_environment_is_activated_again(user: Patient, other: Path) -> None:
    make_with_pip(user, user.project / ".venv")
    user.does(
        "source .venv/bin/activate", f"mkdir early; ln -s {other}/bin/pip early/pip; export PATH=$PWD/early:$PATH"
    )
    assert user.does("pip --version").stdout.split()[3].startswith(str(other))
    user.cure("PIP001")
    assert f"{user.project}/.venv" in user.does("pip --version").stdout


@pytest.mark.sick("PIP001")
def test_the_pip_of_a_system_that_refuses_is_a_warning(user: Patient) -> None:
    if not Path("/usr/bin/pip").exists() or not list(Path("/usr/lib").glob("python3*/EXTERNALLY-MANAGED")):
        pytest.skip("the system has no pip that refuses")
    user.env["PATH"] = f"{user.bin}:/usr/bin:/bin"
    user.prepares("uv", "venv", "--quiet", "--python", PYTHON)
    user.does("source .venv/bin/activate")
    assert user.examine().finding("PIP001")["severity"] == "warning"


@pytest.mark.healthy("PIP001", "PIP002")
def test_no_pip_at_all_is_how_it_should_be_with_uv(user: Patient) -> None:
    tools = user.root / "tools"
    tools.mkdir()
    for tool in ("bash", "cat"):
        (tools / tool).symlink_to(shutil.which(tool) or tool)
    user.prepares("uv", "venv", "--quiet", "--python", PYTHON)
    user.env["PATH"] = f"{user.bin}:{tools}"
    user.does("source .venv/bin/activate")
    examined = user.examine()
    assert examined.result("PIP001")["outcome"] == "skipped"
    assert examined.result("PIP002")["outcome"] == "skipped"


@pytest.mark.healthy("PIP001")
def test_pip_python_is_the_cure_and_not_the_sickness(user: Patient) -> None:
    user.prepares("uv", "venv", "--quiet", "--python", PYTHON)
    user.does("source .venv/bin/activate", "export PIP_PYTHON=$VIRTUAL_ENV")
    assert "PIP001" not in user.examine().codes


@pytest.mark.healthy("PIP001")
def test_a_wrapper_of_the_users_own_is_trusted(user: Patient) -> None:
    make_executable(user.bin / "pip", '#!/bin/sh\nexec uv pip "$@"\n')
    user.prepares("uv", "venv", "--quiet", "--python", PYTHON)
    user.does("source .venv/bin/activate", f"export PATH={user.bin}:$PATH")
    assert {"PIP001", "PIP002"} & user.examine().codes == set()


@pytest.mark.healthy("PIP001", "PIP002")
def test_trampolines_of_long_paths_and_links_to_environments_are_followed(user: Patient) -> None:
    deep = user.home / ("a directory " + "long " * 30)
    make_with_pip(user, deep / "env")
    (user.project / "link").symlink_to(deep / "env")
    user.does("export VIRTUAL_ENV=$PWD/link PATH=$PWD/link/bin:$PATH")
    assert "'''exec'" in (deep / "env/bin/pip").read_text()
    assert {"PIP001", "PIP002"} & user.examine().codes == set()


@pytest.mark.sick("PIP002")
def test_a_launcher_of_a_python_that_is_gone_is_switched_off(user: Patient) -> None:
    make_executable(user.bin / "pip", "#!/usr/lib/gone/bin/python3.7\n")
    assert user.shell.run("pip --version").status in (126, 127)
    before = user.examine()
    assert "/usr/lib/gone/bin/python3.7, which does not exist" in before.finding("PIP002")["message"]
    user.cure("PIP002", before=before)
    assert user.does("hash -r; pip --version").stdout.startswith("pip ")


@pytest.mark.sick("PIP002")
def test_a_launcher_with_the_line_ends_of_windows_is_converted(user: Patient) -> None:
    root = user.root / "tools"
    make_with_pip(user, root)
    launcher = user.bin / "pip"
    launcher.write_bytes((root / "bin/pip").read_bytes().replace(b"\n", b"\r\n"))
    launcher.chmod(0o755)
    assert user.shell.run("pip --version").status in (126, 127)
    before = user.examine("--select", "PIP002")
    assert "ends in a carriage return" in before.finding("PIP002")["message"]
    user.cure("PIP002", before=before, arguments=("--select", "PIP002"))
    assert user.does("hash -r; pip --version").stdout.startswith("pip ")


@pytest.mark.sick("PIP002")
def test_the_launcher_of_an_environment_is_written_anew_by_its_own_python(user: Patient) -> None:
    make_with_pip(user, user.project / ".venv")
    user.does("source .venv/bin/activate", "export PIP_NO_COMPILE=1")
    make_executable(user.project / ".venv/bin/pip", "#!/usr/lib/gone/bin/python3.7\n")
    user.cure("PIP002")
    assert f"{user.project}/.venv" in user.does("hash -r; pip --version").stdout


@pytest.mark.sick("PIP002")
def test_a_launcher_whose_package_is_gone_gets_it_back(user: Patient) -> None:
    """Without uv: `tests.clinic.test_pip_ensured`."""
    make_with_pip(user, user.project / ".venv")
    user.does("source .venv/bin/activate")
    assert "PIP002" not in user.examine("--select", "PIP").codes
    user.does("rm -rf .venv/lib/python3*/site-packages/pip .venv/lib/python3*/site-packages/pip-*")
    assert "No module named 'pip'" in user.shell.run("pip --version").stderr
    user.cure("PIP002")
    assert f"{user.project}/.venv" in user.does("hash -r; pip --version").stdout


@pytest.mark.sick("PIP002", "ENV002")
def test_a_launcher_of_another_environment_beside_the_projects_own_without_a_base(user: Patient) -> None:
    make_with_pip(user, user.project / ".venv")
    make_with_pip(user, user.home / "envs" / "ml")
    (user.bin / "pip").symlink_to(user.home / "envs" / "ml" / "bin" / "pip")
    user.env["PATH"] = f"{user.bin}:{user.env['PATH']}"
    for root in (user.project / ".venv", user.home / "envs" / "ml"):
        (root / "bin" / "python").unlink()
        (root / "bin" / "python").symlink_to("/gone/bin/python3")
    for seed in ("setuptools", "wheel"):  # which uv wants for an environment of this Python
        write_command_wheel(Path(user.env["UV_FIND_LINKS"]), seed)
    before = user.examine()
    assert {"ENV002", "PIP002"} <= before.codes
    after = user.cure("PIP002", before=before)
    assert "ENV002" in after.codes
    user.cure("ENV002", before=after, unmasked=["PIP001"])


@pytest.mark.sick("PIP009")
@pytest.mark.parametrize("shell", ["bash", "zsh"])
def test_a_shell_that_remembers_another_pip_is_made_to_forget(user: Patient, other: Path, shell: str) -> None:
    user.shell_name = shell
    user.prepares("uv", "venv", "--quiet", "--python", PYTHON)
    user.does("source .venv/bin/activate", "pip --version >/dev/null")
    assert "PIP009" not in user.examine().codes
    user.does("uv pip install --quiet pip")
    assert user.does("type pip").stdout.split()[-1].strip("()") == f"{other}/bin/pip"
    before = user.examine()
    assert before.finding("PIP009")["severity"] == "info"
    # what the shell remembers is not to be seen from outside: the advice stays, but it has worked
    user.takes("PIP009", before, user.shell.run, shell, result="done")
    assert user.does("type pip").stdout.split()[-1] == f"{user.project}/.venv/bin/pip"


@pytest.mark.healthy("PIP009")
def test_what_came_with_the_environment_or_before_the_shell_is_not_new(user: Patient) -> None:
    by_virtualenv(user.project / "first")
    user.does("true")  # the shell is there before the second one is made
    by_virtualenv(user.project / "second")
    user.does("source second/bin/activate")
    assert "PIP009" not in user.examine().codes
    user.close_shell()
    user.prepares("uv", "pip", "install", "--quiet", "--python", "first", "--reinstall", "pip")
    user.does("source first/bin/activate")
    assert "PIP009" not in user.examine().codes


@pytest.mark.healthy("PIP009")
def test_fish_remembers_nothing(user: Patient) -> None:
    user.shell_name = "fish"
    user.prepares("uv", "venv", "--quiet", "--python", PYTHON)
    user.does("source .venv/bin/activate.fish", "pip --version", "uv pip install --quiet pip")
    assert "PIP009" not in user.examine().codes
    assert f"{user.project}/.venv" in user.does("pip --version").stdout


@pytest.mark.healthy("PIP001", "PIP002")
def test_a_moved_and_a_copied_environment_have_names_of_their_own(user: Patient) -> None:
    """The surprise of F1-04: all works, on the original. One trouble, told once."""
    make_with_pip(user, user.project / "first")
    shutil.copytree(user.project / "first", user.project / ".venv", symlinks=True)
    user.does("export PATH=$PWD/.venv/bin:$PATH VIRTUAL_ENV=$PWD/.venv")
    assert f"{user.project}/first" in user.does("pip --version").stdout
    codes = user.examine().codes
    assert "ENV004" in codes
    assert {"PIP001", "PIP002"} & codes == set()
    (user.project / "first").rename(user.project / "gone")
    codes = user.examine().codes
    assert "ENV003" in codes
    assert {"PIP001", "PIP002"} & codes == set()


@pytest.mark.healthy("PIP001", "PIP002", "PIP009")
def test_pyenvs_pip_goes_where_its_python_goes(patient: Patient) -> None:
    root = give_pyenv(patient, "3.1")
    versions = os.listdir(root / "versions")
    for version in {min(versions), max(versions)}:
        patient.does(f"export PYENV_VERSION={version}")
        assert {"PIP001", "PIP002", "PIP009"} & patient.examine().codes == set(), version


@pytest.mark.sick("PIP001")
def test_a_third_environment_in_front_gets_no_pip_of_its_own(patient: Patient) -> None:
    active = by_venv(patient, patient.project / ".venv")
    front = by_venv(patient, patient.root / "front", pip=False)
    other = by_venv(patient, patient.root / "other")
    patient.does(f"source {active}/bin/activate", f"export PATH={front}/bin:{other}/bin:$PATH")
    before = patient.examine()
    assert {"PIP001", "PY002"} <= before.codes
    patient.cure("PIP001", before=before)
    assert not list(front.glob("bin/pip*"))
    assert patient.does("command -v pip").stdout.strip() == f"{active}/bin/pip"


@pytest.mark.sick("ENV014")
def test_packages_that_this_user_may_not_list_are_not_said_to_be_missing(ordinary: Patient) -> None:
    root = by_venv(ordinary, ordinary.project / ".venv")
    ordinary.does(f"source {root}/bin/activate", f"chmod 000 {root}/lib/python3*/site-packages")
    assert ordinary.shell.run("pip --version").status != 0
    before = ordinary.examine()
    assert "PIP002" not in before.codes
    ordinary.cure("ENV014", before=before)
    ordinary.does("pip --version")
