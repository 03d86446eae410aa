"""Has what a lock was made from been changed since?

poetry, pdm and pipenv keep a hash of it, made here just as they make it. `poetry check --lock` (1.8 to 2.5), `pdm lock
--check` (2.16 to 2.29) and `pipenv verify` (2023.12 to 2026.10) were asked about some thirty changes each: they agree
with this, but for a Pipfile without a source, for which pipenv hashes one of its own, for poetry 1.8, which reads
nothing of `[project]`, and for pdm before 2.20, which reads nothing of `[dependency-groups]`.
"""

from __future__ import annotations

from envdoctor.facts.python.distributions import normalised
from envdoctor.system.toml import Document, Table, table_at
from envdoctor.text import pep440
from envdoctor.text.patterns import pattern

# what poetry makes its hash from: poetry.packages.locker of poetry 2.5.1
PROJECT_KEYS = ("requires-python", "dependencies", "optional-dependencies")
POETRY_MADE_IT = pattern(r"#[^\n]*?\bPoetry (\d\S*)")
WITH_GROUPS = (2, 3)  # since when the standard's groups are in it
LEGACY_KEYS = ("dependencies", "source", "extras", "dev-dependencies")
SOURCES = ("editable", "directory", "virtual", "path", "git", "url")
# the sections of a Pipfile that are no group of packages: plette, as pipenv 2026.10.3 brings it, and its two of a lock
SECTIONS = ("source", "packages", "dev-packages", "requires", "scripts", "pipfile", "pipenv", "default", "develop")


def poetry_is_fresh(lock: Document, manifest: Table) -> bool:
    """Whether a `poetry.lock` was made from this `pyproject.toml`: not for poetry, if it does not say."""
    kept = table_at(lock.table, "metadata").get("content-hash")
    if kept == _poetry_hash(manifest, groups=True):
        return True
    by = POETRY_MADE_IT.match(lock.text)
    version = pep440.version(by[1]) if by else None
    return version is not None and version.release < WITH_GROUPS and kept == _poetry_hash(manifest, groups=False)


def _poetry_hash(manifest: Table, *, groups: bool) -> str:
    import hashlib
    import json

    standard, poetry = table_at(manifest, "project"), table_at(manifest, "tool", "poetry")
    project = {key: standard[key] for key in PROJECT_KEYS if standard.get(key) is not None}
    shared = table_at(manifest, "dependency-groups") if groups else {}
    own = {
        key: poetry.get(key)
        for key in (*LEGACY_KEYS, "group")
        if poetry.get(key) is not None or (key in LEGACY_KEYS and not project and not shared)
    }
    content: Table = {}
    if project:
        content["project"] = project
    if shared:
        content["dependency-groups"] = shared
    content = {**content, "tool": {"poetry": own}} if content else own
    return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()


def pdm_is_fresh(lock: Table, manifest: Table) -> bool | None:
    """The same of a `pdm.lock`; None where the `pyproject.toml` has no project."""
    if "project" not in manifest:
        return None
    kept = table_at(lock, "metadata").get("content_hash")
    if "dependency-groups" in manifest:  # of which pdm knows nothing before 2.20
        return kept == f"sha256:{_pdm_hash(manifest, groups=True)}"
    return kept in [f"sha256:{_pdm_hash(manifest, groups=groups)}" for groups in (True, False)]


def _pdm_hash(manifest: Table, *, groups: bool) -> str:
    """As pdm makes it: from version 2.20 on with the standard's groups and their names normalised."""
    import hashlib
    import json

    project, own = table_at(manifest, "project"), table_at(manifest, "tool", "pdm")
    development = dict(table_at(own, "dev-dependencies"))
    if groups:
        standard = table_at(manifest, "dependency-groups")
        merged = {normalised(name): list(items) for name, items in standard.items() if isinstance(items, list)}
        for name, items in development.items():
            merged.setdefault(normalised(name), []).extend(items if isinstance(items, list) else ())
        development = merged
    content = {
        "sources": own.get("source", []),
        "dependencies": project.get("dependencies", []),
        "dev-dependencies": development,
        "optional-dependencies": project.get("optional-dependencies", {}),
        "requires-python": project.get("requires-python", ""),
        "resolution": table_at(own, "resolution"),
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()


def pipfile_is_fresh(lock: Table, pipfile: Table) -> bool | None:
    """Whether a `Pipfile.lock` was made from this Pipfile; None if either does not say enough."""
    import hashlib
    import json

    if not table_at(lock, "_meta") or "source" not in pipfile:
        return None
    kept = table_at(lock, "_meta", "hash").get("sha256")
    content = {
        "_meta": {"sources": pipfile["source"], "requires": pipfile.get("requires", {})},
        "default": pipfile.get("packages", {}),
        "develop": pipfile.get("dev-packages", {}),
        **{name: value for name, value in pipfile.items() if name not in SECTIONS},
    }
    written = json.dumps(content, sort_keys=True, separators=(",", ":"), default=str)
    return kept == hashlib.sha256(written.encode()).hexdigest()
