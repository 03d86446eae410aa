"""The machines on which `peers.py` compares doctors: each once sick in one way, and once healthy.

They are made with the builders of tests/clinic. A machine is a function of the user whose home it is; what it does
first makes the healthy twin.
"""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from tests.clinic.conda import make_root
from tests.clinic.patient import Patient
from tests.wheels import write_wheel

MINOR = sys.version_info.minor
PROJECT = '[project]\nname = "app"\nversion = "1"\nrequires-python = ">=3.{minor}"\n'


def in_environment(user: Patient) -> Path:
    """Make and activate the environment of a project."""
    user.prepares(sys.executable, "-m", "venv", ".venv")
    user.does("source .venv/bin/activate")
    return user.project / ".venv"


def pip_elsewhere(user: Patient, *, sick: bool) -> None:
    """A uv environment without pip, with conda's pip behind it; or with a pip of its own."""
    root = make_root(user.home / "miniconda3", pip=True)
    user.env["PATH"] = f"{user.env['PATH']}:{root.path}/bin" if not sick else f"{root.path}/bin:{user.env['PATH']}"
    user.prepares("uv", "venv", "--quiet", "--offline", "--python", sys.executable)
    if not sick:
        user.prepares(sys.executable, "-m", "venv", "--clear", ".venv")
    user.does("source .venv/bin/activate")


def environment_gone(user: Patient, *, sick: bool) -> None:
    """The active environment has been deleted; or is there."""
    root = in_environment(user)
    if sick:
        shutil.rmtree(root)


def base_gone(user: Patient, *, sick: bool) -> None:
    """The Python below the active environment has been removed; or is there."""
    root = in_environment(user)
    if sick:
        python = root / "bin" / Path(sys.executable).name
        for link in python.parent.glob("python*"):
            link.unlink()
            link.symlink_to("/opt/gone/bin/python3")
        config = root / "pyvenv.cfg"
        config.write_text(re.sub(r"(?m)^(home|executable) = .*", r"\1 = /opt/gone/bin", config.read_text()))


def environment_moved(user: Patient, *, sick: bool) -> None:
    """The active environment was renamed; or not."""
    user.prepares(sys.executable, "-m", "venv", "old")
    if sick:
        (user.project / "old").rename(user.project / ".venv")
        user.does("export VIRTUAL_ENV=$PWD/.venv PATH=$PWD/.venv/bin:$PATH")
    else:
        user.does("source old/bin/activate")


def conda_half_active(user: Patient, *, sick: bool) -> None:
    """The variables of a conda environment without its search path; or both."""
    root = make_root(user.home / "miniconda3", pip=True)
    environment = root.environment("ml", pip=True)
    path = user.env["PATH"]
    user.env |= root.active(path, environment)
    if sick:
        user.env["PATH"] = path


def settings_malformed(user: Patient, *, sick: bool) -> None:
    """The configuration of pip cannot be read; or can."""
    in_environment(user)
    (user.home / ".config" / "pip").mkdir(parents=True)
    (user.home / ".config" / "pip" / "pip.conf").write_text("timeout 3\n" if sick else "[global]\ntimeout = 30\n")


def mirror_not_trusted(user: Patient, *, sick: bool) -> None:
    """The mirror of pip is plain http, which pip ignores; or https."""
    in_environment(user)
    (user.home / ".config" / "pip").mkdir(parents=True)
    url = "http://mirror.example/simple" if sick else "https://mirror.example/simple"
    (user.home / ".config" / "pip" / "pip.conf").write_text(f"[global]\nindex-url = {url}\n")
    user.does(f"export UV_DEFAULT_INDEX={url}")


def with_variables(user: Patient, variables: Mapping[str, str], *, sick: bool) -> None:
    """Variables that lead nowhere are exported; or none."""
    in_environment(user)
    for name, value in variables.items() if sick else ():
        user.does(f"export {name}={value}")


def packages_of_another_python(user: Patient, *, sick: bool) -> None:
    """`PYTHONPATH` names the packages of another Python; or nothing."""
    in_environment(user)
    other = user.home / "old" / "lib" / "python3.8" / "site-packages"
    wheel = write_wheel(user.scratch, "alpha", "1", files={"alpha.py": ""})
    user.prepares("uv", "pip", "install", "--quiet", "--offline", "--target", other, wheel)
    if sick:
        user.does(f"export PYTHONPATH={other}")


