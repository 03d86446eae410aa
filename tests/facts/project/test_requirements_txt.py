"""What is read from a requirements file is what pip reads."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from envdoctor.engine.fact import Unavailable
from envdoctor.facts.project.project import Project
from envdoctor.facts.project.requirements_txt import (
    MOST_FILES,
    RequiredPackage,
    RequirementForm,
    Requirements,
    probe_requirements,
)

NAMED, DIRECT, PLACE = RequirementForm.NAMED, RequirementForm.DIRECT, RequirementForm.PLACE


def read(root: Path, files: dict[str, str | bytes]) -> Requirements:
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return probe_requirements(Project(str(root)))


TEXTS = [
    "httpx\nrich==13.7.0\n\n# note\n  idna >= 3 , < 4  # why\n",
    "httpx[socks, http2]>=0.27 ; python_version < '4' and sys_platform == \"linux\"\n",
    "rich==13.7.0 \\\n    --hash=sha256:aa \\\n    --hash=sha256:bb\nidna\n",
    "rich \\\n  # a comment between\n idna\n",
    "--index-url https://user:secret@host/simple\n-i https://host/simple\n--extra-index-url=https://h/s\nidna\n",
    "--index-url=\n--pre\n--no-binary :all:\n--find-links ./wheels\n--trusted-host h\n--prefer-binary\nidna\n",
    "-e .\n--editable ./lib[extra]\n-e git+https://host/x.git#egg=x\n--editable=../y\n",
    "idna @ https://host/idna-3.whl\nidna[all]@ file:///x/idna.tar.gz ; os_name == 'posix'\n",
    "https://host/x-1.0-py3-none-any.whl\n./wheels/x-1.0-py3-none-any.whl\n../lib\nfile:///x\nx-1.0.tar.gz\n",
    "-r more.txt\n--requirement sub/more.txt\n--requirement=more.txt\nlast\n",
    "-c limits.txt\nidna\n--constraint sub/limits.txt\n",
    "idna\\\n>=3\n",
    "idna\t# comment\n",
    "idna==3 \\",
]
INCLUDES: dict[str, str | bytes] = {
    "more.txt": "more\n",
    "sub/more.txt": "-r deep.txt\nsub-more\n",
    "sub/deep.txt": "deep>1\n",
    "limits.txt": "idna<4\n-r sub/deep.txt\n",
    "sub/limits.txt": "rich<14\n",
}


@pytest.mark.tools
@pytest.mark.parametrize("text", TEXTS)
def test_pip_reads_the_same(tmp_path: Path, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    pip = pytest.importorskip("pipenv.patched.pip._internal.req.req_file", reason="pipenv is not installed")
    seen = read(tmp_path, {"requirements.txt": text, **INCLUDES})
    monkeypatch.chdir(tmp_path)
    theirs: list[tuple[str, bool, bool]] = []
    for line in pip.parse_requirements(str(tmp_path / "requirements.txt"), session=None):
        item = (line.requirement.strip(), line.is_editable, line.constraint)
        if item not in theirs:
            theirs.append(item)
    ours = [(package.text, package.editable, False) for package in seen.packages]
    ours += [(package.text, package.editable, True) for package in seen.constraints]
    assert sorted(ours) == sorted(theirs)
    assert seen.problem is None


def test_requirements_keep_their_place_and_form(tmp_path: Path) -> None:
    seen = read(
        tmp_path,
        {
            "requirements.txt": "\n-r sub/more.txt\nrich==13 \\\n --hash=sha256:aa\n-c limits.txt\n-e ./lib\nx @ https://h/x",
            "sub/more.txt": "idna",
            "limits.txt": "idna<4",
            "requirements-dev.txt": "",
            "requirements.in": "",
            "dev_requirements.txt": "",
            "notes.txt": "",
        },
    )
    main = str(tmp_path / "requirements.txt")
    assert seen == Requirements(
        main,
        (
            RequiredPackage("idna", f"{tmp_path}/sub/more.txt:1"),
            RequiredPackage("rich==13", f"{main}:3", hashed=True),
            RequiredPackage("./lib", f"{main}:6", PLACE, editable=True),
            RequiredPackage("x @ https://h/x", f"{main}:7", DIRECT),
        ),
        (RequiredPackage("idna<4", f"{tmp_path}/limits.txt:1"),),
        (main, f"{tmp_path}/sub/more.txt", f"{tmp_path}/limits.txt"),
        others=tuple(
            str(tmp_path / name) for name in ("dev_requirements.txt", "requirements-dev.txt", "requirements.in")
        ),
    )


@pytest.mark.parametrize(
    ("content", "names"),
    [
        ("idna\r\nrich\r\n".encode("utf-16"), ["idna", "rich"]),
        (b"\xef\xbb\xbfidna\n", ["idna"]),
        ("# -*- coding: latin-1 -*-\nidna # \xe9\n".encode("latin-1"), ["idna"]),
        (b"", []),
    ],
)
def test_encodings(tmp_path: Path, content: bytes, names: list[str]) -> None:
    seen = read(tmp_path, {"requirements.txt": content})
    assert ([package.text for package in seen.packages], seen.problem) == (names, None)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"idna\nrich =>= 3\n", "{0}:2: `rich =>= 3` is no requirement"),
        (b"ab\0cd", "{0}: a binary file"),
        (b"idna\n\xff\n", "{0}: line 2 is not UTF-8"),
        (b"# coding: klingon\n", "{0}: says that it is encoded in klingon, which is no encoding"),
        (b"idna\n-r gone.txt\n", "{0}:2: {1}/gone.txt: no such file or directory"),
        (b"idna\n-r requirements.txt\n", "{0}:2: {0} includes itself"),
        (b"idna --hash='x\n", "{0}:1: a quote is not closed"),
        (b"idna\n--user\n", "{0}:2: no such option: --user"),
        (b"idna --hash=md5:00\n", "{0}:1: allowed hash algorithms for --hash are sha256, sha384, sha512"),
        (b"idna --hash=00\n", "{0}:1: arguments to --hash must be a hash name followed by a value"),
        (b"idna\n-e # here\n", "{0}:2: -e option requires 1 argument"),
        (b"--index-url\n", "{0}:1: --index-url option requires 1 argument"),
        (b"--pre=yes\n", "{0}:1: --pre option does not take a value"),
        (b"idna -U\n", "{0}:1: no such option: -U"),
        (b"-c limits.txt\n", "{1}/limits.txt:1: constraints cannot have extras"),
    ],
)
def test_what_pip_would_stumble_over_is_named_and_the_rest_is_read(
    tmp_path: Path, content: bytes, problem: str
) -> None:
    seen = read(tmp_path, {"requirements.txt": content, "limits.txt": b"rich[all]<9\n"})
    assert seen.problem is not None
    assert seen.problem.startswith(problem.format(seen.path, tmp_path))
    assert len(seen.packages) <= 1


def test_options_of_any_pip(tmp_path: Path) -> None:
    lines = b"--extra-index https://x.example\n-fwheels\n--only-final=:all:\nidna --config-settings a=b -C c=d\n"
    limits = b"rich<9; extra == '[x]'\nrich @ https://x.example/rich[1].zip\n"
    seen = read(tmp_path, {"requirements.txt": lines + b"-c limits.txt\n", "limits.txt": limits})
    assert (seen.problem, len(seen.constraints)) == (None, 2)


def test_a_longer_loop_and_a_diamond(tmp_path: Path) -> None:
    seen = read(tmp_path, {"requirements.txt": "-r a.txt\n", "a.txt": "-r b.txt\nidna", "b.txt": "-r a.txt\n"})
    assert seen.problem == f"{tmp_path}/b.txt:1: {tmp_path}/a.txt includes itself"
    seen = read(
        tmp_path, {"requirements.txt": "-r a.txt\n-r b.txt", "a.txt": "-r c.txt", "b.txt": "-r c.txt", "c.txt": "x"}
    )
    assert (seen.problem, [package.text for package in seen.packages]) == (None, ["x"])


def test_endless_files_end(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {f"{n}.txt": f"-r {n + 1}.txt" for n in range(MOST_FILES + 5)}
    seen = read(tmp_path, {"requirements.txt": "-r 0.txt", **files})
    assert (len(seen.files), seen.problem) == (MOST_FILES, f"{tmp_path}/48.txt:1: more than {MOST_FILES} files")


def test_a_fifo_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "requirements.txt")
    assert read(tmp_path, {}).problem == f"{tmp_path}/requirements.txt: not a regular file"


def test_a_marker_that_is_nested_too_deeply(tmp_path: Path) -> None:
    seen = read(tmp_path, {"requirements.txt": f"a; {'(' * 3000}"})
    assert seen.problem == f"{tmp_path}/requirements.txt:1: `a; {'(' * 57}…` is no requirement: nested too deeply"


def test_none(tmp_path: Path) -> None:
    with pytest.raises(Unavailable):
        read(tmp_path, {"requirements-dev.txt": "x"})


@pytest.mark.parametrize("named", ["../key", "{}/key"])
def test_a_private_file_elsewhere_is_not_included(tmp_path: Path, named: str) -> None:
    project, key = tmp_path / "project", tmp_path / "key"
    project.mkdir()
    key.write_text("AAAA/secret\n")
    (project / "requirements.txt").write_text(f"-r {named.format(tmp_path)}\nidna\n")
    for mode, count in ((0o600, 1), (0o644, 2)):
        key.chmod(mode)
        found = probe_requirements(Project(str(project)))
        assert len(found.packages) == count
        assert (found.problem is None) == (count == 2)
