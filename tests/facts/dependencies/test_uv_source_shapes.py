from __future__ import annotations

import pytest

from tests.facts.dependencies.test_uv_manifests import said

# what uv 0.8.17 and 0.13.9 refuse; the clinic asks them
REFUSED = {
    "[tool.uv.sources]\nfoo = 1": (3, "invalid type: integer `1`, expected a single source"),
    "[tool.uv.sources]\nfoo = []": (3, "must provide at least one source"),
    '[tool.uv.sources]\nfoo = {rev = "a"}': (3, "expected one of `git`, `url`, `path`, `index`, or `workspace`"),
    '[tool.uv.sources]\nfoo = {gti = "a"}': (3, "unknown field `gti`, expected one of `git`"),
    '[tool.uv.sources]\nfoo = {git = "https://x.example", rev = "a", tag = "b"}': (
        3,
        "expected at most one of `rev`",
    ),
    "[tool.uv.sources]\n'a b' = {path = 'x'}": (3, 'not a valid package or extra name: "a b"'),
    "[tool.uv.sources]\nfoo = {path = 1}": (3, "invalid type: integer `1`, expected a string"),
    "[tool.uv.sources]\nfoo = {path = 'x', editable = 'yes'}": (3, 'invalid type: string "yes", expected a boolean'),
    "[tool.uv.sources]\nfoo = {path = 'x', marker = 'linux'}": (3, "expected a quoted string or a valid marker name"),
    "[tool.uv.sources]\nfoo = {path = 'x', editable = true, package = false}": (
        3,
        "cannot specify both `editable = true` and `package = false`",
    ),
    "[tool.uv.sources]\nfoo = {path = 'x', extra = 'a', group = 'b'}": (3, "cannot specify both `extra` and `group`"),
    "[tool.uv.sources]\nfoo = {git = 'https://x.example', url = 'https://x.example/x.zip'}": (
        3,
        "cannot specify both `git` and `url`",
    ),
    "[tool.uv.sources]\nfoo = {url = 'https://x.example/x.zip', index = 'i'}": (
        3,
        "cannot specify both `url` and `index`",
    ),
    "[tool.uv.sources]\nfoo = {path = 'x', rev = 'r'}": (3, "cannot specify both `path` and `rev`"),
    "[tool.uv.sources]\nfoo = {index = 'i', editable = true}": (3, "cannot specify both `index` and `editable`"),
    "[tool.uv.sources]\nfoo = {workspace = true, path = 'x'}": (3, "cannot specify both `path` and `workspace`"),
    "[tool.uv.sources]\nfoo = [{path = 'x'}, {index = 'i'}]": (3, "when multiple sources are provided, each source"),
    "[tool.uv.sources]\nfoo = [{path = 'x'}, {index = 'i', marker = 'os_name == \"nt\"'}]": (
        3,
        "when multiple sources are provided, each source",
    ),
}
ADMITTED = [
    '[tool.uv.sources]\nfoo = {path = "x", editable = true, marker = "sys_platform == \'linux\'"}',
    "[tool.uv.sources]\na = {git = 'https://x.example', rev = 'c', subdirectory = 'd'}",
    "[tool.uv.sources]\nfoo = {path = 'x', subdirectory = 's', package = true}",
    "[tool.uv.sources]\nfoo = {workspace = true, editable = false}",
    "[tool.uv.sources]\nfoo = [{path = 'x', marker = 'os_name == \"nt\"'}, {path = 'y', marker = 'os_name != \"nt\"'}]",
]


@pytest.mark.parametrize("text", REFUSED)
def test_what_uv_refuses(text: str) -> None:
    line, reason = REFUSED[text]
    [(number, why)] = said(text)
    assert (number, why[: len(reason)]) == (line, reason)


@pytest.mark.parametrize("text", ADMITTED)
def test_what_uv_admits(text: str) -> None:
    assert said(text) == []


@pytest.mark.parametrize("version", [(0, 14), None])
@pytest.mark.parametrize("text", ["{svn = 'x'}", "{path = 'x', rev = 'r'}", "{workspace = '../all'}"])
def test_a_newer_uv_may_know_another_source(version: tuple[int, ...] | None, text: str) -> None:
    assert said(f"[tool.uv.sources]\nfoo = {text}", version) == []
