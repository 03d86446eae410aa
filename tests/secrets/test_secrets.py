"""No secret leaves: whatever it is, wherever it stands, whichever document is asked for."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from envdoctor.cli import app
from envdoctor.text.secrets import Masker
from tests.secrets.kinds import BARE, KINDS, OTHER_SPELLINGS, Kind, parts
from tests.secrets.world import World

pytestmark = pytest.mark.thorough

STATES = ("well_formed", "malformed")
EVERYWHERE = {"a word": BARE, **KINDS}
# of each way to find one
SOME = {
    name: EVERYWHERE[name] for name in ("a word", "github", "assignment _TOKEN", "password", "query", "conda", "words")
}
OTHER_COMMANDS = (
    ("which", "--format", "json"),
    ("which",),
    ("which", "--indexes", "--format", "json"),
    ("which", "--indexes"),
    ("envs", "--format", "json"),
    ("envs",),
    ("report",),
    ("explain", "PIP001"),
    ("PIP001",),
    ("config",),
    ("baseline",),
    ("init",),
    ("init", "--pyproject"),
)
WITHOUT_A_WORLD = (
    ("list",),
    ("list", "--format", "json"),
    ("explain", "--all"),
    ("help", "check"),
    ("version",),
    ("schema",),
    ("config", "--schema"),
)
CONFIGURATION = """
[[suppress]]
code = "LIB001"
reason = '@told reason@'
[expect]
environment = '@name environment@'
variables = { CORP = '@told variable@', HF_ENDPOINT = "" }
commands = { '@name command@' = ">=5" }
packages = ["six>=99"]
"""
OF_CONFIGURATION = (
    ("config",),
    ("check", "--select", "PRJ"),
    ("check", "--select", "PRJ", "--format", "json"),
    ("init",),
)
OF_CONFIGURATION_AT_LENGTH = (("check", "--format", "json"), ("baseline",))
# in files that nobody understands every word is a secret, whatever its kind
IN_STATES = [(state, kind) for state, kinds in zip(STATES, (EVERYWHERE, SOME), strict=True) for kind in kinds]


@pytest.fixture
def tmux(tmp_path: Path) -> Iterator[None]:
    """Somebody listens at the socket that the world's `TMUX` names."""
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "tmux"))
        server.listen()
        yield


def settle(state: str, kind: Kind, place: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """A world whose session this process now is."""
    world = World(place, kind)
    getattr(world, state)()
    for name in list(os.environ):
        monkeypatch.delenv(name)
    for name, value in world.env.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(world.project)
    return world


def leaks(world: World, command: tuple[str, ...], capsys: pytest.CaptureFixture[str], *files: Path) -> set[str]:
    """The documents of a command with the places whose secrets stand in them."""
    status = app.run(list(command))
    said = capsys.readouterr()
    assert status in (0, 1, 3) or (status == 2 and command[0] == "init"), said.err
    documents = {"stdout": said.out, "stderr": said.err, **{file.name: file.read_text() for file in files}}
    return {f"{name} of {command[0]}: {place}" for name, text in documents.items() for place in world.leaks(text)}


@pytest.mark.tools
@pytest.mark.usefixtures("tmux")
@pytest.mark.parametrize(("state", "kind"), IN_STATES)
def test_no_secret_stands_in_a_report_or_its_replay(
    state: str, kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    world = settle(state, EVERYWHERE[kind], tmp_path, monkeypatch)
    report, page = tmp_path / "report.json", tmp_path / "report.txt"
    examine = ("check", "--verbose", "--output", f"json={report}", "--output", f"text={page}")
    assert leaks(world, examine, capsys, report, page) == set()
    assert leaks(world, ("replay", str(report), "--verbose"), capsys) == set()


@pytest.mark.tools
@pytest.mark.usefixtures("tmux")
@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("kind", SOME.values(), ids=SOME)
def test_no_secret_stands_in_any_other_document(
    state: str, kind: Kind, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    world = settle(state, kind, tmp_path, monkeypatch)
    for command in (*OTHER_COMMANDS, *(WITHOUT_A_WORLD if kind is BARE else ())):
        assert leaks(world, command, capsys) == set()


@pytest.mark.tools
@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_no_secret_of_a_configuration_is_repeated(
    kind: Kind, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    world = settle("nothing", kind, tmp_path, monkeypatch)
    world.put({"project/envdoctor.toml": CONFIGURATION})
    for command in (*OF_CONFIGURATION, *(OF_CONFIGURATION_AT_LENGTH if kind in SOME.values() else ())):
        assert leaks(world, command, capsys) == set()
    for line in (
        "'@told unknown key@' = 1",
        "select = ['@told code@']",
        "fail-on = '@told word@'",
        "x = @told no toml@",
    ):
        world.put({"project/envdoctor.toml": line})
        assert app.run(["check"]) == 2
        assert world.leaks("".join(capsys.readouterr())) == []


@pytest.mark.usefixtures("tmux")
@pytest.mark.parametrize("kind", SOME.values(), ids=SOME)
def test_no_secret_is_offered_to_complete_a_word(
    kind: Kind, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    world = settle("well_formed", kind, tmp_path, monkeypatch)
    monkeypatch.setenv("_ENVDOCTOR_COMPLETE", "bash_complete")
    for words in ("envdoctor ", "envdoctor check --python ", "envdoctor check --select ", "envdoctor explain "):
        monkeypatch.setenv("COMP_WORDS", words)
        monkeypatch.setenv("COMP_CWORD", str(words.count(" ")))
        with pytest.raises(SystemExit):
            app.run([])
        said = "".join(capsys.readouterr())
        assert said
        assert world.leaks(said) == []


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_no_secret_of_a_wrong_call_is_repeated(
    kind: Kind, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", "/no/such")
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)
    text = kind.text("call")
    for call in (
        (text,),
        ("check", "--python", text),
        ("check", "--select", text),
        ("check", "--format", text),
        ("check", "--output", text),
        ("check", "--output", f"json={text}/no/such"),
        ("check", "--timeout", text),
        ("explain", text),
        ("replay", text),
        ("envs", "--under", text),
    ):
        assert app.run(list(call)) == 2
        said = "".join(capsys.readouterr())
        assert parts(said).isdisjoint(parts(kind.secret("call"))), said


@pytest.mark.parametrize("around", ["{}", "'{}'", '"{}"', "`{}`", "see {} there", "[{}]", "say: {}", "'{}', '{}'"])
@pytest.mark.parametrize("kind", [*KINDS.values(), *OTHER_SPELLINGS.values()], ids=[*KINDS, *OTHER_SPELLINGS])
def test_a_secret_is_known_by_its_form_wherever_it_stands(kind: Kind, around: str) -> None:
    masked = Masker().mask(around.replace("{}", kind.text("text")))
    assert parts(masked).isdisjoint(parts(kind.secret("text")))
    assert Masker().mask(masked) == masked


def test_there_are_forty_kinds_and_more_places_than_that(tmp_path: Path) -> None:
    places = [World(tmp_path / state, KINDS["github"]) for state in STATES]
    places[0].well_formed()
    places[1].malformed()
    assert len(KINDS) >= 40
    assert [len(world.planted) >= at_least for world, at_least in zip(places, (150, 50), strict=True)] == [True, True]
