"""PRJ008: what the project's own tool refuses, held against what the real tools say."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.clinic.environments import by_uv, uv_project
from tests.clinic.forked import refused_by as refused_by_forks
from tests.clinic.patient import Patient
from tests.clinic.projects import pyproject, stock, write
from tests.clinic.uv import OLD, newest_uv, old_uv, version_of
from tests.facts.dependencies import (
    test_pdm_manifests,
    test_pipenv_manifests,
    test_poetry_groups,
    test_uv_agreement,
    test_uv_manifests,
    test_uv_places,
    test_uv_source_shapes,
    test_uv_sources,
)
from tests.facts.dependencies.locks_world import look
from tests.facts.dependencies.locks_world import write as write_all
from tests.facts.dependencies.refusals_world import refused

CONFLICT = "<<<<<<< HEAD\nx = 1\n=======\nx = 2\n>>>>>>> other\n"
REQUIREMENT = '[project]\nname = "app"\nversion = "1"\nrequires-python = ">=3.9"\ndependencies = []\n'
NEEDS_ALPHA = REQUIREMENT.replace("dependencies = []", 'dependencies = ["alpha"]\n[tool.uv]\npackage = false')
CHECKS = {"poetry": "poetry check --lock", "pdm": "pdm lock --check"}
NO_PACKAGE = {"poetry": "package-mode", "pdm": "distribution"}
NO_QUOTES = str.maketrans("", "", "`'")
SCHEMA = "uses an unsupported schema version (v2, but only v1 is supported)"


@pytest.fixture
def user(patient: Patient) -> Patient:
    """A user with packages to install."""
    stock(patient)
    return patient


@pytest.fixture(params=[OLD[0], "newest"])
def uv(request: pytest.FixtureRequest, user: Patient, tmp_path_factory: pytest.TempPathFactory) -> Patient:
    """The same with one of two versions of uv."""
    shared = tmp_path_factory.getbasetemp().parent / "old-uv"
    program = newest_uv() if request.param == "newest" else old_uv(request.param, shared)
    (user.bin / "uv").symlink_to(program)
    return user


def of_files(patient: Patient) -> list[str]:
    """What is said of the project's files."""
    seen = patient.examine("--select", "PRJ008")
    return [finding["message"] for finding in seen.result("PRJ008")["findings"]]


FAULTS = {
    "conflict": CONFLICT,
    "syntax": "x = \n",
    "group": '[dependency-groups]\ndev = [{include-group = "no"}]\n',
    "cycle": '[dependency-groups]\na = [{include-group = "b"}]\nb = [{include-group = "a"}]\n',
    "entry": '[dependency-groups]\ndev = ["x=="]\n',
    "default": '[tool.uv]\ndefault-groups = ["no"]\n',
    "member": '[tool.uv.workspace]\nmembers = ["packages/*"]\n',
}
HARMLESS = {
    "nothing": "",
    "group": '[dependency-groups]\nDev_1 = ["alpha"]\nall = [{include-group = "dev.1"}]\n',
    "default": '[dependency-groups]\nlint = []\n[tool.uv]\ndefault-groups = ["Lint"]\n',
    "member": '[tool.uv.workspace]\nmembers = ["packages/*", "none"]\n',
    "source": "[tool.uv.sources]\nfoo = { workspace = true }\n",
}


@pytest.mark.sick("PRJ008")
def test_a_manifest_that_this_uv_refuses(uv: Patient) -> None:
    """The last is examined, what is said of the others comes from the facts alone."""
    write(uv.project / "uv.lock", 'version = 1\nrequires-python = ">=3.9"\n')
    write(uv.project / "packages/a/code.py", "")
    version = version_of(uv.bin / "uv")
    for fault, text in FAULTS.items():
        write(uv.project / "pyproject.toml", REQUIREMENT + text)
        assert uv.shell.run("uv sync --offline --dry-run").status == 2, fault
        assert len(refused(uv.project, version=version)) == 1, fault
    assert len(of_files(uv)) == 1
    write(uv.project / "pyproject.toml", REQUIREMENT)  # what the step to read asks for
    assert of_files(uv) == []
    uv.does("uv lock")


