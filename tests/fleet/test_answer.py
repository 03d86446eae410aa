from __future__ import annotations

import msgspec

from envdoctor.fleet.answer import Answer, Trait


def test_an_answer_is_data_that_can_be_written_down_and_read_back() -> None:
    one = Answer((("ssh command", 1),), 1, (), (), (), ())
    assert msgspec.json.decode(msgspec.json.encode(one), type=Answer) == one
    assert Trait("A.b", None, 1, 0, 1.0).alike == ()
