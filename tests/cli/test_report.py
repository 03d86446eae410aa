from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.cli.command import run
from tests.support import needs_tool

pytestmark = pytest.mark.tools


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The home of Ada, whose project knows her host, her mail and her forge."""
    place = tmp_path / "adalovelace"
    (place / ".config/pip").mkdir(parents=True)
    (place / ".config/pip/pip.conf").write_text("[global]\nindex-url = https://nexus.engine-works.example/simple\n")
    (place / ".gitconfig").write_text("[user]\n\tname = Augusta Byron\n\temail = ada@engine-works.example\n")
    (place / "pyproject.toml").write_text(
        '[project]\nname = "p"\nversion = "1"\n'
        'authors = [{name = "Augusta Byron", email = "ada@engine-works.example"}]\n'
        'dependencies = ["six @ git+ssh://git@forge.engine-works.example/six.git"]\n'
        '[tool.envdoctor]\nselect = ["UV"]\n'
    )
    return place


def sick(home: Path) -> dict[str, str]:
    proxy = "http://proxy.engine-works.example:3128"
    return {"VIRTUAL_ENV": f"{home}/env of ada", "HTTPS_PROXY": proxy, "USER": "adalovelace", "HOSTNAME": "difference"}


def results(text: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(text)["results"]
    for result in found:
        del result["seconds"]
    return found


def test_it_replays_from_the_rendered_page_and_nobody_can_tell_who_sent_it(home: Path, tmp_path: Path) -> None:
    done = run("report", home=home, **sick(home))
    command = [needs_tool("cmark-gfm"), "-e", "table", "-e", "autolink", "-e", "strikethrough", "--unsafe"]
    page = subprocess.run(command, input=done.stdout, capture_output=True, text=True, check=True).stdout
    (tmp_path / "page.html").write_text(page)
    (tmp_path / "mail.txt").write_text("".join(f"> {line}\r\n" for line in done.stdout.splitlines()))
    first = run("replay", str(tmp_path / "page.html"), "--format", "json", home=tmp_path)
    second = run("replay", str(tmp_path / "mail.txt"), "--format", "json", home=tmp_path)
    assert done.returncode == first.returncode == second.returncode
    found = results(first.stdout)
    assert found == results(second.stdout)
    live = run("check", "--share", "--select", "ENV,PIP,PY", "--format", "json", home=home, **sick(home))
    messages = {result["code"]: [finding["message"] for finding in result["findings"]] for result in found}
    assert messages["ENV001"]
    for result in results(live.stdout):
        assert messages[result["code"]] == [finding["message"] for finding in result["findings"]]
    names = ("adalovelace", str(home), "Byron", "engine-works", "difference", "ada@", os.uname().nodename)
    replayed = run("replay", str(tmp_path / "mail.txt"), "--verbose", home=tmp_path).stdout
    before_the_block = (text.partition("envdoctor-recording 1")[0] for text in (done.stdout, page))
    told = {**dict(zip(("report", "page"), before_the_block, strict=True)), "facts": first.stdout, "text": replayed}
    assert [(where, name) for where, text in told.items() for name in names if name in text] == []


def test_plain_text_for_a_form(home: Path) -> None:
    done = run("report", "--issue-form", home=home, **sick(home))
    assert "```" not in done.stdout
    assert "<details>" not in done.stdout
    assert "Fix: " in done.stdout
    assert "\nenvdoctor-recording 1 " in done.stdout
    assert "adalovelace" not in done.stdout


def test_into_a_file_or_the_clipboard(home: Path, tmp_path: Path) -> None:
    done = run("report", "-o", str(tmp_path / "r.md"), home=home, **sick(home))
    assert (done.returncode, done.stdout) == (0, "")
    assert (tmp_path / "r.md").read_text().startswith("**envdoctor: healthy**")
    both = run("report", "--copy", "-o", str(tmp_path / "x"), home=home)
    assert (both.returncode, both.stdout) == (2, "")
    program = tmp_path / "bin" / "xclip"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\ncat >{tmp_path}/copied\n")
    program.chmod(0o755)
    path = f"{program.parent}:/usr/bin:/bin"
    copied = run("report", "--copy", home=home, **{**sick(home), "PATH": path, "DISPLAY": ":0"})
    assert (copied.returncode, copied.stdout) == (0, "")
    assert copied.stderr.startswith("envdoctor: copied with xclip: ")
    assert (tmp_path / "copied").read_text().startswith("**envdoctor: healthy**")


def test_the_whole_is_examined_whatever_the_project_has_chosen(home: Path) -> None:
    assert "ENV001" in run("report", home=home, **sick(home)).stdout


def test_the_page_replays_and_nobody_can_tell_who_sent_it(home: Path, tmp_path: Path) -> None:
    done = run("report", "--html", home=home, **sick(home))
    assert done.stdout.startswith("<!DOCTYPE html>\n")
    for name in ("adalovelace", "Augusta", "Byron", "engine-works", "difference", str(tmp_path)):
        assert name not in done.stdout
    page = tmp_path / "page.html"
    page.write_text(done.stdout)
    replayed = run("replay", str(page), "--format", "json", home=tmp_path)
    assert replayed.returncode == done.returncode
    found = {result["code"]: result["findings"] for result in results(replayed.stdout)}
    assert found["ENV001"]
    assert done.stdout.count('role="img"') == 4
    again = run("replay", str(page), "--format", "html", home=tmp_path)
    assert again.stdout.count('role="img"') == 4
    assert "Replayed, recorded at" in again.stdout
    assert run("report", "--html", "--issue-form", home=home).returncode == 2
