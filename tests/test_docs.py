"""What the documentation says is true: generated pages are current, examples run, commands are the ones CI runs."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import textwrap
import tomllib
import venv
from importlib import import_module, util
from pathlib import Path

import click
import pytest
import yaml

from envdoctor.cli import commands, fleet
from envdoctor.cli.choices import FORMATS
from envdoctor.engine.fact import Fact
from envdoctor.engine.registry import Registry
from envdoctor.facts.project.configuration import Settings, read
from envdoctor.render import manual
from envdoctor.system.toml import read_toml
from tests.clinic import proof, proof_page
from tests.wheels import write_wheel

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
CONTEXT = click.Context(click.Command("envdoctor"))
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(page: Path, language: str) -> list[str]:
    return [body for kind, body in FENCE.findall(page.read_text(encoding="utf-8")) if kind == language]


def test_the_page_of_checks_is_current(rewrite_golden: bool) -> None:
    page = manual.every_page(Registry.load(third_party=False).checks)
    if rewrite_golden:
        (DOCS / "checks.md").write_text(page, encoding="utf-8")
    assert (DOCS / "checks.md").read_text(encoding="utf-8") == page, "run: python -m pytest --rewrite-golden"


def test_the_page_of_proofs_is_current_and_names_every_check(rewrite_golden: bool) -> None:
    if rewrite_golden:
        proof.forget(proof_page.without_cases())
    codes = tuple(check.code for check in Registry.load(third_party=False).checks)
    page = proof_page.page(codes)
    if rewrite_golden:
        (DOCS / "proof.md").write_text(page, encoding="utf-8")
    assert proof_page.without_cases() == []
    assert (DOCS / "proof.md").read_text(encoding="utf-8") == page, "run: python -m pytest --rewrite-golden"
    assert set(re.findall(r"^\| ([A-Z]+[0-9]+) ", page, re.MULTILINE)) == set(codes)


def test_the_design_names_every_room_of_the_tree() -> None:
    text = (DOCS / "design.md").read_text(encoding="utf-8")
    named = set(re.findall(r"^\| `([a-z.]+)` \|", text, re.MULTILINE)) - {"launchers.py"}
    doctor = ROOT / "doctor" / "envdoctor"
    rooms = {file.parent.relative_to(doctor) for file in doctor.rglob("*.py")} - {Path(), Path("facts")}
    assert named | {"report", "shells", "render", "cli"} == {".".join(room.parts) for room in rooms}
    families = {file.parent.name for file in (ROOT / "checks" / "envdoctor_checks").glob("*/__init__.py")}
    assert set(re.findall(r"`([a-z]+)`\s\([A-Z]+\)", text)) == families - {"common"}


def test_the_facts_that_plugins_may_build_on_are_there() -> None:
    text = (DOCS / "writing-a-check.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (`\w+`(?:, `\w+`)*) \| `(envdoctor\.facts[\w.]+)` \|", text, re.MULTILINE)
    assert len(rows) == 8
    for names, module in rows:
        for name in re.findall(r"\w+", names):
            assert issubclass(getattr(import_module(module), name), Fact)


@pytest.mark.parametrize("page", sorted(DOCS.rglob("*.md")) + sorted(ROOT.glob("*.md")), ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text(encoding="utf-8"))
    assert not [target for target in targets if not (page.parent / target).exists()]


def test_every_format_is_in_the_page_about_ci() -> None:
    table = re.findall(r"^\| `(\w+)` \|", (DOCS / "ci.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(table) == sorted(FORMATS)


def test_the_documented_configuration_is_one_and_its_table_names_every_setting(tmp_path: Path) -> None:
    page = DOCS / "configuration.md"
    file = tmp_path / "pyproject.toml"
    file.write_text(blocks(page, "toml")[0])
    assert read(read_toml(str(file))).rules
    table = re.findall(r"^\| `([a-z-]+)` \|", page.read_text(encoding="utf-8"), re.MULTILINE)
    assert table == list(Settings.__struct_encode_fields__)


@pytest.mark.tools
@pytest.mark.parametrize(("number", "schema"), [(0, "github-workflows"), (1, "github-workflows"), (2, "gitlab-ci")])
def test_the_files_for_ci_are_valid(tmp_path: Path, number: int, schema: str) -> None:
    snippet, file = blocks(DOCS / "ci.md", "yaml")[number], tmp_path / "ci.yml"
    if schema == "github-workflows":
        steps = textwrap.indent(snippet, "      ")
        snippet = f"on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n{steps}"
    file.write_text(snippet)
    checker = Path(sys.executable).parent / "check-jsonschema"
    command = [str(checker), "--builtin-schema", f"vendor.{schema}", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_every_command_in_the_page_about_ci_is_understood() -> None:
    fenced = re.findall(r"^```.*?^```", (DOCS / "ci.md").read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    lines = re.findall(r"envdoctor (check .*)$", "\n".join(fenced), re.MULTILINE)
    assert len(lines) >= 5
    for line in lines:
        name, *arguments = line.split()
        command = commands.Commands().get_command(CONTEXT, name)
        assert command
        command.make_context(name, arguments)


@pytest.mark.tools
def test_the_configuration_of_the_hook_is_valid_and_names_it(tmp_path: Path) -> None:
    file = tmp_path / "config.yaml"
    file.write_text(blocks(DOCS / "ci.md", "yaml")[3])
    subprocess.run([Path(sys.executable).parent / "pre-commit", "validate-config", file], check=True)
    [repo] = yaml.safe_load(file.read_text())["repos"]
    offered = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    assert [hook["id"] for hook in repo["hooks"]] == [hook["id"] for hook in offered]


def test_the_inputs_of_the_action_are_told() -> None:
    action = yaml.safe_load((ROOT / "action.yml").read_text())
    [step] = yaml.safe_load(blocks(DOCS / "ci.md", "yaml")[1])
    assert step["with"].keys() <= action["inputs"].keys()
    page = (DOCS / "ci.md").read_text(encoding="utf-8")
    assert all(f"`{name}`" in page for name in (*action["inputs"], *action["outputs"]))


def test_the_manual_page_is_current_and_holds_no_stray_requests(rewrite_golden: bool) -> None:
    spec = util.spec_from_file_location("envdoctor_man", DOCS / "man.py")
    assert spec
    assert spec.loader
    module = util.module_from_spec(spec)
    spec.loader.exec_module(module)
    page = module.page()
    if rewrite_golden:
        (DOCS / "envdoctor.1").write_text(page, encoding="utf-8")
    assert (DOCS / "envdoctor.1").read_text(encoding="utf-8") == page, "run: python -m pytest --rewrite-golden"
    names = (*commands.COMMANDS, *(f"fleet {name}" for name in fleet.COMMANDS))
    assert all(f".SS envdoctor {name} " in page for name in names)
    assert ".B \\-\\-dry\\-run\n" in page
    requests = {line.split()[0] for line in page.splitlines() if line.startswith((".", "'"))}
    assert requests <= {".fi", ".nf", ".TH", ".SH", ".SS", ".PP", ".TP", ".B", ".BR", ".I", ".RI"}
    assert set(re.findall(r"\\.", page)) <= {"\\-", "\\e", "\\&"}


def test_ci_runs_the_command_of_the_readme() -> None:
    command = next(block for block in blocks(ROOT / "README.md", "sh") if "pytest" in block).strip()
    assert command in (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()


@pytest.fixture(scope="module")
def beside_a_plugin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python that has envdoctor and, installed from a wheel, the plugin of docs/writing-a-check.md."""
    root = tmp_path_factory.mktemp("plugin")
    venv.create(root / "env", symlinks=True)
    python = root / "env" / "bin" / "python"
    [site] = (root / "env").glob("lib/python*/site-packages")
    own = next(path for path in sys.path if path.endswith("site-packages"))
    (site / "envdoctor-itself.pth").write_text(f"import site; site.addsitedir({own!r})\n")
    page = DOCS / "writing-a-check.md"
    module, test = blocks(page, "python")
    project = tomllib.loads(blocks(page, "toml")[0])["project"]
    points = project["entry-points"]["envdoctor.checks"]
    wheel = write_wheel(
        root,
        project["name"],
        project["version"],
        files={"scratch_checks.py": module, "test_scratch.py": test},
        entry_points={"envdoctor.checks": points},
    )
    uv = Path(sys.executable).parent / "uv"
    install = [uv, "pip", "install", "--quiet", "--offline", "--no-deps", "--python", python, wheel]
    subprocess.run([str(word) for word in install], check=True)
    return python


