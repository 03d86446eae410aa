"""Do conda's records and the files of an environment agree?"""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import basename

from envdoctor import (
    Evidence,
    Finding,
    Fix,
    Manual,
    Run,
    Safety,
    Severity,
    check,
)
from envdoctor.facts.commands.commands import Commands
from envdoctor.facts.conda.installations import CondaRoots
from envdoctor.facts.conda.packages import BrokenRecord, CondaPackages, Contested
from envdoctor.facts.session.conda_activation import CondaActivation
from envdoctor.text.patterns import pattern
from envdoctor_checks.common.moves import aside, put_over
from envdoctor_checks.conda.activation import said

SHOWN = 10
RECORD = pattern(r"(.+)-([^-]+)-[^-]+\.json")
OTHER_HANDS = ("pip", "uv")
# pip renews these by its own advice, and nothing else is compiled against them.
RENEWED_BY_PIP = frozenset({"pip", "setuptools", "wheel"})
# Packages whose compiled parts are bound to others of conda's; two builds of one do not mix.
BINARY = frozenset(
    {"numpy", "scipy", "pandas", "pyqt", "pyqt5", "pyside6", "openssl", "pyopenssl", "cryptography", "cffi", "h5py"}
)
# What conda itself imports, so that overwriting it in the base can end conda.
CONDA_OWN = frozenset(
    {
        *("conda", "conda-libmamba-solver", "libmambapy", "requests", "urllib3", "ruamel.yaml", "packaging", "certifi"),
        *(
            "cryptography",
            "boltons",
            "frozendict",
            "jsonpatch",
            "platformdirs",
            "pluggy",
            "pycosat",
            "tqdm",
            "truststore",
        ),
        *("zstandard", "idna", "charset-normalizer", "distro", "archspec", "menuinst"),
    }
)


def overwritten(package: Contested) -> bool:
    """Whether pip or uv has put its own in place of what conda has recorded; a source tree is meant to do that."""
    by_hand = [other for other in package.others if other.installer in OTHER_HANDS]
    return bool(by_hand) and not any(other.editable for other in by_hand)


@check("CND006", severity=Severity.WARNING, since="0.1")
def pip_overwrote_conda_packages(packages: CondaPackages, roots: CondaRoots | None) -> Iterator[Finding]:
    """Pip or uv has overwritten packages that conda installed.

    ## Why it matters
    conda goes on to plan with the versions in its records, and the next `conda install` may remove files of the other
    package or leave a mixture of both. Compiled packages from two sources do not mix at all.

    ## How to fix
    Remove pip's copy and let conda reinstall its own. In future, install with conda first and with pip
    last, or give pip an environment of its own on top.

    ## Not a problem when
    pip installed packages that conda does not know. An editable install stands in for the released package. Only pip,
    setuptools or wheel were upgraded: that is only info.
    """
    touched = [package for package in packages.contested if overwritten(package)]
    if not touched:
        return
    base = roots is not None and roots.find(packages.prefix) is not None
    names = sorted(package.name for package in touched)
    grave = BINARY.intersection(names) or (base and CONDA_OWN.intersection(names))
    listed = ", ".join(names[:SHOWN]) + (f" and {len(names) - SHOWN} more" if len(names) > SHOWN else "")
    yield Finding(
        f"pip or uv has overwritten what conda installed in {packages.prefix}: {listed}",
        repair(packages.prefix, touched, base=base),
        packages.prefix,
        tuple(
            Evidence(f"{package.name} {package.version} by conda, {other.version} by {other.installer}", package.record)
            for package in touched[:SHOWN]
            for other in package.others[:1]
        ),
        Severity.ERROR if grave else Severity.INFO if RENEWED_BY_PIP.issuperset(names) else Severity.WARNING,
    )


