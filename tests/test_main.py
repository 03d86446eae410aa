"""The launcher in hostile surroundings. Each test starts the installed command, or a copy of the package made sick."""

from __future__ import annotations

import atexit
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil
import pytest

import envdoctor
from envdoctor.system import processes

pytestmark = pytest.mark.tools


def _command() -> str:
    """The command as uv and newer pips install it; scripts of older pips import `re` before anything of ours."""
    directory = tempfile.mkdtemp()
    atexit.register(shutil.rmtree, directory)
    script = Path(directory) / "envdoctor"
    script.write_text(f"#!{sys.executable}\nimport sys\nfrom envdoctor.__main__ import main\nsys.exit(main())\n")
    script.chmod(0o755)
    return str(script)


COMMAND = _command()
MODULE = [sys.executable, "-m", "envdoctor"]
VERSION = f"envdoctor {envdoctor.__version__}\n"
RAISES = "raise RuntimeError('not the real one')\n"
CLEAN = {
    name: value
    for name, value in os.environ.items()
    if not name.startswith(("PYTHON", "LC_", "PYTEST")) and name not in ("LANG", "LANGUAGE", "COLUMNS")
} | {"LANG": "C.UTF-8"}
ENOUGH = 60


def start(*argv: str, cwd: Path | None = None, **variables: str) -> subprocess.CompletedProcess[str]:
    env = {**CLEAN, **variables}
    return subprocess.run(argv, cwd=cwd, env=env, capture_output=True, text=True, check=False, timeout=ENOUGH)


def assert_it_starts(done: subprocess.CompletedProcess[str], stderr: str = "") -> None:
    assert (done.returncode, done.stdout, done.stderr) == (0, VERSION, stderr)


@pytest.fixture
def shadows(tmp_path: Path) -> Path:
    """A directory of modules with the names of ours and of Python's, none of which can be imported."""
    directory = tmp_path / "shadows"
    for package in ("rich", "packaging"):
        (directory / package).mkdir(parents=True)
        (directory / package / "__init__.py").write_text(RAISES)
    for module in ("click", "msgspec", "typing", "re", "json", "enum", "signal", "subprocess", "psutil", "yaml"):
        (directory / f"{module}.py").write_text(RAISES)
    return directory


def test_pythonpath_full_of_broken_modules(shadows: Path) -> None:
    assert_it_starts(start(COMMAND, "--version", PYTHONPATH=str(shadows)))
    assert_it_starts(start(*MODULE, "--version", PYTHONPATH=f":{shadows}"))


OTHER_SYSTEM = """
import os, sys
sys.platform, os.name = {platform!r}, {name!r}
for module in ("posix", "pwd", "grp", "fcntl", "termios", "resource", "pty", "tty", "syslog"):
    sys.modules[module] = None  # there is none there: its import fails
for function in ("fork", "execve", "getuid", "killpg", "uname"):
    delattr(os, function)
import envdoctor.__main__
sys.argv = ["envdoctor", *{arguments!r}]
sys.exit(envdoctor.__main__.main())
"""


@pytest.mark.parametrize("arguments", [[], ["--version"], ["fix", "--apply"]])
def test_on_windows_one_line_says_where_to_run_it(arguments: list[str]) -> None:
    done = start(sys.executable, "-c", OTHER_SYSTEM.format(platform="win32", name="nt", arguments=arguments))
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.startswith(
        "envdoctor: it examines shells of Linux, macOS and WSL, not of Windows itself; open a"
    )
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("platform", ["emscripten", "freebsd14", "cygwin"])
def test_on_another_system_one_line_says_what_it_is_made_for(platform: str) -> None:
    done = start(sys.executable, "-c", OTHER_SYSTEM.format(platform=platform, name="posix", arguments=[]))
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.count("\n") == 1
    assert ("this is " + platform in done.stderr) is (platform != "cygwin")


