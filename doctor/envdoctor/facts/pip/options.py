"""Which options does pip take from its variables and files, and which values does it refuse?

Any long option can be a variable (`--index-url` is `PIP_INDEX_URL`) or a key in a file (`index-url`, `index_url`). Only
those of `pip install` and the general ones are known here: the options of other commands send no package anywhere.
"""

from __future__ import annotations

import enum

from envdoctor.text.patterns import pattern

COUNT = pattern(r"\s*\+?[0-9_]+\s*")
INTEGER = pattern(r"\s*[-+]?(0[xX][0-9a-fA-F_]+|0[bB][01_]+|[0-9_]+)\s*")
# what pip takes for yes and no: strtobool in pip/_internal/utils/misc.py, pip 26.3
YES = ("y", "yes", "t", "true", "on", "1")
NO = ("n", "no", "f", "false", "off", "0")


class Kind(enum.Enum):
    """What pip accepts as the value of an option."""

    SWITCH = "yes/no, true/false, on/off or 1/0"
    COUNT = "yes/no or a whole number that is not negative"
    INTEGER = "a whole number"
    NUMBER = "a number"
    CHOICE = "one of its words"
    TEXT = "any text"
    LIST = "words separated by blanks or line ends"


# pip/_internal/cli/cmdoptions.py and pip/_internal/commands, pip 23.0 to 26.3
OPTIONS: dict[str, Kind] = {
    **dict.fromkeys(
        (
            *("break-system-packages", "check-build-dependencies", "compile", "debug", "disable-pip-version-check"),
            *("dry-run", "force-reinstall", "ignore-installed", "ignore-requires-python", "isolated"),
            *("no-build-isolation", "no-cache-dir", "no-clean", "no-color", "no-compile", "no-deps", "no-index"),
            *("no-input", "no-proxy-env", "no-python-version-warning", "no-warn-conflicts", "no-warn-script-location"),
            *("pre", "prefer-binary", "require-hashes", "require-virtualenv", "upgrade", "use-pep517", "user"),
        ),
        Kind.SWITCH,
    ),
    **dict.fromkeys(("quiet", "verbose"), Kind.COUNT),
    **dict.fromkeys(("retries", "resume-retries"), Kind.INTEGER),
    "timeout": Kind.NUMBER,
    **dict.fromkeys(("exists-action", "root-user-action", "upgrade-strategy"), Kind.CHOICE),
    **dict.fromkeys(
        (
            *("cache-dir", "cert", "client-cert", "implementation", "index-url", "keyring-provider"),
            *("log", "no-binary", "only-binary", "prefix", "progress-bar", "proxy", "python"),
            *("python-version", "report", "root", "src", "target", "uploaded-prior-to"),
        ),
        Kind.TEXT,
    ),
    **dict.fromkeys(
        (
            *("abi", "build-constraint", "constraint", "editable", "extra-index-url", "find-links", "platform"),
            *("requirement", "trusted-host", "use-deprecated", "use-feature"),
        ),
        Kind.LIST,
    ),
}

# `no-user` does the contrary of what it says when it comes from a variable or a file: pip hands its value to `user`.
ALIASES = {
    "pypi-url": "index-url",
    "default-timeout": "timeout",
    "require-venv": "require-virtualenv",
    "no-dependencies": "no-deps",
    "no-user": "user",
    "log-file": "log",
    "local-log": "log",
    "source": "src",
    "source-dir": "src",
    "source-directory": "src",
}

# Only the lists that no version of pip has changed for years: a word that is unknown here may be new.
CHOICES = {
    "exists-action": ("s", "i", "w", "b", "a"),
    "root-user-action": ("warn", "ignore"),
    "upgrade-strategy": ("only-if-needed", "eager"),
}


def normalize(key: str) -> str:
    """An option's name as pip has it inside: `INDEX_URL` and `--index-url` are `index-url`."""
    return key.lower().replace("_", "-").removeprefix("--")


def canonical(option: str) -> str:
    """The one name of an option that has several."""
    return ALIASES.get(option, option)


def variable(option: str) -> str:
    """The variable that sets an option."""
    return "PIP_" + option.upper().replace("-", "_")


VARIABLES = tuple(variable(option) for option in (*OPTIONS, *ALIASES))


def switched(value: str) -> bool | None:
    """What pip reads as the value of a switch; None for a word that it refuses."""
    word = value.lower()
    return True if word in YES else False if word in NO else None


def refused(option: str, value: str) -> str | None:
    """What `pip install` would accept instead of this value; None if it accepts it, as it does any empty one."""
    name = canonical(option)
    kind = OPTIONS.get(name)
    if not value or kind is None or _accepts(kind, name, value):
        return None
    return ", ".join(CHOICES[name]) if kind is Kind.CHOICE else kind.value


def _accepts(kind: Kind, name: str, value: str) -> bool:
    match kind:
        case Kind.SWITCH:
            return switched(value) is not None
        case Kind.COUNT:
            return switched(value) is not None or COUNT.fullmatch(value) is not None
        case Kind.INTEGER:
            return INTEGER.fullmatch(value) is not None
        case Kind.NUMBER:
            return _is_number(value)
        case Kind.CHOICE:
            words = value.split() if name == "exists-action" else [value]
            return all(word in CHOICES[name] for word in words)
        case Kind.TEXT | Kind.LIST:
            return True


def _is_number(value: str) -> bool:
    try:
        float(value)
    except ValueError:
        return False
    return True
