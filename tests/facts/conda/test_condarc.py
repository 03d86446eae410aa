from __future__ import annotations

from pathlib import Path

import pytest

from envdoctor import Unavailable
from envdoctor.facts.conda.condarc import (
    Condarc,
    CondarcFile,
    CondarcValue,
    probe_condarc,
)
from envdoctor.facts.conda.installations import CondaRoots
from envdoctor.text import limits
from tests.support import make_session


def condarc(home: Path, roots: CondaRoots | None = None, **env: str) -> Condarc:
    return probe_condarc(make_session({"HOME": str(home), **env}), roots)


def write(path: Path, text: str) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return str(path)


def test_a_machine_without_conda_has_no_configuration(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="no conda here"):
        condarc(tmp_path)


def test_every_kind_of_value_keeps_its_line(tmp_path: Path) -> None:
    path = write(
        tmp_path / ".condarc",
        "# mine\nchannels:\n  - conda-forge\n  - defaults\nssl_verify: false\nshow_channel_urls:\n"
        "custom_channels:\n  pytorch: https://m/cloud\n",
    )
    assert condarc(tmp_path) == Condarc(
        (CondarcFile(path),),
        (
            CondarcValue("channels", "conda-forge", f"{path}:3", path=path, listed=True),
            CondarcValue("channels", "defaults", f"{path}:4", path=path, listed=True),
            CondarcValue("ssl_verify", "false", f"{path}:5", path=path),
            CondarcValue("custom_channels", "https://m/cloud", f"{path}:8", "pytorch", path),
        ),
    )


def test_lists_are_joined_maps_are_merged_and_the_last_scalar_wins(tmp_path: Path) -> None:
    root, prefix = tmp_path / "conda", tmp_path / "conda/envs/ml"
    write(root / ".condarc", "channels: [defaults]\noffline: false\ncustom_channels: {a: u1, b: u2}\n")
    write(tmp_path / ".condarc", "channels: [conda-forge, defaults]\noffline: true\ncustom_channels: {a: u3}\n")
    write(prefix / ".condarc", "channels: [bioconda]\n")
    seen = condarc(tmp_path, CondaRoots(active=str(root)), CONDA_PREFIX=str(prefix), CONDA_CHANNELS="x, y")
    assert [value.value for value in seen.elements("channels")] == ["x", "y", "bioconda", "conda-forge", "defaults"]
    assert seen.elements("channels")[0].origin == "CONDA_CHANNELS"
    assert {(value.entry, value.value) for value in seen.entries("custom_channels")} == {("a", "u3"), ("b", "u2")}
    offline = seen.value("offline")
    assert offline is not None
    assert offline.value == "true"
    assert seen.value("channel_alias") is None


def test_the_places_are_searched_in_condas_order(tmp_path: Path) -> None:
    xdg, prefix, root = tmp_path / "xdg", tmp_path / "env", tmp_path / "root"
    wanted = [
        write(tmp_path / "mine.yml", "a: 1"),
        write(prefix / "condarc.d" / "b.yml", "a: 1"),
        write(prefix / "condarc.d" / "a.yaml", "a: 1"),
        write(prefix / "condarc", "a: 1"),
        write(prefix / ".condarc", "a: 1"),
        write(tmp_path / ".condarc", "a: 1"),
        write(tmp_path / ".conda" / ".condarc", "a: 1"),
        write(tmp_path / ".config" / "conda" / ".condarc", "a: 1"),
        write(xdg / "conda" / ".condarc", "a: 1"),
        write(root / ".condarc", "a: 1"),
    ]
    write(prefix / "condarc.d" / "ignored.txt", "a: 1")
    variables = {"CONDARC": "~/mine.yml", "CONDA_PREFIX": str(prefix), "XDG_CONFIG_HOME": str(xdg)}
    seen = condarc(tmp_path, CondaRoots(active=str(root)), **variables)
    assert [file.path for file in seen.files] == wanted


def test_path_lists_of_variables_are_split_at_colons_and_old_names_are_known(tmp_path: Path) -> None:
    write(tmp_path / ".condarc", "envs_path: [/data/envs]\nauto_activate_base: false\n")
    seen = condarc(tmp_path, CONDA_ENVS_PATH="/a:/b", CONDA_SSL_VERIFY="")
    assert [value.value for value in seen.elements("envs_dirs")] == ["/a", "/b", "/data/envs"]
    assert seen.value("auto_activate") is not None
    assert seen.value("ssl_verify") is None


@pytest.mark.parametrize(
    ("content", "said", "line"),
    [
        (b"channels:\n\t- a\n", "found character 'a tab' that cannot start any token", 2),
        (b"offline: true\nchannels: [a]\noffline: false\n", "the key 'offline' stands here twice", 3),
        (b"channels: [a\n", "expected ',' or ']', but got '<stream end>'", 2),
        (b"- a\n", "not a list of settings", 1),
        (b"just words\n", "not a list of settings", 1),
        (b"a: 1\n\xff", "line 2 is not UTF-8", None),
        (b"a\0", "a binary file", None),
        (b"[" * 5000, "nested too deeply", 1),
    ],
)
def test_a_file_that_conda_cannot_read_says_why_and_where(
    tmp_path: Path, content: bytes, said: str, line: int | None
) -> None:
    (tmp_path / ".condarc").write_bytes(content)
    [file] = condarc(tmp_path).files
    assert file.problem is not None
    assert said in file.problem
    assert file.line == line


def test_a_file_that_only_conda_may_read_is_no_problem(tmp_path: Path) -> None:
    assert condarc(tmp_path, CONDARC="/dev/null").files == (CondarcFile("/dev/null", skipped="not a regular file"),)
    (tmp_path / ".condarc").write_text("# much\n" * 100_000)
    [file] = condarc(tmp_path).files
    assert (file.problem, file.skipped) == (None, f"larger than {limits.YAML:,} bytes")


def test_an_empty_file_says_nothing(tmp_path: Path) -> None:
    path = write(tmp_path / ".condarc", "# nothing yet\n")
    assert condarc(tmp_path) == Condarc((CondarcFile(path),))


def test_a_file_of_odd_shapes_is_no_trouble(tmp_path: Path) -> None:
    write(tmp_path / ".condarc", "channels: {a: [1]}\nx: &x [[1], *x, 2]\n? [complex]\n: 1\n1: 2\n")
    assert [value.value for value in condarc(tmp_path).values] == ["", ""]


def test_the_value_of_an_unknown_key_is_not_kept(tmp_path: Path) -> None:
    write(tmp_path / ".condarc", "corp_login: hunter2\nlogins: {a: hunter2}\nsolver: s\n")
    seen = condarc(tmp_path).values
    assert [(value.key, value.value) for value in seen] == [("corp_login", ""), ("logins", ""), ("solver", "s")]


def test_anchors_that_multiply_are_not_written_out(tmp_path: Path) -> None:
    levels = "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12))
    write(tmp_path / ".condarc", f"a0: &a0 [x]\n{levels}? *a11\n: 1\ncustom_channels:\n  ? *a11\n  : 1\nsolver: s\n")
    assert [value.value for value in condarc(tmp_path).values] == ["", "s"]