@pytest.mark.sick("PRJ008", "PRJ003")
def test_a_command_that_the_refused_file_stops_waits_for_its_correction(user: Patient) -> None:
    """What is missing is installed by uv, which fails until the groups are corrected."""
    user.install("uv")
    by_uv(user, user.project / ".venv", pip=False)
    write(user.project / "pyproject.toml", NEEDS_ALPHA + FAULTS["group"])
    fix = user.examine("--select", "PRJ").finding("PRJ003")["fix"]
    first, sync = fix["commands"]["bash"]
    assert "First correct pyproject.toml (PRJ008)" in first
    assert user.shell.run(sync).status == 2
    applied = user.shell.run(f"{user.command} fix --apply --yes PRJ")
    assert "PRJ003: First correct pyproject.toml (PRJ008)" in applied.stdout
    write(user.project / "pyproject.toml", NEEDS_ALPHA)
    user.cure("PRJ003", arguments=("--select", "PRJ003"))


@pytest.mark.healthy("PRJ008")
def test_a_manifest_that_this_uv_admits(uv: Patient) -> None:
    """The last is examined, what is said of the others comes from the facts alone."""
    write(uv.project / "packages/.hidden/code.py", "")
    version = version_of(uv.bin / "uv")
    for text in HARMLESS.values():
        write(uv.project / "pyproject.toml", REQUIREMENT + text)
        uv.does("uv lock")
        assert refused(uv.project, version=version) == [], text
    assert of_files(uv) == []


@pytest.mark.sick("PRJ008")
@pytest.mark.healthy("PRJ008")
def test_the_shape_of_a_manifest(uv: Patient) -> None:
    """What is said of each comes from the facts alone."""
    tables = (test_uv_manifests, test_uv_source_shapes)
    refused = [text for table in tables for text in table.REFUSED]
    texts = [*refused, *(text for table in tables for text in table.ADMITTED)]
    for number, text in enumerate(texts):
        own = f"\n{text}".partition("\n[")[0]
        name = "" if "name =" in own else 'name = "app"\n'
        version = "" if "version =" in own else 'version = "1"\n'
        write(uv.project / f"{number}/pyproject.toml", f"[project]\n{name}{version}requires-python = '>=3.9'\n{text}\n")
    assert [texts[int(number)] for number in refused_by(uv)] == refused


@pytest.mark.sick("PRJ008")
@pytest.mark.healthy("PRJ008")
def test_what_a_project_asks_for_in_vain(uv: Patient) -> None:
    """The same of projects of several files."""
    tables = (test_uv_sources, test_uv_places, test_uv_agreement)
    sick = {f"sick {name}": files for table in tables for name, (files, _) in table.SICK.items()}
    healthy = {f"well {name}": files for table in tables for name, files in table.HEALTHY.items()}
    for name, files in (sick | healthy).items():
        whole = {path: text.replace("WHEELS", str(uv.root / "wheels")) for path, text in files.items()}
        write_all(uv.project / name, whole)
    assert refused_by(uv) == sorted(sick)


def refused_by(uv: Patient) -> list[str]:
    """The directories in which this uv locks nothing. One line of a shell asks about all of them.

    The user's own settings turn off every index, those of projects too, so they are left out.
    """
    settings = f"export LC_ALL=C XDG_CONFIG_HOME={uv.root} UV_FIND_LINKS={uv.root}/wheels"
    everywhere = 'for d in *; do uv lock -q --offline --directory "$d" >/dev/null 2>&1; echo $?; done'
    names = sorted(path.name for path in uv.project.iterdir())
    states = uv.shell.run(f"{settings}; {everywhere}").stdout.split()
    refused = [name for name, state in zip(names, states, strict=True) if state != "0"]
    return sorted(refused, key=lambda name: (name.zfill(3), name))


@pytest.mark.sick("PRJ008")
@pytest.mark.healthy("PRJ004")
def test_a_lock_is_not_made_again_where_uv_cannot(user: Patient) -> None:
    user.install("uv")
    pyproject(user, "lib", more='[tool.uv.workspace]\nmembers = ["lib"]\n')
    write(user.project / "lib/pyproject.toml", REQUIREMENT.replace("app", "lib"))
    write(user.project / "uv.lock", 'version = 1\nrequires-python = ">=3.9"\n')  # of before
    said = user.shell.run("uv lock").stderr
    before = user.examine("--select", "PRJ")
    assert "PRJ004" not in before.codes
    message = before.finding("PRJ008")["message"]
    assert message.partition(": ")[2] in " ".join(said.replace("cause: ", "").split())
    source = message.partition("(e.g., `")[2].partition("`)")[0]  # as the step to read has it
    user.does(f"printf '[tool.uv.sources]\\n{source}\\n' >>pyproject.toml", "uv lock", "uv lock --check")
    assert not {"PRJ008", "PRJ004"} & user.examine("--select", "PRJ").codes


