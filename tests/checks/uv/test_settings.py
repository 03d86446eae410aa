from __future__ import annotations

import msgspec
import pytest

from envdoctor import (
    EditFile,
    Evidence,
    Finding,
    Fix,
    Manual,
    Safety,
    Severity,
    UnsetVariable,
)
from envdoctor.facts.dependencies.refusal import Refusal, RefusalKind
from envdoctor.facts.dependencies.refusals import ProjectRefusals
from envdoctor.facts.uv.health import UvAnswer, UvComplaint
from envdoctor.facts.uv.installations import UvCopies, UvCopy, UvInstaller
from envdoctor.facts.uv.settings import (
    UvFile,
    UvLevel,
    UvSettings,
    UvValue,
    UvVariable,
)
from envdoctor.testing import assess
from envdoctor_checks.uv.settings import uv_setting_fatal

WORKS = UvAnswer("uv cache dir")


STOPPED = tuple(("uv", command) for command in ("add", "lock", "pip", "python", "run", "sync", "venv"))
TOML = UvFile("/home/ann/app/uv.toml", UvLevel.PROJECT)


def variables(**values: str) -> UvSettings:
    return UvSettings(tuple(UvVariable(name, value) for name, value in values.items()))


@pytest.mark.sick("UV003")
def test_an_empty_boolean_stops_uv() -> None:
    answer = UvAnswer("uv cache dir", UvComplaint("value was not a boolean", "UV_OFFLINE"))
    assert assess(uv_setting_fatal, answer, variables(UV_OFFLINE="")) == [
        Finding(
            "UV_OFFLINE is empty, where uv wants yes or no, which stops every uv command",
            Fix("Unset UV_OFFLINE", UnsetVariable("UV_OFFLINE")),
            "UV_OFFLINE",
            (Evidence("UV_OFFLINE=", "UV_OFFLINE"),),
        )
    ]


@pytest.mark.sick("UV003")
def test_a_value_that_stops_some_commands_is_found_though_uv_answers() -> None:
    found = assess(uv_setting_fatal, WORKS, variables(UV_SYSTEM_PYTHON="", UV_LINK_MODE="hard"))
    assert [finding.where for finding in found] == ["UV_SYSTEM_PYTHON", "UV_LINK_MODE"]


@pytest.mark.sick("UV003")
def test_an_unknown_key_is_taken_out_of_its_file() -> None:
    refusal = UvComplaint("unknown field `shiny`", None, "uv.toml", 2, "shiny = true")
    assert assess(uv_setting_fatal, UvAnswer("uv cache dir", refusal), UvSettings(files=(TOML,))) == [
        Finding(
            "uv refuses every command because of /home/ann/app/uv.toml:2: unknown field `shiny`",
            Fix(
                "Remove the line, or upgrade uv if a newer one knows the setting",
                EditFile("/home/ann/app/uv.toml", remove=("shiny = true",)),
                safety=Safety.CHANGES_STATE,
            ),
            "/home/ann/app/uv.toml:2",
            (Evidence("unknown field `shiny`", "uv cache dir"),),
            stops=STOPPED,
        )
    ]


@pytest.mark.sick("UV003")
def test_a_setting_over_several_lines_is_left_to_the_reader() -> None:
    refusal = UvComplaint("unknown field `shiny`", None, "uv.toml", 2, "shiny = [")
    [finding] = assess(uv_setting_fatal, UvAnswer("uv cache dir", refusal), UvSettings(files=(TOML,)))
    advice = "Correct /home/ann/app/uv.toml:2, or upgrade uv if a newer one knows the setting."
    assert finding.fix == Fix("Correct the line", Manual(advice))


@pytest.mark.sick("UV003")
def test_settings_that_uv_passes_over_are_a_warning() -> None:
    warning = UvComplaint("unknown field `shiny`", None, "pyproject.toml", 2, "shiny = true")
    [finding] = assess(uv_setting_fatal, UvAnswer("uv cache dir", None, (warning,)), UvSettings())
    assert finding.severity is Severity.WARNING
    assert finding.message == "uv ignores all settings of pyproject.toml:2: unknown field `shiny`"


