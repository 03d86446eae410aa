from __future__ import annotations

from envdoctor.facts.dependencies.uv_ground import asked_for, fault
from envdoctor.system.toml import Document, parse_toml

TEXT = """\
[project]
name = "app"
dynamic = ["optional-dependencies"]
dependencies = ["Al.pha>=1; os_name == 'nt'", "no requirement"]
[project.optional-dependencies]
x = ["beta"]
[dependency-groups]
dev = ["gamma @ file:///g"]
[tool.uv]
constraint-dependencies = ["delta<2"]
"""


def test_what_a_manifest_asks_for_without_a_build() -> None:
    manifest = Document("p", TEXT, parse_toml("p", TEXT))
    alpha, gamma, delta = asked_for(manifest, is_root=True)
    assert (alpha.name, alpha.origin, alpha.specifiers, alpha.marked) == ("al-pha", "p:4", ">=1", True)
    assert (gamma.name, gamma.group, gamma.address, gamma.always) == ("gamma", "dev", "file:///g", False)
    assert (delta.name, delta.origin, delta.always) == ("delta", "p:10", True)
    assert list(asked_for(manifest)) == [alpha, gamma]


def test_a_place_is_a_file_and_a_line() -> None:
    assert fault("a:b/p:7", "x") == ("a:b/p", 7, "x")
    assert fault("a/p", "x") == ("a/p", 0, "x")
