from __future__ import annotations

import pytest

from envdoctor.facts.shell.conda_blocks import conda_blocks
from envdoctor.facts.shell.startup_lines import LineKind
from envdoctor.facts.shell.tokenizer import Broken
from envdoctor.text import limits

CONDA = """\
# >>> conda initialize >>>
__conda_setup="$('/opt/conda/bin/conda' 'shell.bash' 'hook' 2> /dev/null)"
# <<< conda initialize <<<
"""
MAMBA = """\
# >>> mamba initialize >>>
export MAMBA_ROOT_PREFIX='$HOME/micromamba';
# <<< mamba initialize <<<
"""


def test_a_block_has_its_lines_and_the_root_that_it_belongs_to() -> None:
    conda, mamba = conda_blocks("/f", f"x=1\n{CONDA}\n{MAMBA}", {"HOME": "/home/me"})
    assert (conda.kind, conda.name, conda.number, conda.end, conda.value) == (
        LineKind.BLOCK,
        "conda",
        2,
        4,
        "/opt/conda",
    )
    assert (mamba.name, mamba.number, mamba.end, mamba.value) == ("mamba", 6, 8, "/home/me/micromamba")


def test_a_block_without_an_end_or_a_root_says_so() -> None:
    [block] = conda_blocks("/f", "# >>> conda initialize >>>\necho\n", {})
    assert (block.end, block.value) == (None, None)


def test_more_blocks_than_anybody_has_are_too_many() -> None:
    with pytest.raises(Broken, match="more than"):
        list(conda_blocks("/f", CONDA * (limits.CONDA_BLOCKS + 1), {}))
