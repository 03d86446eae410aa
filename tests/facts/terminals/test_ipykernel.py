from __future__ import annotations

from pathlib import Path

import pytest

from envdoctor.facts.terminals.ipykernel import has_pip, lacks_ipykernel
from tests.support import make_session


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A virtual environment without a package."""
    (tmp_path / "env/lib/python3.12/site-packages").mkdir(parents=True)
    (tmp_path / "env/pyvenv.cfg").write_text("home = /usr/bin\ninclude-system-site-packages = false\n")
    return tmp_path / "env"


def packages(root: Path) -> Path:
    return root / "lib/python3.12/site-packages"


def test_an_environment_without_it_lacks_it(root: Path) -> None:
    assert lacks_ipykernel(make_session(), str(root))
    (packages(root) / "pip").mkdir()
    assert has_pip(str(root))
    (packages(root) / "ipykernel").mkdir()
    assert not lacks_ipykernel(make_session(), str(root))


@pytest.mark.parametrize("line", ["include-system-site-packages = true", "extends-environment = /x"])
def test_packages_of_another_may_have_it(root: Path, line: str) -> None:
    (root / "pyvenv.cfg").write_text(f"home = /usr/bin\n{line}\n")
    assert not lacks_ipykernel(make_session(), str(root))


def test_it_may_come_by_a_path_file_or_a_variable(root: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere" / "ipykernel").mkdir(parents=True)
    assert not lacks_ipykernel(make_session({"PYTHONPATH": f"/x:{tmp_path}/elsewhere"}), str(root))
    (packages(root) / "more.pth").write_text(f"# more\n{tmp_path}/elsewhere\n")
    assert not lacks_ipykernel(make_session(), str(root))


def test_conda_also_imports_from_the_user_site_and_other_places_are_not_judged(root: Path, tmp_path: Path) -> None:
    assert not lacks_ipykernel(make_session(), "/usr")
    (root / "pyvenv.cfg").unlink()
    (root / "conda-meta").mkdir()
    session = make_session({"HOME": str(tmp_path)})
    assert lacks_ipykernel(session, str(root))
    (tmp_path / ".local/lib/python3.12/site-packages/ipykernel").mkdir(parents=True)
    assert not lacks_ipykernel(session, str(root))
