"""Words that a shell could take for something else."""

from __future__ import annotations

import os
import subprocess

from hypothesis import strategies as st

from tests.support import needs_tool

HOSTILE = (
    *(
        "",
        " ",
        "a b",
        "'",
        '"',
        "\\",
        "\\\\'",
        "it's",
        "$HOME",
        "$(x)",
        "`x`",
        "${x}",
        "*",
        "?",
        "[a]",
        "{a,b}",
        "~",
        "~a",
    ),
    *(";", "&", "|", "<", ">", "(", ")", "#", "#a", "%", "^", "!", "!!", "!-1", "a!b'c", "=", "=ls", "a==ls", "a:=ls"),
    *(
        "-n",
        "--",
        "é",
        "日本",
        "\u202e",
        "\u2028",
        "\x85",
        "\t",
        "\r",
        "\x07",
        "\x1b]0;a!b'c\x07",
        "\x7f",
        "\udcff",
        "é\udcc3!",
    ),
)
SAYABLE = st.characters(exclude_characters="\0", exclude_categories=["Cs"]) | st.sampled_from("\udc80\udcc3\udcff")
TEXTS = st.lists(st.lists(SAYABLE | st.sampled_from(HOSTILE), max_size=6).map("".join), min_size=1, max_size=30)
HOSTILE_NAME = "it's a\n$(x)!"
QUIET = {"bash": ("--norc",), "zsh": ("-f",), "fish": ("--no-config",), "tcsh": ("-f",)}


def said(shell: str, words: list[str]) -> list[bytes]:
    """What a program is given by a real shell that reads these words."""
    script = " ".join(["/usr/bin/printf", "'%s\\0'", *words])
    environment = {"PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "LANG": "C.UTF-8"}
    done = subprocess.run(
        [needs_tool(shell), *QUIET[shell]],
        input=f"{script}\n".encode(),
        env=environment,
        capture_output=True,
        check=True,
    )
    assert done.stderr == b""
    return done.stdout.split(b"\0")[:-1]


def encoded(texts: list[str]) -> list[bytes]:
    """These texts as a program is given them."""
    return list(map(os.fsencode, texts))
