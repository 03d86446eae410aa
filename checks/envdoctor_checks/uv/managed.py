"""May uv use any Python at all for a new environment?"""

from __future__ import annotations

from collections.abc import Iterator

from envdoctor import EditFile, Evidence, Finding, Fix, Manual, Safety, Severity, UnsetVariable, check
from envdoctor.facts.commands.commands import Commands
from envdoctor.facts.shell.exported_lines import ExportedLines
from envdoctor.facts.uv.managed_pythons import UvPythons
from envdoctor.facts.uv.settings import UvSettings
from envdoctor_checks.common.startup_edits import all_lasting

ONLY_MANAGED = "only-managed"
BY_HAND = ("never", "manual")
SUMMARY = "Let uv use the Pythons of the system too"


@check(
    "UV008",
    severity=Severity.WARNING,
    since="0.1",
    unless=("UV003",),
    where=("UvSettings.variables", "UvSettings.values"),
)
def no_managed_python(
    commands: Commands, settings: UvSettings, pythons: UvPythons | None, exported: ExportedLines | None
) -> Iterator[Finding]:
    """No Python is left for uv: it may use none but its own, has none, and may download none.

    ## Why it matters
    `uv venv`, and `uv sync` or `uv run` where the environment is not there yet, stop: *No interpreter found in managed
    installations*. The Pythons of the system are passed over.

    ## How to fix
    Let uv use the system's Pythons too, or install one of uv's own with `uv python install`.

    ## Not a problem when
    uv has a Python of its own, or downloads one when it needs it; or an environment that is there is all that is used.
    """
    if (pythons and pythons.installed) or commands.first("uv") is None:
        return
    preference = _preference(settings)
    downloads = _setting(settings, "UV_PYTHON_DOWNLOADS", "python-downloads")
    if preference and downloads and downloads[0] in BY_HAND:
        found = Finding(
            f"uv may use no Python but its own, and has none: {preference[1]} and {downloads[1]}",
            preference[2],
            preference[1],
            (Evidence(preference[1], "only managed Pythons"), Evidence(downloads[1], "no downloads by themselves")),
        )
        yield from all_lasting([found], exported)


def _preference(settings: UvSettings) -> tuple[str, str, Fix] | None:
    if settings.switched_on("UV_MANAGED_PYTHON"):
        name = "UV_MANAGED_PYTHON"
        return ONLY_MANAGED, f"{name}={settings.variable(name)}", Fix(SUMMARY, UnsetVariable(name))
    found = _setting(settings, "UV_PYTHON_PREFERENCE", "python-preference")
    return found if found and found[0] == ONLY_MANAGED else None


def _setting(settings: UvSettings, variable: str, key: str) -> tuple[str, str, Fix] | None:
    """What counts, where it stands, and what takes it away: a variable beats every file."""
    if value := settings.variable(variable):
        return value, f"{variable}={value}", Fix(SUMMARY, UnsetVariable(variable))
    of_file = settings.value(key)
    if of_file is None:
        return None
    said = f"{key} = {of_file.value} in {of_file.origin}"
    if not of_file.text:
        return of_file.value, said, Fix(SUMMARY, Manual(f"Take `{key}` out of {of_file.origin}"))
    edit = EditFile(of_file.path, remove=(of_file.text,))
    return of_file.value, said, Fix(SUMMARY, edit, safety=Safety.CHANGES_STATE)
