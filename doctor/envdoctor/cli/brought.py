"""May the steps of a fix be pasted, or would they run an environment that may have come with the directory?"""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterable, Mapping

import msgspec

from envdoctor.engine.fact import Known
from envdoctor.engine.finding import Finding
from envdoctor.engine.fix import Activate, AnyAction, EditFile, Fix, Manual, PrependPath, Run, SetVariable
from envdoctor.engine.judge import Result
from envdoctor.engine.reference import FactType
from envdoctor.facts.project.brought import BroughtEnvironments, Doubt, Doubtful
from envdoctor.facts.session.context import Examined
from envdoctor.plan.commands import MANAGERS
from envdoctor.plan.effect import Verb, resolved
from envdoctor.plan.effects import effects_of_step

# What is done to the files of an environment starts nothing of it.
ON_FILES = frozenset(
    {"rm", "rmdir", "mv", "git", "chmod", "chown", "mkdir", "cp", "ln", "sed", "touch", "attr", "xattr"}
)
# Of the managers of projects, what does not ask the Python of the project's environment (held by the clinic of brought
# environments): all else does, `uv lock` too.
QUIET = (*(("uv", word) for word in ("venv", "cache", "python", "self", "tool")),)
REMOVING = (("pipenv", "--rm"), ("poetry", "env", "remove"))
INSTEAD = {
    Doubt.KEPT: "came with the repository: git keeps it. Remove it, and make an environment of your own before you run "
    "anything in it",
    Doubt.MADE_ELSEWHERE: "may have come from elsewhere: nothing in it names the place where it lies, and this fix "
    "would run it. If you made it, activate it and examine again; otherwise remove it first",
    Doubt.OTHERS: "is not run, and this fix would run it: {detail}. `--trust` shows the steps nevertheless",
}


def guarded(results: Iterable[Result], known: Mapping[FactType, Known]) -> tuple[Result, ...]:
    """These results, each fix that would run such an environment replaced by words."""
    brought, examined = known.get(BroughtEnvironments), known.get(Examined)
    if not isinstance(brought, BroughtEnvironments):
        return tuple(results)
    cwd = (examined.cwd if isinstance(examined, Examined) else None) or "/"
    return tuple(_result(result, brought.environments, cwd) for result in results)


def _result(result: Result, doubtful: tuple[Doubtful, ...], cwd: str) -> Result:
    findings = tuple(_finding(finding, doubtful, cwd) for finding in result.findings)
    return msgspec.structs.replace(result, findings=findings) if findings != result.findings else result


def _finding(finding: Finding, doubtful: tuple[Doubtful, ...], cwd: str) -> Finding:
    fix = finding.fix
    one = next((one for one in doubtful if any_runs(fix.actions, one, cwd)), None)
    if one is None:
        return finding
    text = f"{one.root} {INSTEAD[one.doubt].format(detail=one.detail)}"
    return msgspec.structs.replace(finding, fix=Fix(fix.summary, Manual(text), safety=fix.safety, scope=fix.scope))


def any_runs(actions: Iterable[AnyAction], one: Doubtful, cwd: str) -> bool:
    """Whether one of the steps starts something of an environment, before a step has taken it away."""
    managers = MANAGERS
    for action in actions:
        if _removes(action, one, cwd):
            return False
        if runs(action, one, cwd, managers):
            return True
        if isinstance(action, SetVariable) and action.name == "UV_PROJECT_ENVIRONMENT":
            managers -= {"uv"}  # from here on uv asks the one that this names, which is another
    return False


def _removes(action: AnyAction, one: Doubtful, cwd: str) -> bool:
    if isinstance(action, Run) and _is_one_of(action.argv, REMOVING):
        return True
    return any(effect.verb is Verb.CLEAR and _is_in(one.root, effect.thing) for effect in effects_of_step(action, cwd))


def runs(action: AnyAction, one: Doubtful, cwd: str, managers: Collection[str] = MANAGERS) -> bool:
    """Whether a step starts something of an environment, hands it to a tool that does, or lets the shell find it."""
    match action:
        case Activate(environment):
            return _is_in(resolved(environment, cwd), one.root)
        case PrependPath(directory):
            return _is_in(resolved(directory, cwd), one.root)
        case SetVariable(_, value):
            return any(_is_in(part, one.root) for part in value.split(":"))
        case EditFile():
            return any(_is_named(one.root, line) for line in action.add)
        case Run():
            return _starts(action, one, resolved(action.directory or ".", cwd), managers)
        case _:
            return False


def _starts(run: Run, one: Doubtful, where: str, managers: Collection[str]) -> bool:
    words = run.argv[1:] if run.argv[:1] == ("sudo",) else run.argv
    program, name = words[0], posixpath.basename(words[0])
    if "/" in program and _is_in(resolved(program, where), one.root):
        return True
    if name in ON_FILES or name == "virtualenv" or _is_one_of((name, *words[1:]), (*QUIET, *REMOVING)):
        return False
    named = (*words[1:], *(value for _, value in run.variables))
    if any(
        _is_in(resolved(part, where), one.root) for word in named for part in (word, word.partition("=")[2]) if part
    ):
        return True
    if name not in managers or (words[1:2] == ("pip",) and "--python" in words):
        return False
    return one.of_project or _is_in(where, posixpath.dirname(one.root))


def _is_one_of(words: tuple[str, ...], commands: tuple[tuple[str, ...], ...]) -> bool:
    return any(words[: len(command)] == command for command in commands)


def _is_in(path: str, directory: str) -> bool:
    return path == directory or path.startswith(f"{directory.rstrip('/')}/")


def _is_named(directory: str, line: str) -> bool:
    """Whether a line names a directory or something in it. `/p/.venv-linux` is another than `/p/.venv`."""
    return any(not (behind[:1].isalnum() or behind[:1] in {"-", "_", "."}) for behind in line.split(directory)[1:])
