from __future__ import annotations

from envdoctor.facts.environments.kinds import Kind, KnownEnvironment
from envdoctor.facts.environments.registered import RegisteredEnvironments
from envdoctor.render.html.environments import picture
from tests.render.html.html_world import VENV, Reader, environments


def shape(document: str) -> str:
    """The tree alone, as nested lists."""
    tree = document[document.index('<ul class="tree">') : document.index("<details>")]
    for markup, sign in (("<ul", "("), ("</ul>", ")")):
        tree = tree.replace(markup, f"\0{sign}\0")
    return "".join(
        part if part in "()" else "".join("." for _ in range(part.count("<li>"))) for part in tree.split("\0")
    )


def test_each_environment_hangs_below_what_it_stands_on() -> None:
    document = picture(environments())
    assert shape(document) == "(.(.).(.).(.))"
    text = Reader(document).text
    assert f"✓ /home/ada/.pyenv/versions/3.12.1pyenv, 3.12.1✓ {VENV}uv, 3.12.1, active" in text
    assert "/usr/bin/python3.8a Python✗ /home/ada/old/.venvvenv, 3.8/usr/bin/python3.8 is gone" in text
    assert "5 environments, 1 of them broken (✗)." in text
    assert "/opt/conda/envs/gpuconda3.10.4/opt/conda✓ works" in text


def test_environments_that_stand_on_each_other_end() -> None:
    def one(path: str, base: str) -> KnownEnvironment:
        return KnownEnvironment(path=path, real=path, kind=Kind.VENV, base=base)

    circle = RegisteredEnvironments(
        (one("/a", "/b/bin/python"), one("/b", "/a/bin/python"), one("/c", "/c/bin/python"))
    )
    assert "/a" in Reader(picture(circle)).text
    many = RegisteredEnvironments(tuple(one(f"/{number}", "/usr/bin/python3") for number in range(300)))
    assert "and 100 more" in Reader(picture(many)).text
