"""How is an interpreter asked what it is?

In a clean environment, isolated (`-I`) and without writing (`-B`), so that the answer is its own. One that does not
even start so is asked again with the session's variables: some need a library path to find their own library.
"""

from __future__ import annotations

import functools
import os
import re
import signal
from collections.abc import Iterator, Mapping

import msgspec
from msgspec.structs import replace

from envdoctor.facts.commands.resolve import ShimManager
from envdoctor.facts.commands.shim_files import obstacle
from envdoctor.facts.python.distributions import sites
from envdoctor.facts.python.interpreter import (
    Failure,
    FailureKind,
    Inside,
    Interpreter,
)
from envdoctor.facts.python.startup_faults import (
    StartupFault,
    Stream,
    complaints_apart,
    failing,
    failing_custom,
    printing,
    printing_custom,
)
from envdoctor.system.child_processes import Completed, Ending
from envdoctor.system.session import Session
from envdoctor.text.patterns import pattern

ISOLATED = ("-I", "-B")
ISOLATED_BEFORE_3_4 = ("-E", "-s", "-B")
SHIM_VARIABLES = (
    *("ASDF_DIR", "ASDF_DATA_DIR", "ASDF_CONFIG_FILE", "ASDF_PYTHON_VERSION", "ASDF_DEFAULT_TOOL_VERSIONS_FILENAME"),
    *("MISE_DATA_DIR", "MISE_CONFIG_DIR", "MISE_PYTHON_VERSION", "XDG_DATA_HOME", "XDG_CONFIG_HOME"),
)
# to ask must not install anything
SHIM_RESTRAINTS = {"MISE_OFFLINE": "1", "MISE_NOT_FOUND_AUTO_INSTALL": "false", "MISE_EXEC_AUTO_INSTALL": "false"}
KINDS = {
    Ending.TIMED_OUT: FailureKind.TIMED_OUT,
    Ending.NOT_STARTED: FailureKind.NOT_EXECUTABLE,
    Ending.REFUSED: FailureKind.REFUSED,
}
TELLING = pattern(
    r"error|not found|no such|cannot|not installed|denied|not loaded"
    r"|no (?:preset )?version |missing tool version|not trusted",
    re.IGNORECASE,
)
# what the loader, a shell, pyenv, Xcode or Python itself say; of any other message only the type is kept
BEFORE = r"(?:[\w./~@+-]{1,200}(?: line \d+)?: (?:line \d+: |\d+: )?){0,4}"
KNOWN = pattern(
    rf"(?:{BEFORE}(?:error while loading shared libraries: [\w.+/-]+: (?:cannot open shared object file|file too short)"
    r"(?:: No such file or directory)?|version `[\w.]+' not found(?: \(required by [\w./+-]+\))?|"
    r"version `[\w./ -]+' is not installed(?: \(set by [\w./ ~+-]+\))?|(?:[\w./+-]+: )?(?:command )?not found|"
    r"(?:bad interpreter: )?(?:No such file or directory|Permission denied)|"
    r"cannot execute(?: binary file)?(?:: (?:Exec format error|required file not found))?|Exec format error|"
    r"Library not loaded: [\w./@+-]+|symbol lookup error: [\w./+-]+: undefined symbol: \w+)"
    r"|ModuleNotFoundError: No module named '[\w.]+'|ImportError: No module named [\w.]+"
    r"|Fatal Python error: \w+: (?:failed|unable|can't|cannot) [\w ']{1,100}"
    # asdf 0.15 to 0.20 and mise 2026
    r"|(?:mise ERROR )?(?:No (?:version is set|preset version installed) for (?:command|shim:) [\w.-]+"
    r"|Missing tool version: [\w:.+@/-]+|Config files in [\w./~+-]+ are not trusted\.?)"
    r"|xcode-select: [\w ,.:()/-]*(?:command line tools|developer path|developer tools)[\w ,.:()/-]*)"
)
ERROR_TYPE = pattern(r"(?:[A-Za-z_][\w.]*(?:Error|Exception|Exit|Interrupt|Warning)|Fatal Python error)(?=:|$)")

# made before two threads can need it at once: msgspec lets the second see a type that is only half understood
ANSWERS = msgspec.json.Decoder(Inside)


class Question(msgspec.Struct, frozen=True):
    """An interpreter to be asked.

    Attributes:
        path: how it is called.
        asked_as: all paths that lead to it.
        shim: whose shim it is, where it chooses an interpreter by the session's variables and working directory.
        reached_by: the script or shim that leads to it; None if it is called for by itself.
    """

    path: str
    asked_as: tuple[str, ...]
    shim: ShimManager | None = None
    reached_by: str | None = None


def ask(session: Session, question: Question) -> Interpreter | Failure:
    """Ask an interpreter; whatever it does, there is an answer about it."""
    if fault := _fault(question):
        return fault
    clean = session.clean_environment()
    if question.shim:
        if reason := obstacle(question.shim, session.cwd, session.home):
            return Failure(question.path, FailureKind.REFUSED, reason, question.asked_as)
        own = session.own_environment()
        clean |= {name: own[name] for name in SHIM_VARIABLES if name in own} | SHIM_RESTRAINTS
    completed, inside, before = _put(session, question, clean)
    in_session_only = inside is None and completed.ending is Ending.EXITED
    if in_session_only:
        first = completed
        completed, inside, before = _put(session, question, session.own_environment())
        completed = completed if inside else first
    if inside is None:
        return _failure(question, completed, session.timeout)
    interpreter = _interpreter(question, inside, in_session_only=in_session_only)
    found = _startup_faults(session, interpreter, completed.stderr, before)
    faults = tuple(dict.fromkeys(found))  # a virtual environment's files are read twice
    return replace(interpreter, startup_faults=faults) if faults else interpreter


