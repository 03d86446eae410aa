from __future__ import annotations

import pytest

from envdoctor.facts.shell.harmless import are_harmless, is_harmless, without_words


@pytest.mark.parametrize(
    "word",
    [
        *("init", "-", "-x", "shellenv", "/opt/conda/bin", "~/.pyenv/bin", "$HOME/bin", "${PYENV_ROOT}/shims", "$x"),
        *('"$@"', "'/opt/x'", "./here"),
    ],
)
def test_words_that_everybody_writes_paths_and_variables_are_shown(word: str) -> None:
    assert is_harmless(word)


@pytest.mark.parametrize(
    "word", ["hunter2", "--password", "token=abc", "/a?token=b", "https://me:pw@x.example", "$(pass x)"]
)
def test_any_other_may_be_a_secret(word: str) -> None:
    assert not is_harmless(word)
    assert not are_harmless(["init", word])


def test_of_a_condition_only_what_asks_for_a_terminal_is_shown() -> None:
    assert without_words("[[ $- == *i* ]]") == "[[ $- == *i* ]]"
    assert without_words('[ -z "$PS1" ]') == '[ -z "$PS1" ]'
    assert without_words("[ $TOKEN = hunter2 ]") == "[ … = … ]"
