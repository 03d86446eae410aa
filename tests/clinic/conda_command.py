"""A stand-in for the `conda` command: it activates and deactivates as conda 26 does, and can do little else.

`tests.clinic.conda` copies it into a root as `bin/conda`. The rules are those of conda's own activator
(conda/activate.py, 26.7): the first activation goes to the front of the search path, a later one takes the place of the
environment that it replaces, with `--stack` it goes before that. What is unset stays set and empty, but in fish. The
scripts of an environment are read, and the variables that `conda env config vars` has noted are set and taken back.
`conda list` and `conda install` want a `conda-meta/history`. `conda install` hands over to a real client
(tests/clinic/channel.py), if the root was made with a channel.
`conda config` edits a file line by line, which is enough for the plain ones of the tests.
"""
# ruff: noqa: T201 - a command prints

import json
import os
import sys

UNSET = "***unset***"
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
    command, *words = sys.argv[1:] or [""]
    if command.startswith("shell."):
        return tell_shell(command.removeprefix("shell."), words)
    known = {"--version": version, "list": show_list, "env": note_variables, "install": install, "config": configure}
    if command in known:
        return known[command](words)
    print(f"CondaError: {command!r} is more than this stand-in can do", file=sys.stderr)
    return 1


def version(_: "list[str]") -> int:
    print("conda 26.7.1")
    return 0


def tell_shell(shell: str, words: "list[str]") -> int:
    """Print what the shell function is to run: the hook itself, or what an activation changes."""
    if words[0] == "hook":
        print((FISH_HOOK if shell == "fish" else POSIX_HOOK).format(root=ROOT))
        print("conda activate base" if auto_activates() else "")
    else:
        print(spell(changed(words[0], words[1:]), fish=shell == "fish"))
    return 0


def show_list(_: "list[str]") -> int:
    """`conda list`."""
    prefix = environment(os.environ.get("CONDA_PREFIX") or ROOT)
    print("\n".join("{}  {}  {}".format(*record) for record in records(prefix)))
    return 0


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
    environment(prefix)
    if "--force-reinstall" not in arguments:
        arguments = [word for word in arguments if word.startswith("-") or not is_recorded(prefix, word)]
    if all(word.startswith("-") for word in arguments):
        print("# All requested packages already installed.")
        sys.exit()
    os.chdir(directory)
    os.environ.pop("PYTHONPATH", None)
    os.execv(python, [python, "-m", "tests.clinic.channel", channel, prefix, *arguments])


def environment(prefix: str) -> str:
    """The same, if it is an environment to conda, which looks for this file alone."""
    if os.path.isfile(os.path.join(prefix, "conda-meta", "history")):
        return prefix
    told = "DirectoryNotACondaEnvironmentError: The target directory exists, but it is not a conda environment."
    print(f"{told}\nUse 'conda create' to convert the directory.\n  target directory: {prefix}", file=sys.stderr)
    sys.exit(1)


def records(prefix: str) -> "list[list[str]]":
    """Name, version and build of what is installed, as conda believes: it does not look at the files."""
    names = sorted(os.listdir(os.path.join(prefix, "conda-meta")))
    return [name.removesuffix(".json").rsplit("-", 2) for name in names if name.endswith(".json")]


def is_recorded(prefix: str, spec: str) -> bool:
    """Whether the records have such a package."""
    name, _, version = spec.partition("=")
    return any(record[0] == name and record[1].startswith(version) for record in records(prefix))


def note_variables(arguments: "list[str]") -> int:
    """`conda env config vars set` and `unset`: to unset one is to note a mark for its value."""
    _, _, action, *words = arguments
    path = os.path.join(os.environ["CONDA_PREFIX"], "conda-meta", "state")
    noted = variables_of(os.environ["CONDA_PREFIX"])
    for word in words:
        name, _, value = word.partition("=")
        noted[name] = value if action == "set" else UNSET
    with open(path, "w", encoding="utf-8") as file:
        json.dump({"env_vars": noted}, file)
    return 0


def variables_of(prefix: str) -> "dict[str, str]":
    """What is noted for an environment."""
    try:
        with open(os.path.join(prefix, "conda-meta", "state"), encoding="utf-8") as file:
            noted: dict[str, str] = json.load(file)["env_vars"]
    except FileNotFoundError:
        return {}
    return noted


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


class Changes:
    """What a command changes in the shell: scripts to read before, variables (None: unset), scripts to read after."""

    def __init__(self, variables: "dict[str, str | None]", left: str = "", entered: str = "") -> None:
        self.variables = variables
        self.left, self.entered = left, entered


def changed(action: str, words: "list[str]") -> Changes:
    """What `conda activate` or `conda deactivate` changes."""
    if action == "deactivate":
        return deactivate()
    names = [word for word in words if word != "--stack"]
    return activate(names[0] if names else "base", stack="--stack" in words)


