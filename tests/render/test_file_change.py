"""What an edit changes, as it is shown."""

from __future__ import annotations

from envdoctor.render import file_change, lines


def shown(before: bytes | None, after: bytes, real: str = "/home/ada/.bashrc") -> list[str]:
    return (
        lines.plain(file_change.layout("/home/ada/.bashrc", real, before, after))
        .replace("\n    ", "\n")
        .strip()
        .split("\n")
    )


def test_it_is_a_unified_diff() -> None:
    assert shown(b"a\nX=1\n", b"a\n# X=1\n") == [
        "--- /home/ada/.bashrc",
        "+++ /home/ada/.bashrc",
        "@@ -1,2 +1,2 @@",
        " a",
        "-X=1",
        "+# X=1",
    ]


def test_the_real_file_behind_a_link_and_a_new_file_are_named() -> None:
    assert shown(b"", b"a\n", "/dot/rc")[1] == "+++ /home/ada/.bashrc, which is /dot/rc"
    assert shown(None, b"a\n")[0] == "--- a file that is not there"


def test_a_missing_line_end_is_said_and_nothing_drives_the_terminal() -> None:
    text = shown(b"a\r\nb", b"a\r\nb\r\n\x1b[2Jc\xff\n")
    assert text[3:] == [" a", "-b (without a line end)", "+b", r"+\x1b[2Jc\xff"]


def test_nothing_is_shown_of_what_stays() -> None:
    assert file_change.layout("f", "f", b"a\n", b"a\n") == []
