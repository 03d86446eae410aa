"""A home in which every family of checks finds something to read, and an examination of it inside this process."""

from __future__ import annotations

import importlib
import json
import os
import pkgutil
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import envdoctor.facts
from envdoctor.engine.check import Check
from envdoctor.engine.collector import establish
from envdoctor.engine.fact import Fact, Missing, MissingKind, Probe
from envdoctor.engine.finding import Outcome
from envdoctor.engine.judge import facts_for, judge
from envdoctor.engine.reference import imported
from envdoctor.engine.registry import Registry
from envdoctor.engine.wiring import made_by
from envdoctor.render import json as json_report
from envdoctor.render import lines, text
from envdoctor.report.redaction import redact
from envdoctor.report.report import Report
from envdoctor.system import child_processes
from envdoctor.system.child_processes import Completed
from tests.clinic.patient import Patient
from tests.support import make_session

FILES = {
    ".bashrc": 'export PATH="$HOME/bin:$PATH"\n. ~/.aliases\n',
    ".profile": ". ~/.bashrc\n",
    ".zshrc": "export PYTHONPATH=/somewhere\n",
    ".config/fish/config.fish": "set -x UV_INDEX_URL https://mirror.example/simple\n",
    ".condarc": "channels: [conda-forge]\n",
    ".config/pip/pip.conf": "[global]\nindex-url = https://user:word@mirror.example/simple\n",
    ".config/uv/uv.toml": 'index-url = "https://mirror.example/simple"\n',
    ".config/pypoetry/config.toml": "[virtualenvs]\nin-project = true\n",
    ".pyenv/version": "3.11\n",
    ".local/share/uv/tools/tool/uv-receipt.toml": '[tool]\nrequirements = [{ name = "tool" }]\n',
    ".local/share/jupyter/kernels/one/kernel.json": '{"argv": ["/gone/python", "-m", "ipykernel"]}',
    "miniconda3/conda-meta/history": "",
    "miniconda3/conda-meta/python-3.11.1-0.json": '{"name": "python", "version": "3.11.1", "files": []}',
    "project/pyproject.toml": '[project]\nname = "a"\nversion = "1"\nrequires-python = ">=3.9"\n'
    'dependencies = ["click"]\n[tool.uv]\nindex-url = "https://mirror.example/simple"\n[tool.poetry]\nname = "a"\n',
    "project/requirements.txt": "click\n-r more.txt\n",
    "project/.python-version": "3.11\n",
    "project/uv.lock": "version = 1\n",
    "project/poetry.lock": "",
    "project/poetry.toml": "[virtualenvs]\ncreate = true\n",
    "project/Pipfile": "[packages]\n",
    "project/Pipfile.lock": "{}",
}
COMMANDS = ("conda", "pip", "tmux", "git", "poetry", "pipenv", "pyenv", "mamba", "ffmpeg")


def furnish(patient: Patient) -> None:
    """Fill the home, and activate both a virtual and a conda environment."""
    home = patient.home
    for name, content in FILES.items():
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text(content)
    for name in COMMANDS:
        (patient.bin / name).write_text("#!/bin/sh\necho hello\n")
        (patient.bin / name).chmod(0o755)
    patient.install("uv")
    patient.prepares(sys.executable, "-m", "venv", "--without-pip", patient.project / ".venv")
    conda = home / "miniconda3"
    (conda / "bin").mkdir()
    (conda / "bin" / "python").symlink_to(os.path.realpath(sys.executable))
    (conda / "bin" / "conda").write_text(f"#!{conda}/bin/python\n")
    (conda / "bin" / "conda").chmod(0o755)
    patient.env |= {
        "PATH": f"{patient.project}/.venv/bin:{patient.env['PATH']}:{conda}/bin",
        "PWD": str(patient.project),
        "VIRTUAL_ENV": f"{patient.project}/.venv",
        "CONDA_PREFIX": str(conda),
        "CONDA_SHLVL": "1",
        "CONDA_EXE": f"{conda}/bin/conda",
        "TMUX": f"{home}/socket,1,0",
        "LD_LIBRARY_PATH": f"{conda}/lib:/gone",
    }


def defects(env: Mapping[str, str], cwd: Path, timeout: float = 10.0) -> list[str]:
    """What went wrong inside envdoctor itself: probes that broke or never ended, checks that crashed. All are asked."""
    checks, facts = _everything()
    known = establish(facts, make_session(env, cwd=cwd, timeout=timeout))
    results = judge(checks, known)
    report = Report("2030-01-01T00:00:00Z", results, known)
    json.loads(json_report.render(redact(report)))
    lines.plain(text.layout(report, verbose=True)).encode()
    broken = [
        f"{fact.__name__}: {value.reason}"
        for fact, value in known.items()
        if isinstance(value, Missing) and (value.kind is MissingKind.BROKEN or "timed out after" in value.reason)
    ]
    return broken + [f"{one.check.code}: {one.reason}" for one in results if one.outcome is Outcome.CRASHED]


@cache
def _everything() -> tuple[tuple[Check[Any], ...], set[type[Fact]]]:
    """All of envdoctor's own checks, and all facts, those that no check needs among them."""
    checks = Registry.load(third_party=False).checks
    facts = set(map(imported, facts_for(checks)))
    for module in pkgutil.walk_packages(envdoctor.facts.__path__, "envdoctor.facts."):
        if not module.name.endswith("._query_script"):  # runs in other interpreters only
            found = importlib.import_module(module.name)
            facts |= {made_by(one) for one in vars(found).values() if isinstance(one, Probe)}
    return checks, facts


Answers = Mapping[tuple[str, ...], Completed]
"""What programs have answered, by what was run."""


class Remembered:
    """Stands in for `child_processes.run`: each question is put once, and whoever asks it again gets the same answer.

    A thousand examinations need no thousand starts of the same interpreter.

    Args:
        answers: what has been answered before.
    """

    def __init__(self, answers: Answers | None = None) -> None:
        self.answers = dict(answers or {})
        self.run = child_processes.run

    def __call__(self, argv: tuple[str, ...], env: Mapping[str, str], cwd: str, timeout: float) -> Completed:
        if argv not in self.answers:
            self.answers[argv] = self.run(argv, env, cwd, timeout)
        return self.answers[argv]


class SameCookie:
    """Stands in for `os` where interpreters are asked, so that the same question is spelled the same."""

    @staticmethod
    def urandom(size: int) -> bytes:
        return b"k" * size

    def __getattr__(self, name: str) -> object:
        return getattr(os, name)
