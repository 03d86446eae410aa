"""The command line as a user meets it: the installed command, as a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from envdoctor import __version__
from envdoctor.cli.commands import COMMANDS

pytestmark = pytest.mark.tools

ENVDOCTOR = Path(sys.executable).parent / "envdoctor"
PATH = "/usr/local/bin:/usr/bin:/bin"


def run(*arguments: str, home: Path, **env: str) -> subprocess.CompletedProcess[str]:
    variables = {"HOME": str(home), "PATH": PATH, "LANG": "C.UTF-8", **env}
    command = [str(ENVDOCTOR), *arguments]
    return subprocess.run(
        command, env=variables, cwd=home, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )


def test_version_and_help(tmp_path: Path) -> None:
    assert run("--version", home=tmp_path).stdout == f"envdoctor {__version__}\n"
    shown = run("--help", home=tmp_path)
    assert shown.returncode == 0
    for name, text in COMMANDS.items():
        assert name in shown.stdout
        assert text.split(" (")[0].split(",")[0] in shown.stdout
        assert run(name, "--help", home=tmp_path).returncode == 0


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (["--selct", "PY"], "--select"),
        (["chek"], "check"),
        (["--select", "PIP0O1"], "did you mean PIP001?"),
        (["--select", "pip-instals-elsewhere"], "did you mean pip-installs-elsewhere?"),
        (["--ignore", "NOPE"], "`envdoctor list` shows every code"),
        (["--select", "PIP001", "--ignore", "PIP001"], "the selection leaves no check to run"),
        (["--format", "jsn"], "json"),
        (["--output", "jsn=x"], "FORMAT=FILE"),
        (["--output", "json=/no/such/place"], "cannot write /no/such/place: no file can be made in /no/such: No such"),
        (["--output", "json=/"], "cannot write /: it is a directory"),
        (["--output", "json=/dev/full"], "cannot write /dev/full: No space left on device"),
        (["--fail-on", "eror"], "error"),
        (["--timeout", "-1"], "--timeout"),
        (["--python", "/no/such/python"], "/no/such/python is neither an interpreter nor an environment"),
        (["explain", "PIP0O1"], "did you mean PIP001?"),
        (["explain"], "envdoctor explain CODE"),
        (["replay", "/no/such/report.json"], "/no/such/report.json: no such file"),
        (["replay", "/etc/hostname"], "/etc/hostname: not"),
        (["replay"], "FILE"),
    ],
)
def test_a_wrong_call_exits_with_2_names_the_right_word_and_prints_nothing(
    tmp_path: Path, arguments: list[str], hint: str
) -> None:
    done = run(*arguments, home=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert hint in done.stderr
    assert "Traceback" not in done.stderr


def test_several_documents_of_one_examination_agree(tmp_path: Path) -> None:
    report, page = tmp_path / "report.json", tmp_path / "report.txt"
    done = run("check", "--output", f"json={report}", "--output", f"text={page}", home=tmp_path)
    assert done.stdout == page.read_text()
    document = json.loads(report.read_text())
    assert document["exit_code"] == done.returncode
    again = run("replay", str(report), "--format", "json", home=tmp_path, PATH="/nonexistent", VIRTUAL_ENV="/nowhere")
    replayed = json.loads(again.stdout)
    for result in (*document["results"], *replayed["results"]):
        del result["seconds"]
    assert replayed["results"] == document["results"]
    assert replayed["facts"] == document["facts"]
    assert again.returncode == done.returncode
    assert document["recorded"] is None
    origin = {"file": str(report), "created": document["created"], "version": __version__}
    assert replayed["recorded"] == origin
    second = tmp_path / "second.json"
    second.write_text(again.stdout)
    shown = run("replay", str(second), home=tmp_path).stdout.splitlines()[0]
    assert f"replayed {second}, recorded at {document['created']} by envdoctor {__version__}: a " in shown


def test_another_interpreter_is_examined_by_path_name_or_environment(tmp_path: Path) -> None:
    environment = tmp_path / "env"
    venv.create(environment, symlinks=True)
    for word in (str(environment), str(environment / "bin" / "python"), "env", "env/bin/python"):
        document = json.loads(run("--python", word, "--format", "json", home=tmp_path).stdout)
        assert document["facts"]["ActivePython"]["interpreter"]["prefix"] == str(environment)
    system = json.loads(run("--python", "python3", "--format", "json", home=tmp_path).stdout)
    assert system["facts"]["ActivePython"]["interpreter"]["prefix"] != str(environment)


def test_every_check_is_listed_and_explained(tmp_path: Path) -> None:
    listed = run("list", home=tmp_path)
    codes = [row.split()[0] for row in listed.stdout.splitlines()]
    assert codes == sorted(codes)
    page = run("explain", codes[0].lower(), home=tmp_path)
    assert page.returncode == 0
    assert page.stdout.startswith(codes[0])
    assert "Why it matters" in page.stdout


def test_the_schema_is_one(tmp_path: Path) -> None:
    schema = json.loads(run("schema", home=tmp_path).stdout)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    document = json.loads(run("--format", "json", home=tmp_path).stdout)
    assert set(document["facts"]) <= set(schema["$defs"]["Document"]["properties"]["facts"]["properties"])


def test_which_shows_what_runs_and_where_installs_land(tmp_path: Path) -> None:
    shown = run("which", home=tmp_path)
    assert shown.returncode == 0
    assert "Where an install would land" in shown.stdout
    one = run("which", "sh", "no-such-command", home=tmp_path)
    assert one.returncode == 1
    assert "no-such-command  not found on the search path" in one.stdout
    assert "Where an install" not in one.stdout
    document = json.loads(run("which", "--format", "json", home=tmp_path).stdout)
    assert {target["command"] for target in document["targets"]} >= {"pip install", "uv pip install"}


def test_which_shows_the_indexes_without_secrets(tmp_path: Path) -> None:
    index = "https://me:Sesame-123@mirror.example/simple"
    shown = run("which", "--indexes", home=tmp_path, PIP_INDEX_URL=index)
    assert shown.returncode == 0
    assert "https://<user-1>:<password-1.10-chars>@mirror.example/simple  set by PIP_INDEX_URL" in shown.stdout
    document = json.loads(run("which", "--indexes", "--format", "json", home=tmp_path, PIP_INDEX_URL=index).stdout)
    assert document["settings"][0]["set_by"] == "PIP_INDEX_URL"
    assert "Sesame" not in json.dumps(document)
    assert run("which", "--indexes", "pip", home=tmp_path).returncode == 2
    assert run("which", "--network", home=tmp_path).returncode == 2


@pytest.mark.parametrize(("shell", "marker"), [("bash", "complete"), ("zsh", "compdef"), ("fish", "complete")])
def test_completion_scripts_are_made(tmp_path: Path, shell: str, marker: str) -> None:
    assert marker in run(home=tmp_path, _ENVDOCTOR_COMPLETE=f"{shell}_source").stdout


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("envdoctor wh", "plain,which"),
        ("envdoctor --sel", "plain,--select"),
        ("envdoctor check --fai", "plain,--fail-on"),
        ("envdoctor explain PIP00", "plain,PIP001"),
        ("envdoctor --select pip-ins", "plain,pip-installs-elsewhere"),
    ],
)
def test_words_are_completed(tmp_path: Path, words: str, expected: str) -> None:
    position = str(len(words.split()) - 1)
    completed = run(home=tmp_path, _ENVDOCTOR_COMPLETE="bash_complete", COMP_WORDS=words, COMP_CWORD=position)
    assert expected in completed.stdout.splitlines()


@pytest.mark.parametrize(
    "arguments",
    [
        ["\x1b[2Jx"],
        ["--\x1b[2Jx"],
        ["--select", "\x1b[2Jx"],
        ["--python", "\x1b[2Jx"],
        ["--format", "\x1b[2Jx"],
        ["--timeout", "\x1b[2Jx"],
        ["--output", "json=/no/\x1b[2Jx"],
        ["explain", "\x1b[2Jx"],
        ["replay", "\x1b[2Jx"],
        ["envs", "--\x1b[2Jx"],
    ],
)
def test_what_is_typed_cannot_drive_the_terminal_that_shows_it(arguments: list[str], tmp_path: Path) -> None:
    done = run(*arguments, home=tmp_path)
    assert done.returncode == 2
    assert "\x1b" not in done.stdout + done.stderr
    assert "\\x1b[2Jx" in done.stderr


def test_a_name_that_is_no_text_is_shown_and_cannot_drive_the_terminal(tmp_path: Path) -> None:
    done = run("which", "\x1b[2J\udcff", home=tmp_path)
    assert "\x1b" not in done.stdout + done.stderr