def envdoctor(python: Path, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    variables = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", **env}
    command = [str(python), "-m", "envdoctor", *arguments]
    return subprocess.run(command, env=variables, capture_output=True, text=True, check=False)


@pytest.mark.tools
def test_the_documented_plugin_finds_explains_and_is_switched_off(beside_a_plugin: Path, tmp_path: Path) -> None:
    missing = str(tmp_path / "no such")
    found = envdoctor(beside_a_plugin, "--select", "TEAM", "--format", "json", SCRATCH=missing)
    assert found.returncode == 1, found.stderr
    [result] = json.loads(found.stdout)["results"]
    assert result["findings"][0]["fix"]["commands"]["bash"] == [f"mkdir -p '{missing}'"]
    subprocess.run(["bash", "-c", result["findings"][0]["fix"]["commands"]["bash"][0]], check=True)
    assert envdoctor(beside_a_plugin, "--select", "TEAM", SCRATCH=missing).returncode == 0
    assert "SCRATCH is not set" in envdoctor(beside_a_plugin, "-v", "--select", "TEAM001").stdout
    assert "Jobs write their intermediate files there" in envdoctor(beside_a_plugin, "explain", "TEAM001").stdout
    unknown = envdoctor(beside_a_plugin, "--no-plugins", "--select", "TEAM001", SCRATCH=missing)
    assert (unknown.returncode, unknown.stdout) == (2, "")


@pytest.mark.tools
def test_the_documented_test_passes(beside_a_plugin: Path) -> None:
    [test] = beside_a_plugin.parent.parent.glob("lib/python*/site-packages/test_scratch.py")
    command = [str(beside_a_plugin), "-m", "pytest", "-q", "-p", "no:cacheprovider", str(test)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=test.parent)
    assert "2 passed" in done.stdout, done.stdout + done.stderr


PROMISED = re.compile(r"`(tests/[\w/]+\.py)(?:::(test_\w+))?`")


@pytest.mark.parametrize(("file", "test"), PROMISED.findall((DOCS / "security.md").read_text(encoding="utf-8")))
def test_a_promise_about_security_is_held_by_a_test_that_there_is(file: str, test: str) -> None:
    text = (ROOT / file).read_text(encoding="utf-8")
    assert f"\ndef {test or 'test_'}" in text


def test_every_promise_about_security_names_its_test() -> None:
    rows = re.findall(r"^\| .*\|$", (DOCS / "security.md").read_text(encoding="utf-8"), re.MULTILINE)
    tables = [
        row for row in rows if "asks about" not in row and not row.startswith(("| git ", "| direnv", "| VS", "| env"))
    ]
    promises = [row for row in tables if not set(row) <= set("|- ") and "| promise | test |" not in row]
    assert len(promises) > 40
    assert [row for row in promises if not PROMISED.search(row)] == []
