"""Plugins of every broken kind: each is named in the report, the others go on, and the exit status says so."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.clinic.patient import Patient

HEAD = "from envdoctor import Fact, Finding, Fix, Session, Severity, check, probe\n"
CHECK = '''
@check("ZZZ{number:03}", severity=Severity.ERROR, since="1")
def plugin_{name}({needs}):
    """Something is wrong.

    ## Why it matters
    It does.

    ## How to fix
    Somehow.
    """
    {body}
'''
FACT = """
class {fact}(Fact, frozen=True):
    pass

@probe
def probe_{name}(session: Session) -> {fact}:
    {probe}
"""


def plugin(
    number: int,
    name: str,
    probe: str = "return {fact}()",
    body: str = "yield from ()",
    needs: str = "seen: {fact}",
    fact: str | None = None,
) -> str:
    """The source of a plugin with one fact and one check."""
    fact = fact or name.title()
    made = FACT.format(name=name, fact=fact, probe=probe.format(fact=fact))
    return HEAD + made + CHECK.format(number=number, name=name, needs=needs.format(fact=fact), body=body)


PLUGINS = {
    "raises": "1 / 0",
    "exits": "raise SystemExit(0)",
    "prints": "print('chatter')\n" + plugin(1, "prints"),
    "takes_a_number": plugin(2, "takes_a_number", needs="number: int"),
    "says_no_type": plugin(3, "says_no_type", needs="anything"),
    "first": plugin(10, "first"),
    "second": plugin(10, "second"),
    "twin": plugin(11, "twin", fact="First"),
    "stray": plugin(12, "stray"),
    "crashes": plugin(20, "crashes", body="1 / 0; yield"),
    "leaves": plugin(21, "leaves", body="raise SystemExit(0); yield"),
    "yields_a_number": plugin(22, "yields_a_number", body="yield 42"),
    "returns": plugin(23, "returns", body="return 7"),
    "sees_none": plugin(30, "sees_none", probe="return None"),
    "sees_a_text": plugin(31, "sees_a_text", probe="return 'text'"),
    "sees_the_exit": plugin(32, "sees_the_exit", probe="raise SystemExit(0)"),
    "hangs": plugin(33, "hangs", probe="import time; time.sleep(1000)"),
    "sees_no_json": plugin(34, "sees_no_json", probe="return {fact}(object())").replace(
        "    pass\n", "    thing: object\n"
    ),
    "sees_no_number": plugin(35, "sees_no_number", probe="return {fact}(float('nan'))").replace(
        "    pass\n", "    number: float\n"
    ),
    "talks": plugin(36, "talks", probe="import os; print('a'); os.write(1, b'b\\n'); return {fact}()"),
    "finds_no_text": plugin(41, "finds_no_text", body="yield Finding(42, fix=Fix('Do it'))"),
    "finds": plugin(40, "finds", body="yield Finding('found by a plugin', fix=Fix('Mend it'))"),
}

UNKEPT = "plugin_{0}.py:6: probe_{0}: its fact cannot be kept as JSON:"
STRAY = "ZZZ012 is not of the family YYY, which its entry point names"
TWINS = "a fact First is already in plugin_first, and a report holds one of a name"


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment with envdoctor and one distribution for each plugin."""
    root = tmp_path_factory.mktemp("plugins") / "environment"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", root], check=True)
    site = next((root / "lib").glob("python*/site-packages"))
    own = [path for path in sys.path if path.endswith(("site-packages", "/checks", "/doctor"))]
    (site / "own.pth").write_text("\n".join(own))
    for name, source in PLUGINS.items():
        (site / f"plugin_{name}.py").write_text(source)
        (site / f"plugin_{name}-1.dist-info").mkdir()
        (site / f"plugin_{name}-1.dist-info" / "entry_points.txt").write_text(
            f"[envdoctor.checks]\n{'YYY' if name == 'stray' else 'a'} = plugin_{name}\n"
        )
    return root / "bin" / "python"


