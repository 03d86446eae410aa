"""An installation of conda as a fact."""

from __future__ import annotations

from envdoctor.facts.conda.installations import (
    CondaRoot,
    RootKind,
)

SITE = CondaRoot("/opt/conda", "/opt/conda", RootKind.CONDA)
