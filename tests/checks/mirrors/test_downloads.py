from __future__ import annotations

import pytest

from envdoctor import (
    Evidence,
    Finding,
    Fix,
    Manual,
    SetVariable,
    Severity,
    UnsetVariable,
)
from envdoctor.facts.http.url import Address, Reader, read
from envdoctor.facts.mirrors.downloads import InstallerMirrors, PythonMirrors
from envdoctor.facts.pip.indexes import PipIndexes
from envdoctor.facts.shell.startup_files import StartupFiles
from envdoctor.facts.shell.startup_lines import LineKind, StartupLine
from envdoctor.facts.uv.indexes import UvIndexes
from envdoctor.testing import assess
from envdoctor_checks.mirrors.downloads import installer_mirror_misused, python_mirror_malformed

VARIABLE = "UV_PYTHON_INSTALL_MIRROR"
RELEASES = "https://proxy.example/https://github.com/astral-sh/python-build-standalone/releases/download"
INDEX = read("https://mirror.example/pypi", "PIP_INDEX_URL", "PIP_INDEX_URL", Reader.PIP)


def at(text: str, variable: str = VARIABLE) -> Address:
    return read(text, variable, variable, Reader.PLAIN)


def assess_mirror(text: str, startup: StartupFiles | None = None) -> list[Finding]:
    facts = (PythonMirrors((at(text),)), UvIndexes(), PipIndexes((INDEX,)), startup)
    return assess(python_mirror_malformed, *facts)


@pytest.mark.sick("MIR001")
def test_a_proxy_of_github_without_the_suffix() -> None:
    text = "https://proxy.example/https://github.com/astral-sh/python-build-standalone"
    exported = StartupLine(
        file="/home/ann/.bashrc",
        number=7,
        text=f"export {VARIABLE}={text}",
        kind=LineKind.EXPORT,
        name=VARIABLE,
        value=text,
    )
    other = StartupLine(file="/etc/profile", number=1, text="", kind=LineKind.EXPORT, name=VARIABLE, value="other")
    assert assess_mirror(text, StartupFiles(lines=(exported, other))) == [
        Finding(
            "UV_PYTHON_INSTALL_MIRROR does not end with /releases/download",
            Fix("Keep the mirror, with the address that uv needs", SetVariable(VARIABLE, RELEASES)),
            VARIABLE,
            (Evidence(f"{VARIABLE}={text}", VARIABLE), Evidence(f"export {VARIABLE}={text}", "/home/ann/.bashrc:7")),
            Severity.ERROR,
        )
    ]


@pytest.mark.sick("MIR001")
@pytest.mark.parametrize(
    ("text", "clause", "meant"),
    [
        ("mirror.example/gh", "does not begin with https://, and uv refuses it", "https://mirror.example/gh"),
        (f'"{RELEASES}"', "has quotation marks in it, and uv refuses it", RELEASES),
        ("https://mirror.example/simple", "names a package index (https://mirror.example/simple)", None),
        ("https://mirror.example/pypi/", "names a package index (https://mirror.example/pypi/)", None),
        (f"{RELEASES}/releases/download", "says /releases/download twice", RELEASES),
        (f"{RELEASES}/20260101", "names one release, to which uv appends the date again", RELEASES),
        ("https://m.example/cpython.tar.gz", "names one file, where a directory is wanted", None),
        (f"{RELEASES}/".replace("/download/", ""), "does not end with /releases/download", RELEASES),
        ("https://m.example/gh/releases/latest/download", "does not end with /releases/download", None),
        (
            "https://proxy.example/github.com/indygreg/python-build-standalone/releases",
            "does not end with /releases/download",
            RELEASES.replace("https://github", "github"),
        ),
        ("'mirror.example/gh'", "has quotation marks in it", "https://mirror.example/gh"),
        (RELEASES.replace("astral-sh", "indygreg"), "names the project by its former owner", RELEASES),
    ],
)
def test_other_malformed_mirrors(text: str, clause: str, meant: str | None) -> None:
    [finding] = assess_mirror(text)
    assert finding.message.startswith(f"{VARIABLE} {clause}")
    assert finding.fix.actions == (
        (SetVariable(VARIABLE, meant),) if meant else (Manual(f"Set {VARIABLE} to the mirror's own address."),)
    )
    assert finding.severity is (Severity.WARNING if "former owner" in clause else Severity.ERROR)


@pytest.mark.healthy("MIR001")
@pytest.mark.parametrize(
    "text",
    [
        RELEASES,
        f"{RELEASES}/",
        RELEASES.replace("https://github", "github"),
        RELEASES.replace("https://github", "https:/github"),
        RELEASES.replace("https://github", "http://github"),
        "https://mirror.example/github-release/astral-sh/python-build-standalone",
        "https://artifacts.example/generic/python",
        "https://mirror.example/simple-files/python",
        "http://127.0.0.1:8080/gh/releases/download",
        "https://me:pw@mirror.example/gh/releases/download",
        "file:///tmp",
    ],
)
def test_a_mirror_that_holds_the_dated_directories_is_fine(text: str) -> None:
    assert assess_mirror(text) == []


