"""The launcher: how does a doctor start in a sick environment?

Everything on `sys.path` that is not Python's or envdoctor's own may hold a broken `click`, a `typing.py`, a
`sitecustomize` that talks. So nothing is imported here but what Python has loaded for itself, until the path is clean;
and where foreign code may have run already, Python is started once more, isolated. The syntax is that of Python 3.6,
so that an older Python says what it lacks instead of showing a syntax error.
"""

import gc
import os
import sys

OLDEST = (3, 11)
SYSTEMS = ("linux", "darwin")  # what it is made for, as sys.platform says it; WSL is Linux
DISTRIBUTION = "python-envdoctor"  # what is installed, which is called so because `envdoctor` was not to be had
METADATA = "python_envdoctor-"  # how the directory of its metadata begins
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

# those that change what is imported, how code behaves or what is printed; the others do no harm
DISTURBING = (
    "PYTHONPATH",
    "PYTHONHOME",
    "PYTHONWARNINGS",
    "PYTHONOPTIMIZE",
    "PYTHONINSPECT",
    "PYTHONDEVMODE",
    "PYTHONDEBUG",
    "PYTHONVERBOSE",
    "PYTHONPROFILEIMPORTTIME",
    "PYTHONTRACEMALLOC",
    "PYTHONMALLOCSTATS",
    "PYTHONCASEOK",
    "PYTHONPLATLIBDIR",
)


def main() -> int:
    """Make a clean start and run the command line: the process ends with the exit status.

    A program that calls this for its own ends gets the status back.
    """
    try:
        status = _main()
    except KeyboardInterrupt:
        status = 130
    if _is_the_program():
        _leave_at_once(status)
    return status


