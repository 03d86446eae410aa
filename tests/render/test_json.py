from __future__ import annotations

import json

import msgspec

from envdoctor.render import json as json_report
from tests.render.text_world import golden
from tests.samples import Weather, sample_report


def test_json_is_as_it_was(rewrite_golden: bool) -> None:
    timeless = msgspec.structs.replace(
        sample_report(),
        results=tuple(msgspec.structs.replace(result, seconds=0.0) for result in sample_report().results),
    )
    golden("report.json", json_report.render(timeless), rewrite_golden)


def test_the_schema_describes_the_report_and_its_facts() -> None:
    schema = json.loads(json_report.schema((Weather,)))
    assert schema["$defs"]["Document"]["properties"]["facts"]["properties"] == {"Weather": {"$ref": "#/$defs/Weather"}}
    assert schema["$defs"]["Weather"]["properties"]["rain"] == {"type": "boolean"}
    document = json.loads(json_report.render(sample_report()))
    assert set(document) == set(schema["$defs"]["Document"]["properties"])
