"""A report for every picture: a session in which much is wrong, and one whose every name is hostile."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

import msgspec

from envdoctor import Evidence, Finding, Fix, Run, Severity
from envdoctor.engine.finding import Outcome
from envdoctor.engine.judge import Result
from envdoctor.engine.reference import Facts
from envdoctor.facts.commands.commands import Commands
from envdoctor.facts.environments.install_targets import InstallTarget, InstallTargets, TargetKind
from envdoctor.facts.environments.kinds import Kind, KnownEnvironment
from envdoctor.facts.environments.registered import RegisteredEnvironments
from envdoctor.facts.mirrors.effective import Aspect, EffectiveIndexes, EffectiveSetting
from envdoctor.facts.python.active import ActivePython
from envdoctor.facts.python.interpreters import Interpreters
from envdoctor.facts.session.context import Examined
from envdoctor.facts.session.search_path import PathEntry, SearchPath
from envdoctor.report.report import Redaction, Report
from tests.builders import make_examined, make_hit, make_interpreter, make_venv_python
from tests.samples import wet_ground

HOSTILE = (
    "</code></style></title><script>hit('script')</script><img src=x onerror=hit('onerror')>"
    '<a href="javascript:hit()">"onmouseover="hit(1)" \u202egnp.exe \x1b[2J &lt;b&gt; <!-- ]]> \udcff'
)
VENV = "/home/ada/project/.venv"


def search_path() -> SearchPath:
    texts = (f"{VENV}/bin", "/opt/conda/bin", "/gone/bin", "/usr/bin", "/bin", "tools")
    entries = [PathEntry(number, text, text, real=text) for number, text in enumerate(texts)]
    entries[2] = msgspec.structs.replace(entries[2], exists=False, real=None)
    entries[4] = msgspec.structs.replace(entries[4], real="/usr/bin")
    return SearchPath(tuple(entries))


def commands() -> Commands:
    return Commands(
        (
            make_hit("python", f"{VENV}/bin/python", f"{VENV}/bin/python", position=0),
            make_hit("python", "/opt/conda/bin/python", "/opt/conda/bin/python", position=1),
            make_hit("pip", "/opt/conda/bin/pip", "/opt/conda/bin/python", position=1),
            make_hit("pip", "/usr/bin/pip", "/usr/bin/python3", position=3),
            make_hit("uv", "/usr/bin/uv", None, position=3),
        )
    )


def targets() -> InstallTargets:
    return InstallTargets(
        (
            InstallTarget(
                "pip install",
                "/opt/conda",
                TargetKind.CONDA_BASE,
                "base",
                "/opt/conda/bin/pip runs with its Python",
                "/opt/conda",
            ),
            InstallTarget("python -m pip install", VENV, TargetKind.ENVIRONMENT, VENV, "`python` is its Python", VENV),
            InstallTarget("uv pip install", VENV, TargetKind.ENVIRONMENT, VENV, "VIRTUAL_ENV names it", VENV),
            InstallTarget("conda install", None, TargetKind.NOTHING, None, "there is no conda here"),
        )
    )


def environments() -> RegisteredEnvironments:
    def one(path: str, kind: Kind, **changes: Any) -> KnownEnvironment:
        return KnownEnvironment(path=path, real=path, kind=kind, **changes)

    return RegisteredEnvironments(
        (
            one("/home/ada/.pyenv/versions/3.12.1", Kind.PYENV, python="3.12.1"),
            one(VENV, Kind.UV, python="3.12.1", base="/home/ada/.pyenv/versions/3.12.1/bin/python3", active=True),
            one(
                "/home/ada/old/.venv",
                Kind.VENV,
                python="3.8",
                base="/usr/bin/python3.8",
                problem="/usr/bin/python3.8 is gone",
            ),
            one("/opt/conda", Kind.CONDA, python="3.11.7"),
            one("/opt/conda/envs/gpu", Kind.CONDA, python="3.10.4", base="/opt/conda"),
        )
    )


def mirrors() -> EffectiveIndexes:
    return EffectiveIndexes(
        (
            EffectiveSetting("pip", Aspect.INDEX, "https://mirror.example/simple", "/home/ada/.config/pip/pip.conf:3"),
            EffectiveSetting("pip", Aspect.PROXY),
            EffectiveSetting("uv", Aspect.INDEX),
            EffectiveSetting("uv", Aspect.PROXY, "http://proxy.example:3128", "HTTPS_PROXY"),
        )
    )


def facts() -> Facts:
    python = make_venv_python(VENV)
    conda = make_interpreter("/opt/conda", is_conda=True)
    return Facts(
        {
            SearchPath: search_path(),
            Commands: commands(),
            InstallTargets: targets(),
            RegisteredEnvironments: environments(),
            EffectiveIndexes: mirrors(),
            Interpreters: Interpreters((python, conda)),
            ActivePython: ActivePython("python", python),
            Examined: make_examined(cwd="/home/ada/project", home="/home/ada"),
        }
    )


def sick() -> Report:
    """A report with a finding of each severity and all four pictures."""
    evidence = (Evidence("`pip` runs /opt/conda/bin/python", "PATH"), Evidence("uv = 0.13.9", f"{VENV}/pyvenv.cfg:3"))
    found = tuple(
        Finding(
            f"`pip` installs into /opt/conda ({severity.value})",
            Fix("Install with `uv pip install` instead", Run("uv", "pip", "install", "--python", VENV, "pip")),
            VENV,
            evidence,
            severity=severity,
        )
        for severity in Severity
    )
    result = Result(wet_ground, Outcome.FOUND, None, found)
    return Report("2026-01-02T03:04:05Z", (result,), facts(), redactions=(Redaction("url-credentials", 2),))


def hostile() -> Report:
    """The same, every text of the machine's taken from a hostile name."""
    report = sick()
    known = Facts({kind: _poisoned(fact) for kind, fact in report.known.items()})
    finding = Finding(HOSTILE, Fix(HOSTILE, Run(HOSTILE)), HOSTILE, (Evidence(HOSTILE, HOSTILE),))
    result = Result(wet_ground, Outcome.FOUND, None, (finding,))
    return msgspec.structs.replace(report, results=(result,), known=known, broken_plugins=(HOSTILE,), notes=(HOSTILE,))


def _poisoned(value: Any) -> Any:
    if isinstance(value, str):
        return HOSTILE + value
    if isinstance(value, tuple):
        return tuple(_poisoned(item) for item in value)
    if isinstance(value, msgspec.Struct):
        fields = {name: _poisoned(getattr(value, name)) for name in value.__struct_fields__}
        return msgspec.structs.replace(value, **fields)
    return value


class Reader(HTMLParser):
    """What a browser sees: the elements with their attributes, and the text."""

    def __init__(self, document: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.open: list[str] = []
        self.feed(document)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in ("meta", "br", "hr"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not self.open or self.open[-1] != "style":
            self.words.append(data)

    @property
    def text(self) -> str:
        """All that is read."""
        return " ".join("".join(self.words).split())

    def of(self, name: str) -> list[dict[str, str | None]]:
        """The attributes of each element of a name."""
        return [attributes for tag, attributes in self.elements if tag == name]

    def classes(self, name: str) -> list[str]:
        """The classes of each element of a name that has some."""
        return [attributes["class"] or "" for attributes in self.of(name) if "class" in attributes]
