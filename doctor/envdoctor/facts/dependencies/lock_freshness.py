"""Has what a lock was made from been changed since?

poetry, pdm and pipenv keep a hash of it, made here just as they make it; uv keeps the requirements themselves.
"""

from __future__ import annotations

from envdoctor.facts.python.distributions import normalised
from envdoctor.system.toml import Table, table_at

# what poetry makes its hash from: poetry.packages.locker of poetry 2.5.1
PROJECT_KEYS = ("requires-python", "dependencies", "optional-dependencies")
LEGACY_KEYS = ("dependencies", "source", "extras", "dev-dependencies")
SOURCES = ("editable", "directory", "virtual", "path", "git", "url")
# the sections of a Pipfile that are no group of packages: plette, as pipenv 2026.10.3 brings it, and its two of a lock
SECTIONS = ("source", "packages", "dev-packages", "requires", "scripts", "pipfile", "pipenv", "default", "develop")


def poetry_is_fresh(lock: Table, manifest: Table) -> bool:
    """Whether a `poetry.lock` was made from this `pyproject.toml`: not for poetry, if it does not say."""
    kept = table_at(lock, "metadata").get("content-hash")
    return kept in (_poetry_hash(manifest, groups=True), _poetry_hash(manifest, groups=False))


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
    """Whether a `pdm.lock` was made from this `pyproject.toml`; None if it does not say, or from another format."""
    kept = table_at(lock, "metadata").get("content_hash")
    if not isinstance(kept, str) or not kept.startswith("sha256:") or "project" not in manifest:
        return None
    return kept.partition(":")[2] in (_pdm_hash(manifest, groups=True), _pdm_hash(manifest, groups=False))


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

    kept = table_at(lock, "_meta", "hash").get("sha256")
    if not isinstance(kept, str) or "source" not in pipfile:
        return None
    content = {
        "_meta": {"sources": pipfile["source"], "requires": pipfile.get("requires", {})},
        "default": pipfile.get("packages", {}),
        "develop": pipfile.get("dev-packages", {}),
        **{name: value for name, value in pipfile.items() if name not in SECTIONS},
    }
    written = json.dumps(content, sort_keys=True, separators=(",", ":"), default=str)
    return kept == hashlib.sha256(written.encode()).hexdigest()
