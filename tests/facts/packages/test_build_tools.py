from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from envdoctor.engine.fact import Unavailable
from envdoctor.facts.packages.build_tools import EnvironmentBuildTools, NeedsTool, probe_build_tools
from envdoctor.facts.packages.targets import PackageTargets
from tests.facts.packages.packages_world import add, target
from tests.support import make_session


def seen(root: Path, **more: Any) -> EnvironmentBuildTools:
    [found] = probe_build_tools(
        make_session(), PackageTargets((target(root / "site", root=root, **more),))
    ).environments
    return found


def put(path: Path, text: str) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return str(path)


def test_who_imports_what_is_not_there(tmp_path: Path) -> None:
    site = tmp_path / "site"
    script = put(tmp_path / "bin/tool", "#!/x\nfrom pkg_resources import load_entry_point\n")
    start = put(site / "fs/__init__.py", "'''doc'''\n__import__('pkg_resources').declare_namespace(__name__)\n")
    module = put(site / "webrtcvad.py", "import pkg_resources\n")
    old = put(site / "old/__init__.py", '"""\nimport pkg_resources\n"""\nfrom distutils import version\n')
    put(tmp_path / "bin/python3", "import pkg_resources\n")
    put(site / "guarded/__init__.py", "try:\n    import pkg_resources\nexcept ImportError:\n    pass\n")
    put(site / "other/__init__.py", "import pkg_resources_like\n# import pkg_resources\n")
    put(site / "deep/inner.py", "import pkg_resources\n")
    put(site / "documented/__init__.py", '"""Use it:\n\nimport pkg_resources\n"""\nx = 1\n')
    put(site / "quoted.py", "a = '''\nimport pkg_resources\n\"\"\"\n'''\n")
    add(site, "setuptools-82.0.0")
    found = seen(tmp_path, version=(3, 12, 0))
    assert set(found.needs) == {
        NeedsTool(script, "pkg_resources", "from pkg_resources import load_entry_point"),
        NeedsTool(start, "pkg_resources", "__import__('pkg_resources').declare_namespace(__name__)"),
        NeedsTool(module, "pkg_resources", "import pkg_resources"),
        NeedsTool(old, "distutils", "from distutils import version"),
    }
    assert found.setuptools == "82.0.0"
    assert "distutils" not in {need.module for need in seen(tmp_path).needs}


def test_where_both_are_there_nothing_is_read(tmp_path: Path) -> None:
    put(tmp_path / "site/pkg_resources/__init__.py", "")
    put(tmp_path / "site/distutils-precedence.pth", "import os")
    put(tmp_path / "site/x.py", "import pkg_resources\nimport distutils\n")
    with pytest.raises(Unavailable):
        seen(tmp_path, version=(3, 12, 0))
