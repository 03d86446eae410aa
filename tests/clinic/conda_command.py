"""A stand-in for the `conda` command: it activates and deactivates as conda 26 does, and can do little else.

`tests.clinic.conda` copies it into a root as `bin/conda`. The rules are those of conda's own activator: the first
activation goes to the front of the search path, a later one takes the place of the environment that it replaces.
`conda install` hands over to a real client (tests/clinic/channel.py), if the root was made with a channel.
`conda config` edits a file line by line, which is enough for the plain ones of the tests.
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
    if command == "install":
        return install(sys.argv[2:])
    if command == "config":
        return configure(sys.argv[2:])
    print(f"CondaError: {command!r} is more than this stand-in can do", file=sys.stderr)
    return 1


def install(arguments: "list[str]") -> int:
    """Install from the channel that this root was given."""
    with open(os.path.join(ROOT, ".channel"), encoding="utf-8") as file:
        python, directory, channel = file.read().splitlines()
    prefix = os.environ.get("CONDA_PREFIX") or ROOT
    for option in ("--prefix", "-p"):
        if option in arguments:
            place = arguments.index(option)
            prefix = arguments[place + 1]
            del arguments[place : place + 2]
    if "--force-reinstall" not in arguments:
        arguments = [word for word in arguments if word.startswith("-") or not is_recorded(prefix, word)]
    if all(word.startswith("-") for word in arguments):
        print("# All requested packages already installed.")
        sys.exit()
    os.chdir(directory)
    os.environ.pop("PYTHONPATH", None)
    os.execv(python, [python, "-m", "tests.clinic.channel", channel, prefix, *arguments])


def is_recorded(prefix: str, spec: str) -> bool:
    """Whether the records have such a package: conda believes them, and does not look at the files."""
    name, _, version = spec.partition("=")
    records = [file.rsplit("-", 2) for file in os.listdir(os.path.join(prefix, "conda-meta")) if file.endswith(".json")]
    return any(record[0] == name and record[1].startswith(version) for record in records)


def configure(arguments: "list[str]") -> int:
    """Change one setting in one file."""
    _, path, action, key, *rest = arguments
    with open(path, encoding="utf-8") as file:
        lines = file.read().splitlines()
    parent, _, entry = key.partition(".")
    top = next((n for n, line in enumerate(lines) if line.startswith(f"{parent}:")), None)
    if action == "--remove":
        lines.remove(next(line for line in lines if line.strip() in (f"- {rest[0]}", f"- '{rest[0]}'")))
    elif action == "--append":
        place = len(lines) if top is None else top + 1
        while place < len(lines) and lines[place].lstrip().startswith("- "):
            place += 1
        lines[place:place] = [f"  - {rest[0]}"] if top is not None else [f"{key}:", f"  - {rest[0]}"]
    elif action == "--remove-key":
        lines = [line for line in lines if not line.startswith(f"{key}:")]
    elif action == "--set" and entry:
        place = next(n for n, line in enumerate(lines) if line.strip().startswith(f"{entry}:"))
        lines[place] = f"  {entry}: {rest[0]}"
    else:
        lines = [*(line for line in lines if not line.startswith(f"{key}:")), f"{key}: {rest[0]}"]
    with open(path, "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
    return 0


def activate(name: str) -> "dict[str, str | None]":
    """What `conda activate NAME` changes."""
    prefix = find(name)
    level, old = int(os.environ.get("CONDA_SHLVL") or 0), os.environ.get("CONDA_PREFIX")
    if old == prefix:
        return {**named(prefix), "CONDA_SHLVL": str(level), "PATH": replaced(old, prefix)}
    if level == 0 or not old:
        return {**named(prefix), "CONDA_SHLVL": "1", "PATH": replaced(None, prefix)}
    changes: dict[str, str | None] = {f"CONDA_PREFIX_{level}": old}
    return {**changes, **named(prefix), "CONDA_SHLVL": str(level + 1), "PATH": replaced(old, prefix)}


def deactivate() -> "dict[str, str | None]":
    """What `conda deactivate` changes."""
    level, old = int(os.environ.get("CONDA_SHLVL") or 0), os.environ.get("CONDA_PREFIX")
    if level < 1 or not old:
        return {}
    if level == 1:
        unset = dict.fromkeys(("CONDA_PREFIX", "CONDA_DEFAULT_ENV", "CONDA_PROMPT_MODIFIER"))
        return {**unset, "CONDA_SHLVL": "0", "PATH": replaced(old, None)}
    before = os.environ.get(f"CONDA_PREFIX_{level - 1}")
    if not before:
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
            # as conda does, because of those who run with `set -u`: the variable stays set, and empty
            lines.append(f"set -e {name};" if fish else f"export {name}=''")
        elif fish:
            lines.append(f"set -gx {name} '{value}';" if name != "PATH" else f"set -gx PATH {value.replace(':', ' ')};")
        else:
            lines.append(f"export {name}='{value}'")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