def test_another_program_that_calls_it_is_not_replaced(shadows: Path) -> None:
    code = "import sys\nfrom envdoctor.__main__ import main\nsys.argv = ['x', '--version']\nprint(main() + 41)"
    done = start(sys.executable, "-c", code, PYTHONWARNINGS="ignore")
    assert (done.returncode, done.stdout) == (0, f"{VERSION}41\n")


def test_a_working_directory_full_of_broken_modules(shadows: Path) -> None:
    assert_it_starts(start(*MODULE, "--version", cwd=shadows))
    assert_it_starts(start(COMMAND, "--version", cwd=shadows))
    assert_it_starts(start(COMMAND, "--version", cwd=shadows, PYTHONPATH=""))
    assert_it_starts(start(COMMAND, "--version", cwd=shadows, PYTHONPATH="."))


def test_modules_that_python_has_already_taken_from_the_working_directory(shadows: Path) -> None:
    (shadows / "warnings.py").touch()
    assert_it_starts(start(*MODULE, "--version", cwd=shadows))


def test_sitecustomize_that_prints_does_not_reach_stdout(shadows: Path) -> None:
    (shadows / "sitecustomize.py").write_text("print('chatter')\n")
    assert_it_starts(start(COMMAND, "--version", PYTHONPATH=str(shadows)), stderr="chatter\n")


def test_sitecustomize_that_raises_or_breaks_things(shadows: Path) -> None:
    (shadows / "sitecustomize.py").write_text("import io, sys\nio.open = sys.modules['click'] = None\nraise OSError\n")
    done = start(COMMAND, "--version", PYTHONPATH=str(shadows))
    assert (done.returncode, done.stdout) == (0, VERSION)
    assert done.stderr.startswith("Error in sitecustomize")


@pytest.fixture
def python_with_user_site(tmp_path: Path) -> str:
    """An environment that sees the user site, as a Python outside any environment does."""
    root = tmp_path / "environment"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", "--system-site-packages", root], check=True)
    return str(root / "bin" / "python")


def user_site(python: str, home: Path) -> Path:
    return Path(start(python, "-m", "site", "--user-site", HOME=str(home)).stdout.strip())


def give(site: Path, *directories: str) -> None:
    site.mkdir(parents=True, exist_ok=True)
    (site / "given.pth").write_text("\n".join(directories))


LIBRARIES = next(path for path in sys.path if path.endswith("site-packages"))
SOURCE = str(Path(envdoctor.__file__).parent.parent)


def test_a_user_site_full_of_broken_modules(python_with_user_site: str, shadows: Path, tmp_path: Path) -> None:
    python = python_with_user_site
    give(Path(start(python, "-c", "import site; print(site.getsitepackages()[0])").stdout.strip()), SOURCE, LIBRARIES)
    shutil.copytree(shadows, user_site(python, tmp_path))
    assert_it_starts(start(python, "-m", "envdoctor", "--version", HOME=str(tmp_path)))
    customize = user_site(python, tmp_path) / "usercustomize.py"
    customize.write_text("import sys\nsys.modules['click'] = None\nprint('chatter')\n")
    assert_it_starts(start(python, "-m", "envdoctor", "--version", HOME=str(tmp_path)), stderr="chatter\n")


def test_envdoctor_in_the_user_site_itself(python_with_user_site: str, shadows: Path, tmp_path: Path) -> None:
    python = python_with_user_site
    site = user_site(python, tmp_path)
    give(site, LIBRARIES)
    shutil.copytree(Path(SOURCE, "envdoctor"), site / "envdoctor")
    for pythonpath in ("", str(shadows)):
        assert_it_starts(start(python, "-m", "envdoctor", "--version", HOME=str(tmp_path), PYTHONPATH=pythonpath))


def test_envdoctor_linked_from_the_user_site(python_with_user_site: str, shadows: Path, tmp_path: Path) -> None:
    python = python_with_user_site
    site = user_site(python, tmp_path)
    give(site, SOURCE, LIBRARIES)
    (site / "python_envdoctor-1.dist-info").mkdir()
    for pythonpath in ("", str(shadows)):
        assert_it_starts(start(python, "-m", "envdoctor", "--version", HOME=str(tmp_path), PYTHONPATH=pythonpath))


