"""A Mac, as its installers leave it: what the readers of files say there. None of it was run on a Mac."""

from __future__ import annotations

import sys

import pytest
from pyfakefs.fake_filesystem import FakeFilesystem, OSType

from envdoctor.engine.fact import Unavailable
from envdoctor.facts.commands.commands import Hit, find
from envdoctor.facts.commands.resolve import HitKind
from envdoctor.facts.conda.installations import RootKind, probe_conda_roots
from envdoctor.facts.disks.caches import CacheTool, _usual
from envdoctor.facts.libraries.system_directories import probe_system_directories
from envdoctor.facts.loader.library_path import probe_dyld_variables, probe_library_path
from envdoctor.facts.pip.settings import read
from envdoctor.facts.project.poetry import cache_directory
from envdoctor.facts.python.off_path import probe_usual_pythons
from envdoctor.facts.session.operating_system import probe_operating_system
from envdoctor.facts.session.search_path import probe_search_path
from envdoctor.facts.shell.startup_files import Shell, probe_startup_files
from envdoctor.facts.shell.startup_lines import LineKind
from tests.builders import make_examined
from tests.support import make_session

HOME = "/Users/ada"
MACH_O = b"\xcf\xfa\xed\xfe\x0c\x00\x00\x01" + bytes(56)
BOTH_MACHINES = b"\xca\xfe\xba\xbe" + bytes(60)
LOGIN_PATH = "/usr/local/bin:/System/Cryptexes/App/usr/bin:/usr/bin:/bin:/usr/sbin:/sbin"
"""What path_helper makes of /etc/paths and /etc/paths.d."""

FRAMEWORK = "Frameworks/Python.framework/Versions"
PATH_HELPER = """\
# System-wide profile for interactive zsh(1) shells.
if [ -x /usr/libexec/path_helper ]; then
\teval `/usr/libexec/path_helper -s`
fi
"""
CONDA_BLOCK = """\
# >>> conda initialize >>>
# !! Contents within this block are managed by 'conda init' !!
__conda_setup="$('/opt/miniconda3/bin/conda' 'shell.zsh' 'hook' 2> /dev/null)"
if [ $? -eq 0 ]; then
    eval "$__conda_setup"
else
    if [ -f "/opt/miniconda3/etc/profile.d/conda.sh" ]; then
        . "/opt/miniconda3/etc/profile.d/conda.sh"
    else
        export PATH="/opt/miniconda3/bin:$PATH"
    fi
fi
unset __conda_setup
# <<< conda initialize <<<
"""


@pytest.fixture
def mac(fs: FakeFilesystem, monkeypatch: pytest.MonkeyPatch) -> FakeFilesystem:
    """The files of a new Mac: the system's own, a home, no developer tools."""
    fs.os = OSType.MACOS
    monkeypatch.setattr(sys, "platform", "darwin")
    for directory in (HOME, "/usr/local/bin", "/bin", "/sbin", "/usr/sbin", "/etc"):
        fs.makedirs(directory, exist_ok=True)
    program(fs, "/usr/bin/python3", BOTH_MACHINES)
    fs.create_file("/etc/zprofile", contents=PATH_HELPER)
    return fs


def program(fs: FakeFilesystem, path: str, content: bytes = MACH_O) -> None:
    fs.create_file(path, contents=content, st_mode=0o100755)


def python3(path: str) -> list[Hit]:
    session = make_session({"HOME": HOME, "PATH": path}, cwd=HOME)
    return list(find("python3", probe_search_path(session), None))


def test_the_stub_of_the_system_is_not_run_before_there_are_developer_tools(mac: FakeFilesystem) -> None:
    [stub] = python3(LOGIN_PATH)
    assert (stub.kind, stub.runs) == (HitKind.NATIVE, None)
    assert stub.problem == "/usr/bin/python3 only offers to install Apple's command line tools"


@pytest.mark.parametrize("tools", ["/Library/Developer/CommandLineTools", "/Applications/Xcode.app"])
def test_with_developer_tools_the_stub_is_a_python(mac: FakeFilesystem, tools: str) -> None:
    mac.makedirs(tools)
    [python] = python3(LOGIN_PATH)
    assert (python.kind, python.runs, python.problem) == (HitKind.PYTHON, "/usr/bin/python3", None)


def give_homebrew(mac: FakeFilesystem, prefix: str = "/opt/homebrew") -> str:
    """python@3.12 as Homebrew links it: bin, opt and Cellar all lead into its framework. Its real file."""
    cellar = f"{prefix}/Cellar/python@3.12/3.12.7_1"
    real = f"{cellar}/{FRAMEWORK}/3.12/bin/python3.12"
    program(mac, real)
    mac.create_symlink(f"{cellar}/bin/python3.12", f"../{FRAMEWORK}/3.12/bin/python3.12")
    mac.create_symlink(f"{cellar}/bin/python3", "python3.12")
    mac.create_symlink(f"{prefix}/bin/python3", "../Cellar/python@3.12/3.12.7_1/bin/python3")
    mac.create_symlink(f"{prefix}/opt/python@3.12", "../Cellar/python@3.12/3.12.7_1")
    return real


def test_homebrew_leads_through_its_links_into_the_framework(mac: FakeFilesystem) -> None:
    real = give_homebrew(mac)
    first, stub = python3(f"/opt/homebrew/bin:{LOGIN_PATH}")
    assert (first.path, first.real, first.kind) == ("/opt/homebrew/bin/python3", real, HitKind.PYTHON)
    assert first.runs == "/opt/homebrew/bin/python3"
    assert stub.problem is not None


