"""What a lock is said to want is what its manager installs from it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from envdoctor.engine.fact import Unavailable
from envdoctor.facts.dependencies.lock import (
    LockedPackage,
    LockedVersion,
    ProjectLock,
    SeveralLocks,
    probe_project_lock,
    probe_several_locks,
)
from envdoctor.facts.project.environment import EnvironmentSource, ProjectEnvironment
from envdoctor.facts.project.project import Project, ProjectManager, probe_project
from envdoctor.facts.project.pyproject import probe_pyproject
from envdoctor.facts.python.distributions import read_installed
from tests.support import make_session, needs_tool
from tests.wheels import write_wheel

HERE = ProjectEnvironment(
    root="/env",
    source=EnvironmentSource.OWN,
    python="/env/bin/python",
    version=sys.version_info[:3],
    platform=sys.platform,
    machine=os.uname().machine,
)
UNUSED = ("main", "")


def write(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def look(cwd: Path, environment: ProjectEnvironment | None = HERE) -> ProjectLock:
    project = probe_project(make_session(cwd=cwd))
    return probe_project_lock(project, probe_pyproject(project) if project.pyproject else None, environment)


def wanted(lock: ProjectLock) -> dict[str, tuple[str | None, tuple[str, ...]]]:
    return {package.name: (package.version, package.groups) for package in lock.packages}


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("wheels")
    for name, version, requires in (
        ("alpha", "1.0", ["beta>=1"]),
        ("alpha", "2.0", ["beta>=1"]),
        ("beta", "1.0", []),
        ("beta", "2.0", []),
        ("gamma", "1.0", ["delta; sys_platform == 'win32'", "beta"]),
        ("delta", "1.0", []),
        ("tool-x", "1.0", ["epsilon"]),
        ("epsilon", "1.0", []),
        ("docs-x", "1.0", []),
        ("zeta", "1.0", ["speed; extra == 'more'"]),
        ("speed", "1.0", []),
    ):
        write_wheel(directory, name, version, files={f"{name.replace('-', '_')}.py": ""}, requires=requires)
    return directory


MANIFEST = """\
[project]
name = "app"
version = "0.1"
requires-python = ">=3.11"
dependencies = [
    "Alpha>=1,<3",
    "gamma ; python_version >= '3.8'",
    "own",
    "zeta[more]>=1",
    "delta ; python_version < '3'",
]
[project.optional-dependencies]
web = ["docs-x"]
[dependency-groups]
dev = ["tool-x>=1", { include-group = "lint" }]
lint = []
docs = ["docs-x"]
[tool.uv]
no-index = true
find-links = ["WHEELS"]
[tool.uv.sources]
own = { path = "libs/own", editable = true }
"""
OWN = """\
[project]
name = "own"
version = "3"
dependencies = ["beta<2"]
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
"""


def uv(cwd: Path, *arguments: str) -> str:
    env = {
        "HOME": str(cwd / "home"),
        "PATH": os.defpath,
        "UV_CACHE_DIR": str(cwd.parent / "cache"),
        "UV_PYTHON": sys.executable,
        "UV_OFFLINE": "1",
    }
    done = subprocess.run([needs_tool("uv"), *arguments], cwd=cwd, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stderr


@pytest.fixture
def app(tmp_path: Path, wheels: Path) -> Path:
    app = tmp_path / "app"
    write(app, {"pyproject.toml": MANIFEST.replace("WHEELS", str(wheels)), "libs/own/pyproject.toml": OWN})
    uv(app, "lock")
    return app


@pytest.mark.tools
def test_uv_installs_what_the_lock_is_said_to_want(app: Path) -> None:
    lock = look(app)
    uv(app, "sync", "--frozen", "--no-install-package", "own")
    site = next((app / ".venv/lib").glob("python*/site-packages"))
    theirs = {found.name: found.version for found in read_installed([str(site)])}
    ours = {name: version for name, (version, _) in wanted(lock).items() if name != "own"}
    assert ours == theirs
    assert wanted(lock) == {
        "alpha": ("2.0", UNUSED[1:]),
        "beta": ("1.0", UNUSED[1:]),
        "gamma": ("1.0", UNUSED[1:]),
        "own": (None, UNUSED[1:]),
        "zeta": ("1.0", UNUSED[1:]),
        "speed": ("1.0", UNUSED[1:]),
        "tool-x": ("1.0", ("dev",)),
        "epsilon": ("1.0", ("dev",)),
    }
    text = (app / "uv.lock").read_text().splitlines()
    assert [text[package.line - 1] for package in lock.packages] == [f'name = "{p.name}"' for p in lock.packages]
    assert (lock.manager, lock.path, lock.complete, lock.changes) == (ProjectManager.UV, str(app / "uv.lock"), True, ())


@pytest.mark.tools
def test_another_platform_wants_something_else(app: Path) -> None:
    windows = msgspec.structs.replace(HERE, platform="win32")
    assert wanted(look(app, windows)).keys() - wanted(look(app)).keys() == {"delta"}
    assert look(app, None).packages == ()


@pytest.mark.tools
@pytest.mark.parametrize(
    ("old", "new", "changes"),
    [
        ('"zeta[more]>=1",', '"zeta [more] >= 1.0", ', ()),
        ('"zeta[more]>=1",', '"zeta[more]>=2",', ("was made for another version of `zeta` than `zeta[more]>=2`",)),
        ('"zeta[more]>=1",', "", ("still has `zeta`, which is no longer asked for",)),
        ('"own",', '"own", "six>=1",', ("does not know `six>=1`",)),
        ("lint = []", 'lint = ["ruff"]', ("does not know `ruff`", "does not know `ruff`")),
        ('web = ["docs-x"]', "", ()),
        ("\"gamma ; python_version >= '3.8'\"", '"gamma"', ()),
        ('name = "app"', 'name = "other"\ndynamic = ["dependencies"]', ()),
    ],
)
def test_what_uv_does_not_know_yet(app: Path, old: str, new: str, changes: tuple[str, ...]) -> None:
    manifest = (app / "pyproject.toml").read_text()
    assert old in manifest
    (app / "pyproject.toml").write_text(manifest.replace(old, new))
    assert tuple(change.text for change in look(app).changes) == changes


@pytest.mark.tools
def test_members_of_a_workspace_share_a_lock(tmp_path: Path, wheels: Path) -> None:
    member = '[project]\nname="{0}"\nversion="1"\nrequires-python=">=3.11"\ndependencies=["{1}"]\n'
    settings = f'[tool.uv]\nno-index=true\nfind-links=["{wheels}"]\n[tool.uv.workspace]\nmembers=["m/*"]\n'
    files = {
        "m/one/pyproject.toml": member.format("one", "alpha<2"),
        "m/two/pyproject.toml": member.format("two", "beta"),
    }
    write(tmp_path / "w", {"pyproject.toml": settings, **files})
    uv(tmp_path / "w", "lock")
    lock, root = look(tmp_path / "w/m/one"), look(tmp_path / "w")
    assert (set(wanted(lock)), lock.member, lock.changes) == ({"alpha", "beta"}, True, ())
    assert set(wanted(root)) == {"alpha", "beta"}


@pytest.mark.tools
@pytest.mark.parametrize(
    ("table", "kind"),
    [("project.optional-dependencies", "extra"), ("dependency-groups", "group")],
)
def test_what_hangs_on_one_of_several_conflicting_choices_is_not_known(
    tmp_path: Path, wheels: Path, table: str, kind: str
) -> None:
    app = tmp_path / "app"
    manifest = '[project]\nname="app"\nversion="1"\nrequires-python=">=3.11"\ndependencies=["alpha", "gamma"]\n'
    choices = f'[{table}]\ncpu=["beta==1.0"]\ngpu=["beta==2.0"]\n'
    settings = f'[tool.uv]\nno-index=true\nfind-links=["{wheels}"]\nconflicts=[[{{{kind}="cpu"}},{{{kind}="gpu"}}]]\n'
    write(app, {"pyproject.toml": manifest + choices + settings})
    uv(app, "lock")
    assert f"{kind}-3-app-gpu" in (app / "uv.lock").read_text()
    assert {name: version for name, (version, _) in wanted(look(app)).items()} == {"alpha": "2.0", "gamma": "1.0"}


POETRY_LOCK = """\
# This file is automatically @generated by Poetry 2.1.1 and should not be changed by hand.

