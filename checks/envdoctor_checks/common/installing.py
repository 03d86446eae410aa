"""How is something installed into one certain Python, which may have no pip?"""

from __future__ import annotations

from envdoctor import Run


def installed(python: str, *what: str, with_uv: bool, has_pip: bool = True) -> tuple[Run, ...]:
    """The commands that install into this Python.

    Args:
        python: its path.
        what: the packages, or options such as `-r FILE`.
        with_uv: whether uv is to do it, which needs no pip there.
        has_pip: whether `python -m pip` runs; otherwise Python's own copy is put there first.
    """
    return _with(python, ("install", *what), ("install", *what), with_uv=with_uv, has_pip=has_pip)


def reinstalled(python: str, *packages: str, with_uv: bool, has_pip: bool = True) -> tuple[Run, ...]:
    """The commands that install packages again that are there."""
    by_uv = ("install", "--reinstall", *packages)
    by_pip = ("install", "--force-reinstall", "--no-deps", *packages)
    return _with(python, by_uv, by_pip, with_uv=with_uv, has_pip=has_pip)


def uninstalled(python: str, *packages: str, with_uv: bool, has_pip: bool = True) -> tuple[Run, ...]:
    """The commands that uninstall packages from this Python."""
    by_uv, by_pip = ("uninstall", *packages), ("uninstall", "--yes", *packages)
    return _with(python, by_uv, by_pip, with_uv=with_uv, has_pip=has_pip)


def _with(
    python: str, by_uv: tuple[str, ...], by_pip: tuple[str, ...], *, with_uv: bool, has_pip: bool
) -> tuple[Run, ...]:
    if with_uv:
        verb, *rest = by_uv
        return (Run("uv", "pip", verb, "--python", python, *rest),)
    install = Run(python, "-m", "pip", *by_pip)
    return (install,) if has_pip else (ensured(python), install)


def ensured(python: str) -> Run:
    """Give a Python the pip that came with it, which needs no network; as `pip` too, and not only as `pip3`."""
    return Run(python, "-m", "ensurepip", "--default-pip")


def is_uvs_turn(*, at_hand: bool, has_pip: bool, made_it: bool) -> bool:
    """Whether uv installs rather than pip: into what it has made, and where there is no pip."""
    return at_hand and (made_it or not has_pip)
