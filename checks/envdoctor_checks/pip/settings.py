"""PIP: what the variables and configuration files of pip do to an install."""

from __future__ import annotations

from collections.abc import Iterator

from envdoctor import (
    EditFile,
    Evidence,
    Finding,
    Fix,
    Manual,
    Run,
    Safety,
    SetVariable,
    Severity,
    check,
)
from envdoctor.facts.pip.command import BarePip
from envdoctor.facts.pip.config_file import ASSIGNMENT, PipFile, PipLevel, PipSetting
from envdoctor.facts.pip.options import (
    canonical,
    refused,
    switched,
    variable,
)
from envdoctor.facts.pip.redirections import PipRedirections, Redirection
from envdoctor.facts.pip.settings import PipSettings
from envdoctor.facts.pip.trusted_hosts import TrustedHost
from envdoctor.facts.python.active import ActivePython
from envdoctor.facts.python.interpreters import Interpreter
from envdoctor.facts.shell.exported_lines import ExportedLines
from envdoctor_checks.common.pip_settings import hosts_alone, proof, spelled, without
from envdoctor_checks.common.startup_edits import lasting

COPY = ".envdoctor-bom"  # which nobody else calls a file
NO_USER = "Turn user installs off, so that pip installs into the environment"


@check("PIP003", severity=Severity.ERROR, since="0.1", where=("PipRedirections.found",))
def pip_install_redirected(
    redirections: PipRedirections, active: ActivePython, exported: ExportedLines | None
) -> Iterator[Finding]:
    """A setting sends every install away from the environment that `python` runs in.

    ## Why it matters
    `target`, `prefix` and `root` are meant for one command. Set permanently, in a variable or a configuration file,
    they send every `pip install` into a directory that Python does not search: pip says that it worked, and the import
    fails. With `user = true` beside them pip stops: *Can not combine '--user' and '--target'*. They also bypass the
    guard of an externally managed Python. `PIP_PYTHON` makes every pip work for another Python.

    ## How to fix
    Remove the setting, and pass the option to the one command that needs it.

    ## Not a problem when
    A build image collects packages in a directory on purpose. Where that is on `PYTHONPATH`, this is a warning only.
    """
    for redirection in redirections.found:
        setting, searched = redirection.setting, redirection.searched
        yield Finding(
            f"{spelled(setting)} {_sends(redirection, active)}",
            where=redirection.place or setting.value,
            evidence=(
                proof(setting),
                *((proof(redirection.with_user),) if redirection.with_user else ()),
                Evidence(f"`{active.command}` runs in {active.interpreter.prefix}", "sys.prefix"),
            ),
            fix=lasting(_both_removed(setting, redirection.with_user), exported),
            severity=Severity.WARNING
            if searched and not redirection.with_user and canonical(setting.option) != "python"
            else Severity.ERROR,
        )


def _sends(redirection: Redirection, active: ActivePython) -> str:
    if redirection.with_user:
        user, option = spelled(redirection.with_user), canonical(redirection.setting.option)
        return f"together with {user} stops every install: pip does not combine --user and --{option}"
    if redirection.setting.option != "python":
        search = "searches too" if redirection.searched else "does not search"
        return f"sends every install to {redirection.place}, which `{active.command}` {search}"
    if redirection.place is None:
        return "stops every pip: there is no such Python"
    return (
        f"makes every pip install into {redirection.place}, but `{active.command}` runs in {active.interpreter.prefix}"
    )


def _both_removed(setting: PipSetting, user: PipSetting | None) -> Fix:
    """Take a redirection away, and with it what makes pip stop there."""
    fix = without(setting, "Remove the setting")
    if user is None:
        return fix
    other = without(user, "")
    safety = fix.safety if fix.safety is Safety.CHANGES_STATE else other.safety
    return Fix("Remove both settings", *fix.actions, *other.actions, safety=safety)


@check("PIP004", severity=Severity.ERROR, since="0.1", where=("PipSettings.settings",))
def pip_forced_to_user_site(
    settings: PipSettings,
    redirections: PipRedirections | None,
    pip: BarePip | None,
    active: ActivePython | None,
    exported: ExportedLines | None,
) -> Iterator[Finding]:
    """A setting forces `--user` on every install, also in environments where it cannot work.

    ## Why it matters
    In a virtual environment pip then refuses every install: *Can not perform a '--user' install. User site-packages
    are not visible in this virtualenv*. Elsewhere packages go to the home directory, where every Python of that version
    sees them, conda's too.

    ## How to fix
    Remove the setting, or override it: `PIP_USER=0` for the shell, `user = false` in the environment's `pip.conf`.

    ## Not a problem when
    The environment sees the user's packages, because it was made with `--system-site-packages`. Outside of any virtual
    environment this is only info.
    """
    setting = settings.effective("user")
    python = _installing(settings, pip, active)
    if setting is None or python is None or not switched(setting.value):
        return
    if redirections and any(each.with_user for each in redirections.found):
        return  # pip stops before it comes to that, which PIP003 says
    if (python.is_venv and python.sees_user_site) or (pip and pip.is_guarded):
        return  # where pip is kept off, it refuses for that reason, which PIP006 gives
    refuses = f"makes pip refuse every install in {python.prefix}, where user packages are not visible"
    goes = f"sends every install to the user's own packages in {python.user_site}"
    yield Finding(
        f"{spelled(setting)} {refuses if python.is_venv else goes}",
        where=setting.file or setting.origin,
        evidence=(proof(setting),),
        fix=lasting(_overruled(setting, settings, "user", NO_USER), exported),
        severity=Severity.ERROR if python.is_venv else Severity.INFO,
    )


