from __future__ import annotations

from pathlib import Path

from envdoctor.facts.mirrors.startup import StartupMirrors
from envdoctor.facts.shell.startup_lines import LineKind
from envdoctor.facts.shell.startup_reader import read_lines
from tests.support import make_session, see

A, B = "https://a.example/simple", "https://b.example/simple"


def seen(home: Path, **env: str) -> dict[str, tuple[str | None, str | None, LineKind]]:
    session = make_session({"HOME": str(home), **env}, cwd=home)
    return {
        mirror.name: (mirror.value, mirror.here, mirror.line.kind) for mirror in see(StartupMirrors, session).mirrors
    }


def test_what_a_file_removes_again_is_not_set(tmp_path: Path) -> None:
    (tmp_path / ".bashrc").write_text(
        f'export UV_DEFAULT_INDEX={A}\nunset UV_DEFAULT_INDEX\nexport UV_INDEX={A}\n[ -n "$X" ] && unset UV_INDEX\n'
        f"unset PIP_INDEX_URL; export PIP_INDEX_URL={B}\nexport HF_ENDPOINT={A}\noff() {{ unset HF_ENDPOINT; }}\n"
        f"PIP_CERT=/ca.pem\nunset -v PIP_CERT\nexport NO_PROXY={A}\n"
    )
    (tmp_path / ".profile").write_text("unset NO_PROXY\n")
    assert seen(tmp_path).keys() == {"PIP_INDEX_URL", "HF_ENDPOINT"}


def test_fish_removes_a_variable_with_set() -> None:
    text = f"set -gx UV_INDEX {A}\nset -e UV_INDEX\nset -gx PIP_INDEX_URL {B}\nset --erase -g PIP_INDEX_URL\n"
    lines = read_lines("config.fish", text, {}, fish=True)
    assert [(line.name, line.kind) for line in lines] == [
        ("UV_INDEX", LineKind.EXPORT),
        ("UV_INDEX", LineKind.UNSET),
        ("PIP_INDEX_URL", LineKind.EXPORT),
        ("PIP_INDEX_URL", LineKind.UNSET),
    ]


def test_a_home_that_is_quoted_is_no_other_value(tmp_path: Path) -> None:
    (tmp_path / ".bashrc").write_text(
        "export PIP_CERT=\"~/ca.pem\" HF_ENDPOINT='$HOME'\nexport SSL_CERT_FILE=~/ca.pem\n"
    )
    assert seen(tmp_path, PIP_CERT="~/ca.pem", HF_ENDPOINT="$HOME", SSL_CERT_FILE="/old.pem") == {
        "PIP_CERT": ("~/ca.pem", "~/ca.pem", LineKind.EXPORT),
        "HF_ENDPOINT": ("$HOME", "$HOME", LineKind.EXPORT),
        "SSL_CERT_FILE": (f"{tmp_path}/ca.pem", "/old.pem", LineKind.EXPORT),
    }


def test_the_last_line_that_is_always_run_counts(tmp_path: Path) -> None:
    (tmp_path / ".bashrc").write_text(
        f"export UV_DEFAULT_INDEX={A}\nexport UV_DEFAULT_INDEX={B}\nif x; then export UV_DEFAULT_INDEX=c; fi\n"
        f"PIP_INDEX_URL={A}\nexport SSL_CERT_FILE=$HOME/ca.pem HTTPS_PROXY=http://$GATEWAY:80 PYTHONPATH=/x\n"
        "export NO_PROXY=\n"
    )
    assert seen(tmp_path, UV_DEFAULT_INDEX=A) == {
        "UV_DEFAULT_INDEX": (B, A, LineKind.EXPORT),
        "SSL_CERT_FILE": (f"{tmp_path}/ca.pem", None, LineKind.EXPORT),
        "HTTPS_PROXY": (None, None, LineKind.EXPORT),
        "PIP_INDEX_URL": (A, None, LineKind.ASSIGNMENT),
    }
