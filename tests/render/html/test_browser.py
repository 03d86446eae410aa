"""The page in a real browser: Chromium, headless."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from envdoctor.render.html.page import render
from envdoctor.shells.dialects import Shell
from tests.render.html.html_world import hostile, sick
from tests.support import needs_tool

pytestmark = pytest.mark.tools

SCRIPT = Path(__file__).parent / "browser.mjs"
MODULES = "ENVDOCTOR_NODE_MODULES"
"""The variable with a directory that holds puppeteer-core and axe-core, as .ci/run installs them."""


NAMES = ("sick", "hostile")


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the browser says of each page."""
    chromium, node, modules = needs_tool("chromium"), needs_tool("node"), os.environ.get(MODULES)
    if not modules:
        if os.environ.get("CI") == "true":
            pytest.fail(f"{MODULES} is not set")
        pytest.skip(f"{MODULES} is not set")
    directory = tmp_path_factory.mktemp("pages")
    pages = [directory / f"{name}.html" for name in NAMES]
    for page, report in zip(pages, (sick(), hostile()), strict=True):
        page.write_text(render(report, Shell.BASH, "envdoctor-recording 1 4 0123\nabcd"))
    env = {"HOME": str(directory), "PATH": os.environ["PATH"]}
    command = [node, str(SCRIPT), modules, chromium, *map(str, pages)]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    return dict(zip(NAMES, json.loads(done.stdout), strict=True))


@pytest.mark.parametrize("name", NAMES)
def test_everybody_can_read_it_on_a_desk_a_phone_and_paper(name: str, seen: dict[str, Any]) -> None:
    views = seen[name]["views"]
    assert [(view["width"], view["scheme"]) for view in views] == [
        (1280, "light"),
        (1280, "dark"),
        (390, "light"),
        (390, "dark"),
    ]
    for view in views:
        assert view["violations"] == []
        assert view["passes"] > 15
        assert view["wider"] <= 0, "it scrolls sideways"
    assert [view["ground"] for view in views[:2]] == ["rgb(255, 255, 255)", "rgb(13, 17, 23)"]
    assert seen[name]["print"]["table"] > 50, "on paper the tables are open"
    assert seen[name]["print"]["ground"] == "rgb(255, 255, 255)"


@pytest.mark.parametrize("name", NAMES)
def test_nothing_runs_and_nothing_is_loaded_even_without_the_policy(name: str, seen: dict[str, Any]) -> None:
    for view in seen[name]["views"]:
        assert (view["hits"], view["dialogs"]) == ([], 0)
        assert [url.rpartition("/")[2] for url in view["requests"]] == [f"{name}.html"]


@pytest.mark.parametrize("name", NAMES)
def test_with_the_policy_even_real_markup_runs_and_loads_nothing(name: str, seen: dict[str, Any]) -> None:
    guarded = seen[name]["guarded"]
    assert (guarded["hits"], guarded["dialogs"]) == ([], 0)
    assert [url.rpartition("/")[2] for url in guarded["requests"]] == [f"{name}.html.planted.html"]
    assert guarded["own"] != "rgb(1, 2, 3)", "a style of its own counts"
    assert guarded["styled"] is True, "the style of the page does not count"
