"""Which variables lead a program to code, and to which of their places may envdoctor's own questions be led?

An empty or relative element of these makes whatever is started load what lies in its working directory: whoever
examines a directory must run nothing of it. Nor is anything loaded from where somebody else may write.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

# the loader expands these to directories of the program, whatever the working directory is
OF_THE_PROGRAM = ("$ORIGIN", "${ORIGIN}")

SEARCHED_BY_THE_LOADER = (
    *("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH"),
    *("DYLD_FRAMEWORK_PATH", "DYLD_FALLBACK_FRAMEWORK_PATH"),
)
LOADED_AT_ONCE = ("LD_PRELOAD", "LD_AUDIT", "DYLD_INSERT_LIBRARIES")
DIRECTORIES = (
    *("PATH", "PYTHONPATH", "PYTHONHOME", "GCONV_PATH", "OPENSSL_ENGINES", "OPENSSL_MODULES", "XDG_DATA_DIRS"),
    *("XDG_CONFIG_DIRS", "PERL5LIB", "PERLLIB", "RUBYLIB", "NODE_PATH", "FPATH"),
)
# one file or directory
PLACES = (
    *("PYTHONSTARTUP", "PYTHONUSERBASE", "PYTHONPYCACHEPREFIX", "PYTHONEXECUTABLE"),
    *("BASH_ENV", "ENV", "ZDOTDIR", "OPENSSL_CONF", "LOCPATH", "HOME", "TMPDIR", "XDG_DATA_HOME", "XDG_CONFIG_HOME"),
    *("ASDF_DIR", "ASDF_DATA_DIR", "ASDF_CONFIG_FILE", "MISE_DATA_DIR", "MISE_CONFIG_DIR", "PYENV_ROOT"),
)

Rule = Callable[[str], bool]


def confined(env: Mapping[str, str], may_be_searched: Rule) -> dict[str, str]:
    """These variables without the elements that a rule forbids. One of which nothing is left is not set."""
    clean = dict(env)
    for names, narrow in NARROW:
        for name in names:
            if value := env.get(name):
                clean[name] = narrow(value, may_be_searched)
                if not clean[name]:
                    del clean[name]
    return clean


def _directories(value: str, rule: Rule) -> str:
    return ":".join(filter(rule, value.split(":")))


def _of_the_loader(value: str, rule: Rule) -> str:
    separator = ";" if ";" in value else ":"  # to change one would change what old loaders understand
    return separator.join(e for e in re.split("[:;]", value) if _is_of_the_program(e) or rule(e))


def _objects(value: str, rule: Rule) -> str:
    """Objects that are named without a slash are searched for like any library."""
    named = re.split("[ :]", value)
    return ":".join(o for o in named if o and ("/" not in o or _is_of_the_program(o) or rule(o)))


def _place(value: str, rule: Rule) -> str:
    return value if rule(value) else ""


def _is_of_the_program(element: str) -> bool:
    return element.partition("/")[0] in OF_THE_PROGRAM


NARROW: tuple[tuple[tuple[str, ...], Callable[[str, Rule], str]], ...] = (
    (SEARCHED_BY_THE_LOADER, _of_the_loader),
    (LOADED_AT_ONCE, _objects),
    (DIRECTORIES, _directories),
    (PLACES, _place),
)
