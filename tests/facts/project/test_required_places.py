from __future__ import annotations

from pathlib import Path

import pytest

from envdoctor.facts.project.project import Project
from envdoctor.facts.project.required_places import faults
from envdoctor.facts.project.requirements_txt import probe_requirements

MAIN = "requirements.txt"
Files = dict[str, str]
# what pip 20.3 to 26.3 refuse
SICK: dict[str, tuple[Files, tuple[str, int, str]]] = {
    "a project in editable mode": (
        {MAIN: "beta\n-e ./gone\n"},
        (MAIN, 2, "./gone is not a valid editable requirement"),
    ),
    "one with extras": ({MAIN: "-e ./gone[x,y]\n"}, (MAIN, 1, "./gone is not a valid editable requirement")),
    "a directory": ({MAIN: "./gone\n"}, (MAIN, 1, "invalid requirement, and no such path: `./gone`")),
    "a wheel": (
        {MAIN: "./beta-1-py3-none-any.whl\n"},
        (MAIN, 1, "no such file or directory: `./beta-1-py3-none-any.whl`"),
    ),
    "a wheel without dots": ({MAIN: "beta-1-py3-none-any.whl\n"}, (MAIN, 1, "no such file or directory: `beta-1-py3")),
    "an address": ({MAIN: "file:///gone/beta-1.zip\n"}, (MAIN, 1, "no such file or directory: `/gone/beta-1.zip`")),
    "an address of a name": (
        {MAIN: "beta @ file:///gone/b.zip\n"},
        (MAIN, 1, "no such file or directory: `/gone/b.zip`"),
    ),
    "no project": ({MAIN: "./lib\n", "lib/setup.cfg": ""}, (MAIN, 1, "./lib does not appear to be a Python project")),
    "in an included file": (
        {MAIN: "-r sub/a.txt\n", "sub/a.txt": "x\n-e gone/y\n"},
        ("sub/a.txt", 2, "gone/y is not a"),
    ),
    "one that a marker limits": ({MAIN: "-e ./gone ; os_name == 'nt'\n"}, (MAIN, 1, "./gone is not a valid editable")),
    "an editable name": ({MAIN: "-e beta\n"}, (MAIN, 1, "beta is not a valid editable requirement")),
    "an editable wheel": (
        {MAIN: "-e ./b-1-py3-none-any.whl\n", "b-1-py3-none-any.whl": ""},
        (MAIN, 1, "./b-1-py3-none-any.whl is not a valid editable requirement"),
    ),
    "a directory with a marker": (
        {MAIN: "gone/x; os_name == 'nt'\n"},
        (MAIN, 1, "invalid requirement, and no such path: `gone/x`"),
    ),
    "an editable constraint": (
        {MAIN: "-c c.txt\n", "c.txt": "x<2\n-e lib\n", "lib/setup.py": ""},
        ("c.txt", 2, "editable requirements are not allowed as constraints"),
    ),
    "a path as a constraint": (
        {MAIN: "-c c.txt\n", "c.txt": "./lib\n", "lib/setup.py": ""},
        ("c.txt", 1, "unnamed requirements are not allowed as constraints"),
    ),
}
HEALTHY: dict[str, Files] = {
    "a project": {MAIN: "-e ./lib[x]\n./lib\n-e .\n", "lib/setup.py": "", "pyproject.toml": ""},
    "for another platform": {MAIN: "./x-1.zip ; os_name == 'nt'\nx @ file:///gone/x.zip ; os_name == 'nt'\n"},
    "a constraint with an address": {MAIN: "-c c.txt\n", "c.txt": "x @ file:///gone/x.zip\n"},
}

# what depends on where pip is started, on variables, on the version
DOUBTFUL: dict[str, Files] = {
    "beside the file that names it": {MAIN: "-r sub/a.txt\n", "sub/a.txt": "-e ./lib\n", "sub/lib/setup.py": ""},
    "elsewhere": {
        MAIN: "-e git+https://host/x#egg=x\nhttps://host/x.zip\nx @ https://host/x.zip\n-e git+ssh://git@host/x\n"
    },
    "what pip expands": {MAIN: "${NOWHERE}/x\nfile:///a%20b/x.zip\n"},
}


def write(root: Path, files: Files) -> None:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)


def said(root: Path, files: Files) -> list[tuple[str, int, str]]:
    write(root, files)
    found = faults(probe_requirements(Project(str(root))))
    return [(str(Path(path).relative_to(root)), line, reason) for path, line, reason in found]


@pytest.mark.parametrize("name", SICK)
def test_a_place_that_pip_refuses(tmp_path: Path, name: str) -> None:
    files, (path, line, reason) = SICK[name]
    [(where, number, why)] = said(tmp_path, files)
    assert (where, number, why[: len(reason)]) == (path, line, reason)


@pytest.mark.parametrize("name", [*HEALTHY, *DOUBTFUL])
def test_a_place_that_pip_takes_or_passes_over(tmp_path: Path, name: str) -> None:
    assert said(tmp_path, (HEALTHY | DOUBTFUL)[name]) == []


@pytest.mark.tools
@pytest.mark.filterwarnings("ignore:.*Constraints are only allowed")
@pytest.mark.parametrize("name", [*SICK, *HEALTHY])
def test_pip_says_so_too(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether an archive is there, pip asks only when it installs: the clinic has that."""
    req_file, req_install, constructors = (
        pytest.importorskip(f"pipenv.patched.pip._internal.req.{module}", reason="pipenv is not installed")
        for module in ("req_file", "req_install", "constructors")
    )
    write(tmp_path, SICK[name][0] if name in SICK else HEALTHY[name])
    monkeypatch.chdir(tmp_path)
    refused = False
    for parsed in req_file.parse_requirements(MAIN, session=None):
        try:
            asked = constructors.install_req_from_parsed_requirement(parsed)
            refused |= bool(parsed.constraint and req_install.check_invalid_constraint_type(asked))
        except constructors.InstallationError:
            refused = True
    assert refused == (name in SICK and "no such file" not in SICK[name][1][2])
