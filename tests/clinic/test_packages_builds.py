"""PKG: builds that do not go together, files that were written over, working copies that have moved."""

from __future__ import annotations

import shutil
import sys
import sysconfig
from pathlib import Path

import pytest

from tests.clinic.environments import by_uv
from tests.clinic.patient import Patient
from tests.clinic.projects import stock, write
from tests.clinic.test_packages import enter, put, silent, site_of, wheel, with_pip
from tests.support import needs_tool

OLD_INTERFACE = "numpy.core._multiarray_umath"
NEW_INTERFACE = f"{OLD_INTERFACE} numpy._core._multiarray_umath"


@pytest.fixture
def user(patient: Patient) -> Patient:
    """A user with packages to install."""
    stock(patient)
    return patient


def torch(user: Patient, version: str, cuda: str | None = "12.8") -> None:
    """A stand-in of PyTorch with the `version.py` of a real build."""
    said = f"__version__ = {version!r}\ndebug = False\ncuda: Optional[str] = {cuda!r}\nhip: Optional[str] = None\n"
    wheel(
        user, "torch", version, **{"torch/__init__.py": "", "torch/version.py": f"from typing import Optional\n{said}"}
    )


@pytest.mark.sick("PKG013")
def test_a_torchcodec_for_another_torch(user: Patient) -> None:
    torch(user, "2.8.0")
    for version in ("0.7.0", "0.8.0"):
        wheel(user, "torchcodec", version, **{"torchcodec/__init__.py": ""})
    root = with_pip(user, "torch", "torchcodec==0.8.0")
    user.does("python -m pip check")
    assert "compatible" in user.shell.run(f"{needs_tool('uv')} pip check -p {root}").stderr
    before = user.examine()
    assert before.finding("PKG013")["message"] == "torchcodec 0.8.0 works with torch 2.9, and torch is 2.8.0"
    user.cure("PKG013", before=before)
    assert "0.7.0" in user.does("python -m pip show torchcodec").stdout


@pytest.mark.sick("PKG013")
def test_the_torchaudio_that_requires_nothing(user: Patient) -> None:
    torch(user, "2.9.1")
    wheel(user, "torchaudio", "2.9.1", "torch==2.9.1", **{"torchaudio/version.py": "__version__ = '2.9.1+cu128'\n"})
    wheel(user, "torchaudio", "2.11.0", **{"torchaudio/version.py": "__version__ = '2.11.0+cu130'\n"})
    root = by_uv(user, user.home / "env", pip=False)
    put(user, root, "torch", "torchaudio==2.11.0")
    enter(user, root)
    user.cure("PKG013")


@pytest.mark.healthy("PKG013", "PKG007")
def test_a_family_that_goes_together(user: Patient) -> None:
    torch(user, "2.12.0", "13.0")
    wheel(user, "torchaudio", "2.11.0", **{"torchaudio/version.py": "__version__ = '2.11.0+cu130'\n"})
    wheel(user, "torchcodec", "0.16.0", **{"torchcodec/__init__.py": ""})
    with_pip(user, "torch", "torchaudio", "torchcodec")
    user.env["UV_CUDA_DRIVER_VERSION"] = "580.65.06"
    silent(user)


@pytest.mark.sick("PKG007")
def test_a_driver_that_is_older_than_the_build(user: Patient) -> None:
    user.env["UV_CUDA_DRIVER_VERSION"] = "550.54.14"
    torch(user, "2.11.0", "13.0")
    root = with_pip(user, "torch")
    before = user.examine()
    assert before.finding("PKG007")["severity"] == "error"
    assert "needs driver 580, and the driver is 550.54.14" in before.finding("PKG007")["message"]
    torch(user, "2.9.1", "12.8")
    put(user, root, "torch==2.9.1")
    silent(user)


@pytest.mark.sick("PKG007")
def test_a_build_for_cpus_beside_a_card_unless_it_is_hidden(user: Patient) -> None:
    user.env["UV_CUDA_DRIVER_VERSION"] = "580.65.06"
    torch(user, "2.9.1", None)
    with_pip(user, "torch")
    assert "built for CPUs alone" in user.examine().finding("PKG007")["message"]
    user.does("export CUDA_VISIBLE_DEVICES=-1")
    silent(user)


@pytest.mark.sick("PKG006")
def test_pandas_of_numpy_1_beside_numpy_2(user: Patient) -> None:
    for version in ("1.26.4", "2.2.6"):
        wheel(user, "numpy", version, **{"numpy/__init__.py": ""})
    wheel(user, "pandas", "2.1.4", "numpy>=1.22.4", **{"pandas/a.so": "", "pandas/b.so": OLD_INTERFACE})
    wheel(user, "matplotlib", "3.8.4", "numpy>=1.21", **{"matplotlib/a.so": NEW_INTERFACE})
    with_pip(user, "pandas", "matplotlib", "numpy==2.2.6")
    user.does("python -m pip check")
    before = user.examine()
    assert "was compiled for numpy<2, and numpy is 2.2.6" in before.finding("PKG006")["message"]
    user.cure("PKG006", before=before)
    assert "1.26.4" in user.does("python -m pip show numpy").stdout


