"""The line for each step, letter by letter. tests/shells/test_dialects.py runs such lines in the real fish."""

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
from envdoctor.shells import fish
from tests.shells.words import HOSTILE_NAME


@pytest.mark.parametrize(
    ("action", "line"),
    [
        (Run("uv", "pip", "install", "a b", ""), "uv pip install 'a b' ''"),
        (Run("pip", "list", variables=(("X", "1 2"), ("Y", ""))), "X='1 2' Y='' pip list"),
        (Run("pip", variables=(("X", "1"),), directory="/w d"), r"fish -c 'cd \'/w d\'; and X=1 pip'"),
        (Run("rm", HOSTILE_NAME), r"rm 'it\'s a'\X0a'$(x)!'"),
        (SetVariable("X", "it's $HOME"), r"set -gx X 'it\'s $HOME'"),
        (SetVariable("X", ""), "set -gx X ''"),
        (CopyVariable("X", "Y"), 'set -gx X "$Y"'),
        (SetFromOutput("X", ("pip", "config", "get", "a b")), "set -gx X (pip config get 'a b')"),
        (UnsetVariable("X"), "set -e X; or true"),
        (PrependPath("/n w"), "set -gx PATH '/n w' $PATH"),
        (PrependPath("/n", "LIST"), "set -gx LIST /n $LIST"),
        (
            RemoveFromPath("/a b"),
            "begin; set -l k; for e in $PATH; test \"$e\" != '/a b'; and set -a k $e; end; true; set -gx PATH $k; end",
        ),
        (
            RemoveFromPath("", "LIST", semicolons=True),
            (
                "begin; set -l k; for e in (string split ';' -- $LIST); "
                "test \"$e\" != ''; and set -a k $e; end; true; set -gx LIST $k; end"
            ),
        ),
        (Activate("/v w"), "source '/v w/bin/activate.fish'"),
        (Activate("a b", Manager.CONDA), "conda activate 'a b'"),
        (
            Deactivate(),
            "functions -q deactivate; and deactivate; or set -e VIRTUAL_ENV VIRTUAL_ENV_PROMPT; or true",
        ),
        (Deactivate(Manager.CONDA), "conda deactivate"),
        (
            EditFile("/r c", remove=("a",)),
            (
                r"""sh -c '(r=$(printf \'\\r\'); b=\'/r c.before-envdoctor\'; while [ -e "$b" ]; do b="$b+"; done; """
                r"""cp -p \'/r c\' "$b" && { grep -vxF -e a -e a"$r" "$b" >| \'/r c\' || [ $? -eq 1 ]; })'"""
            ),
        ),
        (
            EditFile("/rc", add=("it's",)),
            (
                r"""sh -c '(r=$(printf \'\\r\'); grep -q "$r\\$" /rc 2>/dev/null || r=; """
                r"""{ [ -z "$(tail -c 1 /rc)" ] || echo "$r"; printf "%s$r\\n" \'it\'"\'"\'s\'; } >> /rc)'"""
            ),
        ),
        (Manual("Read it\n$(x)"), r"# Read it\n$(x)"),
    ],
)
def test_the_line_of_a_step(action: AnyAction, line: str) -> None:
    assert fish.command(action) == line
