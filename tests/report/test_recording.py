from __future__ import annotations

import json
from pathlib import Path

import pytest

from envdoctor.engine.fact import Missing, MissingKind
from envdoctor.engine.judge import judge
from envdoctor.facts.dependencies.declared import DeclaredRequirement, DeclaredRequirements, ExtraRequirements
from envdoctor.facts.environments.builders import Builders
from envdoctor.facts.environments.condition import Condition, Defect, VenvConditions
from envdoctor.facts.environments.scripts import Script, VenvScripts
from envdoctor.facts.project.project import ProjectManager
from envdoctor.facts.venv.layout import Venv
from envdoctor.render import json as json_report
from envdoctor.report import recording
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
    facts, _ = recording.to_document({Weather: Weather(rain=True, source="caf\udce9")})
    again = json.loads(json.dumps(facts))
    assert recording.from_document({"facts": again}, [Weather], "x") == {
        Weather: Weather(rain=True, source="caf\udce9")
    }


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("", "not JSON: Expecting value: line 1 column 1"),
        ("[]", "not a report of envdoctor"),
        ('{"schema": 1}', "not a report of envdoctor"),
        ('{"schema": 2, "facts": {}}', "schema 2; this envdoctor reads schema 1"),
        ('{"schema": 1, "facts": {}, "deep": ' + "[" * 100_000, "not JSON"),
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
