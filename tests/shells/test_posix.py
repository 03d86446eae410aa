"""The line for each step, letter by letter. tests/shells/test_dialects.py runs such lines in the real shells."""

from __future__ import annotations

import pytest

from envdoctor.engine.fix import (
    Activate,
    AnyAction,
    CopyVariable,
    Deactivate,
    EditFile,
    Manager,
    Manual,
    PrependPath,
    RemoveFromPath,
    Run,
    SetFromOutput,
    SetVariable,
    UnsetVariable,
)
from envdoctor.shells import posix, quoting
from tests.shells.words import HOSTILE_NAME

REMOVED = (
    r"""(r=$(printf '\r'); b='/r c.before-envdoctor'; while [ -e "$b" ]; do b="$b+"; done; cp -p '/r c' "$b" """
    r"""&& { grep -vxF -e a -e a"$r" -e 'b c' -e 'b c'"$r" "$b" >| '/r c' || [ $? -eq 1 ]; })"""
)
ADDED = (
    r"""(r=$(printf '\r'); grep -q "$r\$" '/r c' 2>/dev/null || r=; """
    r"""{ [ -z "$(tail -c 1 '/r c')" ] || echo "$r"; printf "%s$r\n" d 'e f'; } >> '/r c')"""
)


@pytest.mark.parametrize(
    ("action", "line"),
    [
        (Run("uv", "pip", "install", "a b", ""), "uv pip install 'a b' ''"),
        (Run("pip", "list", variables=(("X", "1 2"), ("Y", ""))), "X='1 2' Y='' pip list"),
        (Run("pip", variables=(("X", "1"),), directory="/w d"), "(cd '/w d' && X=1 pip)"),
        (Run("rm", HOSTILE_NAME), r"rm $'it\x27s a\x0a$(x)\x21'"),
        (SetVariable("X", "it's $HOME"), """export X='it'"'"'s $HOME'"""),
        (SetVariable("X", ""), "export X=''"),
        (CopyVariable("X", "Y"), 'export X="${Y-}"'),
        (SetFromOutput("X", ("pip", "config", "get", "a b")), """export X="$(pip config get 'a b')\""""),
        (UnsetVariable("X"), "unset X"),
        (PrependPath("/n w"), """export PATH='/n w'"${PATH:+:$PATH}\""""),
        (PrependPath("/n", "LIST"), 'export LIST=/n"${LIST:+:$LIST}"'),
        (
            RemoveFromPath("/a b"),
            (
                "_d=':/a b:'; _p=${PATH-}; _p=:${_p//:/::}:; _p=${_p//\"$_d\"/}; "
                '_p=${_p#:}; _p=${_p%:}; export PATH="${_p//::/:}"; unset _d _p'
            ),
        ),
        (
            RemoveFromPath("/a", "LIST", semicolons=True),
            (
                '_d=:/a:; _p=${LIST-}; _p=:${_p//[:;]/::}:; _p=${_p//"$_d"/}; '
                '_p=${_p#:}; _p=${_p%:}; export LIST="${_p//::/:}"; unset _d _p'
            ),
        ),
        (
            RemoveFromPath(""),
            (
                '_p=${PATH-}; _p=${_p//:/:}; while [ "$_p" != "${_p//::/:}" ]; do _p=${_p//::/:}; done; '
                '_p=${_p#:}; export PATH="${_p%:}"; unset _p'
            ),
        ),
        (
            RemoveFromPath("", "LIST", semicolons=True),
            (
                '_p=${LIST-}; _p=${_p//[:;]/:}; while [ "$_p" != "${_p//::/:}" ]; do _p=${_p//::/:}; done; '
                '_p=${_p#:}; export LIST="${_p%:}"; unset _p'
            ),
        ),
        (Activate("/v w"), "source '/v w/bin/activate'"),
        (Activate("a b", Manager.CONDA), "conda activate 'a b'"),
        (
            Deactivate(),
            (
                'case "$(command -v deactivate)" in deactivate) deactivate ;; '
                "*) unset VIRTUAL_ENV VIRTUAL_ENV_PROMPT ;; esac"
            ),
        ),
        (Deactivate(Manager.CONDA), "conda deactivate"),
        (EditFile("/r c", remove=("a", "b c")), REMOVED),
        (EditFile("/r c", add=("d", "e f")), ADDED),
        (EditFile("/r c", remove=("a", "b c"), add=("d", "e f")), f"{REMOVED} && {ADDED}"),
        (Manual("Read it\n$(x)"), r"# Read it\n$(x)"),
    ],
)
def test_the_line_of_a_step(action: AnyAction, line: str) -> None:
    assert posix.command(action) == line


@pytest.mark.parametrize(
    ("action", "line"),
    [
        (Run("=ls", "a=b", variables=(("X", "=ls"),), directory="/a=b"), "(cd '/a=b' && X='=ls' '=ls' 'a=b')"),
        (SetVariable("X", "=ls"), "export X='=ls'"),
        (SetFromOutput("X", ("=ls",)), "export X=\"$('=ls')\""),
        (PrependPath("/a=b"), "export PATH='/a=b'\"${PATH:+:$PATH}\""),
        (Activate("/a=b"), "source '/a=b/bin/activate'"),
        (Activate("a=b", Manager.CONDA), "conda activate 'a=b'"),
    ],
)
def test_every_word_is_quoted_as_the_shell_wants_it(action: AnyAction, line: str) -> None:
    assert posix.command(action, quoting.zsh) == line


@pytest.mark.parametrize("action", [RemoveFromPath("/a b"), EditFile("/a b", remove=("x y",), add=("y z",))])
def test_no_word_of_a_longer_line_stays_unquoted(action: AnyAction) -> None:
    line = posix.command(action, lambda text: text.replace(" ", "+"))
    assert not [word for word in ("/a b", "x y", "y z") if word in line]
