"""Locks and workspaces that their own tools refuse or pass over, held against those tools in several versions."""

from __future__ import annotations

import re

import pytest
from rattler import MatchSpec
from rattler.exceptions import InvalidMatchSpecError

from tests.clinic.patient import Patient
from tests.clinic.projects import pyproject, stock, write
from tests.clinic.uv import OLD, newest_uv, old_uv, version_of
from tests.facts.dependencies.locks_world import look
from tests.facts.dependencies.refusals_world import refused

MEMBER = '[project]\nname = "{}"\nversion = "1"\nrequires-python = ">=3.9"\ndependencies = []\n'
PYLOCK = 'lock-version = "{}"\ncreated-by = "x"\npackages = []\n'


@pytest.fixture
def user(patient: Patient) -> Patient:
    """A user with packages to install."""
    stock(patient)
    return patient


@pytest.fixture(params=[*OLD, "newest"])
def uv(request: pytest.FixtureRequest, user: Patient, tmp_path_factory: pytest.TempPathFactory) -> Patient:
    """The same with one of several versions of uv."""
    shared = tmp_path_factory.getbasetemp().parent / "old-uv"
    program = newest_uv() if request.param == "newest" else old_uv(request.param, shared)
    (user.bin / "uv").symlink_to(program)
    return user


def of_files(patient: Patient) -> list[str]:
    """What is said of the project's files."""
    seen = patient.examine("--select", "PRJ008")
    return [finding["message"] for finding in seen.result("PRJ008")["findings"]]


DAMAGES = {
    "no requires-python": (r"(?m)^requires-python = .*\n", ""),
    "no version": (r"(?m)^version = 1\n", ""),
    "version": (r"(?m)^version = 1$", 'version = "1"'),
    "specifier": (r'(?m)^requires-python = ".*"$', 'requires-python = "3.9+"'),
    "a package less": (r"(?s)\[\[package\]\]\nname = .alpha.*?(?=\n\[\[|\Z)", ""),
    "another version": (r'\{ name = "alpha" \},', '{ name = "alpha", version = "7" },'),
    "no source": (r"(?m)^source = .*\n", ""),
    "a version that is none": (r'(?m)^version = "[0-9.]+"$', 'version = "two"'),
    "twice": (r"(?s)(\[\[package\]\]\nname = .app.*)", r"\1\n\1"),
}


@pytest.mark.sick("PRJ008")
def test_a_lock_of_another_shape_is_made_again(uv: Patient) -> None:
    """What is said of each comes from the facts alone; the last is examined and cured."""
    pyproject(uv, "alpha", more="[tool.uv]\n")
    uv.does("uv lock", "uv lock --check")
    lock, version = uv.project / "uv.lock", version_of(uv.bin / "uv")
    whole = lock.read_text()
    assert refused(uv.project, version=version) == []
    for damage, (pattern, instead) in DAMAGES.items():
        lock.write_text(re.sub(pattern, instead, whole, count=1))
        assert uv.shell.run("uv lock --check").status == 2, damage
        assert uv.shell.run("uv sync --frozen --dry-run").status == 2, damage
        assert len(refused(uv.project, version=version)) == 1, damage
    uv.cure("PRJ008")
    uv.does("uv lock --check")


LOCKED = """\
[project]
name = "app"
version = "1"
requires-python = ">=3.9"
dependencies = ["alpha"]
[project.optional-dependencies]
x = ["beta>=1"]
[dependency-groups]
dev = ["beta"]
empty = []
[tool.uv]
package = false
constraint-dependencies = ["beta<3"]
"""
SINCE = {
    "nothing": ("", ""),
    "a comment": ("[tool.uv]", "[tool.uv] # here"),
    "the same in other words": ('"beta<3"', '"Beta <3.0"'),
    "its version": ('version = "1"', 'version = "2"'),
    "its name": ('"app"', '"other"'),
    "an extra more": ("x = [", 'y = ["alpha"]\nx = ['),
    "an empty extra more": ("x = [", "y = []\nx = ["),
    "an extra less": ('x = ["beta>=1"]', ""),
    "another extra": ("x = [", "y = ["),
    "what an extra asks for": ("beta>=1", "beta>=1.5"),
    "a group less": ('dev = ["beta"]', ""),
    "an empty group less": ("empty = []", ""),
    "an empty group more": ("empty = []", "empty = []\nmore = []"),
    "whether it is a package": ("package = false", "package = true"),
    "a marker": ('["alpha"]', "[\"alpha; sys_platform == 'linux'\"]"),
    "a marker that always holds": ('["alpha"]', "[\"alpha; os_name == 'nt' or os_name != 'nt'\"]"),
    "extras of a package": ('["alpha"]', '["alpha[more]"]'),
    "a constraint": ("beta<3", "beta<2.5"),
    "an older form": ("[tool.uv]", '[tool.uv]\ndev-dependencies = ["alpha"]'),
    "environments": ("[tool.uv]", "[tool.uv]\nenvironments = [\"sys_platform == 'linux'\"]"),
    "required environments": ("[tool.uv]", "[tool.uv]\nrequired-environments = [\"sys_platform == 'linux'\"]"),
    "conflicts": ("[tool.uv]", '[tool.uv]\nconflicts = [[{ extra = "x" }, { group = "dev" }]]'),
    "a constraint of builds": ("[tool.uv]", '[tool.uv]\nbuild-constraint-dependencies = ["setuptools<80"]'),
    "a resolution": ("[tool.uv]", '[tool.uv]\nresolution = "lowest"'),
    "the default resolution": ("[tool.uv]", '[tool.uv]\nresolution = "highest"'),
    "pre-releases": ("[tool.uv]", '[tool.uv]\nprerelease = "allow"'),
    "forks": ("[tool.uv]", '[tool.uv]\nfork-strategy = "fewest"'),
    "a date": ("[tool.uv]", '[tool.uv]\nexclude-newer = "2040-01-01T00:00:00Z"'),
    "metadata": ("[tool.uv]", '[[tool.uv.dependency-metadata]]\nname = "alpha"\nrequires-dist = []\n[tool.uv]'),
}