[[package]]
name = "Httpx"
version = "0.27.0"
optional = false
python-versions = ">=3.8"
groups = ["main", "dev"]
files = [
    {file = "x.whl", hash = "sha256:00"},
]

[[package]]
name = "tomli"
version = "2.0"
optional = false
groups = ["main"]
markers = "python_version < \\"3\\""
files = []

[[package]]
name = "colorama"
version = "1.0"
optional = false
groups = ["main", "dev"]
markers = {main = "sys_platform == \\"win32\\"", dev = "python_version > \\"3\\""}

[[package]]
name = "pytest"
version = "8.0"
optional = false
groups = ["dev"]

[[package]]
name = "sphinx"
version = "7.0"
optional = false
groups = ["docs"]

[[package]]
name = "extra-only"
version = "1.0"
optional = true
groups = ["main"]

[[package]]
name = "working-copy"
version = "0.1"
optional = false
groups = ["main"]
[package.source]
type = "directory"
url = "../x"

[metadata]
lock-version = "2.1"
python-versions = ">=3.11"
content-hash = "HASH"
"""
POETRY_MANIFEST = """\
[tool.poetry]
name = "app"
[tool.poetry.dependencies]
python = ">=3.11"
httpx = "*"
[tool.poetry.group.dev.dependencies]
pytest = "*"
[tool.poetry.group.docs]
optional = true
[tool.poetry.group.docs.dependencies]
sphinx = "*"
"""


def test_poetry_says_with_each_package_who_wants_it(tmp_path: Path) -> None:
    write(tmp_path, {"pyproject.toml": POETRY_MANIFEST, "poetry.lock": POETRY_LOCK})
    lock = look(tmp_path)
    assert lock.packages == (
        LockedPackage("httpx", "0.27.0", ("", "dev"), 4),
        LockedPackage("colorama", "1.0", ("dev",), 22),
        LockedPackage("pytest", "8.0", ("dev",), 29),
        LockedPackage("working-copy", None, ("",), 47),
    )
    assert [change.text for change in lock.changes] == [f"was not made from what {tmp_path}/pyproject.toml says now"]


def test_an_older_lock_of_poetry_cannot_tell_what_is_missing(tmp_path: Path) -> None:
    text = "\n".join(line for line in POETRY_LOCK.splitlines() if not line.startswith("groups"))
    write(tmp_path, {"pyproject.toml": POETRY_MANIFEST, "poetry.lock": text})
    lock = look(tmp_path)
    assert not lock.complete
    assert wanted(lock)["pytest"] == ("8.0", ("",))


@pytest.mark.parametrize(
    "manifest",
    [
        POETRY_MANIFEST,
        '[project]\nname="a"\nrequires-python=">=3.9"\ndependencies=["x"]\n[tool.poetry]\npackage-mode=false\n',
        '[project]\nname="a"\ndependencies=["x"]\n[dependency-groups]\ndev=["y"]\n[tool.poetry.dependencies]\nx={source="s"}\n',
        '[dependency-groups]\ndev=["y"]\n[tool.poetry]\nname="x"\nextras={a=["b"]}\n',
    ],
)
@pytest.mark.parametrize("groups", [True, False])
def test_the_hash_is_the_one_that_poetry_makes(tmp_path: Path, manifest: str, groups: bool) -> None:
    locker = pytest.importorskip("poetry.packages.locker", reason="poetry is not installed")
    from envdoctor.system.toml import parse_toml

    table = parse_toml("p", manifest)
    made = locker.Locker(tmp_path / "poetry.lock", table)._get_content_hash(with_dependency_groups=groups)
    write(tmp_path, {"pyproject.toml": manifest + "# a comment\n", "poetry.lock": POETRY_LOCK.replace("HASH", made)})
    assert look(tmp_path).changes == ()


PIPFILE = """\
[[source]]
url = "https://mirror/simple"
verify_ssl = true
name = "m"
[packages]
idna = "*"
[dev-packages]
pytest = "*"
"""


def pipfile_lock(digest: str) -> str:
    content = {
        "_meta": {"hash": {"sha256": digest}, "pipfile-spec": 6},
        "default": {
            "idna": {"hashes": [], "version": "==3.7", "markers": "python_version >= '3.5'"},
            "pywin32": {"version": "==1", "markers": "sys_platform == 'win32'"},
            "app": {"editable": True, "path": "."},
        },
        "develop": {"pytest": {"version": "==8.0"}},
    }
    return json.dumps(content, indent=4)


@pytest.mark.tools
def test_pipenv(tmp_path: Path) -> None:
    plette = pytest.importorskip("pipenv.vendor.plette", reason="pipenv is not installed")
    from envdoctor.system.toml import parse_toml

    made = plette.Pipfile(parse_toml("p", PIPFILE)).get_hash().value
    write(tmp_path, {"Pipfile": PIPFILE, "Pipfile.lock": pipfile_lock(made)})
    lock = look(tmp_path)
    assert lock.packages == (
        LockedPackage("idna", "3.7", ("",), 9),
        LockedPackage("app", None, ("",), 18),
        LockedPackage("pytest", "8.0", ("develop",), 24),
    )
    assert lock.changes == ()
    write(tmp_path, {"Pipfile": PIPFILE + "ruff = '*'\n"})
    assert [change.text for change in look(tmp_path).changes] == [f"was not made from what {tmp_path}/Pipfile says now"]
    write(tmp_path, {"Pipfile": "[packages]\n"})
    assert look(tmp_path).changes == ()


def test_pdm_and_pylock(tmp_path: Path) -> None:
    manifest = "[project]\nname='a'\n[dependency-groups]\nlint=['ruff']\n[tool.pdm.scripts]\nx='y'\n"
    packages = (
        '[[package]]\nname = "idna"\nversion = "3"\ngroups = ["default"]\n'
        '[[package]]\nname = "ruff"\nversion = "1"\ngroups = ["lint", "docs"]\n'
        '[[package]]\nname = "sphinx"\nversion = "1"\ngroups = ["docs"]\n'
        '[[package]]\nname = "own"\nversion = "1"\npath = "./own"\nmarker = "sys_platform != \'win32\'"\n'
    )
    write(tmp_path / "pdm", {"pyproject.toml": manifest, "pdm.lock": packages})
    assert wanted(look(tmp_path / "pdm")) == {"idna": ("3", ("",)), "ruff": ("1", ("lint",)), "own": (None, ("",))}
    pylock = (
        'lock-version = "1.0"\n[[packages]]\nname = "idna"\nversion = "3"\n'
        '[[packages]]\nname = "pywin32"\nversion = "3"\nmarker = "sys_platform == \'win32\'"\n'
    )
    write(tmp_path / "pip", {"pylock.toml": pylock})
    assert wanted(look(tmp_path / "pip")) == {"idna": ("3", ("",))}


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("uv.lock", "[[package]]\nname = \n", "uv.lock:2: Invalid value"),
        ("poetry.lock", "\0", "poetry.lock: a binary file"),
        ("Pipfile.lock", '{\n"a": }', "Pipfile.lock:2: Expecting value"),
        ("Pipfile.lock", "[]", "Pipfile.lock: is no JSON object"),
        ("Pipfile.lock", "[" * 99999, "Pipfile.lock: nested too deeply"),
        ("Pipfile.lock", "9" * 5000, "Pipfile.lock: Exceeds the limit"),
    ],
)
def test_a_malformed_lock_says_where(tmp_path: Path, name: str, content: str, reason: str) -> None:
    write(tmp_path, {name: content})
    with pytest.raises(Unavailable, match=reason):
        look(tmp_path)


@pytest.mark.parametrize(
    "content", ["", "package = 1", "[[package]]\n", '[[package]]\nname="x"\nsource=1\nversion=1\n']
)
def test_a_lock_of_an_odd_shape_wants_nothing(tmp_path: Path, content: str) -> None:
    write(tmp_path, {"uv.lock": content})
    assert look(tmp_path).packages == ()


def test_no_lock(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="no lock file"):
        probe_project_lock(Project(str(tmp_path)), None, HERE)
    with pytest.raises(Unavailable, match="not more than one"):
        probe_several_locks(Project(str(tmp_path)))


def test_several_locks_are_read_whole(tmp_path: Path) -> None:
    one = '[[package]]\nname = "idna"\nversion = "{}"\n'
    write(tmp_path, {"pyproject.toml": "[project]\nname='a'\n"})
    write(tmp_path, {"uv.lock": one.format(1) + one.format(2), "poetry.lock": one.format(3), "pixi.lock": "x: 1"})
    seen = probe_several_locks(probe_project(make_session(cwd=tmp_path)))
    assert isinstance(seen, SeveralLocks)
    assert [(lock.manager, lock.packages) for lock in seen.locks] == [
        (ProjectManager.UV, (LockedVersion("idna", ("1", "2")),)),
        (ProjectManager.POETRY, (LockedVersion("idna", ("3",)),)),
    ]
    (tmp_path / "poetry.lock").write_text("[")
    with pytest.raises(Unavailable, match=r"poetry\.lock"):
        probe_several_locks(probe_project(make_session(cwd=tmp_path)))
