from __future__ import annotations

from pathlib import Path

import pytest

from envdoctor.facts.mirrors.effective import Aspect, EffectiveIndexes, EffectiveSetting
from envdoctor.render.indexes import layout
from envdoctor.render.lines import plain
from envdoctor.report.redaction import redact_fact
from tests.support import make_session, see

A, B = "https://a.example/simple", "https://b.example/simple"


def effective(home: Path, **env: str) -> EffectiveIndexes:
    variables = {"HOME": str(home), "PATH": str(home / "bin"), "XDG_CONFIG_DIRS": "/nonexistent", **env}
    return see(EffectiveIndexes, make_session({"PIP_CONFIG_FILE": "/dev/null", **variables}, cwd=home / "project"))


def prepared(root: Path, *tools: str) -> Path:
    (root / "bin").mkdir()
    (root / "project").mkdir()
    for tool in tools:
        (root / "bin" / tool).write_text("#!/bin/sh\n")
        (root / "bin" / tool).chmod(0o755)
    return root


def test_nothing_is_here(tmp_path: Path) -> None:
    found = effective(prepared(tmp_path))
    assert found == EffectiveIndexes()
    assert plain(layout(found.settings)) == "Neither pip nor uv nor conda is here, and nothing is set for them.\n"


def test_defaults_are_shown_as_such(tmp_path: Path) -> None:
    found = effective(prepared(tmp_path, "pip"))
    assert found.settings == (
        EffectiveSetting("pip", Aspect.INDEX),
        EffectiveSetting("pip", Aspect.CERTIFICATES),
        EffectiveSetting("pip", Aspect.PROXY),
    )
    assert plain(layout(found.settings)) == (
        "pip\n  index         its own default\n  certificates  its own\n  proxy         none\n"
    )


@pytest.mark.tools
def test_each_value_says_what_has_set_it(tmp_path: Path) -> None:
    home = prepared(tmp_path, "uv")
    (home / ".bashrc").write_text(f"export UV_DEFAULT_INDEX={A}\n")
    (home / ".condarc").write_text(f"channel_alias: {A}\ndefault_channels: [{B}]\n")
    (home / "project/Pipfile").write_text(f'[[source]]\nurl = "{B}"\n')
    (home / "project/uv.toml").write_text('python-install-mirror = "https://a.example/gh"\n')
    found = effective(home, UV_DEFAULT_INDEX=A, PIP_INDEX_URL=B, HTTPS_PROXY="http://p.example", HF_ENDPOINT=B)
    assert [(s.tool, s.aspect, s.value, s.set_by) for s in found.settings] == [
        ("pip", Aspect.INDEX, B, "PIP_INDEX_URL"),
        ("pip", Aspect.CERTIFICATES, None, None),
        ("pip", Aspect.PROXY, "http://p.example", "HTTPS_PROXY"),
        ("uv", Aspect.INDEX, A, f"UV_DEFAULT_INDEX, {home}/.bashrc:1"),
        ("uv", Aspect.PYTHONS, "https://a.example/gh", f"{home}/project/uv.toml:1"),
        ("uv", Aspect.CERTIFICATES, None, None),
        ("uv", Aspect.PROXY, "http://p.example", "HTTPS_PROXY"),
        ("conda", Aspect.INDEX, B, f"{home}/.condarc:2"),
        ("conda", Aspect.ALSO, A, f"{home}/.condarc:1"),
        ("conda", Aspect.CERTIFICATES, None, None),
        ("conda", Aspect.PROXY, "http://p.example", "HTTPS_PROXY"),
        ("pipenv", Aspect.INDEX, B, f"{home}/project/Pipfile:2"),
        ("pipenv", Aspect.CERTIFICATES, None, None),
        ("pipenv", Aspect.PROXY, "http://p.example", "HTTPS_PROXY"),
        ("models", Aspect.DOWNLOADS, B, "HF_ENDPOINT"),
    ]


@pytest.mark.tools
def test_commands_of_uv_that_differ_have_rows_of_their_own(tmp_path: Path) -> None:
    home = prepared(tmp_path, "uv")
    (home / "project/uv.toml").write_text(f'index-url = "{B}"\n[pip]\nindex-url = "{A}"\n')
    found = effective(home, UV_SYSTEM_CERTS="1")
    assert [(s.tool, s.value) for s in found.settings if s.aspect is Aspect.INDEX] == [
        ("uv", A),
        ("uv add, uv sync, uv run", B),
        ("uvx, uv tool", None),
    ]
    assert EffectiveSetting("uv", Aspect.CERTIFICATES, "the system's store", "UV_SYSTEM_CERTS") in found.settings


def test_the_table_shows_no_secret(tmp_path: Path) -> None:
    found = effective(prepared(tmp_path, "pip"), PIP_INDEX_URL="https://me:Sesame-123@a.example/simple")
    shown = plain(layout(redact_fact(found).settings))
    assert "Sesame" not in shown
    assert "https://<user-1>:<password-1.10-chars>@a.example/simple" in shown


@pytest.mark.tools
def test_no_index_stands_in_the_place_of_the_index(tmp_path: Path) -> None:
    home = prepared(tmp_path, "uv", "pip")
    (home / "project/uv.toml").write_text("no-index = true\n")
    found = effective(home, UV_DEFAULT_INDEX=A, PIP_INDEX_URL=B, PIP_NO_INDEX="1")
    indexes = [(row.tool, row.value, row.set_by) for row in found.settings if row.aspect is Aspect.INDEX]
    none = "none is asked (no-index)"
    assert indexes == [("pip", none, "PIP_NO_INDEX"), ("uv", none, f"{home}/project/uv.toml:1")]
