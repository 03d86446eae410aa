from __future__ import annotations

from envdoctor.render.html.mirrors import picture
from tests.render.html.html_world import Reader, mirrors


def test_what_counts_for_each_tool_is_told_with_its_origin() -> None:
    read = Reader(picture(mirrors()))
    assert "2 of 4 are set by something (✓)" in read.text
    assert "pip✓ index: https://mirror.example/simple ← /home/ada/.config/pip/pip.conf:3proxy: none" in read.text
    assert "uvindex: its own default✓ proxy: http://proxy.example:3128 ← HTTPS_PROXY" in read.text
    assert "pipproxynone-" in read.text
    assert read.classes("span").count("pill taken") == 2
