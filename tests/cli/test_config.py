from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from envdoctor.cli.config import schema
from tests.cli.command import run

ROOT = Path(__file__).parent.parent.parent
FILE = """\
select = ["PY", "LIB"]
fail-on = "warning"

[[suppress]]
code = "LIB001"
reason = "the image exports it"
until = 2027-03-01
where = "LD_*"
"""


@pytest.mark.tools
def test_every_setting_is_shown_with_where_it_comes_from(tmp_path: Path) -> None:
    (tmp_path / "envdoctor.toml").write_text(FILE)
    done = run("config", home=tmp_path)
    assert done.returncode == 0
    first, *rows = done.stdout.splitlines()
    assert first == f"{tmp_path}/envdoctor.toml"
    assert f'  select = ["PY", "LIB"]  [{tmp_path}/envdoctor.toml:1]' in rows
    assert f'  fail-on = "warning"  [{tmp_path}/envdoctor.toml:2]' in rows
    assert "  timeout = 10  [as usual]" in rows
    told = 'code = "LIB001", reason = "the image exports it", until = "2027-03-01", where = "LD_*"'
    assert rows[-1] == f"  suppress {told}  [{tmp_path}/envdoctor.toml:4]"


@pytest.mark.tools
def test_what_is_expected_is_shown_with_where_it_stands(tmp_path: Path) -> None:
    text = '[expect]\ncommands = { git = ">=2" }\nplatform = ["linux"]\n'
    (tmp_path / "envdoctor.toml").write_text(text)
    rows = [row for row in run("config", home=tmp_path).stdout.splitlines() if row.startswith("  expect")]
    assert rows == [
        f'  expect.commands = {{ git = ">=2" }}  [{tmp_path}/envdoctor.toml:2]',
        f'  expect.platform = ["linux"]  [{tmp_path}/envdoctor.toml:3]',
    ]


@pytest.mark.tools
def test_without_one_the_usual_settings_are_shown(tmp_path: Path) -> None:
    done = run("config", home=tmp_path)
    assert (done.returncode, done.stdout.splitlines()[0]) == (0, "nothing is configured here")


@pytest.mark.tools
@pytest.mark.parametrize("command", [["config"], ["check"], ["baseline"]])
def test_a_wrong_one_ends_every_command_that_reads_it(tmp_path: Path, command: list[str]) -> None:
    (tmp_path / "envdoctor.toml").write_text("\ntimeout = 0\n")
    done = run(*command, home=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"envdoctor: {tmp_path}/envdoctor.toml:2: timeout: a number above 0 is expected\n"


def test_the_published_schema_is_current(rewrite_golden: bool) -> None:
    file = ROOT / "envdoctor.schema.json"
    if rewrite_golden:
        file.write_text(schema(), encoding="utf-8")
    assert file.read_text(encoding="utf-8") == schema(), "run: python -m pytest --rewrite-golden"


@pytest.mark.tools
@pytest.mark.parametrize(("text", "valid"), [(FILE, True), ("selct = []\n", False), ("timeout = 0\n", False)])
def test_editors_accept_by_the_schema_what_envdoctor_accepts(tmp_path: Path, text: str, valid: bool) -> None:
    schema_file, file = tmp_path / "schema.json", tmp_path / "envdoctor.toml"
    schema_file.write_text(json.dumps(json.loads(schema())))
    file.write_text(text)
    checker = Path(sys.executable).parent / "check-jsonschema"
    command = [str(checker), "--schemafile", str(schema_file), str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode == 0) == valid, done.stdout
