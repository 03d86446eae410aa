"""The table of environments."""

from __future__ import annotations

import json

import pytest
from msgspec.structs import replace

from envdoctor.facts.environments.disk_usage import DiskUsage
from envdoctor.facts.environments.kinds import Kind, KnownEnvironment
from envdoctor.render.envs import (
    DAY,
    Examined,
    Listing,
    ago,
    document,
    layout,
)
from envdoctor.render.lines import painted, plain

WHOLE = "`envdoctor check --python DIR --select PKG` tells them whole"
NOW = 1_800_000_000.0
SOUND = KnownEnvironment(
    path="/home/me/project/.venv",
    real="/home/me/project/.venv",
    kind=Kind.UV,
    python="3.12.1",
    base="/usr/bin/python3.12",
    used=NOW - 100,
    found="VIRTUAL_ENV",
    active=True,
)
BROKEN = KnownEnvironment(
    path="/opt/old", real="/opt/old", kind=Kind.VIRTUALENVWRAPPER, problem="its Python is gone: /x", found="searching"
)


def test_one_line_each_and_the_reason_below() -> None:
    listing = Listing((SOUND, BROKEN), ("/mnt/c: on a network drive",), home="/home/me", now=NOW)
    assert plain(layout(listing)) == (
        "  kind               Python  last used  environment\n"
        "✓ uv                 3.12.1  today      ~/project/.venv  active  on /usr/bin/python3.12\n"
        "✗ virtualenvwrapper  -       -          /opt/old\n"
        "    its Python is gone: /x\n"
        "\n"
        "2 environments, 1 broken\n"
        "! /mnt/c: on a network drive\n"
    )


def test_in_a_narrow_terminal_paths_stay_whole_on_lines_of_their_own() -> None:
    deep = replace(SOUND, path=f"/srv/{'a long name/' * 5}.venv")
    for width, rows in ((80, 3), (100, 2), (200, 1)):
        shown = painted(layout(Listing((deep,), now=NOW)), width, colour=False).splitlines()
        assert len(shown) - 3 == rows
        assert sum(deep.path in row for row in shown) == 1
        assert all(len(row) <= width for row in shown)


def test_sizes_say_both_figures() -> None:
    sizes = {SOUND.real: DiskUsage(1_500_000_000, 80_000_000), BROKEN.real: None}
    listing = Listing((SOUND, BROKEN), (), sizes, 1_400_000_000, None, NOW)
    text = plain(layout(listing))
    assert "1.5 GB  80.0 MB  /home/me/project/.venv" in text
    assert "?       ?        /opt/old" in text
    assert (
        "1.4 GB on the disk, each file counted once; 1.5 GB with each environment counted by itself, "
        "80.0 MB of that in no other place\n"
    ) in text


def test_nothing_at_all() -> None:
    assert plain(layout(Listing(()))) == "0 environments\n"


def test_json_says_the_same() -> None:
    sizes = {SOUND.real: DiskUsage(10, 5), BROKEN.real: None}
    content = json.loads(document(Listing((SOUND, BROKEN), ("a note",), sizes, 12, "/home/me", NOW)))
    assert content["schema"] == 1
    assert (content["notes"], content["bytes_together"]) == (["a note"], 12)
    assert content["environments"][0] == {
        "path": "/home/me/project/.venv",
        "real": "/home/me/project/.venv",
        "kind": "uv",
        "python": "3.12.1",
        "base": "/usr/bin/python3.12",
        "problem": None,
        "used": "2027-01-15T07:58:20Z",
        "found": "VIRTUAL_ENV",
        "active": True,
        "healthy": True,
        "bytes": 10,
        "bytes_alone": 5,
    }
    assert content["environments"][1]["bytes"] is None
    assert content["environments"][1]["used"] is None
    assert "bytes_together" not in json.loads(document(Listing((SOUND,))))


@pytest.mark.parametrize(
    ("days", "text"),
    [(0, "today"), (1, "1 day ago"), (29, "29 days ago"), (45, "1 month ago"), (400, "1 year ago"), (-3, "today")],
)
def test_times_as_people_say_them(days: int, text: str) -> None:
    assert ago(NOW - days * DAY, NOW) == text
    assert ago(None, NOW) == "-"


def test_what_is_wrong_with_the_packages_is_a_line_below() -> None:
    sick = Examined(
        (("PKG001", "error", "a requires b"), ("PKG003", "warning", "c twice"), ("PKG014", "info", "d")), "x: unread"
    )
    other = replace(SOUND, path="/srv/env", real="/srv/env", active=False)
    listing = Listing((SOUND, BROKEN, other), examined={SOUND.real: sick, BROKEN.real: Examined(reason="no Python")})
    assert sick.has_errors
    assert plain(layout(listing)).splitlines()[2:] == [
        "    1 error, 1 warning: PKG001, PKG003; not examined whole: x: unread",
        "✗ virtualenvwrapper  -       -          /opt/old",
        "    its Python is gone: /x",
        "✓ uv                 3.12.1  today      /srv/env  on /usr/bin/python3.12",
        "",
        "3 environments, 1 broken",
        f"the packages of 1 examined: 1 with findings, 1 could not be, 1 not reached in time; {WHOLE}",
    ]
    first, second, third = json.loads(document(listing))["environments"]
    assert first["findings"][0] == {"code": "PKG001", "severity": "error", "message": "a requires b"}
    assert (first["not_examined"], second["findings"]) == ("x: unread", [])
    assert (third["findings"], third["not_examined"]) == (None, "not reached in time")


def test_without_findings_nothing_is_said_of_packages() -> None:
    listing = Listing((SOUND,), examined={SOUND.real: Examined((("PKG002", "info", "left over"),))})
    assert "PKG002" not in plain(layout(listing))
    assert "findings" not in json.loads(document(Listing((SOUND,))))["environments"][0]