def _leave_at_once(status: int) -> None:
    """End without taking the interpreter apart, which would cost a tenth of a run."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.flush()
    _exit(status)


def _exit(status: int) -> None:
    supervision = sys.modules.get("envdoctor.system.supervision")
    if supervision:
        supervision.end(status)
    os._exit(status)


def _main() -> int:
    if sys.platform not in SYSTEMS:
        return refuse(_other_system())
    if sys.version_info < OLDEST:
        return refuse(_too_old())
    if _is_disturbed():
        _start_afresh(None)
    gc.disable()  # a run is over before garbage matters, and to look for it while importing costs a tenth of the time
    _clean_path()
    if _is_the_program():
        from envdoctor.system import own_modules

        own_modules.install()
    from envdoctor.system.own_loader import VARIABLES, foreign_libpython, kept_from_here

    foreign = foreign_libpython() if any(os.environ.get(name) for name in VARIABLES) else None
    if (fresh := kept_from_here(os.environ, foreign)) is not None:
        _start_afresh(fresh)
    status = _in_a_child() if _is_the_program() else None
    if status is not None:
        return status
    _divert_what_was_printed()
    from envdoctor.system.own_streams import open_streams

    output = open_streams()
    status = _run()
    if output.problem is not None:
        return refuse(f"the report could not be written: {output.problem.strerror}")
    return status


def _in_a_child() -> "int | None":
    """Where a mount may hang or plugins are installed, go on in a child; the parent gets its exit status."""
    from envdoctor.system import silent_mounts

    mounts = silent_mounts.doubtful()
    if not mounts and not _has_plugins():
        return None
    from envdoctor.system import supervision

    try:
        status = supervision.divide(among_mounts=bool(mounts))
    except supervision.Hanging:
        return refuse(f"nothing was heard of a file system for too long: one of {_shown(', '.join(sorted(mounts)))}")
    except supervision.Computing:
        return refuse("a plugin computes without end, and lets nothing else run; `--no-plugins` leaves plugins out")
    if status is None and mounts:
        silent_mounts.keep_away(mounts)
    return status


def _has_plugins() -> bool:
    """Whether code of others is run: only a process beside it hears a signal while that computes in C."""
    try:
        _import_msgspec()
        from envdoctor.engine.plugins import are_others
    except Exception:  # noqa: BLE001 - what is broken here, the command line says
        return False
    return are_others(sys.path)


def refuse(reason: str) -> int:
    """Say in plain words why nothing could be examined, and return the exit status for that. Names in it are shown."""
    if sys.stderr is not None:
        sys.stderr.write(f"envdoctor: {reason}\n")
    return 3


def _shown(name: object) -> str:
    """A name, or what an error says, in one line that drives no terminal."""
    return "".join(one if one.isprintable() else ascii(one)[1:-1] for one in str(name))


def _too_old() -> str:
    version = ".".join(map(str, sys.version_info[:3]))
    wanted = ".".join(map(str, OLDEST))
    return (
        f"Python {wanted} or newer is needed to run it, and {_shown(sys.executable)} is {version}.\n"
        f"`uv tool install {DISTRIBUTION}` and `pipx install {DISTRIBUTION}` give it a Python of its own; "
        "it examines environments of any version."
    )


def _other_system() -> str:
    """On one line: what it runs on, and where to run it instead."""
    if sys.platform in ("win32", "cygwin", "msys"):
        return (
            "it examines shells of Linux, macOS and WSL, not of Windows itself; "
            "open a terminal of WSL (type `wsl`), install it there, and type `envdoctor` in that shell"
        )
    return f"it examines shells of Linux, macOS and WSL, and this is {_shown(sys.platform)}"


def _is_disturbed() -> bool:
    """Whether foreign code may have run already, or names are decoded as something other than UTF-8."""
    if sys.flags.isolated or (sys.flags.ignore_environment and sys.flags.safe_path):
        return False  # this is the second start
    if not sys.flags.ignore_environment and any(os.environ.get(name) for name in DISTURBING):
        return True
    return sys.getfilesystemencoding() != "utf-8" or any(map(_has_loaded_from, _foreign_directories()))


def _foreign_directories() -> "list[str]":
    """What is on the path for the user's sake: first the script's or the working directory; the user site."""
    first = [] if sys.flags.safe_path else sys.path[:1]
    return [directory for directory in first + _user_site() if not _is_own(directory)]


def _user_site() -> "list[str]":
    site = sys.modules.get("site")
    return [site.USER_SITE] if site and site.ENABLE_USER_SITE and site.USER_SITE in sys.path else []


def _is_own(directory: str) -> bool:
    """Whether envdoctor itself is installed in a directory."""
    try:
        return directory == ROOT or any(name.startswith(METADATA) for name in os.listdir(directory or "."))
    except OSError:
        return False


def _has_loaded_from(directory: str) -> bool:
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None) or ""
        if os.path.basename(file).startswith("__init__."):
            file = os.path.dirname(file)
        if "." not in name and name != "__main__" and os.path.dirname(file) == directory:
            return True
    return False


def _start_afresh(env: "dict[str, str] | None") -> None:
    """Start again without the user's variables, directories and encoding. Where that fails, go on as it is."""
    if not (sys.executable and os.path.isfile(__file__) and _is_the_program()):
        return
    _divert_what_was_printed()
    isolation = ["-E", "-P"] if any(map(_is_own, _user_site())) else ["-I"]
    try:
        command = [sys.executable, *isolation, "-X", "utf8", __file__, *sys.argv[1:]]
        os.execve(sys.executable, command, os.environ if env is None else env)  # noqa: S606 - the same program again
    except OSError:
        return


def _is_the_program() -> bool:
    """Whether this process is there to run envdoctor, rather than a program that calls `main` for its own ends."""
    started = getattr(sys.modules["__main__"], "__file__", None) or ""
    return os.path.basename(started) == "envdoctor" or os.path.abspath(started) == os.path.abspath(__file__)


def _divert_what_was_printed() -> None:
    """Send what start-up code has printed to stderr: stdout belongs to the report. A terminal has it already."""
    if sys.stdout is None or sys.stderr is None:
        return
    try:
        kept = os.dup(1)
        os.dup2(2, 1)
        sys.stdout.flush()
        os.dup2(kept, 1)
        os.close(kept)
    except OSError:
        return  # closed or full: there is nothing to keep clean


def _clean_path() -> None:
    """Leave on `sys.path` what belongs to Python and to envdoctor itself."""
    for directory in _foreign_directories():
        if directory in sys.path:
            sys.path.remove(directory)  # its first place: the working directory may also be Python's own
    if ROOT not in sys.path:
        packages = (place for place, path in enumerate(sys.path) if path.endswith(("site-packages", "dist-packages")))
        sys.path.insert(next(packages, len(sys.path)), ROOT)


