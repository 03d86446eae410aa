from __future__ import annotations

import json
import os
import pty
import re
import subprocess
from pathlib import Path

import pytest

from envdoctor.cli.choices import FORMATS
from envdoctor.cli.output import UsageProblem
from envdoctor.cli.sharing import key_in
from envdoctor.report import block
from tests.cli.command import ENVDOCTOR, PATH, run

pytestmark = pytest.mark.tools

SICK = {"VIRTUAL_ENV": "{home}/env of ada", "PIP_INDEX_URL": "https://pip.corp.example/simple", "USER": "adalovelace"}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    place = tmp_path / "adalovelace"
    place.mkdir()
    return place


def sick(home: Path) -> dict[str, str]:
    return {name: value.format(home=home) for name, value in SICK.items()}


def unpacked(page: str) -> str:
    """A page with its recording as it was before it was packed: in base64, any two letters stand somewhere."""
    [content] = block.contents(page)
    before, _, rest = page.partition(block.NAME)
    return before + content.decode() + rest.partition(block.END)[2]


def test_no_format_tells_who_shares_it_and_a_replay_finds_the_same(home: Path, tmp_path: Path) -> None:
    outputs = [f"--output={form}={tmp_path}/{form}" for form in FORMATS]
    done = run("check", "--share", *outputs, home=home, **sick(home))
    documents = {"stdout": done.stdout, **{form: (tmp_path / form).read_text() for form in FORMATS}}
    documents["html"] = unpacked(documents["html"])
    names = ("adalovelace", str(home), "corp.example", os.uname().nodename)
    assert [(form, name) for form, text in documents.items() for name in names if name in text] == []
    assert "~/env of ada" in documents["stdout"]
    assert "what is secret or personal is masked in this report: " in documents["stdout"]
    again = run("replay", str(tmp_path / "json"), "--format", "json", home=home)
    first, second = json.loads(documents["json"]), json.loads(again.stdout)
    assert (first["shared"], second["shared"], second["redactions"]) == (True, True, first["redactions"])
    for result in (*first["results"], *second["results"]):
        del result["seconds"]
    assert first["results"] == second["results"]
    assert any(result["findings"] for result in first["results"])


def test_a_recording_is_shared_with_the_names_of_its_own_machine(home: Path, tmp_path: Path) -> None:
    run("check", "--output", f"json={tmp_path}/r.json", home=home, **sick(home))
    assert "adalovelace" in (tmp_path / "r.json").read_text()
    done = run("replay", str(tmp_path / "r.json"), "--share", "--format", "json", home=tmp_path)
    assert "adalovelace" not in done.stdout
    assert json.loads(done.stdout)["recorded"]["file"] == "r.json"


def test_private_hosts_are_kept_on_request(home: Path, tmp_path: Path) -> None:
    done = run("check", "--share", "--keep-hosts", "--format", "json", home=home, **sick(home))
    assert "https://pip.corp.example/simple" in done.stdout
    assert "adalovelace" not in done.stdout
    (tmp_path / "r.json").write_text(done.stdout)
    again = run("replay", str(tmp_path / "r.json"), "--format", "json", home=home)
    assert "https://pip.corp.example/simple" in again.stdout


def test_no_form_of_a_difference_tells_who_shares_it(home: Path, tmp_path: Path) -> None:
    other = tmp_path / "gracehopper"
    other.mkdir()
    run("check", "--output", f"json={home}/a.json", home=home, **sick(home))
    run("check", "--output", f"json={home}/b.json", home=other, **{**sick(other), "USER": "gracehopper"})
    names = ("adalovelace", "gracehopper", str(tmp_path), os.uname().nodename)
    a, b = f"{home}/a.json", f"{home}/b.json"
    assert "pip.corp.example" in Path(a).read_text()
    of_two = run("diff", a, b, "--share", "--format", "json", home=home).stdout
    with_now = run("diff", a, "now", "--share", home=home, USER="adalovelace").stdout
    with_hosts = run("diff", a, "now", "--share", "--keep-hosts", "--format", "markdown", home=home).stdout
    texts = (of_two, with_now, with_hosts)
    assert [name for name in names if any(name in text for text in texts)] == []
    assert ["corp" in text for text in texts] == [False, False, True]
    document = json.loads(of_two)
    assert (document["shared"], document["a"]["label"]) == (True, "~/a.json")
    assert document["findings"]["gone"] == []  # both homes are `~`, equal hosts have equal pseudonyms
    assert "PipSettings" not in {change["fact"] for change in document["facts"]}
    assert "What is personal is masked" in with_now


@pytest.mark.parametrize("command", [("check",), ("diff", "now", "now")])
@pytest.mark.parametrize("arguments", [("--show-masked", "--share"), ("--show-masked",), ("--keep-hosts",)])
def test_real_names_get_into_no_pipe_and_options_need_what_they_are_about(
    home: Path, command: tuple[str, ...], arguments: tuple[str, ...]
) -> None:
    done = run(*command, *arguments, home=home, **sick(home))
    assert (done.returncode, done.stdout) == (2, "")
    assert "adalovelace" not in done.stderr
    assert "--show-masked" in done.stderr


def test_the_own_terminal_is_told_what_stands_for_what(home: Path) -> None:
    own, terminal = pty.openpty()
    env = {"HOME": str(home), "PATH": PATH, "LANG": "C.UTF-8", **sick(home)}
    command = [str(ENVDOCTOR), "check", "--share", "--show-masked"]
    done = subprocess.run(
        command, env=env, cwd=home, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=terminal, check=False
    )
    os.close(terminal)
    said = os.read(own, 100_000).decode()
    os.close(own)
    assert f"{home} → /masked-home-1-{len(str(home))}-chars" in said
    assert "corp → masked-host-" in said
    assert b"adalovelace" not in done.stdout


def test_with_a_key_two_machines_have_the_same_pseudonym_for_a_host(home: Path, tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.write_text("0123456789abcdef\n")
    key.chmod(0o600)
    indexes = ("https://pip.corp.example/simple", "https://a.first.example/x https://pip.corp.example/simple")
    hosts = []
    for index in indexes:
        options = ("--share", "--pseudonym-key-file", str(key), "--format", "json", "--select", "MIR")
        done = run("check", *options, home=home, PIP_EXTRA_INDEX_URL=index)
        assert "0123456789abcdef" not in done.stdout
        hosts.append({word for word in re.findall("masked-host-[0-9]+", done.stdout) if len(word) > 18})
    assert hosts[0]
    assert hosts[0] <= hosts[1]


@pytest.mark.parametrize(
    ("content", "mode", "said"),
    [("short", 0o600, "at least 16 bytes"), ("0123456789abcdef", 0o644, "chmod 600"), (None, 0, "no such file")],
)
def test_a_key_is_long_and_nobody_elses(tmp_path: Path, content: str | None, mode: int, said: str) -> None:
    key = tmp_path / "key"
    if content is not None:
        key.write_text(content)
        key.chmod(mode)
    with pytest.raises(UsageProblem, match=said):
        key_in(str(key))


def test_a_key_is_about_what_is_shared(home: Path) -> None:
    done = run("check", "--pseudonym-key-file", "/no/such/key", "--select", "PRJ", home=home)
    assert (done.returncode, done.stdout) == (2, "")
    assert "--share" in done.stderr
