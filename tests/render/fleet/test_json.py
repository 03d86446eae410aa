from __future__ import annotations

import json

from envdoctor.render.fleet.json import render
from tests.render.fleet.world import FULL, NAMES


def test_the_json_says_all_that_the_text_says_with_all_machines() -> None:
    document = json.loads(render(FULL))
    assert document["examined"].startswith("Examined: ssh command (bash, login) on 14 machines")
    assert document["headline"].startswith("LIB001 on 2 machines: Libc.version = 2.17")
    assert document["sessions"][1] == {"session": "cron job (dash)", "machines": 1}
    assert document["groups"][0] == {"codes": [], "machines": list(NAMES), "folded": ""}
    assert document["differences"][0]["traits"][0] == {
        "place": "Libc.version",
        "value": "2.17",
        "sick": 2,
        "well": 1,
        "lift": 0.92,
        "alike": ["Os.name"],
        "more": 4,
        "also": None,
    }
    assert document["unexamined"] == [{"machine": "u1", "reason": "unreachable: no route"}]
    assert (document["schema"], document["history"]["new"][0]["machines"]) == (1, ["s1", "s2"])
