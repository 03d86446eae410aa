from __future__ import annotations

import json
from pathlib import Path

import pytest

from envdoctor.engine.fact import Missing, MissingKind
from envdoctor.engine.judge import facts_for, judge
from envdoctor.engine.reference import Facts
from envdoctor.engine.registry import Registry
from envdoctor.facts.dependencies.declared import DeclaredRequirement, DeclaredRequirements, ExtraRequirements
from envdoctor.facts.environments.builders import Builders
from envdoctor.facts.environments.condition import Condition, Defect, VenvConditions
from envdoctor.facts.environments.scripts import Script, VenvScripts
from envdoctor.facts.project.project import ProjectManager
from envdoctor.facts.venv.layout import Venv
from envdoctor.render import json as json_report
from envdoctor.report import block, recording
from envdoctor.report.report import Recorded
from tests.samples import EVERY, Ground, Weather, sample_report


def test_a_replayed_report_is_the_report(tmp_path: Path) -> None:
    report = sample_report()
    file = tmp_path / "report.json"
    file.write_text(json_report.render(report))
    known = recording.from_document(recording.read(str(file)), report.known, str(file))
    assert known == report.known
    assert [result.findings for result in judge(EVERY, known)] == [result.findings for result in report.results]


def test_a_fact_that_an_older_recording_lacks_settles_nothing() -> None:
    known = recording.from_document({"facts": {}}, [Weather], "old.json")
    assert known == {Weather: Missing(MissingKind.UNRECORDED, "the recording holds no Weather")}


def test_a_recording_of_version_0_1_replays_though_facts_and_fields_have_other_names_now() -> None:
    condition = {"venv": {"root": "/e", "real": "/e"}, "ailment": "its base interpreter is gone", "kept_by": "poetry"}
    scripts = {"astray": [{"path": "/e/bin/x", "line": "#!/o", "interpreter": "/o"}], "astray_count": 3}
    document = {
        "facts": {
            "VenvConditions": {"conditions": [{**condition, "scripts": {**scripts, "astray_root": "/o"}}]},
            "Demands": {"demands": [{"text": "rich", "origin": "r:1"}]},
            "ExtraDemands": {"demands": [{"text": "idna", "origin": "r:1", "extra": "x"}]},
        },
        "missing": {"Workshop": {"kind": "unavailable", "reason": "no session"}},
    }
    kinds = (VenvConditions, DeclaredRequirements, ExtraRequirements, Builders)
    known = recording.from_document(document, kinds, "old.json")
    script = Script("/e/bin/x", "#!/o", "/o")
    assert known == {
        VenvConditions: VenvConditions(
            (
                Condition(
                    venv=Venv(root="/e", real="/e"),
                    defect=Defect.BASE_GONE,
                    managed_by=ProjectManager.POETRY,
                    scripts=VenvScripts(mismatched=(script,), mismatched_count=3, mismatched_root="/o"),
                ),
            )
        ),
        DeclaredRequirements: DeclaredRequirements((DeclaredRequirement("rich", "r:1"),)),
        ExtraRequirements: ExtraRequirements((DeclaredRequirement("idna", "r:1", "x"),)),
        Builders: Missing(MissingKind.UNAVAILABLE, "no session"),
    }


def test_undecodable_file_names_survive() -> None:
    facts, _ = recording.to_document(Facts({Weather: Weather(rain=True, source="caf\udce9")}))
    again = json.loads(json.dumps(facts))
    assert recording.from_document({"facts": again}, [Weather], "x") == {
        Weather: Weather(rain=True, source="caf\udce9")
    }


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("", "it is empty; expected what `envdoctor report` or"),
        ('{"schema": 1', "not JSON: Expecting ',' delimiter: line 1 column 13"),
        ('{"schema": true, "facts": {}}', "schema True; this envdoctor reads up to schema 1"),
        ('{"schema": 0, "facts": {}}', "schema 0; this envdoctor reads up to schema 1"),
        ("[]", "not a report of envdoctor"),
        ('{"schema": 1}', "not a report of envdoctor"),
        ('{"schema": 2, "facts": {}}', "schema 2; this envdoctor reads up to schema 1: update it"),
        ('{"schema": 1, "facts": {}, "deep": ' + "[" * 100_000, "it is nested more than 64 levels deep"),
    ],
)
def test_a_file_that_is_no_report_is_named(tmp_path: Path, content: str, problem: str) -> None:
    file = tmp_path / "report.json"
    file.write_text(content)
    with pytest.raises(recording.BadRecording) as refused:
        recording.read(str(file))
    assert str(refused.value).startswith(f"{file}: {problem}")


def test_a_fact_of_the_wrong_shape_is_named_with_its_place(tmp_path: Path) -> None:
    with pytest.raises(
        recording.BadRecording, match=r"x\.json: facts\.Ground: Expected `bool`, got `str` - at `\$\.wet`"
    ):
        recording.from_document({"facts": {"Ground": {"wet": "yes"}}}, [Ground], "x.json")
    with pytest.raises(recording.BadRecording, match="no such file"):
        recording.read(str(tmp_path / "nothing.json"))


def test_a_recording_may_not_be_larger_than_10_mb(tmp_path: Path) -> None:
    file = tmp_path / "report.json"
    file.write_text('{"schema": 1, "facts": {}}' + " " * 10_000_000)
    with pytest.raises(recording.BadRecording) as refused:
        recording.read(str(file))
    assert str(refused.value) == f"{file}: larger than 10,000,000 bytes"


@pytest.mark.parametrize(
    ("document", "created", "version"),
    [
        ({"created": "2026-01-02T03:04:05Z", "tool": {"version": "0.1.0"}}, "2026-01-02T03:04:05Z", "0.1.0"),
        ({"created": "now", "tool": {"version": "2"}, "recorded": {"created": "then", "version": "1"}}, "then", "1"),
        ({"created": 5, "tool": "x"}, "unknown", "unknown"),
        ({"created": "x" * 50, "tool": {"version": ""}}, "unknown", "unknown"),
    ],
)
def test_where_facts_come_from(document: dict[str, object], created: str, version: str) -> None:
    assert recording.source_of(document, "r.json") == Recorded("r.json", created, version)


RECORDINGS = sorted((Path(__file__).parent / "recordings").iterdir())


def test_there_is_a_recording_of_every_schema_and_a_pasted_one_of_every_version_of_the_block() -> None:
    """Who raises a number keeps a recording of the one before: `envdoctor report` and `--format json` make them."""
    documents = [recording.read(str(file)) for file in RECORDINGS]
    assert {document["schema"] for document in documents} == set(range(1, recording.SCHEMA + 1))
    headers = [block.HEADER.search(file.read_text()) for file in RECORDINGS]
    assert {int(header["version"]) for header in headers if header} == set(range(1, block.VERSION + 1))


@pytest.mark.parametrize("file", RECORDINGS, ids=lambda file: str(file.name))
def test_every_recording_that_was_ever_released_replays_to_the_same_findings(file: Path) -> None:
    """All were made in the shell of a user with a moved environment, a wrong Python and an alias."""
    document = recording.read(str(file))
    checks = Registry.load(third_party=False).checks
    known = recording.from_document(document, facts_for(checks, among=checks), str(file))
    found = [(result.check.code, finding.where) for result in judge(checks, known) for finding in result.findings]
    assert [code for code, _ in found] == ["ENV003", "PRJ001", "PY002", "PY006", "PY010"]
    results = document.get("results", ())
    then = [(result["code"], finding["where"]) for result in results for finding in result["findings"]]
    assert then in ([], found)