def unloaded(name: str) -> str:
    """How the line of a plugin with a wrong signature begins."""
    distribution = name.replace("_", "-")
    return f"plugin_{name} of plugin-{distribution} could not be loaded: SignatureError: plugin_{name}.py:10:"


def test_each_broken_plugin_is_named_and_the_others_go_on(python: Path, patient: Patient) -> None:
    done = patient.shell.run(f"{python} -m envdoctor --format json --timeout 1 --fail-on error --ignore ZZZ040")
    assert done.status == 3
    assert sorted(done.stderr.splitlines()) == ["a", "b", "chatter"]
    document: dict[str, Any] = json.loads(done.stdout)
    site = next((python.parent.parent / "lib").glob("python*/site-packages"))
    assert [broken.replace(f"{site}/", "") for broken in document["broken_plugins"]] == [
        f"plugin_stray of plugin-stray could not be loaded: TypeError: {STRAY}",
        "plugin_exits of plugin-exits could not be loaded: SystemExit: 0",
        "plugin_raises of plugin-raises could not be loaded: ZeroDivisionError: division by zero",
        f"{unloaded('says_no_type')} plugin_says_no_type: parameter 'anything' has no annotation",
        "plugin_second of plugin-second could not be loaded: TypeError: ZZZ010 is already plugin-first",
        f'{unloaded("takes_a_number")} plugin_takes_a_number: "number: int" is not a fact',
        f"plugin_twin of plugin-twin could not be loaded: TypeError: {TWINS}",
    ]
    results = [result for result in document["results"] if result["family"] == "zzz"]
    ends = {result["code"]: (result["outcome"], (result["reason"] or "").replace(f"{site}/", "")) for result in results}
    assert ends == {
        "ZZZ001": ("ok", ""),
        "ZZZ010": ("ok", ""),
        "ZZZ020": ("crashed", "ZeroDivisionError: division by zero (plugin_crashes.py:20)"),
        "ZZZ021": ("crashed", "SystemExit: 0 (plugin_leaves.py:20)"),
        "ZZZ022": ("crashed", "plugin_yields_a_number.py:10: plugin_yields_a_number: it made 42, which is no Finding"),
        "ZZZ023": ("crashed", "plugin_returns.py:10: plugin_returns: it made 7, which is no Iterable"),
        "ZZZ030": ("skipped", "plugin_sees_none.py:6: probe_sees_none: it made None, which is no Sees_None"),
        "ZZZ031": ("skipped", "plugin_sees_a_text.py:6: probe_sees_a_text: it made 'text', which is no Sees_A_Text"),
        "ZZZ032": ("skipped", "SystemExit: 0 (plugin_sees_the_exit.py:8)"),
        "ZZZ033": ("skipped", "timed out after 3 s"),
        "ZZZ034": ("skipped", f"{UNKEPT.format('sees_no_json')} Encoding objects of type object is unsupported"),
        "ZZZ035": ("skipped", f"{UNKEPT.format('sees_no_number')} Out of range float values are not JSON compliant"),
        "ZZZ036": ("ok", ""),
        "ZZZ041": ("crashed", "plugin_finds_no_text.py:10: plugin_finds_no_text: it made 42, which is no str"),
    }
    assert {result["family"] for result in document["results"]} > {"zzz", "env", "pip"}


def test_a_good_plugin_is_heard_among_broken_ones(python: Path, patient: Patient) -> None:
    done = patient.shell.run(f"{python} -m envdoctor --format json --select ZZZ040")
    document = json.loads(done.stdout)
    [result] = document["results"]
    assert (done.status, result["findings"][0]["message"]) == (1, "found by a plugin")


def test_plugins_can_be_left_out(python: Path, patient: Patient) -> None:
    usual = patient.examine()
    done = patient.shell.run(f"{python} -m envdoctor --format json --no-plugins")
    document = json.loads(done.stdout)
    assert (done.status, done.stderr, document["broken_plugins"]) == (usual.exit_code, "", [])