@check("PIP007", severity=Severity.ERROR, since="0.1", where=("PipSettings.files.fatal", "PipSettings.settings"))
def pip_configuration_invalid(
    settings: PipSettings, pip: BarePip | None, active: ActivePython | None, exported: ExportedLines | None
) -> Iterator[Finding]:
    """A variable or a configuration file holds something that pip refuses, so that every install stops.

    ## Why it matters
    If pip cannot parse a line in one of its files, or a switch is neither yes nor no, every pip command stops at once,
    in every environment. A byte order mark, which some editors of Windows put first, is such a line too. At a
    `trusted-host` with a scheme and a port, `https://mirror.example:8080`, it stops with "Invalid IPv6 URL".

    ## How to fix
    Fix the value or the line, remove the byte order mark, write a trusted host without `https://`. An empty value is
    always fine: pip ignores it.
    """
    if pip is None and not (active and active.interpreter.pip):
        return  # nobody reads it
    for file in settings.files:
        if file.fatal:
            at = f"{file.path}:{file.line}" if file.line else file.path
            evidence = (Evidence((*file.stray, file.problem or "")[0], at),)
            message = f"pip refuses to work with {file.path}: {file.problem}"
            yield Finding(message, where=file.path, evidence=evidence, fix=_mended(file), stops=(("pip",),))
    for setting in settings.applied():
        if wanted := refused(setting.option, setting.value):
            yield Finding(
                f"{spelled(setting)} stops pip: the value must be {wanted}",
                where=setting.file or setting.origin,
                evidence=(proof(setting),),
                fix=lasting(without(setting, "Remove the value"), exported),
            )
    trusted = settings.effective("trusted-host")
    if trusted and any(TrustedHost(word, trusted.origin).stops for word in trusted.words):
        yield Finding(
            f"{spelled(trusted)} stops every install: pip takes a host alone, with its port or without",
            where=trusted.file or trusted.origin,
            evidence=(proof(trusted),),
            fix=lasting(hosts_alone(trusted), exported),
            stops=(("pip", "install"),),
        )


def _mended(file: PipFile) -> Fix:
    state = Safety.CHANGES_STATE
    by_hand = Fix("Fix the configuration file", Manual(f"Fix {file.path}: {file.problem}"))
    if file.marked:
        return Fix("Remove the byte order mark", *_unmarked(file.path), safety=state)
    before_any = bool(file.problem and file.problem.endswith("before any [section]"))
    assigned = [line for line in file.stray if ASSIGNMENT.match(line)]
    if assigned and before_any and not file.sections:
        if len(assigned) < len(file.stray):  # such as a section that is not closed: pip would refuse that anywhere
            return by_hand
        lines = EditFile(file.path, remove=file.stray, add=("[global]", *file.stray))
        return Fix("Move the lines into a section", lines, safety=state)
    if file.stray:
        return Fix("Remove the lines that pip cannot read", EditFile(file.path, remove=file.stray), safety=state)
    return by_hand


def _unmarked(path: str) -> tuple[Run, Run]:
    """What stands before the first section or comment goes; every sed knows that, and how to keep a copy."""
    return Run("sed", f"-i{COPY}", "1s/^[^[#;]*//", path), Run("rm", "--", f"{path}{COPY}")


@check("PIP008", severity=Severity.WARNING, since="0.1", where=("PipSettings.settings",))
def pip_requires_virtualenv_in_conda(
    settings: PipSettings, pip: BarePip | None, active: ActivePython | None
) -> Iterator[Finding]:
    """A setting requires a virtual environment, and pip does not accept a conda environment as one.

    ## Why it matters
    With `require-virtualenv` pip installs only where `sys.prefix` differs from `sys.base_prefix`. In a conda
    environment they are equal, so that pip says *Could not find an activated virtualenv (required)* although one is
    active.

    ## How to fix
    Override the setting for this environment. The setting itself may stay: it protects every other Python.
    """
    setting = settings.effective("require-virtualenv")
    python = _installing(settings, pip, active)
    if setting is None or python is None or not switched(setting.value) or not python.is_conda or python.is_venv:
        return
    yield Finding(
        f"{spelled(setting)} makes pip refuse every install in the conda environment {python.prefix}",
        where=setting.file or setting.origin,
        evidence=(proof(setting),),
        fix=_overruled(setting, settings, "require-virtualenv", "Override the setting for this environment"),
    )


def _installing(settings: PipSettings, pip: BarePip | None, active: ActivePython | None) -> Interpreter | None:
    """The Python for which pip works: that of a bare `pip`, else the active one if `-m pip` works there."""
    mine = active.interpreter if active and active.interpreter.pip else None
    if settings.effective("python", "global"):  # every pip works for the Python that is named there
        return mine if mine and mine.prefix == settings.prefix else None
    return pip.interpreter if pip and pip.interpreter else mine


def _overruled(setting: PipSetting, settings: PipSettings, option: str, summary: str) -> Fix:
    """Say no to a switch here: in the environment's own file where it can have one, else in the shell."""
    has_own = any(file.level is PipLevel.SITE for file in settings.files)
    if settings.prefix is None or has_own or setting.level not in (PipLevel.GLOBAL, PipLevel.USER):
        return Fix(summary, SetVariable(variable(option), "0"))
    lines = (f"[{setting.section}]", f"{option} = false")
    return Fix(summary, EditFile(f"{settings.prefix}/pip.conf", add=lines), safety=Safety.CHANGES_STATE)