@pytest.mark.sick("PRJ004")
@pytest.mark.healthy("PRJ004")
def test_a_lock_is_older_than_its_project_where_uv_says_so(uv: Patient) -> None:
    manifest = write(uv.project / "pyproject.toml", LOCKED)
    uv.does("uv lock")
    found, truth = {}, {}
    for what, (old, new) in SINCE.items():
        manifest.write_text(LOCKED.replace(old, new, 1))
        truth[what] = uv.shell.run("uv lock --check").status != 0
        found[what] = bool(look(uv.project).changes)
    assert found == truth
    assert sum(truth.values()) > len(truth) / 2
    uv.cure("PRJ004", arguments=("--select", "PRJ004"))
    uv.does("uv lock --check")


WORKSPACES = {
    "nested": f"{MEMBER.format('a')}[tool.uv.workspace]\nmembers = ['x']\n",
    "no project": "[tool.uv]\npackage = false\n",
    "same name": MEMBER.format("App"),
}


@pytest.mark.sick("PRJ008")
def test_members_that_cannot_be_in_one_workspace(uv: Patient) -> None:
    """The last is examined, what is said of the others comes from the facts alone."""
    pyproject(uv, python=">=3.9", more='[tool.uv.workspace]\nmembers = ["packages/*"]\n')
    manifest, version = uv.project / "packages/a/pyproject.toml", version_of(uv.bin / "uv")
    for fault, text in WORKSPACES.items():
        write(manifest, text)
        assert uv.shell.run("uv lock").status == 2, fault
        assert len(refused(uv.project, version=version)) == 1, fault
    assert len(of_files(uv)) == 1
    manifest.write_text(MEMBER.format("a"))  # as the step to read asks
    uv.does("uv lock")
    assert of_files(uv) == []


@pytest.mark.sick("PRJ009")
def test_a_workspace_above_has_its_own_lock(uv: Patient) -> None:
    above = uv.home / "work"
    write(above / "pyproject.toml", MEMBER.format("all") + '[tool.uv.workspace]\nmembers = ["*"]\n')
    write(above / "app/pyproject.toml", MEMBER.format("app") + "[tool.uv]\n")
    lock = write(above / "app/uv.lock", "# kept from before\n")
    uv.cwd = above / "app"
    uv.does("uv lock", "uv lock --check")
    assert lock.read_text() == "# kept from before\n"
    before = uv.examine("--select", "PRJ")
    assert f"the workspace {above} takes the project" in before.finding("PRJ009")["message"]
    uv.cure("PRJ009", before=before, arguments=("--select", "PRJ"))
    uv.does("uv lock --check")


CHANGES = {
    "another Python": ("sed -i 's/>=3.9/>=3.10/' {}/two/pyproject.toml", "was made for Python >=3.9, not for"),
    "another dependency": ("sed -i 's/= \\[\\]/= [\"alpha\"]/' {}/two/pyproject.toml", "does not know `alpha`"),
    "a new member": (
        "mkdir {0}/new && sed s/two/new/ {0}/two/pyproject.toml > {0}/new/pyproject.toml",
        "does not know the member `new`",
    ),
    "a member less": ("rm -r {}/two", "still has the member `two`"),
}


