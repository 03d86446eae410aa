"""The proof that pip's settings are read as pip reads them: it lists the same, decides the same, refuses the same."""

from __future__ import annotations

import ast
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from envdoctor.facts.pip.options import (
    OPTIONS,
    Kind,
    refused,
    switched,
    variable,
)
from envdoctor.facts.pip.settings import PipSettings, read
from tests.clinic.conda import pip_wheel
from tests.support import make_session

pytestmark = pytest.mark.clinic

# What `pip install` decides for each option when the command line says nothing, or None where it refuses its settings
DECIDE = """
import sys, os
sys.path.insert(0, sys.argv[1])
from pip._internal.commands import create_command
for line in sys.argv[2:]:
    name, _, value = line.partition("=")
    os.environ[name] = value
    try:
        parser = create_command("install").parser
        values = vars(parser.get_default_values())
        options = {name[2:]: option for option in parser.option_list_all for name in option._long_opts if option.dest}
        shown = {name: values[option.dest] for name, option in options.items()}
        print({name: value for name, value in shown.items() if isinstance(value, (str, int, float, list, type(None)))})
    except SystemExit:
        print(None)
    del os.environ[name]
"""
REFUSALS = [
    *(("user", value) for value in ("maybe", "2", "TRUE", "")),
    *(("verbose", value) for value in ("two", "-1", "2", "on")),
    *(("retries", value) for value in ("few", "0x3", "-1")),
    *(("timeout", value) for value in ("15s", "1.5")),
    *(("root-user-action", value) for value in ("ignore", "no")),
    *(("exists-action", value) for value in ("w b", "x")),
    *(("no-cache-dir", value) for value in ("off", "maybe")),
    ("bogus", "maybe"),
]


class RealPip:
    """A pip that runs from its wheel in a virtual environment, and a home with configuration files."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.venv = root / "venv"
        self.env = {"HOME": str(root), "XDG_CONFIG_DIRS": f"{root}/etc/a:{root}/etc/b", "PATH": "/usr/bin:/bin"}
        self.library = root / "pip-library"
        zipfile.ZipFile(pip_wheel()).extractall(self.library)
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", self.venv], check=True)

    def run(self, *arguments: str, **variables: str) -> str:
        argv = [f"{self.venv}/bin/python", *arguments]
        env = {**self.env, **variables}
        return subprocess.run(argv, cwd=self.root, env=env, capture_output=True, text=True, check=True).stdout

    def config_list(self, **variables: str) -> list[str]:
        lines = self.run(f"{self.library}/pip", "config", "list", **variables).splitlines()
        return sorted(line for line in lines if not line.startswith(":env:.config-file="))

    def decides(self, *assignments: str, **variables: str) -> list[dict[str, object] | None]:
        lines = self.run("-c", DECIDE, str(self.library), *assignments, **variables).splitlines()
        return [ast.literal_eval(line) for line in lines if line.startswith(("{", "None"))]

    def settings(self, **variables: str) -> PipSettings:
        return read(make_session({**self.env, **variables}, cwd=self.root), str(self.venv))


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> RealPip:
    pip = RealPip(tmp_path_factory.mktemp("pip").resolve())
    for place, text in {
        "etc/a/pip/pip.conf": "[global]\ntimeout = 1\nretries = 1\nproxy = http://a:1\n[install]\nuser = no\n",
        "etc/b/pip/pip.conf": "[global]\ntimeout = 2\nextra_index_url = https://x\n https://y\n",
        ".pip/pip.conf": "[global]\ntimeout: 3\nretries = 3\n; no\n# comments\n[install]\nno-deps = off\n",
        ".config/pip/pip.conf": "[global]\ntimeout = 4\nproxy =\n[list]\nformat = columns\n",
        "venv/pip.conf": "[DEFAULT]\nretries = 5\n[global]\nINDEX-URL = https://site # no comment\n[install]\n",
        "own.conf": "[global]\ntimeout = 6\n[install]\nno_warn_conflicts = 1\n",
    }.items():
        path = pip.root / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return pip


@pytest.mark.parametrize(
    "variables",
    [
        {},
        {"PIP_CONFIG_FILE": "own.conf"},
        {"PIP_CONFIG_FILE": "/dev/null", "PIP_TIMEOUT": "8"},
        {"PIP_CONFIG_FILE": "", "PIP_TARGET": "", "PIP_USER": "0", "PIP_EXTRA_INDEX_URL": "https://z"},
        {"XDG_CONFIG_DIRS": "relative", "XDG_CONFIG_HOME": "/absent", "PIP_NO_USER": "1", "PIP_PYPI_URL": "https://p"},
    ],
    ids=str,
)
def test_pip_reads_the_same_and_decides_the_same(real: RealPip, variables: dict[str, str]) -> None:
    seen = real.settings(**variables)
    own = [f"{s.section}.{s.option}={s.value!r}" for s in seen.settings]
    listed = real.config_list(**variables)
    # `format` is none of the options that are known: it is seen, and its value is not kept
    assert sorted(own) == sorted(row.replace("list.format='columns'", "list.format=''") for row in listed)
    # the last variable is nothing to pip
    [default] = real.decides("PIP_BOGUS=", PIP_CONFIG_FILE="/dev/null")
    [decided] = real.decides("PIP_BOGUS=", **variables)
    assert default
    assert decided
    for option in OPTIONS.keys() & decided.keys():
        setting = seen.effective(option)
        assert str(decided[option]) == str(_meant(option, setting.value) if setting else default[option]), option


def _meant(option: str, value: str) -> object:
    match OPTIONS[option]:
        case Kind.SWITCH:
            return int(switched(value) or 0)
        case Kind.NUMBER:
            return float(value)
        case Kind.LIST:
            return value.split()
        case _:
            return value


def test_pip_debugs_the_same_files(real: RealPip) -> None:
    printed = real.run(f"{real.library}/pip", "config", "debug", PIP_CONFIG_FILE="own.conf").splitlines()
    existing = {line.strip().removesuffix(", exists: True") for line in printed if line.endswith(", exists: True")}
    users = {f"{real.root}/.pip/pip.conf", f"{real.root}/.config/pip/pip.conf"}
    others = existing - users - {"own.conf"}
    assert {file.path for file in real.settings().files} == others | users
    assert {file.path for file in real.settings(PIP_CONFIG_FILE="own.conf").files} == {*others, f"{real.root}/own.conf"}


def test_pip_refuses_the_same(real: RealPip) -> None:
    assignments = [f"{variable(option)}={value}" for option, value in REFUSALS]
    answers = real.decides(*assignments, PIP_CONFIG_FILE="/dev/null")
    assert [answer is None for answer in answers] == [refused(*refusal) is not None for refusal in REFUSALS]


def test_every_option_is_one_of_pip_install(real: RealPip) -> None:
    retired = {"no-python-version-warning", "use-pep517"}
    objects = {"no-binary", "only-binary"}
    [known] = real.decides("PIP_BOGUS=", PIP_CONFIG_FILE="/dev/null")
    assert known
    assert set(OPTIONS) - set(known) <= retired | objects
