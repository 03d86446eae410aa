from __future__ import annotations

import pytest

from envdoctor.facts.shell.parser import Command, Place, commands

TOP, CONDITION, FUNCTION = Place.TOP, Place.CONDITION, Place.FUNCTION


def seen(text: str, *, fish: bool = False) -> list[tuple[str, int, Place]]:
    return [(" ".join(command.words), command.line, command.place) for command in commands(text, fish=fish)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a 1 # b\n#c\nd", [("a 1", 1, TOP), ("d", 3, TOP)]),
        ("a \\\n  1; b", [("a 1", 1, TOP), ("b", 2, TOP)]),
        ("a 'b;c\n# d' e\nf", [("a 'b;c\n# d' e", 1, TOP), ("f", 3, TOP)]),
        ('a "$(b "c)" \'d)\')" e', [('a "$(b "c)" \'d)\')" e', 1, TOP)]),
        ("a `b; c` $'it\\'s' ${x#y} $# $((1+2))", [("a `b; c` $'it\\'s' ${x#y} $# $((1+2))", 1, TOP)]),
        ("a > b 2>&1 < c; d <<< e; f &> g", [("a", 1, TOP), ("d", 1, TOP), ("f", 1, TOP)]),
        ("a <<E b\nx\nE\nc", [("a b", 1, TOP), ("c", 4, TOP)]),
        ("a <<-'E'; b\nit's\n\tE\nc", [("a", 1, TOP), ("b", 1, TOP), ("c", 4, TOP)]),
        ("a <<E <<F\nx\nE\ny\nF\nb", [("a", 1, TOP), ("b", 6, TOP)]),
        ("a <<E\nb", [("a", 1, TOP)]),
        ("a && b || c\nd", [("a", 1, TOP), ("b", 1, CONDITION), ("c", 1, CONDITION), ("d", 2, TOP)]),
        ("a &&\n\n b", [("a", 1, TOP), ("b", 3, CONDITION)]),
        (
            "if a; then b; elif c; then d; else e; fi; f",
            [*((name, 1, CONDITION) for name in "abcde"), ("f", 1, TOP)],
        ),
        ("for x in 1 2; do a; done; b", [("a", 1, CONDITION), ("b", 1, TOP)]),
        ("while a; do b; done\nc", [("a", 1, CONDITION), ("b", 1, CONDITION), ("c", 2, TOP)]),
        ("case $x in (a|b) c;; *) d\nesac\ne", [("c", 1, CONDITION), ("d", 1, CONDITION), ("e", 3, TOP)]),
        ("case $x in\nesac\na", [("a", 3, TOP)]),
        ("f() { a; }; b", [("function f", 1, TOP), ("a", 1, FUNCTION), ("b", 1, TOP)]),
        ("f ()\n{\n a\n}\nb", [("function f", 1, TOP), ("a", 3, FUNCTION), ("b", 5, TOP)]),
        ("function f { a; }\nb", [("function f", 1, TOP), ("a", 1, FUNCTION), ("b", 2, TOP)]),
        ("function f() { a; }\nb", [("function f", 1, TOP), ("a", 1, FUNCTION), ("b", 2, TOP)]),
        ("{ a; b; }; c", [("a", 1, TOP), ("b", 1, TOP), ("c", 1, TOP)]),
        ("(a; b); c", [("a", 1, CONDITION), ("b", 1, CONDITION), ("c", 1, TOP)]),
        ("[[ a && (b || c) ]] && d; e", [("[[ a && ( b || c ) ]]", 1, TOP), ("d", 1, CONDITION), ("e", 1, TOP)]),
        ("! a; time b; command c", [("a", 1, TOP), ("b", 1, TOP), ("c", 1, TOP)]),
        ("path=(a $b)\nx+=(c\nd)", [("path=(a $b)", 1, TOP), ("x+=(c\nd)", 2, TOP)]),
        ("a <(b; c) d", [("a <(b; c) d", 1, TOP)]),
        ("fi\ndone\n}\n)\nesac\n;;\na", [("a", 7, TOP)]),
        ("", []),
    ],
)
def test_commands_of_bash_and_zsh(text: str, expected: list[tuple[str, int, Place]]) -> None:
    assert seen(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "if a\n b\nelse if c\n d\nend\ne",
            [*((x, y, CONDITION) for x, y in zip("abcd", (1, 2, 3, 4), strict=True)), ("e", 6, TOP)],
        ),
        ("function f --wraps x\n a\nend\nb", [("function f --wraps x", 1, TOP), ("a", 2, FUNCTION), ("b", 4, TOP)]),
        ("a; and b; or c\nd", [("a", 1, TOP), ("b", 1, CONDITION), ("c", 1, CONDITION), ("d", 2, TOP)]),
        ("switch (x; y)\ncase 1\n a\nend\nb", [("a", 3, CONDITION), ("b", 5, TOP)]),
        ("for x in (seq 3)\n a\nend\nb", [("a", 2, CONDITION), ("b", 4, TOP)]),
        ("begin\n a\nend; b", [("a", 2, TOP), ("b", 3, TOP)]),
        ("a (b 'it\\'s)') \"x (y\"", [("a (b 'it\\'s)') \"x (y\"", 1, TOP)]),
        ("not a\nend\nb", [("a", 1, TOP), ("b", 3, TOP)]),
    ],
)
def test_commands_of_fish(text: str, expected: list[tuple[str, int, Place]]) -> None:
    assert seen(text, fish=True) == expected


def test_what_a_command_depends_on_is_told() -> None:
    text = "if [ $- = i ]; then\n case $x in a) b && c;; esac\nfi"
    assert list(commands(text))[-1] == Command(("c",), 2, CONDITION, ("[ $- = i ]", "$x", "b"))


def test_a_command_that_reads_the_one_before_is_marked() -> None:
    assert [command.piped for command in commands("a | b\nc")] == [False, True, False]
