"""How is a setting of pip's written, shown and taken away?"""

from __future__ import annotations

from envdoctor import EditFile, Evidence, Fix, Manual, Safety, UnsetVariable
from envdoctor.facts.pip.config_file import PipLevel, PipSetting


def spelled(setting: PipSetting) -> str:
    """A setting as its owner writes it."""
    if setting.level is PipLevel.VARIABLE:
        return f"{setting.origin}={setting.value}"
    return f"`{setting.option} = {' '.join(setting.words)}` in {setting.origin}"


def proof(setting: PipSetting) -> Evidence:
    """Where a setting stands, verbatim."""
    if setting.level is PipLevel.VARIABLE:
        return Evidence(f"{setting.origin}={setting.value}", f"variable {setting.origin}")
    return Evidence(" ".join(line.strip() for line in setting.lines) or spelled(setting), setting.origin)


def without(setting: PipSetting, summary: str) -> Fix:
    """Take a setting away."""
    if setting.file is None:
        return Fix(summary, UnsetVariable(setting.origin))
    if setting.repeated:
        return Fix(summary, Manual(f"Take {setting.option} out of [{setting.section}] in {setting.origin}"))
    return Fix(summary, EditFile(setting.file, remove=setting.lines), safety=Safety.CHANGES_STATE)