@pytest.mark.parametrize(
    "variables",
    [
        {"PYTHONWARNINGS": "error"},
        {"PYTHONOPTIMIZE": "2"},
        {"PYTHONINSPECT": "1"},
        {"PYTHONVERBOSE": "1"},
        {"PYTHONNOUSERSITE": "1", "PYTHONSAFEPATH": "1"},
        {"PYTHONSTARTUP": "/no/such/file"},
        {"PYTHONIOENCODING": "ascii:strict"},
    ],
)
def test_variables_that_change_how_python_behaves(variables: dict[str, str]) -> None:
    done = subprocess.run([COMMAND, "--help"], env={**CLEAN, **variables}, capture_output=True, text=True, check=True)
    assert done.stdout == start(COMMAND, "--help").stdout


def test_pythonhome_needs_an_isolated_start() -> None:
    """Python dies of it before any code runs. What can be done is to start it isolated, which works from anywhere."""
    assert start(COMMAND, "--version", PYTHONHOME="/no/such/home").returncode == 1
    for isolation in ("-I", "-E"):
        assert_it_starts(start(sys.executable, isolation, "-m", "envdoctor", "--version", PYTHONHOME="/no/such/home"))


@pytest.mark.parametrize(
    "variables",
    [
        {"LC_ALL": "C"},
        {"LC_ALL": "POSIX"},
        {"LC_ALL": "xx_YY.bogus"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"LANG": ""},
    ],
)
def test_every_locale_shows_every_character(variables: dict[str, str], tmp_path: Path) -> None:
    copy = sick_copy(tmp_path, "cli/app.py", "def run(_):\n    print('✗ é', __import__('sys').argv[1])\n    return 0\n")
    done = subprocess.run(
        [sys.executable, copy, b"\xff\xc3\xa9"], env={**CLEAN, **variables}, capture_output=True, check=True
    )
    assert done.stdout.decode() == "✗ é \\udcffé\n"


def test_no_home_and_nothing_else_either() -> None:
    done = subprocess.run([COMMAND, "--version"], env={}, capture_output=True, text=True, check=True)
    assert done.stdout == VERSION


def test_a_deleted_working_directory(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    for command in (COMMAND, " ".join(MODULE)):
        gone.mkdir()
        assert_it_starts(start("sh", "-c", f"cd {gone} && rmdir {gone} && exec {command} --version"))


def test_closed_streams_and_a_second_start(shadows: Path) -> None:
    done = start("sh", "-c", f"{COMMAND} --version <&- 2>&-", PYTHONPATH=str(shadows))
    assert_it_starts(done)


def sick_copy(directory: Path, file: str, content: str) -> str:
    """A copy of the package in which one file is another. Its `__main__.py`, to be run as a script."""
    package = directory / "site" / "envdoctor"
    shutil.copytree(Path(envdoctor.__file__).parent, package, ignore=shutil.ignore_patterns("__pycache__"))
    place = package / file
    place.parent.mkdir(exist_ok=True)
    place.write_text(content)
    return str(package / "__main__.py")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("import no_such_dependency", "ModuleNotFoundError: No module named 'no_such_dependency'"),
        ("def run(", "SyntaxError: '(' was never closed (app.py, line 1)"),
        (RAISES, "RuntimeError: not the real one"),
        ("def run(_):\n    import no_such_dependency", "ModuleNotFoundError: No module named 'no_such_dependency'"),
    ],
)
def test_a_broken_installation_is_said_with_its_cure(tmp_path: Path, content: str, reason: str) -> None:
    done = start(sys.executable, sick_copy(tmp_path, "cli/app.py", content))
    first, second = done.stderr.splitlines()
    assert (done.returncode, done.stdout) == (3, "")
    assert first == f"envdoctor: its own installation in {sys.prefix} is broken: {reason}."
    assert second == f"Install it again: uv pip install --python '{sys.executable}' --reinstall python-envdoctor"


