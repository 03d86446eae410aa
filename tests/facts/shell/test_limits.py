from __future__ import annotations

import pytest

from envdoctor.facts.shell.expansion import TooLong, expand
from envdoctor.facts.shell.parser import commands
from envdoctor.facts.shell.startup_reader import read_lines
from envdoctor.facts.shell.tokenizer import Broken
from envdoctor.text import limits


def read(text: str) -> list[str]:
    return [line.text for line in read_lines("/f", text, {"HOME": "/h"})]


@pytest.mark.parametrize("opens", ["if a; then\n", "f() {\n", "while a; do\n", "(", "case a in b) "])
def test_what_is_nested_beyond_all_use_is_said_and_not_read(opens: str) -> None:
    inside = "export PATH=/x:$PATH\n"
    assert read(opens * 50 + inside)
    with pytest.raises(Broken, match=f"nested more than {limits.BLOCKS} deep at line"):
        read(opens * (limits.BLOCKS + 1) + inside)


def test_fish_has_the_same_bound() -> None:
    with pytest.raises(Broken, match=f"nested more than {limits.BLOCKS} deep at line 101"):
        list(commands("begin\n" * (limits.BLOCKS + 1), fish=True))


def test_values_that_double_end_the_reading_and_what_came_before_counts() -> None:
    lines = read_lines("/f", "export PATH=/x:$PATH\nA=aaaaaaaaaa\n" + "A=$A$A\n" * 40, {})
    assert next(lines).text == "export PATH=/x:$PATH"
    with pytest.raises(TooLong, match="more than 131,072 characters"):
        next(lines)


def test_many_long_values_end_the_reading_too() -> None:
    text = f"A={'a' * 100_000}\n" + "export PYTHONPATH=$A\n" * 100
    with pytest.raises(TooLong, match="more than 2,000,000 characters"):
        read(text)


def test_a_value_may_be_as_long_as_the_system_allows() -> None:
    assert expand("$A", {"A": "a" * limits.VALUE}) == "a" * limits.VALUE
    with pytest.raises(TooLong):
        expand("$A$A", {"A": "a" * (limits.VALUE // 2 + 1)})


def test_more_blocks_than_anybody_has_are_said() -> None:
    with pytest.raises(Broken, match="more than 20 blocks"):
        read("# >>> conda initialize >>>\n" * 21)


@pytest.mark.parametrize(
    ("line", "root"),
    [
        ("__x=\"$('/opt/conda/bin/conda' 'shell.bash' 'hook')\"", "/opt/conda"),
        ("eval $HOME/mini/bin/conda shell.fish hook | source", "/h/mini"),
        ("~/m/condabin/mamba hook", "/h/m"),
        ("a/b/bin/conda/bin/conda", "/b"),
        ("/bin/conda", None),
        ("/opt/x/etc/profile.d/conda.sh", None),
        ("export MAMBA_ROOT_PREFIX='/m'", "/m"),
    ],
)
def test_the_root_of_a_block_is_the_place_of_its_program(line: str, root: str | None) -> None:
    text = f"# >>> conda initialize >>>\n{line}\n# <<< conda initialize <<<\n"
    assert [found.value for found in read_lines("/f", text, {"HOME": "/h"})] == [root]