@pytest.mark.sick("PRJ004")
def test_a_change_in_any_member_of_the_workspace(uv: Patient) -> None:
    above = uv.home / "work"
    write(above / "pyproject.toml", MEMBER.format("all") + '[tool.uv.workspace]\nmembers = ["m/*"]\n')
    for name in ("one", "two"):
        write(above / f"m/{name}/pyproject.toml", MEMBER.format(name))
    for number, (change, said) in enumerate(CHANGES.values()):
        uv.cwd = above / "m/one" if number % 2 else above
        uv.close_shell()
        uv.does("uv lock", "uv lock --check")
        assert uv.examine("--select", "PRJ004").problems() == []
        uv.does(change.format(above / "m"))
        assert uv.shell.run("uv lock --check").status != 0
        before = uv.examine("--select", "PRJ004")
        assert said in before.finding("PRJ004")["message"]
        uv.cure("PRJ004", before=before, arguments=("--select", "PRJ004"))
        uv.does("uv lock --check")


@pytest.mark.healthy("PRJ009")
def test_a_project_that_the_workspace_excludes_keeps_its_lock(uv: Patient) -> None:
    above, table = uv.home / "work", '[tool.uv.workspace]\nmembers = ["*"]\nexclude = ["app"]\n'
    write(above / "pyproject.toml", MEMBER.format("all") + table)
    write(above / "app/pyproject.toml", MEMBER.format("app") + "[tool.uv]\n")
    uv.cwd = above / "app"
    uv.does("uv lock")
    assert (above / "app/uv.lock").exists()
    assert uv.examine("--select", "PRJ009,PRJ008").problems() == []


@pytest.mark.sick("PRJ008")
@pytest.mark.parametrize("text", [PYLOCK.format("2.0"), 'lock-version = "1.0"\npackages = []\n', "<<<<<<< HEAD\n"])
def test_an_exported_lock_that_uv_refuses(user: Patient, text: str) -> None:
    user.install("uv")
    user.does("uv venv -q")
    write(user.project / "requirements.txt", "alpha==1.0\n")
    lock = write(user.project / "pylock.toml", text)
    assert user.shell.run("uv pip sync --dry-run pylock.toml").status == 2
    assert len(of_files(user)) == 1
    lock.unlink()  # as the step to read says
    user.does("uv pip compile -q requirements.txt -o pylock.toml", "uv pip sync --dry-run pylock.toml")
    assert of_files(user) == []


# of poetry 2.5, without the line `content-hash`
WITHOUT_HASH = 'package = []\n\n[metadata]\nlock-version = "2.1"\npython-versions = ">=3.9"\n'


@pytest.mark.sick("PRJ004")
def test_a_lock_of_poetry_that_lost_its_hash(user: Patient) -> None:
    user.install("poetry")
    write(user.project / "pyproject.toml", f"{MEMBER.format('app')}[tool.poetry]\npackage-mode = false\n")
    write(user.project / "poetry.lock", WITHOUT_HASH)
    assert user.shell.run("poetry install").status == 1
    user.cure("PRJ004", arguments=("--select", "PRJ"))
    user.does("poetry check --lock")


@pytest.mark.healthy("PRJ008", "PRJ004")
def test_a_python_of_pdm_that_is_gone_is_chosen_again_by_pdm_itself(user: Patient) -> None:
    user.install("pdm")
    write(user.project / "pyproject.toml", f"{MEMBER.format('app')}[tool.pdm]\ndistribution = false\n")
    user.does("pdm lock")
    pin = write(user.project / ".pdm-python", "/gone/bin/python")
    assert user.examine("--select", "PRJ").problems() == []
    user.does("pdm install --dry-run")  # no refusal: it makes the environment, and writes it down
    assert pin.read_text() == f"{user.project}/.venv/bin/python"
    assert user.examine("--select", "PRJ").problems() == []


@pytest.mark.sick("PRJ008")
@pytest.mark.parametrize("spec", ["numpy>=", "git+https://code.example/x.git"])
def test_an_entry_that_conda_clients_refuse(user: Patient, spec: str) -> None:
    with pytest.raises(InvalidMatchSpecError):
        MatchSpec(spec)
    described = write(user.project / "environment.yml", f"name: x\ndependencies:\n- python\n- {spec}\n")
    [said] = of_files(user)
    assert said.startswith(f"conda refuses {described}: ")
    assert user.examine("--select", "PRJ008").finding("PRJ008")["where"] == f"{described}:4"
    described.write_text(f"name: x\ndependencies:\n- python\n- numpy>=1\n- pip:\n  - {spec}\n")
    assert of_files(user) == []


@pytest.mark.sick("PRJ008")
def test_a_description_of_which_conda_passes_over_a_part(user: Patient) -> None:
    """What conda itself does here is a table: it cannot be had from the package index."""
    described = write(user.project / "environment.yml", "name: x\ndependencies:\n- python\n- requests[socks]\n")
    finding = user.examine("--select", "PRJ008").finding("PRJ008")
    assert finding["message"].startswith(f"conda passes over part of {described}: the extras of `requests[socks]`")
    assert (finding["severity"], finding["where"]) == ("warning", f"{described}:4")
    described.write_text("name: x\ndependencies:\n- python\n- requests\n- pip:\n  - requests[socks]\n")
    assert of_files(user) == []
