from __future__ import annotations

from pathlib import Path

from envdoctor.facts.startup_lines import LineKind
from envdoctor.facts.startup_mirrors import StartupMirrors
from tests.support import make_session, see

A, B = "https://a.example/simple", "https://b.example/simple"


def seen(home: Path, **env: str) -> dict[str, tuple[str | None, str | None, LineKind]]:
    session = make_session({"HOME": str(home), **env}, cwd=home)
    return {
        mirror.name: (mirror.value, mirror.here, mirror.line.kind) for mirror in see(StartupMirrors, session).mirrors
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