@pytest.mark.sick("PRJ008")
def test_a_newer_toml_is_for_a_newer_uv(uv: Patient) -> None:
    write(uv.project / "uv.lock", 'version = 1\nrequires-python = ">=3.9"\n')
    write(uv.project / "pyproject.toml", f"{REQUIREMENT}[tool.x]\na = {{\n  b = 1, # c\n}}\n")
    assert len(of_files(uv)) == (uv.shell.run("uv lock").status == 2)


@pytest.mark.sick("PRJ008")
def test_a_lock_that_this_uv_refuses_is_made_again(uv: Patient) -> None:
    pyproject(uv, "alpha", more="[tool.uv]\n")
    uv.does("uv lock")
    lock = uv.project / "uv.lock"
    kept = lock.read_text()
    lock.write_text(kept.replace("version = 1\n", "version = 2\n", 1))
    refusal = uv.shell.run("uv lock --check")
    assert (refusal.status, SCHEMA in refusal.stderr) == (2, True)
    [said] = of_files(uv)
    assert SCHEMA in said
    lock.write_text(kept + CONFLICT)
    assert uv.shell.run("uv lock --check").status == 2
    before = uv.examine()
    assert before.finding("PRJ008")["severity"] == "error"
    uv.cure("PRJ008", before=before)
    uv.does("uv lock --check")


@pytest.mark.healthy("PRJ008")
def test_a_newer_revision_of_the_schema_is_read(uv: Patient) -> None:
    pyproject(uv, "alpha", more="[tool.uv]\n")
    uv.does("uv lock", "sed -i 's/^version = 1$/version = 1\\nrevision = 99/;/^revision = [0-9]$/d' uv.lock")
    uv.does("uv lock --check")
    assert of_files(uv) == []


@pytest.mark.sick("PRJ008")
def test_a_merge_that_waits_has_the_lock_of_before(user: Patient) -> None:
    user.install("uv")
    pyproject(user, "alpha<2", more="[tool.uv]\n")
    git = "git -c user.name=x -c user.email=x@x -c init.defaultBranch=main"
    user.does(f"{git} init -q", "uv lock", "git add -A", f"{git} commit -qm one", f"{git} checkout -qb other")
    pyproject(user, "alpha<2", "beta<2", more="[tool.uv]\n")
    user.does("uv lock", f"{git} commit -qam two", f"{git} checkout -q main")
    pyproject(user, "alpha<2", "delta", more="[tool.uv]\n")
    user.does("uv lock", f"{git} commit -qam three")
    assert user.shell.run(f"{git} merge other").status == 1
    assert len(of_files(user)) == 2
    pyproject(user, "alpha<2", "beta<2", "delta", more="[tool.uv]\n")
    user.cure("PRJ008")
    user.does("uv lock --check", "grep 'name = .beta' uv.lock", "grep 'name = .delta' uv.lock")


@pytest.mark.sick("PRJ008")
@pytest.mark.parametrize("tool", ["poetry", "pdm"])
def test_a_lock_of_another_manager_in_conflict(user: Patient, tool: str) -> None:
    user.install(tool)
    write(user.project / "pyproject.toml", f"{REQUIREMENT}[tool.{tool}]\n{NO_PACKAGE[tool]} = false\n")
    write(user.project / f"{tool}.lock", CONFLICT)
    assert user.shell.run(CHECKS[tool]).status != 0
    user.cure("PRJ008")
    user.does(CHECKS[tool])


@pytest.mark.sick("PRJ008")
@pytest.mark.healthy("PRJ008")
def test_what_pdm_refuses(user: Patient) -> None:
    """What is said of each comes from the facts alone."""
    user.env |= {"PDM_USE_VENV": "0", "PDM_CHECK_UPDATE": "0"}
    head, tables = test_pdm_manifests.HEAD, test_pdm_manifests
    sick = {f"sick {name}": head + text for name, (text, _, _) in tables.SICK.items()}
    sick["sick no project"] = "[tool.pdm]\ndistribution = true\n"
    well = {" and ".join(names): head + "".join(tables.HEALTHY[name] for name in names) for names in tables.TOGETHER}
    for name, text in (sick | well).items():
        write(user.project / name / "pyproject.toml", text)
    assert refused_by_forks(user, "pdm", "pdm.core:main", "lock") == sorted(sick)


