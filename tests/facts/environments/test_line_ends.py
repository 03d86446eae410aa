from __future__ import annotations

from pathlib import Path

from envdoctor.facts.environments.line_ends import Script, WindowsLineEnds, _in_environment, _read
from envdoctor.facts.environments.scripts import headers


def test_programs_and_activation_scripts(tmp_path: Path) -> None:
    texts = {
        "tool": "#!/x/bin/python\r\nimport sys\r\n",
        "sound": "#!/x/bin/python\nprint('\\r')\n",
        "activate": "# made by a tool\r\n\ndeactivate () {\r\n}\n",
        "activate.fish": "# only a comment\r\nset x 1\n",
    }
    for name, text in texts.items():
        (tmp_path / name).write_bytes(text.encode())
        (tmp_path / name).chmod(0o755)
    (tmp_path / "link").symlink_to(tmp_path / "tool")
    found = WindowsLineEnds(tuple(_in_environment(str(tmp_path))))
    assert [script.path for script in found.of(Script.PROGRAM)] == [f"{tmp_path}/tool"]
    assert [(script.path, script.line) for script in found.of(Script.ACTIVATION)] == [(f"{tmp_path}/activate", 3)]
    assert found.of(Script.STARTUP) == ()
    assert [path for path, _ in headers(str(tmp_path))] == [f"{tmp_path}/sound", f"{tmp_path}/tool"]


def test_what_cannot_be_read_has_no_line_ends(tmp_path: Path) -> None:
    assert list(_read(str(tmp_path / "gone"), Script.STARTUP)) == []
    (tmp_path / "binary").write_bytes(b"\0\r\n")
    assert list(_read(str(tmp_path / "binary"), Script.STARTUP)) == []