def test_a_secret_is_not_put_into_the_fix() -> None:
    text = "https://me:pw@proxy.example/https://github.com/astral-sh/python-build-standalone"
    [finding] = assess_mirror(text)
    assert all(isinstance(action, Manual) for action in finding.fix.actions)
    assert "pw" not in finding.message


def test_mirrors_of_other_pythons() -> None:
    pypy = at(RELEASES, "UV_PYPY_INSTALL_MIRROR")
    graalpy = at("mirror.example/graalpy", "UV_GRAALPY_INSTALL_MIRROR")
    astral = at("https://m.example/astral/github/python-build-standalone/releases/download", "UV_ASTRAL_MIRROR_URL")
    facts = PythonMirrors((), (pypy,), (graalpy,), (astral,))
    findings = assess(python_mirror_malformed, facts, UvIndexes(), PipIndexes())
    assert [(finding.message, finding.fix.actions) for finding in findings] == [
        (
            "UV_PYPY_INSTALL_MIRROR names builds of CPython, where those of PyPy are wanted",
            (Manual("Set UV_PYPY_INSTALL_MIRROR to the mirror's own address."),),
        ),
        (
            "UV_GRAALPY_INSTALL_MIRROR does not begin with https://, and uv refuses it",
            (SetVariable("UV_GRAALPY_INSTALL_MIRROR", "https://mirror.example/graalpy"),),
        ),
        (
            "UV_ASTRAL_MIRROR_URL ends with /releases/download, but uv appends the whole path itself",
            (SetVariable("UV_ASTRAL_MIRROR_URL", "https://m.example/astral"),),
        ),
    ]


def test_a_list_of_downloads_beside_a_mirror_is_advice() -> None:
    facts = PythonMirrors((at(RELEASES),), listing=(at("https://m.example/l.json", "UV_PYTHON_DOWNLOADS_JSON_URL"),))
    [finding] = assess(python_mirror_malformed, facts, UvIndexes(), PipIndexes())
    assert finding.severity is Severity.INFO


BASE = "UV_INSTALLER_GITHUB_BASE_URL"
PROXY = "https://proxy.example/https://github.com"


def assess_installer(*addresses: Address, mirrors: PythonMirrors | None = None) -> list[Finding]:
    return assess(installer_mirror_misused, InstallerMirrors(addresses), mirrors)


@pytest.mark.sick("MIR002")
def test_the_installers_mirror_alone_does_not_serve_pythons() -> None:
    assert assess_installer(at(PROXY, BASE)) == [
        Finding(
            "UV_INSTALLER_GITHUB_BASE_URL serves uv's installer alone; `uv python install` goes to the usual place",
            Fix("Set the mirror for Python downloads too", SetVariable(VARIABLE, RELEASES)),
            BASE,
            (Evidence(f"{BASE}={PROXY}", BASE), Evidence(f"{VARIABLE} is not set", VARIABLE)),
            Severity.INFO,
        )
    ]


@pytest.mark.healthy("MIR002")
@pytest.mark.parametrize(
    "addresses",
    [
        (at(PROXY, BASE),),
        (at("https://mirror.example/github", BASE),),
        (at("https://github.company.example", "UV_INSTALLER_GHE_BASE_URL"),),
        (at("https://mirror.example/uv/releases/download/0.13.9", "UV_DOWNLOAD_URL"),),
        (at("https://mirror.example/uv/0.13.9/", "INSTALLER_DOWNLOAD_URL"),),
    ],
)
def test_both_variables_each_for_its_own_work(addresses: tuple[Address, ...]) -> None:
    assert assess_installer(*addresses, mirrors=PythonMirrors((at(RELEASES),))) == []


@pytest.mark.sick("MIR002")
@pytest.mark.parametrize(
    ("address", "clause", "meant"),
    [
        (at(f"{PROXY}/", BASE), "ends with a slash", PROXY),
        (at(f"{PROXY}/astral-sh/uv", BASE), "holds a path that uv's installer appends itself", PROXY),
        (at("proxy.example", BASE), "does not begin with https://", "https://proxy.example"),
        (at("https://m.example/uv/releases/download", "UV_DOWNLOAD_URL"), "names no version", None),
        (
            at("https://m.example/uv/0.13.9/uv.tar.gz", "UV_DOWNLOAD_URL"),
            "names one file",
            "https://m.example/uv/0.13.9",
        ),
    ],
)
def test_the_installers_variables_have_shapes(address: Address, clause: str, meant: str | None) -> None:
    [finding] = assess_installer(address)
    assert finding.message.startswith(f"{address.setting} {clause}")
    assert finding.severity is Severity.WARNING
    assert [getattr(action, "value", None) for action in finding.fix.actions] == [meant]


def test_the_installer_looks_at_one_variable_only() -> None:
    addresses = (at("https://m.example/uv/0.13.9", "UV_DOWNLOAD_URL"), at(PROXY, BASE))
    [finding] = assess_installer(*addresses, mirrors=PythonMirrors((at(RELEASES),)))
    assert (
        finding.message
        == "uv's installer does not look at UV_INSTALLER_GITHUB_BASE_URL, because UV_DOWNLOAD_URL is set too"
    )
    assert finding.fix.actions == (UnsetVariable(BASE),)
