"""The forms in docs/support.md are what the trackers take, and ask for what there is."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
import yaml

from envdoctor.cli.report import command
from tests.support import needs_tool

PAGE = (Path(__file__).parent.parent / "docs/support.md").read_text(encoding="utf-8")
FORM, TEMPLATE = (re.findall(rf"```{kind}\n(.*?)```", PAGE, re.DOTALL)[0] for kind in ("yaml", "markdown"))


@pytest.mark.tools
def test_github_takes_the_issue_form(tmp_path: Path) -> None:
    file = tmp_path / "problem.yml"
    file.write_text(FORM)
    checker = [needs_tool("check-jsonschema"), "--builtin-schema", "vendor.github-issue-forms"]
    done = subprocess.run([*checker, str(file)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    file.write_text(FORM.replace("type: textarea", "type: textaera"))
    assert subprocess.run([*checker, str(file)], capture_output=True, check=False).returncode == 1


def test_a_field_that_is_rendered_as_code_asks_for_plain_text_and_the_other_for_markdown() -> None:
    [field] = [part for part in yaml.safe_load(FORM)["body"] if "render" in part["attributes"]]
    assert "envdoctor report --issue-form --copy`" in field["attributes"]["description"]
    assert "envdoctor report --copy`" in TEMPLATE


def test_what_they_ask_for_exists() -> None:
    options = {name for parameter in command.params for name in parameter.opts}
    asked = {word for text in (FORM, TEMPLATE) for word in re.findall(r" (--?[a-z-]+)", text) if word != "--"}
    assert asked
    assert asked <= options
