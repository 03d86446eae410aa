"""A stand-in for the `conda` command: it activates and deactivates as conda 26 does, and can do nothing else.

`tests.clinic.conda` copies it into a root as `bin/conda`. The rules are those of conda's own activator: the first
activation goes to the front of the search path, a later one takes the place of the environment that it replaces.
"""
# ruff: noqa: T201 - a command prints

import os
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(sys.argv[0])))

POSIX_HOOK = """
export CONDA_EXE='{root}/bin/conda'
export _CONDA_EXE='{root}/bin/conda'
export _CONDA_ROOT='{root}'
export CONDA_PYTHON_EXE='{root}/bin/python'
export _CE_M=''
export _CE_CONDA=''
conda() {{
    case "${{1-}}" in
        activate|deactivate)
            __conda_answer="$("$CONDA_EXE" shell.posix "$@")" || return
            eval "$__conda_answer"
            hash -r ;;
        *) "$CONDA_EXE" "$@" ;;
    esac
}}
if [ -z "${{CONDA_SHLVL+x}}" ]; then
    export CONDA_SHLVL=0
    export PATH="{root}/condabin${{PATH:+:$PATH}}"
fi
"""

FISH_HOOK = """
set -gx CONDA_EXE '{root}/bin/conda'
set -gx _CONDA_EXE '{root}/bin/conda'
set -gx _CONDA_ROOT '{root}'
set -gx CONDA_PYTHON_EXE '{root}/bin/python'
function conda
    switch "$argv[1]"
        case activate deactivate
            eval ("$CONDA_EXE" shell.fish $argv | string collect)
        case '*'
            "$CONDA_EXE" $argv
    end
end
if not set -q CONDA_SHLVL
    set -gx CONDA_SHLVL 0
    set -gx PATH '{root}/condabin' $PATH
end
"""


def main() -> int:
    command = sys.argv[1] if len(sys.argv) > 1 else ""
    if command == "--version":
        print("conda 26.7.1")
        return 0
    if command.startswith("shell."):
        shell = command.removeprefix("shell.")
        if sys.argv[2] == "hook":
            print((FISH_HOOK if shell == "fish" else POSIX_HOOK).format(root=ROOT))
            print("conda activate base" if auto_activates() else "")
            return 0
        changes = activate(sys.argv[3]) if sys.argv[2] == "activate" and len(sys.argv) > 3 else None
        changes = changes or (activate("base") if sys.argv[2] == "activate" else deactivate())
        print(spell(changes, fish=shell == "fish"))
        return 0
    print(f"CondaError: {command!r} is more than this stand-in can do", file=sys.stderr)
    return 1


def activate(name: str) -> "dict[str, str | None]":
    """What `conda activate NAME` changes."""
    prefix = find(name)
    level, old = int(os.environ.get("CONDA_SHLVL") or 0), os.environ.get("CONDA_PREFIX")
    if old == prefix:
        return {**named(prefix), "CONDA_SHLVL": str(level), "PATH": replaced(old, prefix)}
    if level == 0 or old is None:
        return {**named(prefix), "CONDA_SHLVL": "1", "PATH": replaced(None, prefix)}
    changes: dict[str, str | None] = {f"CONDA_PREFIX_{level}": old}
    return {**changes, **named(prefix), "CONDA_SHLVL": str(level + 1), "PATH": replaced(old, prefix)}


def deactivate() -> "dict[str, str | None]":
    """What `conda deactivate` changes."""
    level, old = int(os.environ.get("CONDA_SHLVL") or 0), os.environ.get("CONDA_PREFIX")
    if level < 1 or old is None:
        return {}
    if level == 1:
        unset = dict.fromkeys(("CONDA_PREFIX", "CONDA_DEFAULT_ENV", "CONDA_PROMPT_MODIFIER"))
        return {**unset, "CONDA_SHLVL": "0", "PATH": replaced(old, None)}
    before = os.environ.get(f"CONDA_PREFIX_{level - 1}")
    if before is None:
        raise ValueError("This should not happen! You may have non-consecutive `CONDA_PREFIX_<number>` variables.")
    path = replaced(old, before)
    return {f"CONDA_PREFIX_{level - 1}": None, **named(before), "CONDA_SHLVL": str(level - 1), "PATH": path}


def auto_activates() -> bool:
    """Whether a new shell gets the base environment, which is the default."""
    try:
        with open(os.path.join(ROOT, ".condarc"), encoding="utf-8") as file:
            return "auto_activate: false" not in file.read()
    except FileNotFoundError:
        return True


def find(name: str) -> str:
    """The prefix of an environment, by name or path."""
    if "/" in name:
        return os.path.abspath(name)
    return ROOT if name == "base" else os.path.join(ROOT, "envs", name)


def named(prefix: str) -> "dict[str, str]":
    """The variables that name the active environment."""
    parent, base = os.path.split(prefix)
    name = "base" if prefix == ROOT else base if os.path.basename(parent) == "envs" else prefix
    return {"CONDA_PREFIX": prefix, "CONDA_DEFAULT_ENV": name, "CONDA_PROMPT_MODIFIER": f"({name}) "}


def replaced(old: "str | None", new: "str | None") -> str:
    """The search path with one environment's `bin` put in the place of another's, or at the front."""
    elements = [element for element in os.environ.get("PATH", "").split(os.pathsep) if element]
    position = 0
    if old is not None and f"{old}/bin" in elements:
        position = elements.index(f"{old}/bin")
        del elements[position]
        elements[position]  # conda's own bug: an IndexError where the active prefix was last on the path
    if new is not None and f"{new}/bin" not in elements:
        elements.insert(position, f"{new}/bin")
    return os.pathsep.join(elements)


def spell(changes: "dict[str, str | None]", *, fish: bool) -> str:
    """Assignments and removals, for one shell."""
    lines = []
    for name, value in changes.items():
        if value is None:
            lines.append(f"set -e {name};" if fish else f"unset {name}")
        elif fish:
            lines.append(f"set -gx {name} '{value}';" if name != "PATH" else f"set -gx PATH {value.replace(':', ' ')};")
        else:
            lines.append(f"export {name}='{value}'")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