@pytest.mark.sick("PRJ008")
@pytest.mark.healthy("PRJ008")
def test_what_pipenv_refuses(user: Patient, python_with_pip: Path) -> None:
    """The same of what no command of pipenv gets over."""
    user.env |= {"VIRTUAL_ENV": str(python_with_pip.parent.parent), "PIPENV_VERBOSITY": "-1"}
    tables = test_pipenv_manifests
    sick = {f"sick {name}": text for name, (text, _, _) in (tables.SICK | tables.OF_NEWEST).items()}
    for name, text in (sick | {f"well {name}": text for name, text in tables.HEALTHY.items()}).items():
        write(user.project / name / "Pipfile", text)
    assert refused_by_forks(user, "pipenv", "pipenv:cli", "lock") == sorted(sick)


@pytest.mark.sick("PRJ008")
@pytest.mark.healthy("PRJ008")
def test_what_poetry_refuses_of_its_groups(user: Patient) -> None:
    """What is said of each comes from the facts alone."""
    tables = test_poetry_groups
    sick = {f"sick {name}": tables.HEAD + text for name, (text, _, _) in tables.SICK.items()}
    well = {f"well {name}": tables.HEAD + text for name, text in tables.HEALTHY.items()}
    for name, text in (sick | well).items():
        write(user.project / name / "pyproject.toml", text)
    assert refused_by_forks(user, "poetry", "poetry.console.application:main", "check") == sorted(sick)


@pytest.mark.sick("PRJ008")
@pytest.mark.parametrize("tool", ["poetry", "pdm"])
def test_a_word_that_its_manager_does_not_know(user: Patient, tool: str) -> None:
    user.install(tool)
    user.env |= {"PDM_USE_VENV": "0", "PDM_CHECK_UPDATE": "0"}
    tables = {
        "poetry": "package-mode = false\n[tool.poetry.group.dev]\noptional = true\ninclude-groups = ['{}']\n",
        "pdm": "distribution = false\n[tool.pdm.lock]\nformat = '{}'\n",
    }
    text = f"{REQUIREMENT}[dependency-groups]\npylock = []\n[tool.{tool}]\n{tables[tool]}"
    manifest = write(user.project / "pyproject.toml", text.format("nowhere"))
    done = user.shell.run(f"{tool} lock")
    assert done.status == 1
    finding = user.examine("--select", "PRJ008").finding("PRJ008")
    assert finding["where"] == f"{manifest}:{11 if tool == 'pdm' else 12}"
    said, told = finding["message"].partition(": ")[2], done.stdout + done.stderr
    assert said.translate(NO_QUOTES).lower() in told.translate(NO_QUOTES).lower()
    manifest.write_text(text.format("pylock"))  # as the step to read asks
    user.does(f"{tool} lock")
    assert of_files(user) == []


@pytest.mark.healthy("PRJ008")
def test_a_classifier_that_nobody_knows(user: Patient) -> None:
    user.install("poetry")
    text = REQUIREMENT.replace("dependencies", 'classifiers = ["Programming Language :: Pythn"]\ndependencies')
    write(user.project / "pyproject.toml", f"{text}[tool.poetry]\npackage-mode = false\n")
    assert "Unrecognized classifiers" in user.shell.run("poetry check").stderr
    user.does("poetry lock", "poetry install")
    assert of_files(user) == []


@pytest.mark.sick("PRJ008")
def test_another_poetry_is_asked_for(user: Patient) -> None:
    user.install("poetry")
    text = f"{REQUIREMENT}[tool.poetry]\npackage-mode = false\nrequires-poetry = '>=99'\n"
    manifest = write(user.project / "pyproject.toml", text)
    finding = user.examine("--select", "PRJ008").finding("PRJ008")
    assert finding["where"] == f"{manifest}:8"
    assert finding["message"].partition(": ")[2].removeprefix("this ") in user.shell.run("poetry check").stderr
    manifest.write_text(text.replace(">=99", ">=2"))  # as the step to read asks
    user.does("poetry check")
    assert of_files(user) == []


