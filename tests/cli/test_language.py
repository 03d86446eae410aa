from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

import envdoctor_checks
from envdoctor.cli.explain import command
from envdoctor.cli.language import LANGUAGES, manual_in, wanted
from envdoctor.engine.registry import Registry

CHECKS = Registry.load(third_party=False).checks
FAMILIES = Path(envdoctor_checks.__path__[0])


@pytest.mark.parametrize(
    ("env", "language"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh"}, "zh"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "zh_TW"}, "zh"),
        ({"LANG": "en_US.UTF-8", "LANGUAGE": "zh_CN:en"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LANGUAGE": ""}, "zh"),
    ],
)
def test_the_language_is_read_as_gettext_reads_it(env: dict[str, str], language: str) -> None:
    assert wanted(env) == language


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != "en"])
def test_every_check_has_its_manual_in_every_language_and_no_other_has_one(language: str) -> None:
    files = {file.stem: file for file in FAMILIES.glob(f"*/{language}/*.md")}
    assert set(files) == {check.code for check in CHECKS}
    for check in CHECKS:
        text = manual_in(language, check)
        assert text, f"{check.code} lies beside another family"
        assert text.count("\n## ") == check.manual.count("\n## "), check.code
        assert set(named(text)) <= set(named(check.manual)) | {check.code}, check.code


def named(manual: str) -> list[str]:
    """The codes that a manual names."""
    return re.findall(r"\b[A-Z]{2,3}[0-9]{3}\b", manual)


def test_a_page_is_shown_in_the_language_that_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "zh_CN")
    assert "## " not in shown("PIP001")
    assert "为什么重要" in shown("PIP001")
    assert "Why it matters" in shown("PIP001", "--lang", "en")
    monkeypatch.setenv("LANGUAGE", "en")
    assert "Why it matters" in shown("PIP001")
    assert "为什么重要" in shown("PIP001", "--lang", "zh")


def shown(*arguments: str) -> str:
    return CliRunner().invoke(command, arguments, standalone_mode=False).stdout