def repair(prefix: str, touched: list[Contested], *, base: bool) -> Fix:
    """Reinstall conda's versions. In the base, conda must not lose what it runs on, not even for a moment.

    conda's reinstall removes none of pip's metadata. Where that of both is there, pip uninstalls one at a time.
    """
    wanted = tuple(f"{package.name}={package.version}" for package in touched)
    reinstall = Run("conda", "install", "--yes", "--prefix", prefix, "--force-reinstall", *wanted)
    names = tuple(package.name for package in touched)
    by_pip = any(other.installer == "pip" for package in touched for other in package.others)
    pip = (f"{prefix}/bin/python", "-m", "pip", "uninstall", "--yes")
    uninstall = Run(*(pip if by_pip else ("uv", "pip", "uninstall", "--python", prefix)), *names)
    summary = "Reinstall conda's versions of these packages"
    if base:
        metadata = (other.directory for package in touched for other in package.others)
        return Fix(summary, Run("rm", "-r", "--", *metadata), reinstall, safety=Safety.DESTRUCTIVE)
    twice = by_pip and any(package.exists for package in touched)
    return Fix(summary, *((uninstall, uninstall) if twice else (uninstall,)), reinstall, safety=Safety.CHANGES_STATE)


@check("CND013", severity=Severity.ERROR, since="0.1")
def conda_record_unreadable(packages: CondaPackages) -> Iterator[Finding]:
    """A record of an installed package in `conda-meta` cannot be read, and conda stops at it.

    ## Why it matters
    conda reads all records before it does anything with an environment. A truncated one, as after a full disk or an
    interrupted install, ends every command with "corrupted".

    ## How to fix
    Move the record away and let conda reinstall that package.
    """
    for record in packages.broken:
        moved = aside(record.path, ".broken")
        yield Finding(
            f"the record {record.path} cannot be read: {record.reason}",
            Fix(
                "Move the record away, then reinstall the package",
                moved,
                _installed_again(packages.prefix, record),
                safety=Safety.CHANGES_STATE,
                undo=put_over(moved),
            ),
            record.path,
            (Evidence(record.reason, record.path),),
        )


def _installed_again(prefix: str, record: BrokenRecord) -> Run | Manual:
    """Reinstall what a record was about, which its name says: `name-version-build.json`."""
    if not (named := RECORD.fullmatch(basename(record.path))):
        return Manual("Install the package again with `conda install --force-reinstall`.")
    wanted = f"{named[1]}={named[2]}"
    return Run("conda", "install", "--yes", "--prefix", prefix, "--force-reinstall", wanted)


@check("CND015", severity=Severity.ERROR, since="0.1", unless=("CND002",))
def conda_history_missing(conda: CondaActivation, commands: Commands) -> Iterator[Finding]:
    """The active conda environment has no `conda-meta/history`, so that conda takes it for none.

    ## Why it matters
    conda knows an environment by this file alone. Without it `conda list`, `conda install` and `conda remove` stop with
    "it is not a conda environment", and `conda env list` leaves it out. `python` and `pip` work in it as before. The
    file is missing where an environment was made by another client, or was copied without it.

    ## How to fix
    Create the file, empty: `touch <prefix>/conda-meta/history`. The records of the packages are other files, so conda
    knows what is installed; what was asked for is forgotten, as only the history had that.

    ## Not a problem when
    pixi made the environment, or no conda is there that would be asked.
    """
    asked = conda.exe is not None or commands.first("conda") is not None
    if conda.has_history or not conda.has_meta or conda.is_pixi or not asked:
        return
    history = f"{conda.prefix.rstrip('/')}/conda-meta/history"
    yield Finding(
        f"conda does not take {conda.prefix} for an environment: {history} is missing",
        Fix(
            "Create the history file",
            Run("touch", "--", history),
            safety=Safety.CHANGES_STATE,
            undo=(Run("rm", "--", history),),
        ),
        history,
        (Evidence("there is a conda-meta, and no history in it", conda.prefix), *said(conda)),
    )
