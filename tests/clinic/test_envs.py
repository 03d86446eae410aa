"""`envdoctor envs` in a home with environments by real tools."""

from __future__ import annotations

import json

from tests.clinic.conda import make_root
from tests.clinic.environments import BASE, by_uv, by_venv
from tests.clinic.patient import TOOLS, Patient
from tests.clinic.pyenvs import give_pyenv
from tests.support import needs_tool
from tests.wheels import write_command_wheel, write_wheel

ENVDOCTOR = TOOLS / "envdoctor"


def test_every_environment_is_in_one_table(patient: Patient) -> None:
    patient.install("uv")
    root = give_pyenv(patient, "3.11")
    conda = make_root(patient.home / "miniforge3")
    conda.environment("ml")
    sound = by_venv(patient, patient.project / ".venv")
    gone = by_uv(patient, patient.home / "deep" / "down" / ".venv")
    (gone / "bin" / "python").unlink()
    (gone / "bin" / "python").symlink_to("/gone/python3.11")
    patient.prepares(needs_tool("virtualenv"), "-q", "--no-download", "--no-pip", patient.home / ".virtualenvs" / "w")
    wheel = write_command_wheel(patient.home, "alpha")
    patient.prepares("uv", "tool", "install", "-q", "--offline", "-p", BASE, wheel)
    patient.does(f"source {sound}/bin/activate")
    document = json.loads(patient.does(f"{ENVDOCTOR} envs --format json").stdout)
    found = {entry["path"]: entry for entry in document["environments"] if entry["path"].startswith(str(patient.home))}
    kinds = {path.removeprefix(f"{patient.home}/"): entry["kind"] for path, entry in found.items()}
    pyenv = next(f".pyenv/versions/{path.name}" for path in (root / "versions").iterdir())
    assert kinds == {
        "project/.venv": "venv",
        "deep/down/.venv": "uv",
        ".virtualenvs/w": "virtualenvwrapper",
        ".local/share/uv/tools/alpha": "uv tool",
        "miniforge3": "conda",
        "miniforge3/envs/ml": "conda",
        pyenv: "pyenv",
    }
    assert [path for path, entry in found.items() if entry["active"]] == [str(sound)]
    problems = [entry["problem"] for entry in found.values() if not entry["healthy"]]
    assert problems == ["its Python is gone: /gone/python3.11"]


def test_a_tree_is_searched_as_deep_as_asked(patient: Patient) -> None:
    by_venv(patient, patient.project / "a" / "b" / "c" / ".venv", pip=False)
    shallow = patient.does(f"{ENVDOCTOR} envs --under {patient.project} --depth 2").stdout
    deep = patient.does(f"{ENVDOCTOR} envs --under {patient.project} --depth 4 --sizes").stdout
    assert "a/b/c/.venv" not in shallow
    assert "a/b/c/.venv" in deep
    assert "each file counted once" in deep


def test_a_directory_that_is_not_there_is_wrong_usage(patient: Patient) -> None:
    done = patient.shell.run(f"{ENVDOCTOR} envs --under {patient.home}/gone")
    assert (done.status, done.stdout) == (2, "")
    assert f"{patient.home}/gone" in done.stderr


def test_the_packages_of_every_environment_are_examined_without_running_a_python(patient: Patient) -> None:
    sick, sound = by_venv(patient, patient.project / "sick"), by_venv(patient, patient.project / "sound")
    wheels = patient.root / "wheels"
    wheels.mkdir()
    for name, requires in (("asks", ["gone>=2"]), ("delta", [])):
        wheel = write_wheel(wheels, name, "1.0", files={f"{name}.py": ""}, requires=requires)
        root = sick if requires else sound
        patient.prepares(needs_tool("uv"), "pip", "install", "-q", "--no-deps", "--offline", "-p", root, wheel)
    python = sick / "bin" / "python"
    python.rename(sick / "bin" / "real")
    python.write_text(f'#!/bin/sh\ntouch {patient.root}/was-run\nexec {sick}/bin/real "$@"\n')
    python.chmod(0o755)
    asked = f"{ENVDOCTOR} envs --check --under {patient.project}"
    done = patient.shell.run(f"{asked} --format json")
    found = {entry["path"]: entry["findings"] for entry in json.loads(done.stdout)["environments"]}
    assert [each["code"] for each in found[str(sick)]] == ["PKG001"]
    assert found[str(sound)] == []
    assert done.status == 0  # a warning
    assert "    1 warning: PKG001\n" in patient.does(asked).stdout
    assert not (patient.root / "was-run").exists()