@pytest.mark.sick("UV003")
def test_a_configuration_file_that_is_not_there_and_other_refusals() -> None:
    gone = UvFile("/gone.toml", UvLevel.EXPLICIT, "no such file or directory")
    settings = msgspec.structs.replace(variables(UV_CONFIG_FILE="/gone.toml"), files=(gone,))
    refusal = UvComplaint("No such file or directory (os error 2)", None, "/gone.toml")
    [finding] = assess(uv_setting_fatal, UvAnswer("uv cache dir", refusal), settings)
    assert finding.fix == Fix("Read the usual files again", UnsetVariable("UV_CONFIG_FILE"))
    [finding] = assess(uv_setting_fatal, UvAnswer("uv cache dir", UvComplaint("bad", "UV_PREVIEW")), UvSettings())
    assert finding.fix == Fix("Unset UV_PREVIEW", UnsetVariable("UV_PREVIEW"))
    [finding] = assess(uv_setting_fatal, UvAnswer("uv cache dir", UvComplaint("bad")), UvSettings())
    assert finding.message == "uv refuses every command: bad"


@pytest.mark.sick("UV003")
@pytest.mark.parametrize(
    ("installer", "brings"),
    [(UvInstaller.STANDALONE, "`uv self update` brings"), (UvInstaller.PIPX, "`pipx upgrade uv` brings")],
)
def test_another_uv_is_asked_for(installer: UvInstaller, brings: str) -> None:
    said = "Required uv version `>=99` does not match the running version `0.13.9`."
    settings = UvSettings(files=(TOML,), values=(UvValue("required-version", ">=99", TOML.path, 3),))
    copies = UvCopies((UvCopy("/bin/uv", "/bin/uv", (0, 13, 9), installer),))
    place = f"{TOML.path}:3"
    assert assess(uv_setting_fatal, UvAnswer("uv cache dir", UvComplaint(said)), settings, copies) == [
        Finding(
            f"uv refuses every command because of {place}: {said}",
            Fix(
                "Install the uv that is asked for",
                Manual(f"Install a uv that fits ({brings} the newest), or correct {place}."),
            ),
            place,
            (Evidence(said, "uv cache dir"),),
            stops=STOPPED,
        )
    ]


@pytest.mark.sick("UV003")
def test_a_file_of_the_user_stops_the_tools_of_uv_too() -> None:
    refusal = UvComplaint("unknown field `shiny`", None, "/home/ann/.config/uv/uv.toml", 2, "shiny = true")
    [finding] = assess(uv_setting_fatal, UvAnswer("uv cache dir", refusal), UvSettings())
    assert finding.stops == (*STOPPED, ("uv", "tool"))


@pytest.mark.healthy("UV003")
@pytest.mark.parametrize(("kind", "said"), [(RefusalKind.CONTENT, 0), (RefusalKind.NEWER, 1)])
def test_a_file_that_uv_refuses_altogether_is_told_of_once(kind: RefusalKind, said: int) -> None:
    warning = UvComplaint("invalid type", None, "pyproject.toml", 2, "index = 3")
    refusals = ProjectRefusals((Refusal("uv", "/home/ann/app/pyproject.toml", "invalid type", kind, 2),))
    answer = UvAnswer("uv cache dir", None, (warning,))
    assert len(assess(uv_setting_fatal, answer, UvSettings(), refusals)) == said


@pytest.mark.healthy("UV003")
def test_what_uv_takes_is_healthy() -> None:
    settings = variables(UV_PYTHON="", UV_INDEX="", UV_OFFLINE="0", UV_LINK_MODE="copy", UV_GIT_LFS="")
    assert assess(uv_setting_fatal, WORKS, settings) == []