@pytest.mark.sick("PKG006")
def test_where_numpy_2_is_required_the_consumer_is_upgraded(user: Patient) -> None:
    wheel(user, "numpy", "2.2.6", **{"numpy/__init__.py": ""})
    wheel(user, "pandas", "2.1.4", "numpy>=1.22.4", **{"pandas/b.so": OLD_INTERFACE})
    wheel(user, "pandas", "2.2.3", "numpy>=1.22.4", **{"pandas/b.so": NEW_INTERFACE})
    wheel(user, "newer", "1.0", "numpy>=2.1")
    with_pip(user, "pandas==2.1.4", "newer")
    user.cure("PKG006")
    assert "2.2.3" in user.does("python -m pip show pandas").stdout


def written_over(user: Patient, *packages: tuple[str, str, str, str]) -> Path:
    """An environment with packages that install one file with different content, one after the other."""
    for name, version, path, text in packages:
        wheel(user, name, version, **{path: text, path.replace("__init__", "more"): "same = 1\n"})
    root = with_pip(user, "delta")
    for name, version, _, _ in packages:
        user.prepares(f"{root}/bin/python", "-m", "pip", "install", "-q", f"{name}=={version}")
    return root


@pytest.mark.sick("PKG005")
def test_opencv_twice(user: Patient) -> None:
    path = "cv2/__init__.py"
    written_over(
        user,
        ("opencv-python-headless", "4.10.0", path, "gui = False\n"),
        ("opencv-python", "4.11.0", path, "gui = True\n"),
    )
    before = user.examine()
    assert before.finding("PKG005")["severity"] == "warning"
    user.cure("PKG005", before=before)
    assert user.does("python -c 'import cv2, cv2.more; print(cv2.gui)'").stdout == "True\n"


@pytest.mark.sick("PKG005")
def test_pyjwt_and_jwt(user: Patient) -> None:
    written_over(
        user,
        ("PyJWT", "2.8.0", "jwt/__init__.py", "encode = 1\n"),
        ("jwt", "1.3.1", "jwt/__init__.py", "JWT = 1\n"),
    )
    wheel(user, "asks", "1.0", "PyJWT>=2")
    user.does("python -m pip install -q asks")
    before = user.examine()
    assert before.finding("PKG005")["severity"] == "error"
    user.cure("PKG005", before=before)
    assert user.does("python -c 'import jwt; print(jwt.encode)'").stdout == "1\n"


@pytest.mark.healthy("PKG005")
def test_a_family_that_shares_files_on_purpose(user: Patient) -> None:
    same = {"mlflow/__init__.py": "x = 1\n", "mlflow/version.py": "y = 1\n"}
    for name in ("mlflow", "mlflow-skinny", "mlflow-tracing"):
        wheel(user, name, "3.1", **same)
    with_pip(user, "mlflow", "mlflow-skinny", "mlflow-tracing")
    assert user.examine("--select", "PKG", "--deep").problems() == []


@pytest.mark.sick("PKG008")
def test_a_working_copy_whose_source_has_moved(user: Patient) -> None:
    user.install("uv")
    source = user.home / "lib"
    (source / "src/my_lib").mkdir(parents=True)
    (source / "src/my_lib/__init__.py").touch()
    (source / "pyproject.toml").write_text(
        '[project]\nname = "my-lib"\nversion = "1.0"\n[build-system]\nrequires = ["uv_build"]\n'
        'build-backend = "uv_build"\n'
    )
    root = with_pip(user, "delta")
    user.prepares(needs_tool("uv"), "pip", "install", "-q", "-p", root, "--no-build-isolation", "-e", source)
    user.does("python -c 'import my_lib'")
    silent(user)
    moved = source.rename(user.home / "moved")
    user.does("python -m pip check")
    assert user.shell.run("python -c 'import my_lib'").status == 1
    before = user.examine()
    assert str(source / "src") in before.finding("PKG008")["message"]
    user.cure("PKG008", before=before)
    assert moved.exists()


@pytest.mark.sick("PKG008")
def test_a_working_copy_by_poetry(user: Patient) -> None:
    source = user.home / "lib"
    write(source / "src/my_lib/__init__.py", "")
    head = '[build-system]\nrequires = []\nbuild-backend = "poetry.core.masonry.api"\n'
    write(source / "pyproject.toml", f'{head}[project]\nname = "my-lib"\nversion = "1.0"\n')
    root = with_pip(user, "delta")
    argv = ("-m", "pip", "install", "-q", "--no-build-isolation", "--no-deps", "-e", source)
    user.prepares(root / "bin/python", *argv, PYTHONPATH=sysconfig.get_path("purelib"))
    user.does("python -c 'import my_lib'")
    silent(user)
    source.rename(user.home / "moved")
    user.cure("PKG008")


