"""Every reader of foreign text, as a function that takes whatever bytes a file, a variable or a program may hold.

A reader may answer that it cannot read them (`Unreadable`, `Unavailable` or what else it documents); any other
exception is a fault.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path

from envdoctor.engine import plugins
from envdoctor.engine.fact import Unavailable
from envdoctor.facts.commands import shebang
from envdoctor.facts.conda import condarc
from envdoctor.facts.conda.packages import read_packages
from envdoctor.facts.dependencies import environment_specs, environment_yml, lock_formats, lock_shapes, pixi_lock
from envdoctor.facts.http import url
from envdoctor.facts.libraries.architecture import architectures
from envdoctor.facts.loader.elf import read_elf
from envdoctor.facts.loader.host import parse_cache
from envdoctor.facts.loader.symbols import read_symbols
from envdoctor.facts.mirrors import credentials, logins, project_sources
from envdoctor.facts.network.certificates import fingerprints_of
from envdoctor.facts.packages import editables
from envdoctor.facts.packages.dependencies import probe_dependencies
from envdoctor.facts.packages.editables import probe_editables
from envdoctor.facts.packages.records import probe_package_records
from envdoctor.facts.packages.requirements import of_egg
from envdoctor.facts.packages.requirements import parse as requirement_of
from envdoctor.facts.packages.targets import PackageTargets
from envdoctor.facts.packages.targets import Target as PackageTarget
from envdoctor.facts.packages.wheel_tags import probe_wheel_tags
from envdoctor.facts.pip.config_file import PipLevel, read_file
from envdoctor.facts.project import poetry_constraints, project, pyproject, python_pins, requirements_txt
from envdoctor.facts.pyenv.shims import read_shim
from envdoctor.facts.python import query
from envdoctor.facts.python.distributions import Sites, read_installed
from envdoctor.facts.python.listed_files import read_list
from envdoctor.facts.shell.startup_reader import read_lines
from envdoctor.facts.shell.tokenizer import Broken
from envdoctor.facts.terminals import jupyter, tmux, vscode
from envdoctor.facts.uv import health, installations, tool_receipts
from envdoctor.facts.uv import settings as uv_settings
from envdoctor.facts.venv import layout, pyvenv_cfg
from envdoctor.report import recording
from envdoctor.system import mount_table
from envdoctor.system.files import Unreadable, read_text
from envdoctor.system.toml import Document, read_toml
from envdoctor.system.yaml import read_yaml
from envdoctor.text.secrets import Masker
from tests.support import make_session

Target = Callable[[bytes], object]
ANSWERS = (Unreadable, Unavailable, Broken, recording.BadRecording)
HOME = "/home/ann"
COOKIE = "cookie"


@cache
def place() -> str:
    """A directory for the files of this process."""
    made = tempfile.mkdtemp()
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    return made


def put(content: bytes, name: str) -> str:
    """A file with this content."""
    path = Path(place(), name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return str(path)


def of_file(name: str, read: Callable[[str], object]) -> Target:
    """The target of a function that takes the path of a file."""
    return lambda content: read(put(content, name))


def of_text(read: Callable[[str], object]) -> Target:
    """The target of a function that takes a text."""
    return lambda content: read(content.decode("utf-8", "surrogateescape"))


def _startup(path: str) -> list[object]:
    return list(read_lines(path, read_text(path), {"HOME": HOME}, fish=path.endswith(".fish")))


def _specs(path: str) -> object:
    top = read_yaml(path)
    return list(environment_specs.faults(top)), list(environment_specs.ignored(top))


def _stored(path: str) -> object:
    stored = tuple(logins._stored(make_session({"UV_CREDENTIALS_DIR": os.path.dirname(path)})))
    return logins.Logins(stored=stored).of("uv", url.read("https://m.example", "X", "X", next(iter(url.Reader))))


def _requirements(path: str) -> object:
    return requirements_txt.probe_requirements(project.Project(os.path.dirname(path)))


def _sources(path: str) -> object:
    here = os.path.dirname(path)
    requirements = requirements_txt.probe_requirements(project.Project(here)) if path.endswith(".txt") else None
    return project_sources.probe_project_sources(make_session(cwd=here), project.Project(here), requirements)


def _pyproject(path: str) -> object:
    session = make_session({"HOME": HOME}, cwd=os.path.dirname(path))
    return pyproject.parse(read_toml(path)), project.probe_project(session)


def _pipfile(path: str) -> object:
    from envdoctor.facts.project import pipfile

    return pipfile.probe_pipfile(project.Project(os.path.dirname(path)))


def _uv_toml(path: str) -> object:
    _, text, table = uv_settings.read_table(path)
    return list(uv_settings.flatten(table, text, path)), list(uv_settings.find_indexes(table, text, path))


def _lock(reader: Callable[[Document], object]) -> Callable[[str], object]:
    def read(path: str) -> object:
        document = lock_formats.read_lock(path)
        return lock_formats.lines_of(document), reader(document)

    return read


def _environment_yml(path: str) -> object:
    name, specs, packages = environment_yml.parse(path, read_text(path, 100_000))
    return name, packages, [environment_yml.fits("1.26.4", spec.wanted) for spec in specs]


def _conda_record(path: str) -> object:
    return read_packages(os.path.dirname(os.path.dirname(path)), Sites())


def _installed(path: str) -> object:
    return read_installed([os.path.dirname(os.path.dirname(path))])


def _judged(path: str) -> object:
    site = os.path.dirname(os.path.dirname(path))
    where = PackageTargets((PackageTarget(root=site, python=site, version=(3, 11, 7), directories=(site,)),))
    session = make_session()
    return (
        probe_dependencies(session, probe_package_records(session, where), None),
        probe_wheel_tags(session, where),
        probe_editables(session, where),
    )


def _receipt(path: str) -> object:
    return installations.read_receipt(make_session({"XDG_CONFIG_HOME": os.path.dirname(os.path.dirname(path))}))


def _pins(path: str) -> list[object]:
    return list(python_pins.parse(read_text(path)))


def _entry_points(path: str) -> list[object]:
    return list(plugins._read(os.path.dirname(path), "x"))


def _vscode(text: str) -> object:
    with suppress(ValueError, RecursionError):
        import json

        settings = json.loads(vscode.plain(text))
        value = settings.get(vscode.KEYS[0]) if isinstance(settings, dict) else None
        return vscode.chosen(make_session({"HOME": HOME}), "/f", vscode.KEYS[0], str(value), "/")
    return None


def _url(text: str) -> object:
    return [url.read(text, "X", "X", reader, cwd="/") for reader in url.Reader]


def _credentials(text: str) -> object:
    return credentials.first(text, "X"), credentials.first(text, "X", in_file=True), Masker().mask(text)


TARGETS: dict[str, Target] = {
    "bash": of_file(".bashrc", _startup),
    "condarc": of_file(".condarc", condarc.read_condarc),
    "conda-record": of_file("conda/conda-meta/x-1-0.json", _conda_record),
    "credentials": of_text(_credentials),
    "direct-url": of_file(
        "direct/x-1.dist-info/direct_url.json", lambda path: editables.source_of(os.path.dirname(path))
    ),
    "elf": of_file("elf", read_elf),
    "entry-points": of_file("points/entry_points.txt", _entry_points),
    "environment-specs": of_file("environment.yml", _specs),
    "environment-yml": of_file("environment.yml", _environment_yml),
    "fish": of_file("config.fish", _startup),
    "jupyter": of_file("kernel.json", lambda path: jupyter.understand(path, "x", "user")),
    "ld-cache": parse_cache,
    "mach-o": architectures,
    "metadata": of_file("metadata/x-1.dist-info/METADATA", _judged),
    "mounts": of_text(mount_table.parse),
    "pdm-lock": of_file("pdm.lock", _lock(lambda lock: list(lock_formats.of_pdm(lock.table)))),
    "pem": fingerprints_of,
    "pip-conf": of_file("pip.conf", lambda path: read_file(path, PipLevel.USER)),
    "pipfile": of_file("pipfile/Pipfile", _pipfile),
    "pipfile-lock": of_file("Pipfile.lock", _lock(lambda lock: list(lock_formats.of_pipfile(lock.table)))),
    "pixi-lock": of_file("pixi.lock", lambda path: (pixi_lock.fault(path), pixi_lock.newer(path))),
    "pkg-info": of_file("egg/x.egg-info", _installed),
    "poetry-constraint": of_text(lambda text: list(poetry_constraints.requirements("x", text))),
    "poetry-lock": of_file("poetry.lock", _lock(lambda lock: list(lock_formats.of_poetry(lock.table)))),
    "pyenv-shim": of_file("shim", read_shim),
    "pylock": of_file("pylock.toml", _lock(lambda lock: list(lock_formats.of_pylock(lock.table)))),
    "pyproject": of_file("project/pyproject.toml", _pyproject),
    "python-answer": of_text(lambda text: query.parse(f"{COOKIE}{text}{COOKIE}", COOKIE)),
    "python-version": of_file(".python-version", _pins),
    "pyvenv-cfg": of_file("pyvenv.cfg", layout._read_config),
    "recording": of_file("report.json", recording.read),
    "record": of_file("record/x-1.dist-info/RECORD", read_list),
    "requires-txt": of_text(lambda text: [requirement_of(line) for line in of_egg(text)]),
    "requirements": of_file("requirements/requirements.txt", _requirements),
    "shebang": shebang.parse,
    "sources-pipfile": of_file("sources1/Pipfile", _sources),
    "sources-poetry": of_file("sources2/pyproject.toml", _sources),
    "sources-requirements": of_file("sources3/requirements.txt", _sources),
    "symbols": of_file("library", read_symbols),
    "tmux": of_text(lambda text: list(tmux.held(text))),
    "url": of_text(_url),
    "uv-credentials": of_file("credentials/credentials.toml", _stored),
    "uv-lock": of_file("uv.lock", _lock(lambda lock: list(lock_formats.of_uv(lock.table, (".",), ("dev",), bool)))),
    "uv-lock-faults": of_file("faults/uv.lock", _lock(lambda lock: list(lock_shapes.uv_lock_faults(lock)))),
    "uv-message": of_text(lambda text: health.complaint(text, ("UV_INDEX",))),
    "uv-receipt": of_file("config/uv/uv-receipt.json", _receipt),
    "uv-tool-receipt": of_file("uv-receipt.toml", lambda path: tool_receipts.requested(read_toml(path).table)),
    "uv-toml": of_file("uv.toml", _uv_toml),
    "venv-cfg": of_file("venv/pyvenv.cfg", lambda path: pyvenv_cfg.read(os.path.dirname(path))),
    "vscode": of_text(_vscode),
}


def give(name: str, content: bytes) -> None:
    """Give a target these bytes. Raises what it must not raise."""
    with suppress(*ANSWERS):
        TARGETS[name](content)
