"""The answers are those that the commands really print, or that their documentation shows."""

from __future__ import annotations

import pytest

from envdoctor.facts.project.command_versions import QUESTIONS, UNKNOWN, is_admitted, question_for, version_in


@pytest.mark.parametrize(
    ("command", "output", "version"),
    [
        ("git", "git version 2.39.5\n", "2.39.5"),
        ("node", "v20.11.0\n", "20.11.0"),
        ("gcc", "gcc (Debian 12.2.0-14+deb12u1) 12.2.0\nCopyright", "12.2.0"),
        ("gcc-12", "gcc-12 (Debian 12.2.0-14+deb12u1) 12.2.0\n", "12.2.0"),
        ("clang-15", "Debian clang version 15.0.6\n", "15.0.6"),
        ("make", "GNU Make 4.3\nBuilt for", "4.3"),
        ("curl", "curl 7.88.1 (x86_64-pc-linux-gnu) libcurl/7.88.1 OpenSSL/3.0.15\n", "7.88.1"),
        ("docker", "Docker version 24.0.7, build afdd53b\n", "24.0.7"),
        ("jq", "jq-1.6\n", "1.6"),
        ("rsync", "rsync  version v3.2.7  protocol version 31\n", "3.2.7"),
        ("zstd", "*** Zstandard CLI (64-bit) v1.5.4, by Yann Collet ***\n", "1.5.4"),
        ("psql", "psql (PostgreSQL) 15.10 (Debian 15.10-0+deb12u1)\n", "15.10"),
        ("perl", "\nThis is perl 5, version 36, subversion 0 (v5.36.0) built for\n", "5.36.0"),
        ("nvcc", "Cuda compilation tools, release 13.0, V13.0.88\n", "13.0.88"),
        ("protoc", "libprotoc 3.21.12\n", "3.21.12"),
        ("aws", "aws-cli/2.9.19 Python/3.11.2 Linux/6.1 source/x86_64\n", "2.9.19"),
        ("ffmpeg", "ffmpeg version 5.1.6-0+deb12u1 Copyright (c) 2000-2024\n", "5.1.6"),
        ("ffmpeg", "ffmpeg version n6.1-16-gabcdef0 Copyright\n", "6.1"),
        ("ffmpeg", "ffmpeg version N-12345-gabcdef0 Copyright\nlibavutil 57.28.100\n", None),
        ("java", 'openjdk version "17.0.13" 2024-10-15\n', "17.0.13"),
        ("java", 'java version "1.8.0_312"\n', "8.0_312"),
        ("java", 'openjdk version "21" 2023-09-19\n', "21"),
        ("javac", "javac 1.8.0_312\n", "8.0_312"),
        ("convert", "Version: ImageMagick 6.9.11-60 Q16 x86_64\n", "6.9.11-60"),
        ("tmux", "tmux 3.3a\n", "3.3a"),
        ("tmux", "tmux next-3.5\n", "3.5"),
        ("ssh", "OpenSSH_9.2p1 Debian-2+deb12u3, OpenSSL 3.0.15\n", "9.2"),
        ("go", "go version go1.19.8 linux/amd64\n", "1.19.8"),
        ("openssl", "OpenSSL 3.0.15 3 Sep 2024\n", "3.0.15"),
        ("kubectl", "Client Version: v1.31.0\nKustomize Version: v5.4.2\n", "1.31.0"),
        ("rustc", "rustc 1.80.0-nightly (abc 2024-05-01)\n", "1.80.0-nightly"),
        ("python3.11", "Python 3.11.2\n", "3.11.2"),
        ("unheard-of", "unheard-of, version 1.2.3.\n", "1.2.3"),
        ("unheard-of", "usage: unheard-of FILE\n", None),
    ],
)
def test_a_version_is_read_out_of_an_answer(command: str, output: str, version: str | None) -> None:
    assert version_in(question_for(command), "", output) == version


def test_stdout_counts_before_stderr() -> None:
    assert version_in(UNKNOWN, "x 1.2", "y 3.4") == "1.2"


def test_an_answer_is_searched_within_bounds() -> None:
    assert version_in(UNKNOWN, "x" * 20_000 + " 1.2") is None
    assert version_in(UNKNOWN, "1." * 9_000) is not None


def test_the_table_asks_no_daemon_and_holds_what_it_says() -> None:
    assert len(QUESTIONS) >= 59
    assert question_for("kubectl").arguments == ("version", "--client")
    assert question_for("docker").arguments == ("--version",)
    assert (question_for("unheard-of"), question_for("go").known) == (UNKNOWN, True)


@pytest.mark.parametrize(
    ("wanted", "version", "admitted"),
    [
        (">=5,<8", "5.1.6", True),
        (">=5,<8", "8.0", False),
        (">=3.3", "3.3a", True),
        (">=1.80", "1.80.0-nightly", True),
        (">=7", "6.9.11-60", False),
        (">=8", "8.0_312", True),
        ("==2.*", "2.39.5", True),
        (">=1", "next", None),
    ],
)
def test_only_the_numbers_of_a_version_are_compared(wanted: str, version: str, admitted: bool | None) -> None:
    assert is_admitted(wanted, version) is admitted
