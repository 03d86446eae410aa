"""How is a setting of pip's written, shown and taken away?"""

from __future__ import annotations

from envdoctor import EditFile, Evidence, Fix, Manual, Safety, SetVariable, UnsetVariable
from envdoctor.facts.pip.config_file import PipLevel, PipSetting
from envdoctor.facts.pip.trusted_hosts import TrustedHost


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


def with_words(setting: PipSetting, words: tuple[str, ...], summary: str) -> Fix:
    """Give an option that takes several values these ones; none take the setting away."""
    if not words:
        return without(setting, summary)
    value = " ".join(words)
    if setting.file is None:
        return Fix(summary, SetVariable(setting.origin, value))
    if setting.repeated or not setting.last:  # at the end of the file, the line would belong to another section
        return Fix(summary, Manual(f"In {setting.origin} write {value} for {setting.option}."))
    line = f"{setting.option} = {value}"
    return Fix(summary, EditFile(setting.file, remove=setting.lines, add=(line,)), safety=Safety.CHANGES_STATE)


def hosts_alone(setting: PipSetting) -> Fix:
    """Write the hosts of `trusted-host` as pip takes them."""
    meant = (TrustedHost(word, setting.origin).meant for word in setting.words)
    return with_words(setting, tuple(dict.fromkeys(filter(None, meant))), "Write the host alone")