@pytest.mark.sick("PRJ008")
def test_pip_speaks_for_its_own_files(user: Patient, python_with_pip: Path) -> None:
    (user.bin / "python").symlink_to(python_with_pip)
    write(user.project / "requirements.txt", "alpha\n-r gone.txt\n")
    assert user.shell.run(f"{python_with_pip} -m pip install --dry-run -r requirements.txt").status == 1
    [said] = of_files(user)
    assert said == f"pip refuses {user.project}/requirements.txt: {user.project}/gone.txt: no such file or directory"
    write(user.project / "gone.txt", "./wheels/beta-1.0-py3-none-any.whl\n-e ./lib ; os_name == 'nt'\n")
    refused = user.shell.run(f"{python_with_pip} -m pip install --dry-run -r requirements.txt")
    assert "./lib is not a valid editable requirement" in refused.stderr
    places = user.examine("--select", "PRJ008")
    assert places.finding("PRJ008")["where"] == f"{user.project}/gone.txt:1"
    (user.project / "wheels").symlink_to(user.root / "wheels")
    user.does("sed -i '/lib/d' gone.txt")  # what the steps to read ask for
    user.does(f"{python_with_pip} -m pip install --dry-run -r requirements.txt")
    assert of_files(user) == []


@pytest.mark.sick("PRJ008")
def test_a_pipfile_in_conflict(user: Patient) -> None:
    user.install("pipenv")
    write(user.project / "Pipfile", f"[packages]\n{CONFLICT}")
    assert user.shell.run("pipenv verify").status != 0
    assert of_files(user) == [
        f"pipenv refuses {user.project}/Pipfile: it has an unresolved merge conflict (`<<<<<<< HEAD`)"
    ]


@pytest.mark.healthy("PRJ008")
def test_a_file_that_this_user_may_not_read_is_said_not_judged(user: Patient) -> None:
    user.install("uv")
    write(user.project / "uv.lock", 'version = 1\nrequires-python = ">=3.9"\n')
    os.mkfifo(user.project / "pyproject.toml")
    assert of_files(user) == []


@pytest.mark.sick("PRJ004")
def test_a_lock_that_uv_would_make_again(uv: Patient) -> None:
    """What is said of each comes from the facts alone; the last is examined and cured."""
    write(uv.root / "home/foo/pyproject.toml", '[project]\nname = "foo"\nversion = "1"\nrequires-python = ">=3.8"\n')
    source = '[tool.uv.sources]\nfoo = { path = "../foo" }\n'
    pyproject(uv, "foo", python="~=3.8", more=source)
    uv.does("uv lock", "uv lock --check")
    assert uv.examine("--select", "PRJ004").problems() == []
    changes = {
        "python": (">=3.8", source),
        "source": ("~=3.8", source.replace(" }", ", editable = true }")),
        "constraint": ("~=3.8", f'{source}[tool.uv]\nconstraint-dependencies = ["foo<3"]\n'),
    }
    for change, (python, more) in changes.items():
        pyproject(uv, "foo", python=python, more=more)
        assert uv.shell.run("uv lock --check").status == 1, change
        assert look(uv.project).changes, change
    assert "uv.lock is out of date" in uv.examine().finding("PRJ004")["message"]
    uv.cure("PRJ004")
    uv.does("uv lock --check")


@pytest.mark.sick("PRJ004")
def test_a_lock_of_pdm(user: Patient) -> None:
    user.install("pdm")
    manifest = write(
        user.project / "pyproject.toml",
        f"{REQUIREMENT}[dependency-groups]\nDev_1 = []\n[tool.pdm]\ndistribution = false\n[[tool.pdm.source]]\n"
        'name = "own"\nurl = "file:///nowhere"\n',
    )
    user.does("pdm lock")
    assert "PRJ004" not in user.examine("--select", "PRJ").codes
    manifest.write_text(manifest.read_text().replace(">=3.9", ">=3.10"))
    assert user.shell.run("pdm lock --check").status == 1
    user.cure("PRJ004")
    user.does("pdm lock --check")


@pytest.mark.sick("PIP010")
@pytest.mark.parametrize("patient", ["zsh"], indirect=True)
def test_a_constraints_file_that_is_gone(user: Patient, python_with_pip: Path) -> None:
    user.install("uv")
    user.does(f"export PATH={python_with_pip.parent}:$PATH UV_CONSTRAINT=here.txt PIP_CONSTRAINT=here.txt")
    write(user.project / "here.txt", "alpha<2\n")
    installs = ("pip install --dry-run alpha", f"uv pip install --dry-run -p {python_with_pip} alpha")
    user.does(*installs)
    assert "PIP010" not in user.examine().codes
    (user.project / "here.txt").unlink()
    assert [user.shell.run(install).status != 0 for install in installs] == [True, True]
    user.cure("PIP010")
    user.does(*installs)


