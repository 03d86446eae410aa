from __future__ import annotations

import pytest

from envdoctor.facts.project.configuration import Configuration, read
from envdoctor.facts.project.configuration_file import ConfigurationError
from envdoctor.facts.project.expectations import (
    Expectations,
    Pattern,
    each,
    is_secret,
    mistakes,
    size,
    system_and_machine,
)
from envdoctor.system.toml import Document, parse_toml

OWN, PYPROJECT = "/p/envdoctor.toml", "/p/pyproject.toml"
TEXT = """\
[expect]
python = ">=3.11"
environment = [".venv", "ml"]
commands = { ffmpeg = ">=5,<8", git = "" }
packages = [
    "alpha>1",
    "beta",
]
[expect.variables]
A = ""
B = { pattern = "x*" }
"""


def parsed(text: str, path: str = OWN) -> Configuration:
    return read(Document(path, text, parse_toml(path, text)))


def test_everything_that_is_expected_has_its_line() -> None:
    configuration = parsed(TEXT)
    assert configuration.settings.expect == Expectations(
        python=">=3.11",
        environment=(".venv", "ml"),
        commands={"ffmpeg": ">=5,<8", "git": ""},
        variables={"A": "", "B": Pattern("x*")},
        packages=("alpha>1", "beta"),
    )
    lines = {
        "python": 2,
        "commands.git": 4,
        "packages": 5,
        "packages.alpha>1": 6,
        "packages.beta": 7,
        "variables.B": 11,
    }
    assert {name: configuration.origin_of_expected(name) for name in lines} == {
        name: f"{OWN}:{line}" for name, line in lines.items()
    }
    assert configuration.origin_of_expected("platform") == f"{OWN}:1"


def test_in_a_pyproject_the_lines_are_those_of_its_table() -> None:
    text = '[tool.envdoctor]\n[tool.envdoctor.expect]\nmanager = "uv"\n[tool.envdoctor.expect.commands]\n"git" = ""\n'
    configuration = parsed(text, PYPROJECT)
    assert configuration.origin_of_expected("manager") == f"{PYPROJECT}:3"
    assert configuration.origin_of_expected("commands.git") == f"{PYPROJECT}:5"


def test_where_no_line_is_known_the_file_is_named() -> None:
    assert parsed('expect.python = ">=3"\n').origin_of_expected("python") == f"{OWN}:1"
    assert Configuration(OWN, parsed("").settings).origin_of_expected("python") == OWN


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[expect]\npyton = ""\n', ":2: `pyton` is no setting of envdoctor; did you mean `python`?"),
        ("[expect]\n\npython = 3\n", ":3: expect.python: a text is expected"),
        ("[expect]\nenvironment = 3\n", ":2: expect.environment: a text or a list is expected"),
        ("expect = 3\n", ":1: expect: a table is expected"),
        ('[expect]\nlibraries = [""]\n', ":2: expect.libraries[0]: a text is expected that is not empty"),
        ('[expect]\nmanager = "npm"\n', ":2: expect.manager: 'npm' is none of the words that may stand there"),
        ('[expect]\nvariables = { A = { patern = "x" } }\n', ":2: `patern` is no setting of envdoctor; did you mean"),
        ('[expect]\nvariables = { A = { pattern = "*a*a*a*a*a*a" } }\n', ":2: expect.variables.A: a pattern has up to"),
        ('[expect]\n\ncommands = { "bin/x" = "" }\n', ":3: expect.commands.bin/x: a command is named as it is typed"),
        ('[expect]\npackages = ["a",\n"b b"]\n', ":3: expect.packages.b b: `b b` is no requirement"),
    ],
)
def test_what_cannot_be_meant_is_named_with_its_line(text: str, said: str) -> None:
    with pytest.raises(ConfigurationError) as raised:
        parsed(text)
    assert str(raised.value).startswith(f"{OWN}{said}")


@pytest.mark.parametrize(
    ("expected", "name"),
    [
        (Expectations(python="3.11"), "python"),
        (Expectations(free_disk="5 apples"), "free-disk"),
        (Expectations(free_disk="5"), "free-disk"),
        (Expectations(platform=("linux", "windows")), "platform"),
        (Expectations(commands={"../x": ""}), "commands.../x"),
        (Expectations(commands={"-rf": ""}), "commands.-rf"),
        (Expectations(commands={"": ""}), "commands."),
        (Expectations(commands={"git": "2.39"}), "commands.git"),
        (Expectations(commands={f"c{number}": "" for number in range(101)}), "commands"),
        (Expectations(variables={"A B": ""}), "variables.A B"),
        (Expectations(variables={"A": Pattern("x" * 201)}), "variables.A"),
        (Expectations(variables={"API_TOKEN": "x"}), "variables.API_TOKEN"),
        (Expectations(variables={"A": Pattern("[a-z]")}), "variables.A"),
        (Expectations(variables={f"V{number}": "" for number in range(101)}), "variables"),
        (Expectations(forbid_variables=("A=B",)), "forbid-variables.A=B"),
        (Expectations(forbid_variables=("A",), variables={"A": ""}), "forbid-variables.A"),
        (Expectations(libraries=("/tmp/x.so",)), "libraries./tmp/x.so"),
    ],
)
def test_a_mistake_is_named(expected: Expectations, name: str) -> None:
    assert [wrong for wrong, _ in mistakes(expected)] == [name]


def test_what_is_right_is_no_mistake() -> None:
    expected = Expectations(
        python=">=3.11,<3.14",
        environment="ml",
        commands={"g++": "", "clang-15": ">=15", "x.y_z": "~=2.0"},
        variables={"A": "", "B": Pattern("https://*.example.org/*")},
        forbid_variables=("PYTHONHOME",),
        packages=("torch>=2.4; sys_platform == 'linux'",),
        free_disk="1.5 TB",
        platform=("linux-x86_64", "macos-arm64"),
        libraries=("libstdc++.so.6", "libGL.so.1"),
    )
    assert list(mistakes(expected)) == []
    assert list(mistakes(Expectations())) == []


@pytest.mark.parametrize(
    ("text", "bytes_"),
    [
        ("5 GB", 5 * 10**9),
        ("5GB", 5 * 10**9),
        ("1.5 MiB", 1024**2 * 3 // 2),
        ("2 kB", 2000),
        ("GB", None),
        ("5 gb", None),
    ],
)
def test_a_size_is_a_number_and_a_unit(text: str, bytes_: int | None) -> None:
    assert size(text) == bytes_


def test_a_secret_is_known_by_its_name() -> None:
    secrets = ("HF_TOKEN", "AWS_SECRET_ACCESS_KEY", "DB_password", "PGPASSWORD", "OPENAI_API_KEY", "MY_KEY", "APIKEY")
    assert [name for name in secrets if not is_secret(name)] == []
    others = ("PWD", "SSH_AUTH_SOCK", "GIT_AUTHOR_NAME", "SSL_CERT_FILE", "KEYMAP", "HF_ENDPOINT", "PATH", "COMPASS")
    assert [name for name in others if is_secret(name)] == []


def test_one_word_or_several() -> None:
    assert (each("a"), each(("a", "b")), each(None)) == (("a",), ("a", "b"), ())


def test_a_platform_may_name_the_machine() -> None:
    assert system_and_machine("linux") == ("linux", None)
    assert system_and_machine("macos-arm64") == ("macos", "arm64")
    assert system_and_machine("linux-") is None