def _run() -> int:
    """Hand over to the command line. Whatever it leaves behind is ended with it."""
    try:
        _import_msgspec()
        from envdoctor.cli.app import run
    except Exception as error:  # noqa: BLE001 - whatever a broken dependency does, the user gets words
        return refuse(_broken(error))
    try:
        if _is_the_program():
            _heed_signals()
        return run(sys.argv[1:])
    except (ImportError, SyntaxError) as error:
        return refuse(_broken(error))
    except Exception as error:
        if sys.flags.dev_mode:
            raise
        return refuse(_crashed(error))
    finally:
        children = sys.modules.get("envdoctor.system.child_processes")
        if children:
            children.stop()
        sys.stdout.flush()


def _import_msgspec() -> None:
    """Import msgspec without `typing_extensions`: it takes the same name from `typing`, and saves a tenth of a run."""
    name = "typing_extensions"
    if name not in sys.modules:
        sys.modules[name] = None  # type: ignore[assignment]  # as the import system marks what is not to be found
    try:
        import msgspec  # noqa: F401 - for its effect
    finally:
        if sys.modules.get(name) is None:
            del sys.modules[name]


def _heed_signals() -> None:
    """End in an orderly way when asked to, and learn how children end even if our parent ignores its own."""
    import signal

    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:  # as `nohup` has it
            signal.signal(number, _leave)


def _leave(number: int, _: object) -> None:
    """End at once. An exception would be raised into whatever runs just now, which may swallow it or break."""
    import signal

    for other in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(other, signal.SIG_IGN)
    children = sys.modules.get("envdoctor.system.child_processes")
    if children:
        children.stop()
    writing = sys.modules.get("envdoctor.system.writing")
    if writing:
        writing.discard_unfinished()
    if "rich.progress" in sys.modules and os.isatty(2):
        os.write(2, b"\x1b[?25h\n")  # a bar has hidden the cursor
    _exit(128 + number)


def _broken(error: Exception) -> str:
    """What to say when envdoctor's own files or dependencies are not as they should be."""
    from envdoctor.system.own_loader import foreign_libpython

    if foreign := foreign_libpython():
        return (
            f"the Python that runs it, {_shown(sys.executable)}, has loaded {_shown(foreign)}, "
            f"which belongs to another build of Python: {type(error).__name__}: {_shown(error)}.\n"
            "Start it without that library: env -u LD_LIBRARY_PATH -u LD_PRELOAD envdoctor"
        )
    return (
        f"its own installation in {_shown(sys.prefix)} is broken: {type(error).__name__}: {_shown(error)}.\n"
        f"Install it again: {_reinstall()}"
    )


def _reinstall() -> str:
    """The command that repairs envdoctor, as its installer would have it."""
    if os.path.exists(os.path.join(sys.prefix, "uv-receipt.toml")):
        return f"uv tool install --reinstall {DISTRIBUTION}"
    if os.path.exists(os.path.join(sys.prefix, "pipx_metadata.json")):
        return f"pipx reinstall {DISTRIBUTION}"
    if "/archive-v" in sys.prefix:
        return f"uvx --refresh {DISTRIBUTION}"
    if os.path.isdir(os.path.join(ROOT, "pip")):
        return f"{_own_python()} -m pip install --force-reinstall {DISTRIBUTION}"
    return f"uv pip install --python {_own_python()} --reinstall {DISTRIBUTION}"


def _own_python() -> str:
    """The Python that runs this, as a word for a shell."""
    quoted = sys.executable.replace("'", "'\\''")
    return _shown(f"'{quoted}'")


def _crashed(error: Exception) -> str:
    """What to say of a fault in envdoctor itself: enough to report it."""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    place = f" ({_shown(trace.tb_frame.f_code.co_filename)}:{trace.tb_lineno})" if trace else ""
    return (
        f"a fault of its own: {type(error).__name__}: {_shown(error)}{place}.\n"
        f"Please report it, with what `{_own_python()} -X dev -m envdoctor` prints"
    )


if __name__ == "__main__":
    sys.exit(main())