def activate(name: str, *, stack: bool) -> Changes:
    """What `conda activate NAME` changes."""
    prefix = find(name)
    level, old = int(os.environ.get("CONDA_SHLVL") or 0), os.environ.get("CONDA_PREFIX")
    if old == prefix and level > 0:
        again = {"CONDA_SHLVL": str(level), "PATH": replaced(old, prefix)}
        return Changes({**again, "CONDA_PROMPT_MODIFIER": named(prefix)["CONDA_PROMPT_MODIFIER"]}, old, prefix)
    noted = {name: value for name, value in variables_of(prefix).items() if value != UNSET}
    saved = {f"__CONDA_SHLVL_{level}_{name}": os.environ[name] for name in noted if name in os.environ}
    own: dict[str, str | None] = {**named(prefix), "CONDA_SHLVL": str(level + 1), **noted, **saved}
    if level == 0:
        return Changes({**own, "PATH": first(prefix)}, entered=prefix)
    own[f"CONDA_PREFIX_{level}"] = old
    if stack:
        return Changes({**own, f"CONDA_STACKED_{level + 1}": "true", "PATH": first(prefix)}, entered=prefix)
    return Changes({**own, "PATH": replaced(old, prefix)}, old or "", prefix)


def deactivate() -> Changes:
    """What `conda deactivate` changes."""
    level, old = int(os.environ.get("CONDA_SHLVL") or 0), os.environ.get("CONDA_PREFIX")
    if level < 1 or not old:
        return Changes({})
    saved = {name: os.environ.get(f"__CONDA_SHLVL_{level - 1}_{name}") or None for name in variables_of(old)}
    if level == 1:
        unset = dict.fromkeys(("CONDA_PREFIX", "CONDA_DEFAULT_ENV", "CONDA_PROMPT_MODIFIER"))
        return Changes({**unset, "CONDA_SHLVL": "0", "PATH": replaced(old, None), **saved}, old)
    before = os.environ.get(f"CONDA_PREFIX_{level - 1}")
    if not before:
        raise ValueError("This should not happen! You may have non-consecutive `CONDA_PREFIX_<number> variables.")
    own: dict[str, str | None] = {f"CONDA_PREFIX_{level - 1}": None, **saved}
    # what is noted for the environment below is set as it stands, the mark of an unset variable too
    own |= {**named(before), "CONDA_SHLVL": str(level - 1), **variables_of(before)}
    if f"CONDA_STACKED_{level}" in os.environ:
        return Changes({**own, f"CONDA_STACKED_{level}": None, "PATH": replaced(old, None)}, old, before)
    return Changes({**own, "PATH": replaced(old, before)}, old, before)


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


def first(prefix: str) -> str:
    """The search path with an environment's `bin` at the front, whether or not it is there already."""
    elements = [element for element in os.environ.get("PATH", "").split(os.pathsep) if element]
    needs_own = not int(os.environ.get("CONDA_SHLVL") or 0) and not any(e.endswith("condabin") for e in elements)
    return os.pathsep.join([f"{prefix}/bin", *([f"{ROOT}/condabin"] if needs_own else []), *elements])


def replaced(old: "str | None", new: "str | None") -> str:
    """The search path with one environment's `bin` put in the place of another's, or at the front."""
    elements = [element for element in os.environ.get("PATH", "").split(os.pathsep) if element]
    position = 0
    if old and f"{old}/bin" in elements:
        position = elements.index(f"{old}/bin")
        del elements[position]
        elements[position]  # conda's own bug: an IndexError where the active prefix was last on the path
    if new is not None:
        elements.insert(position, f"{new}/bin")
    return os.pathsep.join(elements)


def scripts(prefix: str, directory: str, ending: str) -> "list[str]":
    """The scripts of an environment for one kind of shell."""
    place = os.path.join(prefix, "etc", "conda", directory)
    names = sorted(os.listdir(place), reverse=directory == "deactivate.d") if prefix and os.path.isdir(place) else []
    return [os.path.join(place, name) for name in names if name.endswith(ending)]


def spell(changes: Changes, *, fish: bool) -> str:
    """Assignments, removals and scripts to read, for one shell."""
    ending, read = (".fish", "source") if fish else (".sh", ".")
    lines = [f'{read} "{script}";' for script in scripts(changes.left, "deactivate.d", ending)]
    for name, value in changes.variables.items():
        if value is None:
            # as conda does, because of those who run with `set -u`: the variable stays set, and empty
            lines.append(f"set -e {name};" if fish else f"export {name}=''")
        elif fish:
            lines.append(f"set -gx {name} '{value}';" if name != "PATH" else f"set -gx PATH {value.replace(':', ' ')};")
        else:
            lines.append(f"export {name}='{value}'")
    lines += [f'{read} "{script}";' for script in scripts(changes.entered, "activate.d", ending)]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