def test_a_dependency_that_is_not_installed_is_named(tmp_path: Path) -> None:
    copy = sick_copy(tmp_path, "nothing.py", "")
    done = start(sys.executable, "-I", "-S", copy)
    assert (done.returncode, done.stdout) == (3, "")
    assert "is broken: ModuleNotFoundError: No module named " in done.stderr


@pytest.mark.parametrize(
    ("marker", "cure"),
    [
        ("uv-receipt.toml", "uv tool install --reinstall python-envdoctor"),
        ("pipx_metadata.json", "pipx reinstall python-envdoctor"),
    ],
)
def test_the_cure_is_that_of_the_installer(tmp_path: Path, marker: str, cure: str) -> None:
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "tool"], check=True)
    (tmp_path / "tool" / marker).touch()
    done = start(str(tmp_path / "tool" / "bin" / "python"), sick_copy(tmp_path, "cli/app.py", RAISES))
    assert done.stderr.endswith(f"\nInstall it again: {cure}\n")


def test_a_fault_of_its_own_is_owned(tmp_path: Path) -> None:
    copy = sick_copy(tmp_path, "cli/app.py", "def run(_):\n    return {}['key']\n")
    done = start(sys.executable, copy)
    assert (done.returncode, done.stdout) == (3, "")
    place = f"{tmp_path}/site/envdoctor/cli/app.py:2"
    assert done.stderr.startswith(f"envdoctor: a fault of its own: KeyError: 'key' ({place}).\nPlease report it")
    assert "Traceback" in start(sys.executable, "-X", "dev", copy).stderr


def test_a_python_that_is_too_old_is_told_apart(tmp_path: Path) -> None:
    """The file itself must be readable by such a Python; here it is told that it is one."""
    copy = Path(sick_copy(tmp_path, "nothing.py", ""))
    copy.write_text(copy.read_text().replace("OLDEST = (3, 11)", "OLDEST = (9, 99)"))
    done = start(sys.executable, str(copy))
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.startswith("envdoctor: Python 9.99 or newer is needed to run it, and ")


ASKS = """
import sys
from envdoctor.system import child_processes
def run(_):
    print("ready", flush=True)
    env = {"PATH": "/usr/bin:/bin", "LABEL": sys.argv[1]}
    child_processes.run(("sh", "-c", "setsid sleep 60 & sleep 60"), env, "/", 60)
    return 0
"""


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_signals_end_it_quietly_and_leave_nothing_behind(tmp_path: Path, number: int, status: int) -> None:
    command = [sys.executable, sick_copy(tmp_path, "cli/app.py", ASKS), str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=CLEAN) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        time.sleep(0.3)
        child.send_signal(number)
        assert child.communicate(timeout=ENOUGH) == ("", "")
    assert child.returncode == status
    left = [pid for pid in processes.running() if (processes.environment(pid) or {}).get("LABEL") == str(tmp_path)]
    assert left == []


def test_a_real_examination_that_hangs_can_be_interrupted(tmp_path: Path) -> None:
    for name in ("python", "python3", "pip", "uv"):
        (tmp_path / name).write_text("#!/bin/sh\ntrap '' TERM INT\ntouch $(dirname $0)/asked\nsleep 60\nsleep 60\n")
        (tmp_path / name).chmod(0o755)
    env = {**CLEAN, "PATH": f"{tmp_path}:/usr/bin:/bin"}
    command = [COMMAND, "which", "--timeout", "30"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=env) as child:
        for _ in range(500):
            if (tmp_path / "asked").exists():
                break
            time.sleep(0.02)
        child.send_signal(signal.SIGINT)
        out, err = child.communicate(timeout=ENOUGH)
    assert (child.returncode, out, err.strip()) == (130, "", "")
    assert [process for process in psutil.process_iter(["cmdline"]) if mentions(process, tmp_path)] == []


def mentions(process: psutil.Process, path: Path) -> bool:
    return any(str(path) in argument for argument in process.info["cmdline"] or ())