@pytest.mark.sick("PKG008")
def test_the_link_of_setup_py_develop(user: Patient) -> None:
    site = site_of(with_pip(user, "delta"))
    source = user.home / "lib/src"
    write(source / "my_lib.py", "")
    write(source / "my_lib.egg-info/PKG-INFO", "Metadata-Version: 2.1\nName: my-lib\nVersion: 1.0\n")
    write(site / "my-lib.egg-link", f"{source}\n../")
    write(site / "easy-install.pth", f"{source}\n")
    assert "my-lib" in user.does("python -c 'import my_lib'; python -m pip list").stdout
    silent(user)
    source.rename(user.home / "moved")
    assert "not installed" in user.does("python -m pip uninstall --yes my-lib").stderr
    user.cure("PKG008")
    assert (site / "easy-install.pth").read_text() == ""


@pytest.mark.sick("PKG009")
def test_packages_that_were_kept_from_another_python(user: Patient) -> None:
    wheel(user, "fast", "1.0", **{"fast/__init__.py": "", "fast/_fast.py": ""})
    site = put(user, with_pip(user), "fast", "delta")
    info = site / "fast-1.0.dist-info"
    module = "fast/_fast.cpython-39-x86_64-linux-gnu.so"
    (site / "fast/_fast.py").rename(site / module)
    for file in ("RECORD", "WHEEL"):
        text = (info / file).read_text()
        (info / file).write_text(
            text.replace("fast/_fast.py", module).replace("py3-none-any", "cp39-cp39-linux_x86_64")
        )
    assert "not supported on this platform" in user.shell.run("python -m pip check").stdout
    user.cure("PKG009")
    user.does("python -c 'import fast._fast'")


@pytest.mark.healthy("PKG009")
def test_a_wheel_without_tags_is_not_unsupported(user: Patient) -> None:
    site = put(user, with_pip(user), "delta")
    file = site / "delta-1.0.dist-info/WHEEL"
    file.write_text(file.read_text().replace("Tag: py3-none-any\n", ""))
    assert "not supported on this platform" in user.shell.run("python -m pip check").stdout
    silent(user)


@pytest.mark.sick("PKG010")
def test_a_package_that_imports_pkg_resources(user: Patient) -> None:
    wheel(user, "fs", "2.4", **{"fs/__init__.py": "__import__('pkg_resources').declare_namespace(__name__)\n"})
    resources = "def declare_namespace(name): pass\n"
    wheel(user, "setuptools", "81.0.0", **{"pkg_resources/__init__.py": resources, "setuptools/__init__.py": ""})
    wheel(user, "setuptools", "82.0.0", **{"setuptools/__init__.py": ""})
    with_pip(user, "fs", "setuptools")
    assert "pkg_resources" in user.shell.run("python -c 'import fs'").stderr
    before = user.examine()
    assert "setuptools 82.0.0 has none" in before.finding("PKG010")["message"]
    user.cure("PKG010", before=before)
    user.does("python -c 'import fs'")


@pytest.mark.healthy("PKG010")
def test_a_guarded_import(user: Patient) -> None:
    guarded = "try:\n    import pkg_resources\nexcept ImportError:\n    pkg_resources = None\n"
    wheel(user, "fs", "2.4", **{"fs/__init__.py": guarded})
    with_pip(user, "fs")
    silent(user)


@pytest.mark.sick("PKG014")
def test_a_backport_in_front_of_the_library(user: Patient) -> None:
    wheel(user, "enum34", "1.1.10", **{"enum/__init__.py": "class Enum(object): pass\n"})
    with_pip(user)
    front = user.home / "legacy"
    user.prepares(needs_tool("uv"), "pip", "install", "-q", "--target", front, "enum34")
    user.does(f"export PYTHONPATH={front}")
    assert "AttributeError" in user.shell.run("python -c 'import re'").stderr
    user.command = f"{sys.executable} -I -m envdoctor"  # pip's launcher of it would die of the same
    before = user.examine()
    assert before.finding("PKG014")["severity"] == "error"
    user.cure("PKG014", before=before)
    user.does("python -c 'import re'")


@pytest.mark.healthy("PKG014")
def test_a_backport_in_site_packages_is_only_information(user: Patient) -> None:
    wheel(user, "enum34", "1.1.10", **{"enum/__init__.py": "class Enum(object): pass\n"})
    site = put(user, with_pip(user), "enum34", "delta")
    user.does("python -c 'import re, enum; enum.IntFlag'")
    assert user.examine("--select", "PKG").problems("warning") == []
    shutil.rmtree(site / "enum")  # some newer releases hold nothing at all
    silent(user)