def test_homebrew_that_is_not_on_the_search_path_is_known(mac: FakeFilesystem) -> None:
    give_homebrew(mac)
    session = make_session({"HOME": HOME, "PATH": LOGIN_PATH}, cwd=HOME)
    assert probe_usual_pythons(session, probe_search_path(session)).forgotten == ("/opt/homebrew/bin",)


def test_the_installer_of_python_org_leads_from_usr_local_into_its_framework(mac: FakeFilesystem) -> None:
    real = f"/Library/{FRAMEWORK}/3.13/bin/python3.13"
    program(mac, real, BOTH_MACHINES)
    mac.create_symlink(f"/Library/{FRAMEWORK}/3.13/bin/python3", "python3.13")
    mac.create_symlink(f"/Library/{FRAMEWORK}/Current", "3.13")
    mac.create_symlink("/usr/local/bin/python3", f"../../../Library/{FRAMEWORK}/3.13/bin/python3")
    by_its_own, by_link, _ = python3(f"/Library/{FRAMEWORK}/3.13/bin:{LOGIN_PATH}")
    assert (by_its_own.real, by_link.real) == (real, real)
    assert (by_its_own.kind, by_link.kind) == (HitKind.PYTHON, HitKind.PYTHON)
    assert by_link.same_as is None  # another directory, so another environment may be meant


def test_the_files_of_a_login_zsh_are_read_in_its_order_as_tmux_and_the_terminal_start_it(mac: FakeFilesystem) -> None:
    mac.create_file(f"{HOME}/.zprofile", contents='eval "$(/opt/homebrew/bin/brew shellenv)"\n')
    mac.create_file(f"{HOME}/.zshrc", contents=CONDA_BLOCK)
    startup = probe_startup_files(make_session({"HOME": HOME}, cwd=HOME))
    login = startup.read_by(Shell.ZSH, login=True, interactive=True)
    assert login == ("/etc/zprofile", f"{HOME}/.zprofile", f"{HOME}/.zshrc")
    assert startup.read_by(Shell.ZSH, login=False, interactive=True) == (f"{HOME}/.zshrc",)
    assert startup.skipped == ()
    [block] = startup.mentions("conda", kind=LineKind.BLOCK)
    assert (block.origin, block.value) == (f"{HOME}/.zshrc:1", "/opt/miniconda3")


def test_the_conda_of_the_block_in_zshrc_is_known_in_zsh_and_not_in_bash(mac: FakeFilesystem) -> None:
    mac.create_file(f"{HOME}/.zshrc", contents=CONDA_BLOCK)
    mac.create_file("/opt/miniconda3/conda-meta/history")
    program(mac, "/opt/miniconda3/bin/python3.12")
    mac.create_file("/opt/miniconda3/bin/conda", contents="#!/opt/miniconda3/bin/python\n", st_mode=0o100755)
    mac.makedirs("/opt/miniconda3/condabin")
    session = make_session({"HOME": HOME, "PATH": LOGIN_PATH}, cwd=HOME)
    startup = probe_startup_files(session)
    for shell, in_session in (("zsh", True), ("bash", False)):
        roots = probe_conda_roots(session, startup, make_examined(shell=shell, login=True, system="Darwin"))
        [root] = roots.roots
        assert (root.path, root.kind) == ("/opt/miniconda3", RootKind.CONDA)
        assert [name.in_session for name in root.named if name.origin == f"{HOME}/.zshrc:1"] == [in_session]


def test_in_tmux_path_helper_puts_the_system_before_the_environment_that_is_active(mac: FakeFilesystem) -> None:
    """The login shell of the pane has moved the directory of the active environment to the end."""
    mac.makedirs("/Library/Developer/CommandLineTools")
    program(mac, f"{HOME}/project/.venv/bin/python3")
    first, own = python3(f"{LOGIN_PATH}:{HOME}/project/.venv/bin:/opt/homebrew/bin")
    assert (first.path, own.path) == ("/usr/bin/python3", f"{HOME}/project/.venv/bin/python3")


def test_tools_keep_settings_and_caches_in_the_library(mac: FakeFilesystem) -> None:
    mac.create_file(
        f"{HOME}/Library/Application Support/pip/pip.conf", contents="[global]\nindex-url = https://m.example/\n"
    )
    mac.create_file(f"{HOME}/Library/Application Support/pypoetry/config.toml", contents='cache-dir = "/c"\n')
    session = make_session({"HOME": HOME, "XDG_CACHE_HOME": "/x"}, cwd=HOME)
    pip = read(session, None, "darwin").effective("index-url")
    assert pip is not None
    assert pip.origin.startswith(f"{HOME}/Library/Application Support/pip/pip.conf")
    assert cache_directory(session, None) == ("/c", f"{HOME}/Library/Application Support/pypoetry/config.toml")
    usual = _usual(session, CacheTool.PIP, "pip")
    assert usual is not None
    assert usual.path == f"{HOME}/Library/Caches/pip"


def test_the_system_says_its_version_and_has_a_loader_of_its_own(mac: FakeFilesystem) -> None:
    mac.create_file(
        "/System/Library/CoreServices/SystemVersion.plist",
        contents="<plist><dict><key>ProductVersion</key>\n<string>15.1</string></dict></plist>",
    )
    session = make_session({"HOME": HOME, "LD_LIBRARY_PATH": "/a", "DYLD_LIBRARY_PATH": "/b"}, cwd=HOME)
    assert probe_operating_system(session).name == "macOS 15.1"
    assert probe_dyld_variables(session).variables == (("DYLD_LIBRARY_PATH", "/b"),)
    for absent in (lambda: probe_library_path(session), lambda: probe_system_directories(session)):
        with pytest.raises(Unavailable):
            absent()
