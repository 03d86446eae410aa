"""conda that calls active what does not answer, configuration that stops it, packages that pip wrote over."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from tests.clinic.channel import activation, link
from tests.clinic.conda import CondaRoot, make_executable, make_micromamba_root, make_prefix, make_root
from tests.clinic.environments import by_virtualenv
from tests.clinic.patient import SYSTEM_PATH, Patient
from tests.clinic.shell import LiveShell
from tests.support import needs_tool


@pytest.fixture
def conda(patient: Patient) -> CondaRoot:
    """conda, set up for bash, with one environment."""
    root = make_root(patient.home / "miniconda3", pip=True)
    root.environment("ml", pip=True)
    (patient.home / ".bashrc").write_text(root.block())
    return root


def linked(patient: Patient, channel: Path, *specs: str) -> Path:
    """An environment `ml` that a real client has made, for a user of conda and bash."""
    root = make_root(patient.home / "miniconda3", channel=channel)
    (patient.home / ".bashrc").write_text(root.block())
    return link(root.path / "envs/ml", channel, *specs)


def own_codes(patient: Patient) -> set[str]:
    return {code for code in patient.examine().codes if code.startswith(("CND", "UV"))}


@pytest.mark.sick("CND001")
def test_a_login_shell_makes_the_path_anew_and_keeps_the_variables(patient: Patient, conda: CondaRoot) -> None:
    patient.does("source ~/.bashrc", "conda activate ml", f"export PATH={SYSTEM_PATH}")
    patient.cure("CND001")
    assert patient.does("command -v python").stdout.strip() == f"{conda.path}/envs/ml/bin/python"


@pytest.mark.sick("CND001")
def test_leaving_a_virtual_environment_that_was_activated_before_conda(patient: Patient, conda: CondaRoot) -> None:
    by_virtualenv(patient.project / ".venv")
    patient.does("source ~/.bashrc", "source .venv/bin/activate", "conda activate ml", "deactivate")
    patient.does("cd ~")
    patient.cure("CND001")


@pytest.mark.sick("CND001")
def test_leaving_a_virtual_environment_under_which_conda_has_changed(patient: Patient, conda: CondaRoot) -> None:
    by_virtualenv(patient.project / ".venv")
    patient.does("source ~/.bashrc", "conda activate base", "source .venv/bin/activate", "conda activate ml")
    assert patient.does("command -v python").stdout == f"{patient.project}/.venv/bin/python\n"
    assert own_codes(patient) == set()
    patient.does("deactivate", "cd ~")  # the old search path is back, with the base, and the variables name `ml`
    assert patient.does("command -v python").stdout == f"{conda.path}/bin/python\n"
    patient.cure("CND001")
    assert patient.does("command -v python").stdout == f"{conda.path}/envs/ml/bin/python\n"


@pytest.mark.sick("CND002")
def test_the_active_environment_is_removed(patient: Patient, conda: CondaRoot) -> None:
    patient.does("source ~/.bashrc", "conda activate ml", f"mv {conda.path}/envs/ml {conda.path}/envs/other")
    patient.cure("CND002")
    assert patient.does("echo $CONDA_SHLVL-$CONDA_PREFIX").stdout.strip() == "0-"


@pytest.mark.sick("CND003")
def test_conda_is_put_before_the_virtual_environment(patient: Patient, conda: CondaRoot) -> None:
    by_virtualenv(patient.project / ".venv")
    patient.does("source ~/.bashrc", "source .venv/bin/activate", "conda activate ml")
    patient.cure("CND003")
    assert patient.does("command -v python").stdout.strip() == f"{patient.project}/.venv/bin/python"


@pytest.mark.sick("CND004")
def test_an_empty_environment_is_filled_by_conda(patient: Patient, channel: Path) -> None:
    root = make_root(patient.home / "miniconda3", pip=True, channel=channel)
    root.environment("empty", python=False)
    (patient.home / ".bashrc").write_text(root.block())
    patient.does("source ~/.bashrc", "conda activate empty")
    before = patient.examine()
    assert before.finding("CND004")["severity"] == "error"
    patient.cure("CND004", before=before)
    assert (root.path / "envs/empty/conda-meta" / f"python-{'.'.join(map(str, sys.version_info[:3]))}-0.json").exists()


@pytest.mark.sick("CND004")
def test_a_python_that_conda_believes_to_be_there_is_reinstalled(patient: Patient, channel: Path) -> None:
    root = make_root(patient.home / "miniconda3", pip=True, channel=channel)
    prefix = link(root.path / "envs/ml", channel, "python", "pip")
    (patient.home / ".bashrc").write_text(root.block())
    for program in (prefix / "bin").glob("python*"):
        program.unlink()
    patient.does("source ~/.bashrc", "conda activate ml")
    before = patient.examine()
    assert "already installed" in patient.does("conda install --yes python").stdout
    patient.cure("CND004", before=before)
    assert patient.does("command -v python").stdout == f"{prefix}/bin/python\n"


@pytest.mark.sick("CND005")
def test_two_condas_in_one_shell(patient: Patient, conda: CondaRoot) -> None:
    other = make_root(patient.home / "other/conda")
    patient.env["PATH"] = f"{other.path}/condabin:{patient.env['PATH']}"
    patient.does("source ~/.bashrc")
    patient.cure("CND005")


@pytest.mark.sick("CND005")
def test_an_environment_of_another_conda_is_active(patient: Patient, conda: CondaRoot) -> None:
    other = make_root(patient.home / "other/conda")
    environment = other.environment("ml", pip=True)
    patient.does("source ~/.bashrc", f"conda activate {environment}")
    before = patient.examine()
    assert before.finding("CND005")["severity"] == "error"
    patient.cure("CND005", before=before)


@pytest.mark.sick("CND006")
def test_pip_writes_over_condas_packages(patient: Patient, channel: Path) -> None:
    root = make_root(patient.home / "miniconda3", channel=channel)
    prefix = link(root.path / "envs/ml", channel, "python", "pip", "alpha=1.0", "numpy")
    (patient.home / ".bashrc").write_text(root.block())
    patient.does("source ~/.bashrc", "conda activate ml")
    assert "CND006" not in patient.examine().codes
    patient.does("python -m pip uninstall -qy alpha")
    installed_by_pip(prefix, "alpha", "3.0")
    before = patient.examine()
    assert before.finding("CND006")["evidence"][0]["text"] == "alpha 1.0 by conda, 3.0 by pip"
    patient.cure("CND006", before=before)
    assert patient.does("python -c 'import alpha; print(alpha.__version__)'").stdout.strip() == "1.0"


@pytest.mark.sick("CND006")
@pytest.mark.parametrize("base", [True, False])
def test_the_metadata_of_both_is_there(patient: Patient, channel: Path, base: bool) -> None:
    root = make_root(patient.home / "miniconda3", channel=channel)
    prefix = root.path if base else root.path / "envs/ml"
    if base:
        for record in (prefix / "conda-meta").glob("*.json"):
            record.unlink()
    own = Path(os.__file__).with_name("collections")  # a directory that the stand-in only links to
    untouched = own.stat()
    link(prefix, channel, "python", "pip", "alpha=1.0")
    assert own.stat().st_mtime_ns == untouched.st_mtime_ns
    (patient.home / ".bashrc").write_text(root.block())
    patient.does("source ~/.bashrc", f"conda activate {'base' if base else 'ml'}")
    installed_by_pip(prefix, "alpha", "3.0")
    patient.cure("CND006", arguments=("--select", "CND006"))
    assert patient.does("python -c 'import alpha; print(alpha.__version__)'").stdout.strip() == "1.0"


def installed_by_pip(prefix: Path, name: str, version: str) -> None:
    """What pip leaves of a package: the module, and metadata of its own with a list of both."""
    [packages] = prefix.glob("lib/python3*/site-packages")
    metadata = packages / f"{name}-{version}.dist-info"
    (packages / name).mkdir(exist_ok=True)
    (packages / name / "__init__.py").unlink(
        missing_ok=True
    )  # conda's is a link into its cache, which pip leaves alone
    (packages / name / "__init__.py").write_text(f'__version__ = "{version}"\n')
    metadata.mkdir()
    (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    (metadata / "INSTALLER").write_text("pip\n")
    files = [f"{name}/__init__.py", *(f"{metadata.name}/{file}" for file in ("METADATA", "INSTALLER", "RECORD"))]
    (metadata / "RECORD").write_text("".join(f"{file},,\n" for file in files))


@pytest.mark.sick("CND007")
def test_pyenvs_shims_come_before_conda(patient: Patient, conda: CondaRoot) -> None:
    version = patient.home / ".pyenv/versions/3.99.0/bin/python"
    version.parent.mkdir(parents=True)
    version.symlink_to(os.path.realpath(sys.executable))
    (patient.home / ".pyenv/version").write_text("3.99.0\n")
    make_executable(patient.home / ".pyenv/libexec/pyenv", "#!/bin/sh\n")
    shim = '#!/usr/bin/env bash\nset -e\nexport PYENV_ROOT="{0}"\nexec "{0}/libexec/pyenv" exec "python" "$@"\n'
    make_executable(patient.home / ".pyenv/shims/python", shim.format(patient.home / ".pyenv"))
    patient.env["PYENV_ROOT"] = str(patient.home / ".pyenv")
    patient.does("source ~/.bashrc", "conda activate ml", "export PATH=$PYENV_ROOT/shims:$PATH")
    patient.cure("CND007")
    assert patient.does("command -v python").stdout.strip() == f"{conda.path}/envs/ml/bin/python"


@pytest.mark.sick("CND008")
@pytest.mark.parametrize(
    ("text", "cured"),
    [
        ("channels:\n  - conda-forge\n  - default\n", "channels:\n  - conda-forge\n  - defaults\n"),
        ("channels:\n  - defaults\n  - https://m.example/pkgs/free\n", "channels:\n  - defaults\n"),
        (
            "custom_channels:\n  conda-forge: https://m.example/cloud/conda-forge\n",
            "custom_channels:\n  conda-forge: https://m.example/cloud\n",
        ),
        ("offline: false\nchannel_alias: m.example/cloud\n", "offline: false\n"),
    ],
)
def test_channels_are_corrected_by_conda_itself(patient: Patient, conda: CondaRoot, text: str, cured: str) -> None:
    (patient.home / ".condarc").write_text(text)
    patient.does("source ~/.bashrc")
    patient.cure("CND008")
    assert (patient.home / ".condarc").read_text() == cured


@pytest.mark.sick("CND008")
def test_a_file_that_conda_cannot_read_is_named_with_its_line(patient: Patient, conda: CondaRoot) -> None:
    (patient.home / ".condarc").write_text("channels:\n\t- defaults\n")
    finding = patient.examine().finding("CND008")
    assert finding["where"].endswith(".condarc:2")
    (patient.home / ".condarc").write_text("channels:\n  - defaults\n")
    assert "CND008" not in patient.examine().codes


@pytest.mark.sick("CND009")
@pytest.mark.parametrize("spoiling", ["CONDA_SHLVL=abc", "CONDA_SHLVL=3"])
def test_conda_loses_count(patient: Patient, conda: CondaRoot, spoiling: str) -> None:
    patient.does("source ~/.bashrc", "conda activate ml", f"export {spoiling}")
    assert "Error" in patient.shell.run("conda deactivate 2>&1").stdout
    patient.cure("CND009")
    patient.does("conda deactivate", "conda activate ml")
    assert own_codes(patient) == set()


@pytest.mark.sick("CND009")
def test_levels_that_are_set_and_empty_stop_conda(patient: Patient, conda: CondaRoot) -> None:
    patient.does("source ~/.bashrc", "conda activate ml", "export CONDA_SHLVL=3 CONDA_PREFIX_1= CONDA_PREFIX_2=")
    assert "Error" in patient.shell.run("conda deactivate 2>&1").stdout
    patient.cure("CND009")
    patient.does("conda deactivate", "conda activate ml")
    assert own_codes(patient) == set()


@pytest.mark.healthy("CND009")
def test_what_conda_leaves_behind_when_the_last_environment_is_left(patient: Patient, conda: CondaRoot) -> None:
    patient.does("source ~/.bashrc", "conda activate base", "conda activate ml", "conda deactivate", "conda deactivate")
    left = "$CONDA_SHLVL ${CONDA_PREFIX-unset} ${CONDA_DEFAULT_ENV-unset} ${CONDA_PREFIX_1-unset}"
    assert patient.does(f'echo "{left}"').stdout == "0   \n"  # set and empty
    assert own_codes(patient) == set()
    patient.does("export CONDA_PREFIX_2=")
    patient.does("export CONDA_SHLVL=3")  # conda does nothing where CONDA_PREFIX is empty, whatever it counts
    patient.does("conda deactivate")
    assert own_codes(patient) == set()


@pytest.mark.sick("CND014")
def test_the_mark_of_a_variable_that_is_unset(patient: Patient, conda: CondaRoot) -> None:
    names = ("PYTHONPATH", "LD_LIBRARY_PATH", "PIP_INDEX_URL")
    patient.does("source ~/.bashrc", "conda activate base", f"conda env config vars unset {' '.join(names)}")
    patient.does("conda activate ml", "conda deactivate", "conda deactivate", "conda activate ml")
    assert "CND014" not in patient.examine().codes
    patient.does("conda deactivate", "conda activate base", "conda activate ml", "conda deactivate")
    assert patient.does(f"printenv {names[0]}").stdout == "***unset***\n"
    seen = patient.examine()
    assert seen.codes == {"CND014"}
    patient.cure("CND014", before=seen)
    assert patient.shell.run(f"printenv {' '.join(names)}").status == 1


@pytest.mark.healthy("CND014")
def test_a_variable_that_only_mentions_the_mark(patient: Patient, conda: CondaRoot) -> None:
    patient.does("source ~/.bashrc", "conda activate ml", "export NOTE='conda writes ***unset***'")
    assert "CND014" not in patient.examine().codes


@pytest.mark.sick("CND009")
def test_conda_stumbles_over_the_last_place(patient: Patient, conda: CondaRoot) -> None:
    ml = f"{conda.path}/envs/ml/bin"
    patient.does("source ~/.bashrc", "conda activate ml", f"export PATH=${{PATH#{ml}:}}:{ml}")
    assert "IndexError" in patient.shell.run("conda deactivate 2>&1").stdout
    patient.cure("CND009")
    patient.does("conda deactivate")


@pytest.mark.sick("CND010")
def test_a_project_is_worked_on_in_the_base(patient: Patient, conda: CondaRoot) -> None:
    (patient.project / "pyproject.toml").write_text('[project]\nname = "app"\nversion = "0"\n')
    patient.does("source ~/.bashrc", "conda activate base")
    examination = patient.examine()
    contained = any(marker["place"] == "container" for marker in examination.document["facts"]["Examined"]["markers"])
    assert ("CND010" in examination.codes) is not contained
    by_virtualenv(patient.project / ".venv")
    patient.does("source .venv/bin/activate")
    assert "CND010" not in patient.examine().codes


@pytest.mark.sick("CND011")
def test_a_login_shell_never_sees_conda(patient: Patient, conda: CondaRoot) -> None:
    (patient.home / ".bash_profile").write_text("export EDITOR=vi\n")
    patient._shell = LiveShell("bash", patient.env, patient.cwd, patient.scratch, ["--login", "--noediting", "-i"])
    assert patient.shell.run("conda --version").status == 127
    patient.cure("CND011")
    assert patient.prepares("bash", "-lic", "conda --version 2>/dev/null").strip() == "conda 26.7.1"


@pytest.mark.sick("CND012")
def test_conda_from_pip_hides_the_real_one(patient: Patient, conda: CondaRoot) -> None:
    by_virtualenv(patient.project / ".venv")
    installed_by_pip(patient.project / ".venv", "conda", "4.3.16")
    make_executable(patient.project / ".venv/bin/conda", "#!/bin/sh\necho 'ERROR: The install method you used ...'\n")
    [record] = (patient.project / ".venv").glob("lib/python3*/site-packages/conda-4.3.16.dist-info/RECORD")
    record.write_text(record.read_text() + "../../../bin/conda,,\n")
    patient.does("source .venv/bin/activate", f"export PATH=$PATH:{conda.path}/condabin")
    patient.cure("CND012")
    assert patient.does("command -v conda").stdout.strip() == f"{conda.path}/condabin/conda"


@pytest.mark.sick("CND013")
def test_a_truncated_record(patient: Patient, channel: Path) -> None:
    prefix = linked(patient, channel, "python", "pip", "alpha=1.0")
    record = prefix / "conda-meta/alpha-1.0-0.json"
    whole = record.read_text()
    record.write_text(whole[:200])
    patient.does("source ~/.bashrc", "conda activate ml")
    patient.cure("CND013")
    assert json.loads(record.read_text())["files"] == json.loads(whole)["files"]


@pytest.mark.sick("CND015")
def test_an_environment_that_conda_takes_for_none(patient: Patient, channel: Path) -> None:
    prefix = linked(patient, channel, "python", "pip", "alpha=1.0")
    (prefix / "conda-meta/history").unlink()
    patient.does("source ~/.bashrc", "conda activate ml")
    refused = [patient.shell.run(f"conda {command}") for command in ("list", "install --yes alpha=2.0")]
    assert all("not a conda environment" in done.stderr for done in refused)
    patient.cure("CND015")
    patient.does("conda install --yes alpha=2.0")
    assert "alpha  2.0  0" in patient.does("conda list").stdout


@pytest.mark.healthy("CND015")
def test_without_a_history_and_without_a_conda_that_would_miss_it(patient: Patient, channel: Path) -> None:
    prefix = link(patient.home / "env", channel, "python", "pip")
    (prefix / "conda-meta/history").unlink()
    patient.env |= {"CONDA_PREFIX": str(prefix), "PATH": f"{prefix}/bin:{patient.env['PATH']}"}
    assert patient.examine().problems("warning") == []


# The healthy ward


@pytest.mark.healthy("CND001", "CND002", "CND004", "CND005", "CND006", "CND009")
def test_an_environment_that_a_real_client_made(patient: Patient, channel: Path) -> None:
    root = make_root(patient.home / "miniconda3", channel=channel)
    prefix = link(root.path / "envs/ml", channel, "python", "pip", "alpha", "numpy", "ffmpeg")
    installed_by_pip(prefix, "gamma", "1.0")  # which conda does not know
    (patient.home / ".bashrc").write_text(root.block())
    patient.does("source ~/.bashrc", "conda activate base", "conda activate ml")
    assert own_codes(patient) == set()


@pytest.mark.healthy("CND001", "CND002", "CND003", "CND004", "CND005", "CND006", "CND009", "CND015")
@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_session_that_a_real_client_activated(tmp_path: Path, channel: Path, shell: str) -> None:
    needs_tool(shell)
    with Patient(tmp_path / "patient", shell) as patient:
        prefix = link(patient.home / "env", channel, "python", "pip", "alpha", "ffmpeg")
        script = patient.scratch / "activate"
        script.write_text(activation(prefix, patient.env["PATH"], shell))
        patient.does(f"source {script}")
        assert patient.does("printenv CONDA_PREFIX FFMPEG_HERE").stdout == f"{prefix}\n1\n"
        assert patient.examine().problems("warning") == []
        lost = f"set -gx PATH {SYSTEM_PATH.replace(':', ' ')}" if shell == "fish" else f"export PATH={SYSTEM_PATH}"
        patient.does(lost)
        patient.cure("CND001")
        assert patient.does("command -v python").stdout == f"{prefix}/bin/python\n"


@pytest.mark.healthy("PIP001", "CND015")
@pytest.mark.sick("PIP001")
def test_an_environment_of_pixis_with_and_without_pip(patient: Patient, channel: Path) -> None:
    prefixes = [patient.home / name / ".pixi/envs/default" for name in ("with", "without")]
    for prefix, packages in zip(prefixes, (("python", "pip"), ("python",)), strict=True):
        link(prefix, channel, *packages)
        (prefix / "conda-meta/history").rename(prefix / "conda-meta/pixi")
    other = make_root(patient.home / "miniconda3", pip=True)
    patient.env["PATH"] = f"{prefixes[0]}/bin:{other.path}/bin:{patient.env['PATH']}"
    patient.env["CONDA_PREFIX"] = str(prefixes[0])
    assert {"PIP001", "CND015"} & patient.examine().codes == set()
    patient.does(f"export PATH={prefixes[1]}/bin:{other.path}/bin:$PATH CONDA_PREFIX={prefixes[1]}")
    [step] = patient.examine().finding("PIP001")["fix"]["actions"]
    assert (step["argv"], step["directory"]) == (["pixi", "add", "pip"], str(patient.home / "without"))


@pytest.mark.healthy("CND001", "CND004")
def test_tools_stacked_on_an_environment(patient: Patient, conda: CondaRoot) -> None:
    tools = conda.environment("tools", python=False)
    patient.does("source ~/.bashrc", "conda activate ml", f"conda activate --stack {tools}")
    assert patient.examine().problems("warning") == []
    patient.does("conda deactivate")
    assert patient.examine().problems("warning") == []


@pytest.mark.healthy("CND009")
def test_the_same_environments_once_more_in_a_shell_inside(patient: Patient, conda: CondaRoot) -> None:
    patient.does("source ~/.bashrc", *("conda activate base", "conda activate ml") * 2)
    assert patient.does("echo $CONDA_SHLVL").stdout == "4\n"
    assert own_codes(patient) == set()


@pytest.mark.healthy("CND003", "CND001")
def test_a_virtual_environment_on_top_of_conda(patient: Patient, conda: CondaRoot) -> None:
    by_virtualenv(patient.project / ".venv")
    patient.does("source ~/.bashrc", "conda activate base", "source .venv/bin/activate")
    assert patient.examine().problems() == []


@pytest.mark.healthy("CND005")
def test_a_second_conda_for_another_shell_or_on_demand(patient: Patient, conda: CondaRoot) -> None:
    others = [make_root(patient.home / name / "conda") for name in ("first", "second")]
    (patient.home / ".zshrc").write_text(others[0].block())
    with (patient.home / ".bashrc").open("a") as bashrc:
        bashrc.write(f"other() {{\n{others[1].block()}}}\n")
    patient.does("source ~/.bashrc", "conda activate ml")
    assert own_codes(patient) == set()


@pytest.mark.healthy("CND005")
def test_micromamba_beside_conda(patient: Patient, conda: CondaRoot) -> None:
    root = make_micromamba_root(patient.home / "micromamba", "ml")
    patient.env["MAMBA_ROOT_PREFIX"] = str(root)
    patient.does("source ~/.bashrc", f"conda activate {root}/envs/ml")
    assert own_codes(patient) == set()


@pytest.mark.sick("CND004")
def test_a_user_of_micromamba_alone_is_told_to_type_that(patient: Patient) -> None:
    """The variables are those that its activation sets; the program is a stand-in that puts a Python there."""
    prefix = make_micromamba_root(patient.home / "micromamba") / "envs/ml"
    make_prefix(prefix, python=False)
    install = f"from tests.clinic.conda import *; make_prefix(Path('{prefix}'), pip=True)"
    program = make_executable(patient.home / "opt/micromamba", f'#!/bin/sh\nexec {sys.executable} -c "{install}"\n')
    patient.does(
        f"export MAMBA_EXE={program} MAMBA_ROOT_PREFIX={patient.home}/micromamba PYTHONDONTWRITEBYTECODE=1",
        f"export CONDA_PREFIX={prefix} CONDA_DEFAULT_ENV=ml CONDA_SHLVL=1 PATH={prefix}/bin:$PATH",
        f'micromamba() {{ PYTHONPATH={Path(__file__).parents[2]} "$MAMBA_EXE" "$@"; }}',
    )
    before = patient.examine()
    [command] = before.finding("CND004")["fix"]["commands"]["bash"]
    assert command == f"micromamba install --yes --prefix {prefix} python pip"
    patient.cure("CND004", before=before)


@pytest.mark.healthy("CND001", "CND002", "CND008", "CND009", "CND012")
def test_a_shell_where_conda_is_ready_and_nothing_is_active(patient: Patient, conda: CondaRoot) -> None:
    patient.does("source ~/.bashrc")
    assert own_codes(patient) == set()


@pytest.mark.sick("CND001")
@pytest.mark.healthy("CND003", "CND009")
@pytest.mark.parametrize(
    ("shell", "file", "losing"),
    [
        ("zsh", ".zshrc", f"export PATH={SYSTEM_PATH}"),
        ("fish", ".config/fish/config.fish", f"set -gx PATH {SYSTEM_PATH.replace(':', ' ')}"),
    ],
)
def test_zsh_and_fish_lose_and_find_conda_too(tmp_path: Path, shell: str, file: str, losing: str) -> None:
    needs_tool(shell)
    with Patient(tmp_path / "patient", shell) as patient:
        root = make_root(patient.home / "miniconda3", pip=True)
        root.environment("ml", pip=True)
        (patient.home / file).parent.mkdir(parents=True, exist_ok=True)
        (patient.home / file).write_text(root.block(shell))
        patient.does(f"source ~/{file}", "conda activate ml")
        assert own_codes(patient) == set()
        patient.does(losing)
        patient.cure("CND001")
