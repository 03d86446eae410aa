"""Search paths with everything in them that an import can meet, and the real Python as referee."""

from __future__ import annotations

import json
import os
import subprocess
import zipfile
from pathlib import Path
from typing import Any

from envdoctor.facts.imports.modules import Kind
from envdoctor.facts.imports.resolution import Imports, Resolution
from envdoctor.facts.python.interpreter import Interpreter
from envdoctor.facts.python.interpreters import Failure
from envdoctor.facts.python.query import Question, ask
from tests.support import make_session

REFEREE = """
import json, sys
names = json.loads(sys.stdin.read())
def new(name):
    from importlib.util import find_spec
    try:
        spec = find_spec(name)
    except Exception:
        return None
    if spec is None:
        return None
    if spec.origin in ("built-in", "frozen") or (spec.origin is None and spec.submodule_search_locations is None):
        return "inside"
    if spec.origin in (None, "namespace"):
        return sorted(spec.submodule_search_locations)
    return spec.origin
def old(name):
    import imp, os
    try:
        _, path, (_, _, kind) = imp.find_module(name)
    except ImportError:
        return None
    if kind in (imp.C_BUILTIN, imp.PY_FROZEN):
        return "inside"
    path = os.path.abspath(path)
    initial = [os.path.join(path, "__init__" + ending) for ending in (".py", ".pyc")]
    return [file for file in initial if os.path.isfile(file)][0] if kind == imp.PKG_DIRECTORY else path
print(json.dumps(dict((name, (old if sys.version_info[0] == 2 else new)(name)) for name in names)))
"""
NAMES = """
import json, pkgutil, sys
names = set(sys.builtin_module_names) | set(m[1] for m in pkgutil.iter_modules())
print(json.dumps(sorted(names)))
"""
FINDER = """
import sys
MAPPING = {mapping!r}
NAMESPACES = {{}}
class Finder:
    @classmethod
    def find_spec(cls, name, path=None, target=None):
        from importlib.util import spec_from_file_location
        return spec_from_file_location(name, MAPPING[name] + "/__init__.py") if name in MAPPING else None
def install():
    sys.meta_path.append(Finder)
"""


def interpreter(python: str | Path) -> Interpreter:
    """What a real Python says of itself."""
    session = make_session({"HOME": "/nonexistent", "PATH": "/usr/bin:/bin"}, python=str(python))
    answer = ask(session, Question(str(python), (str(python),)))
    assert not isinstance(answer, Failure), answer
    return answer


def imports(python: Interpreter, cwd: Path | None = None, **env: str) -> Imports:
    """The imports of a Python in a session with these variables."""
    variables = {"HOME": "/nonexistent", "PATH": "/usr/bin:/bin", **env}
    return Imports(make_session(variables, cwd=cwd, python=python.path), python)


def plain(resolution: Resolution) -> Any:
    """A resolution as the referee says it."""
    found = resolution.found
    if found is None:
        return None
    module = found.module
    if module.kind is Kind.BUILT_IN:
        return "inside"
    return sorted(module.inside) if module.kind is Kind.NAMESPACE else module.path


def verdict(python: str, names: list[str], cwd: Path, **env: str) -> dict[str, Any]:
    """What the real Python finds."""
    said: dict[str, Any] = json.loads(_ask(python, REFEREE, json.dumps(names), cwd, env))
    return said


def all_names(python: str, cwd: Path, **env: str) -> list[str]:
    """Every top-level name that the real Python can list."""
    said: list[str] = json.loads(_ask(python, NAMES, "", cwd, env))
    return said


def _ask(python: str, source: str, stdin: str, cwd: Path, env: dict[str, str]) -> str:
    variables = {"HOME": "/nonexistent", "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", **env}
    command = [python, "-B", "-c", source]
    done = subprocess.run(command, input=stdin, env=variables, cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def write(root: Path, *files: str) -> None:
    """Empty files, with the directories that they need; a path with a slash at its end is a directory."""
    for file in files:
        if file.endswith("/"):
            (root / file).mkdir(parents=True, exist_ok=True)
        else:
            (root / file).parent.mkdir(parents=True, exist_ok=True)
            (root / file).touch()


def plant(packages: Path, first: Path, cwd: Path, suffix: str) -> list[str]:
    """Fill a directory of packages, one of PYTHONPATH and the working directory; the names that are worth asking."""
    write(packages, "both.py", "both/__init__.py", "plain.py", "only.pyc", "compiled/__init__.pyc", "late/__init__.py")
    write(packages, f"fast{suffix}", f"quick/__init__{suffix}", "stable.abi3.so", "bare.so", "twomodule.so")
    write(packages, "alien.cpython-399-x86_64-linux-gnu.so", "spread/__init__.py", "spread/one.py", "spaces/a/x.py")
    write(packages, "shared/b.py", "hidden/__init__.py", "empty/", "old/styled/z.py", "dist.py.txt", "plain/inner.py")
    write(first, "shared/a.py", "late/", "hidden/only_here.py", "spread/two.py", "spread/__init__.py", "spaces/a/y.py")
    write(first, "colorsys.py", "early.py")
    write(cwd, "wave.py", "mailbox/x.py", "local/__init__.py", "local/sub.py", "early.py", "sys.py", "plain.txt")
    extend = "__path__ = __import__('pkgutil').extend_path(__path__, __name__)\n"
    for place in (packages, first):
        (place / "spread/__init__.py").write_text(extend)
    with zipfile.ZipFile(packages.parent / "zipped.egg", "w") as archive:
        for name in ("inzip.py", "pack/__init__.py", "pack/sub.py", "folder/", "dynamic.so", "code.pyc"):
            archive.writestr(name, "")
    write(packages.parent, "source/mapped/__init__.py", "source/mapped/sub.py", "linked/onpath.py")
    (packages / "paths.pth").write_text(f"{packages.parent}/zipped.egg\n{packages.parent}/linked\n/nonexistent\n# no\n")
    (packages / "__editable___mapped_finder.py").write_text(
        FINDER.format(mapping={"mapped": f"{packages.parent}/source/mapped", "plain": f"{packages.parent}/source/x"})
    )
    (packages / "__editable__.mapped-1.pth").write_text(
        "import __editable___mapped_finder; __editable___mapped_finder.install()\n"
    )
    tops = "both plain only compiled late fast quick stable bare two alien spread spaces shared hidden empty old dist"
    more = (
        "colorsys early wave mailbox json local sys inzip pack folder dynamic code mapped onpath nothing os zipimport"
    )
    dotted = (
        "spread.one spread.two spaces.a spaces.a.x spaces.a.y shared.a shared.b hidden.only_here local.sub pack.sub"
    )
    dotted += " mapped.sub mapped.nothing both.x plain.inner os.path os.nothing xml.etree.ElementTree urllib.request"
    dotted += " old.styled old.styled.z email.mime.text mailbox.x concurrent.futures.thread sys.x empty.x nothing.x"
    return [*tops.split(), *more.split(), *dotted.split()]


def python_in(environment: Path) -> str:
    """The interpreter of an environment."""
    return os.path.join(environment, "bin", "python")