def requirement_unmet(user: Patient, *, sick: bool) -> None:
    """A package needs a newer one than is installed; or is content with it."""
    python = in_environment(user) / "bin" / "python"
    wheels = [
        write_wheel(user.scratch, "alpha", "1", files={"alpha.py": ""}, requires=("beta>=2" if sick else "beta>=1",)),
        write_wheel(user.scratch, "beta", "1", files={"beta.py": ""}),
    ]
    user.prepares("uv", "pip", "install", "--quiet", "--offline", "--no-deps", "--python", python, *wheels)


def installed_twice(user: Patient, *, sick: bool) -> None:
    """A package has two records in one directory; or one."""
    root = in_environment(user)
    wheel = write_wheel(user.scratch, "alpha", "2", files={"alpha.py": ""})
    user.prepares("uv", "pip", "install", "--quiet", "--offline", "--python", root / "bin" / "python", wheel)
    if sick:
        [record] = root.glob("lib/python3.*/site-packages/alpha-2.dist-info")
        shutil.copytree(record, record.with_name("alpha-1.dist-info"))
        metadata = record.with_name("alpha-1.dist-info") / "METADATA"
        metadata.write_text(metadata.read_text().replace("Version: 2", "Version: 1"))


def launcher_of_another_place(user: Patient, *, sick: bool) -> None:
    """The first line of the environment's `pip` names a Python that is gone; or its own."""
    root = in_environment(user)
    if sick:
        pip = root / "bin" / "pip"
        pip.write_text(re.sub(r"\A#!.*", "#!/opt/gone/bin/python", pip.read_text()))


def lock_in_conflict(user: Patient, *, sick: bool) -> None:
    """The lock of uv holds the marks of a merge; or none."""
    (user.project / "pyproject.toml").write_text(PROJECT.format(minor=MINOR))
    in_environment(user)
    user.prepares("uv", "sync", "--quiet", "--offline", "--inexact")
    if sick:
        lock = user.project / "uv.lock"
        lock.write_text(f"<<<<<<< HEAD\n{lock.read_text()}=======\n{lock.read_text()}>>>>>>> theirs\n")


def pin_refused(user: Patient, *, sick: bool) -> None:
    """The project pins a Python on which it does not run; or one on which it does."""
    (user.project / "pyproject.toml").write_text(PROJECT.format(minor=MINOR))
    in_environment(user)
    user.prepares("uv", "sync", "--quiet", "--offline", "--inexact")
    (user.project / ".python-version").write_text(f"3.{MINOR - 1 if sick else MINOR}\n")


def python_too_old(user: Patient, *, sick: bool) -> None:
    """The project needs a newer Python than its environment has; or this one."""
    in_environment(user)
    (user.project / "pyproject.toml").write_text(PROJECT.format(minor=MINOR + 1 if sick else MINOR))


VARIABLES = {
    "library_path_malformed": {"LD_LIBRARY_PATH": "/opt/cuda/lib64:"},
    "standard_library_of_another": {"PYTHONHOME": "/usr"},
    "proxy_dead": {"HTTPS_PROXY": "http://127.0.0.1:9"},
    "certificates_missing": {"SSL_CERT_FILE": "/opt/gone/ca.pem"},
    "temporary_directory_gone": {"TMPDIR": "/opt/gone/tmp"},
    "installs_go_elsewhere": {"PIP_TARGET": "/opt/elsewhere"},
}

MACHINES: dict[str, Callable[..., None]] = {
    **{
        make.__name__: make
        for make in (
            pip_elsewhere,
            environment_gone,
            base_gone,
            environment_moved,
            conda_half_active,
            settings_malformed,
            mirror_not_trusted,
            packages_of_another_python,
            requirement_unmet,
            installed_twice,
            launcher_of_another_place,
            lock_in_conflict,
            pin_refused,
            python_too_old,
        )
    },
    **{name: partial(with_variables, variables=variables) for name, variables in VARIABLES.items()},
}
"""By name: what makes the machine of a user, `sick` or healthy."""
