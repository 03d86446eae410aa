"""Each word means its text, to a reader of the rules and to the real shells."""

from __future__ import annotations

import re
import shlex

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from envdoctor.shells import quoting
from envdoctor.shells.quoting import Quote
from tests.shells.words import HOSTILE, TEXTS, encoded, said

HOME = "/masked-home-1-9-chars"
ANY = st.text() | st.text(alphabet="'\\!=~ \n\r\t\x1b\udc80\udcff\ud800é")
ESCAPED = re.compile(r"\$'((?:[^'\\!]|\\x[0-9a-f]{2})*)'")
LINES = ("\n", "a\n", "\na", "a\n\nb", "'\n!")


def meant(word: str) -> bytes:
    """What a word means to bash, by its rules."""
    if not word.startswith("$'"):
        [text] = shlex.split(word)
        return text.encode()
    escaped = ESCAPED.fullmatch(word)
    assert escaped, word
    return re.sub(rb"\\x(..)", lambda pair: bytes.fromhex(pair[1].decode()), escaped[1].encode())


@given(ANY)
@example("a'b")
@example("a'b\n!")
def test_a_word_for_bash_means_its_text(text: str) -> None:
    word = quoting.posix(text)
    assert word.isprintable()
    if re.search("[\ud800-\udc7f\udd00-\udfff]", text):  # half of a character, which no name holds
        assert b"?" in meant(word)
    else:
        assert meant(word) == text.encode(errors="surrogateescape")


@pytest.mark.tools
@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
@settings(max_examples=8, deadline=None)
@given(TEXTS)
@example([*HOSTILE, *LINES, *(f"a{text}'" for text in HOSTILE)])
def test_a_real_shell_reads_each_word_as_its_text(shell: str, texts: list[str]) -> None:
    quote: Quote = {"bash": quoting.posix, "zsh": quoting.zsh, "fish": quoting.fish}[shell]
    assert said(shell, list(map(quote, texts))) == encoded(texts)


@pytest.mark.tools
@settings(max_examples=8, deadline=None)
@given(TEXTS.map(lambda texts: [text.replace("\n", "") for text in texts]))
@example([*HOSTILE, *(f"a{text}'" for text in HOSTILE)])
def test_tcsh_reads_each_word_as_its_text(texts: list[str]) -> None:
    assert said("tcsh", list(map(quoting.tcsh, texts))) == encoded(texts)


@pytest.mark.tools
def test_a_line_end_is_a_blank_in_tcsh() -> None:
    assert said("tcsh", list(map(quoting.tcsh, ("a\nb", "a\x1b\n\x1bb", "\n", "a\n\n")))) == [
        b"a b",
        b"a\x1b \x1bb",
        b" ",
        b"a  ",
    ]


@pytest.mark.parametrize("word", ["a", "/usr/bin/python3.11", "a_b-c", "x==1", "--index=https://a.example/simple"])
def test_a_plain_word_stays_as_it_is(word: str) -> None:
    assert quoting.fish(word) == quoting.posix(word) == quoting.tcsh(word) == word
    assert quoting.zsh(word) == (f"'{word}'" if "=" in word else word)


def test_words_make_a_line() -> None:
    assert quoting.joined(("rm", "a b", ""), quoting.posix) == "rm 'a b' ''"


@pytest.mark.parametrize(
    ("quote", "text", "word"),
    [
        (quoting.posix, f"{HOME}/p", '"$HOME"/p'),
        (quoting.posix, f":{HOME}/p x:", """:"$HOME"'/p x:'"""),
        (quoting.zsh, f"--t={HOME}/=ls", """'--t='"$HOME"'/=ls'"""),
        (quoting.fish, f"{HOME}/p'x", """"$HOME"'/p\\'x'"""),
        (quoting.tcsh, f"{HOME}/p!", """"$HOME"'/p\\!'"""),
        (quoting.powershell, f'{HOME}/p`$"”x', '"${HOME}/p```$`"`”x"'),
        (quoting.powershell, HOME, '"${HOME}"'),
        (quoting.nu, f'{HOME}/p(x)"', '$"($env.HOME)/p\\(x)\\""'),
        (quoting.nu, HOME, '$"($env.HOME)"'),
        (quoting.xonsh, f"a:{HOME}/p'x", "@('a:' + $HOME + \"/p'x\")"),
        (quoting.xonsh, HOME, "@($HOME)"),
    ],
)
def test_a_shell_knows_the_home_that_a_shared_report_does_not_tell(quote: Quote, text: str, word: str) -> None:
    assert quote(text) == word


@pytest.mark.tools
@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "tcsh"])
def test_a_real_shell_puts_the_home_in_its_place(shell: str) -> None:
    texts = [f"{HOME}/p", f"a b:{HOME}/p x:", f"--t={HOME}", HOME]
    words = [getattr(quoting, "posix" if shell == "bash" else shell)(text) for text in texts]
    assert said(shell, words) == [text.replace(HOME, "/nonexistent").encode() for text in texts]