@pytest.mark.sick("PIP010")
def test_a_home_that_nothing_puts_into_the_name_of_a_constraints_file(user: Patient, python_with_pip: Path) -> None:
    user.install("uv")
    write(user.home / "c.txt", "alpha<2\n")
    user.does(f"export PATH={python_with_pip.parent}:$PATH UV_CONSTRAINT='~/c.txt' PIP_CONSTRAINT='$HOME/c.txt'")
    installs = ("pip install --dry-run alpha", f"uv pip install --dry-run -p {python_with_pip} alpha")
    assert [user.shell.run(install).status != 0 for install in installs] == [True, True]
    user.cure("PIP010")
    assert user.does('echo "$UV_CONSTRAINT $PIP_CONSTRAINT"').stdout == f"{user.home}/c.txt {user.home}/c.txt\n"
    user.does(*installs)


@pytest.mark.sick("PRJ008")
def test_a_manifest_and_a_lock_that_this_user_may_not_read(ordinary: Patient) -> None:
    ordinary.install("uv")
    uv_project(ordinary)
    for name in ("uv.lock", "pyproject.toml"):
        ordinary.does(f"chmod 000 {name}")
        assert "Permission denied" in ordinary.shell.run("uv sync --offline").stderr
        finding = ordinary.examine("--select", "PRJ008").finding("PRJ008")
        assert finding["message"].endswith(f"{ordinary.project}/{name}: permission denied")
        [step] = finding["fix"]["actions"]
        ordinary.does(step["text"].rpartition(": ")[2].strip("`"))
        assert ordinary.examine("--select", "PRJ008").problems() == []
    ordinary.does("uv sync --offline")


@pytest.mark.sick("PRJ001")
def test_a_python_that_setup_py_refuses(user: Patient, python_with_pip: Path) -> None:
    user.does(f"export PATH={python_with_pip.parent}:$PATH")
    script = write(user.project / "setup.py", "from setuptools import setup\nsetup(name='x', python_requires='<3')\n")
    assert user.examine("--select", "PRJ001").finding("PRJ001")["where"] == f"{script}:2"
    write(script, "from setuptools import setup\nsetup(name='x', python_requires='>=3')\n")
    assert user.examine("--select", "PRJ001").problems() == []


@pytest.mark.healthy("PIP010")
def test_a_constraints_file_that_is_there(user: Patient) -> None:
    user.install("uv")
    write(user.home / "c.txt", "alpha<2\n")
    user.does("export UV_CONSTRAINT=~/c.txt PIP_CONSTRAINT=")
    assert user.examine("--select", "PIP010").problems() == []


@pytest.mark.sick("ENV006")
@pytest.mark.parametrize("name", ["venv", "env", ".env"])
def test_an_environment_has_other_names_too(user: Patient, python_with_pip: Path, name: str) -> None:
    user.does(f"export PATH={python_with_pip.parent}:$PATH", "mkdir sub")
    write(user.project / "requirements.txt", "alpha\n")
    user.prepares(python_with_pip, "-m", "venv", "--without-pip", name)
    user.does("cd sub")
    assert f"{user.project}/{name} is not active" in user.examine().finding("ENV006")["message"]
    user.cure("ENV006", unmasked=("PIP001", "PRJ003"))


@pytest.mark.healthy("ENV006")
def test_a_file_of_variables_and_an_empty_directory_are_no_environments(user: Patient, python_with_pip: Path) -> None:
    user.does(f"export PATH={python_with_pip.parent}:$PATH", "mkdir venv env", "touch .env")
    assert "ENV006" not in user.examine().codes


@pytest.mark.sick("ENV016")
def test_packages_that_are_links_into_a_cache_that_was_cleaned(user: Patient) -> None:
    user.install("uv")
    user.does("export UV_LINK_MODE=symlink", "uv venv -q", "uv pip install -q alpha", "source .venv/bin/activate")
    assert "ENV016" not in user.examine().codes
    user.does("uv cache clean -q")
    assert user.shell.run("python -c 'import alpha'").status == 1
    user.cure("ENV016")
    user.does("python -c 'import alpha, beta'")


@pytest.mark.healthy("ENV016")
def test_packages_that_are_copies_outlive_the_cache(user: Patient) -> None:
    user.install("uv")
    user.does("export UV_LINK_MODE=copy", "uv venv -q", "uv pip install -q alpha", "uv cache clean -q")
    user.does("source .venv/bin/activate", "python -c 'import alpha'")
    assert "ENV016" not in user.examine().codes
