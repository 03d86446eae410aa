from __future__ import annotations

from envdoctor.facts.imports.absence import Cause, Reason
from envdoctor.facts.imports.modules import Kind, Module
from envdoctor.facts.imports.providers import Provider
from envdoctor.facts.imports.resolution import Found
from envdoctor.facts.imports.search_order import Entry, Origin
from envdoctor.render.lines import plain
from envdoctor.render.why import SCRIPT, Answer, document, layout

PACKAGES = "/env/lib/python3.12/site-packages"
YAML = Found(
    Module(Kind.PACKAGE, f"{PACKAGES}/yaml/__init__.py", (f"{PACKAGES}/yaml",)),
    f"{PACKAGES} (installed packages)",
    Origin.PACKAGES,
    (Provider("PyYAML", "6.0", f"{PACKAGES}/PyYAML-6.0.dist-info"),),
)
LIBRARY = Found(Module(Kind.MODULE, "/lib/random.py"), "/lib (the standard library)", Origin.LIBRARY)


def shown(found: Found | None, *hidden: Found, name: str = "yaml", reasons: tuple[Reason, ...] = ()) -> str:
    path = (Entry("/here", Origin.HERE),)
    return plain(layout(Answer(name, "/env/bin/python", "3.12.1", found, hidden, reasons, path, ("a note",))))


def test_what_is_found_is_said_with_who_installed_it() -> None:
    assert shown(YAML) == (
        "yaml  is installed by PyYAML 6.0\n"
        f"  → {PACKAGES}/yaml/__init__.py\n"
        f"      a package, from {PACKAGES} (installed packages)\n"
        "      for Python 3.12.1: /env/bin/python\n"
        "  ! a note\n"
    )


def test_a_local_file_that_hides_the_library_is_said_to() -> None:
    local = Found(Module(Kind.MODULE, "/here/random.py"), "/here (the working directory)", Origin.HERE)
    text = shown(local, LIBRARY, name="random")
    assert text.startswith("random  is in the working directory, installed by nothing\n")
    assert "it takes the place of a module of the standard library: rename /here/random.py\n" in text
    assert "  hidden /lib/random.py\n      is in the standard library of Python 3.12.1, from /lib" in text
    assert SCRIPT in text


def test_two_that_write_over_each_other_are_named() -> None:
    other = Provider("pyyaml-fork", "1", "x")
    both = Found(YAML.module, YAML.label, YAML.origin, (*YAML.providers, other))
    text = shown(both)
    assert text.startswith("yaml  is installed by PyYAML 6.0, pyyaml-fork 1\n")
    assert "these distributions write over each other's files: keep one of them" in text
    shared = Found(Module(Kind.NAMESPACE, "/a/yaml", ("/a/yaml", "/b/yaml")), "/a", Origin.PACKAGES, both.providers)
    text = shown(shared)
    assert "write over" not in text
    assert "      a namespace package: a directory without __init__.py, from /a\n" in text
    assert "      also /b/yaml\n" in text


def test_a_module_of_the_interpreter_has_no_file() -> None:
    text = shown(Found(Module(Kind.BUILT_IN), "the interpreter itself", Origin.LIBRARY), name="sys")
    assert text == "sys  is built into Python 3.12.1\n      for Python 3.12.1: /env/bin/python\n  ! a note\n"


def test_what_is_not_found_is_said_with_reasons_and_where_it_was_looked_for() -> None:
    reason = Reason(Cause.ELSEWHERE, "it is installed in /other", "/other/lib")
    assert shown(None, reasons=(reason,)) == (
        "yaml  not found by Python 3.12.1: /env/bin/python\n"
        "  · it is installed in /other\n"
        "      /other/lib\n"
        "  searched\n"
        "      /here (the working directory)\n"
        "  ! a note\n"
    )
    assert "nothing on this machine is known to have it" in shown(None)
    inside = shown(None, reasons=(Reason(Cause.NO_SUBMODULE, "yaml has no module 'x'"),))
    assert "searched" not in inside


def test_an_empty_directory_that_is_taken_is_said_to() -> None:
    directory = Found(Module(Kind.NAMESPACE, "/here/yaml", ("/here/yaml",)), "/here", Origin.HERE)
    text = shown(directory, reasons=(Reason(Cause.NOT_INSTALLED, "yaml comes with PyYAML"),))
    assert "nothing installed has this name: the directory itself is taken" in text
    assert "  · yaml comes with PyYAML\n" in text


def test_names_cannot_drive_a_terminal() -> None:
    hostile = Found(Module(Kind.MODULE, "/x/\x1b[2J.py"), "/x", Origin.OTHER, (Provider("\u202e", "", ""),))
    text = shown(hostile, name="y\x07")
    assert not {"\x1b", "\x07", "\u202e"} & set(text)


def test_the_document_holds_the_same() -> None:
    reason = Reason(Cause.NEAR, "did you mean yaml?")
    data = document(Answer("yaml", "/p", "3.12.1", YAML, (LIBRARY,), (reason,), (Entry("/p", Origin.HERE),), ("n",)))
    assert data["found"] == {
        "kind": "package",
        "path": f"{PACKAGES}/yaml/__init__.py",
        "directories": [f"{PACKAGES}/yaml"],
        "from": f"{PACKAGES} (installed packages)",
        "origin": "installed packages",
        "distributions": [{"name": "PyYAML", "version": "6.0", "record": f"{PACKAGES}/PyYAML-6.0.dist-info"}],
    }
    assert data["hidden"][0]["path"] == "/lib/random.py"
    assert data["reasons"] == [{"cause": "misspelt", "text": "did you mean yaml?", "where": None}]
    assert data["search_path"] == [{"path": "/p", "origin": "the working directory", "said_in": None}]
    assert (data["schema"], data["name"], data["notes"]) == (1, "yaml", ["n"])
    assert Provider("a", "", "").titled == "a"