def _startup_faults(session: Session, python: Interpreter, stderr: str, printed: str) -> Iterator[StartupFault]:
    """What its `.pth` files and its `sitecustomize` did when it was asked, by what was printed."""
    user = (python.user_site,) if python.sees_user_site else ()
    elsewhere = (*filter(os.path.isabs, session.env.get("PYTHONPATH", "").split(os.pathsep)), *user)
    yield from failing(stderr, elsewhere)
    custom = tuple(failing_custom(stderr, python.sys_path, elsewhere))
    yield from custom
    said = {Stream.STDOUT: printed, Stream.STDERR: complaints_apart(stderr)}
    if not any(text.strip() for text in said.values()):
        return
    directories = map(sites(session).directory, python.site_packages)
    files = [line.file for directory in directories for line in directory.path_lines if line.code]
    own = [directory for directory in python.sys_path if directory != python.stdlib]
    for stream, text in said.items():
        if text.strip():
            yield from printing(files, text, own, stream)
            yield from () if custom else printing_custom(text, python.sys_path, stream=stream)


def _put(session: Session, question: Question, env: Mapping[str, str]) -> tuple[Completed, Inside | None, str]:
    """Ask: how that ended, the answer, and what was printed before it."""
    cookie = os.urandom(16).hex()
    cwd = session.cwd if question.shim and session.cwd else "/"

    def put(*flags: str) -> Completed:
        argv = (question.path, *flags, "-c", _source(), cookie)
        return session.run(*argv, reached_by=question.reached_by, env=env, cwd=cwd)

    completed = put(*ISOLATED)
    if completed.status == 2 and "nknown option: -I" in completed.stderr:
        completed = put(*ISOLATED_BEFORE_3_4)
    return completed, parse(completed.stdout, cookie), completed.stdout.partition(cookie)[0]


@functools.cache
def _source() -> str:
    with open(os.path.join(os.path.dirname(__file__), "_query_script.py"), encoding="utf-8") as file:
        return file.read()


def parse(stdout: str, cookie: str) -> Inside | None:
    """The answer between the last two cookies; whatever else has been printed does not count."""
    pieces = stdout.rsplit(cookie, 2)
    if len(pieces) != 3:
        return None
    try:
        return ANSWERS.decode(pieces[1])
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return _parse_undecodable(pieces[1])


def _parse_undecodable(answer: str) -> Inside | None:
    """An answer with a path that is not UTF-8: it holds lone surrogates, which only the standard library reads."""
    import json

    try:
        return msgspec.convert(json.loads(answer), type=Inside)
    except (ValueError, RecursionError):
        return None


def _interpreter(question: Question, inside: Inside, *, in_session_only: bool) -> Interpreter:
    return Interpreter(
        **msgspec.structs.asdict(inside),
        path=question.path,
        asked_as=question.asked_as,
        root=os.path.realpath(inside.prefix),
        base_root=os.path.realpath(inside.base_prefix),
        is_conda=os.path.isdir(os.path.join(inside.prefix, "conda-meta")),
        writable=_is_writable(inside.purelib),
        in_session_only=in_session_only,
        reached_by=question.reached_by,
    )


def _is_writable(directory: str) -> bool:
    """Whether a file can be made in a directory, or the directory itself where it does not exist yet."""
    while not os.path.isdir(directory) and directory != os.path.dirname(directory):
        directory = os.path.dirname(directory)
    return os.access(directory, os.W_OK)


def _fault(question: Question) -> Failure | None:
    """What can be told of an interpreter without starting it."""
    path = question.path
    if not os.path.exists(path):
        gone = f"links to {os.readlink(path)}, which does not exist" if os.path.islink(path) else "does not exist"
        return Failure(path, FailureKind.MISSING, gone, question.asked_as)
    if not os.path.isfile(path) or not os.access(path, os.X_OK):
        return Failure(path, FailureKind.NOT_EXECUTABLE, "is not an executable file", question.asked_as)
    return None


def _failure(question: Question, completed: Completed, timeout: float) -> Failure:
    kind = KINDS.get(completed.ending, FailureKind.FAILED)
    return Failure(question.path, kind, _detail(completed, timeout), question.asked_as)


def _detail(completed: Completed, timeout: float) -> str:
    match completed.ending:
        case Ending.TIMED_OUT:
            return f"gave no answer within {timeout:g} s"
        case Ending.REFUSED:
            return completed.stderr
        case Ending.NOT_STARTED:
            return f"cannot be started: {completed.stderr}"
        case Ending.TOO_MUCH_OUTPUT:
            return "printed without an end"
        case Ending.EXITED:
            return last_words(completed.stderr) or _status(completed.status or 0)


def last_words(stderr: str) -> str:
    """The lines that tell why a program has failed: at most the last three, else the very last."""
    lines = [line.strip()[:300] for line in stderr.splitlines() if line.strip()]
    telling = [line for line in lines if TELLING.search(line)]
    return "\n".join(filter(None, map(_without_the_unknown, telling[-3:] or lines[-1:])))


def _without_the_unknown(line: str) -> str:
    """A line whose message is known, or the type of the error alone: what else it says may be a secret."""
    if KNOWN.fullmatch(line):
        return line
    kind = ERROR_TYPE.match(line)
    return f"{kind[0]}: …" if kind else ""


def _status(status: int) -> str:
    if status < 0:
        try:
            return f"was killed by {signal.Signals(-status).name}"
        except ValueError:  # a real-time signal, most of which have no name
            return f"was killed by signal {-status}"
    return f"ended with status {status} and without an answer"
