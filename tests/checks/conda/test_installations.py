from __future__ import annotations

import msgspec
import pytest

from envdoctor import (
    EditFile,
    Evidence,
    Fact,
    Finding,
    Fix,
    Manual,
    RemoveFromPath,
    Run,
    Safety,
    Severity,
    UnsetVariable,
)
from envdoctor.facts.commands.commands import Commands, Hit
from envdoctor.facts.commands.resolve import HitKind
from envdoctor.facts.conda.condarc import Condarc, CondarcFile, CondarcValue
from envdoctor.facts.conda.installations import (
    CondaRoot,
    CondaRoots,
    RootKind,
    RootName,
)
from envdoctor.facts.conda.packages import (
    BrokenRecord,
    CondaPackages,
    Contested,
    Metadata,
)
from envdoctor.facts.conda.shell_state import CondaCommand, CondaLevel
from envdoctor.facts.project.project import Project
from envdoctor.facts.python.active import Answers
from envdoctor.facts.session.conda_activation import CondaActivation
from envdoctor.facts.session.context import Examined, Marker, Place
from envdoctor.facts.shell.startup_files import (
    Shell,
    StartupFile,
    StartupFiles,
    When,
)
from envdoctor.facts.shell.startup_lines import LineKind, StartupLine
from envdoctor.facts.uv.context import Surroundings
from envdoctor.facts.uv.directories import Nearby
from envdoctor.facts.uv.directories import Place as UvPlace
from envdoctor.facts.uv.target import Source, UvTarget, UvTargets
from envdoctor.facts.venv.active import ActiveVenv
from envdoctor.facts.venv.layout import Venv
from envdoctor.testing import assess
from envdoctor_checks.conda.condarc import condarc_invalid
from envdoctor_checks.conda.installations import pip_installed_conda, several_conda_roots, working_in_base
from envdoctor_checks.conda.packages import conda_record_unreadable, pip_overwrote_conda_packages
from envdoctor_checks.conda.startup import conda_block_unreachable
from tests.checks.pythons import answer
from tests.checks.uv.test_settings import EXAMINED

MINE = CondaRoot("/home/ann/miniconda3", "/home/ann/miniconda3", RootKind.CONDA)
SITE = CondaRoot("/opt/conda", "/opt/conda", RootKind.CONDA)


def named(root: CondaRoot, *names: tuple[str, str]) -> CondaRoot:
    return msgspec.structs.replace(root, named=tuple(RootName(*name) for name in names))


# CND005


@pytest.mark.sick("CND005")
def test_another_conda_is_on_the_search_path() -> None:
    mine = named(MINE, ("CONDA_EXE", "/home/ann/miniconda3/bin/conda"))
    site = named(SITE, ("PATH", "/opt/conda/bin"), ("PATH", "/opt/conda/condabin"))
    assert assess(several_conda_roots, CondaRoots((mine, site), active="/home/ann/miniconda3")) == [
        Finding(
            "2 conda installations are set up in this session: /home/ann/miniconda3, /opt/conda",
            Fix(
                "Take /opt/conda off the search path",
                RemoveFromPath("/opt/conda/bin"),
                RemoveFromPath("/opt/conda/condabin"),
            ),
            "/opt/conda",
            (
                Evidence("/home/ann/miniconda3/bin/conda", "CONDA_EXE"),
                Evidence("/opt/conda/bin", "PATH"),
                Evidence("/opt/conda/condabin", "PATH"),
            ),
        )
    ]


@pytest.mark.sick("CND005")
def test_the_active_environment_belongs_to_another_conda() -> None:
    mine = named(MINE, ("CONDA_EXE", "/home/ann/miniconda3/bin/conda"))
    site = named(SITE, ("CONDA_PREFIX", "/opt/conda/envs/ml"))
    conda = CondaActivation(prefix="/opt/conda/envs/ml", real="/opt/conda/envs/ml", name="ml")
    [finding] = assess(several_conda_roots, CondaRoots((mine, site), active=MINE.path), conda)
    assert finding.severity is Severity.ERROR
    assert finding.message == (
        "the active /opt/conda/envs/ml belongs to the conda in /opt/conda, "
        "but `conda` is here that of /home/ann/miniconda3"
    )


@pytest.mark.healthy("CND005")
def test_a_conda_that_only_lies_there_and_micromamba_beside_conda() -> None:
    mine = named(MINE, ("CONDA_EXE", "/home/ann/miniconda3/bin/conda"))
    idle = msgspec.structs.replace(SITE, named=(RootName("/home/ann/.zshrc:3", "/opt/conda", in_session=False),))
    mamba = CondaRoot("/home/ann/micromamba", "/home/ann/micromamba", RootKind.MAMBA)
    mamba = named(mamba, ("MAMBA_ROOT_PREFIX", "/home/ann/micromamba"))
    assert assess(several_conda_roots, CondaRoots((mine, idle, mamba), active=MINE.path)) == []
    assert assess(several_conda_roots, CondaRoots((mine,), active=MINE.path)) == []


# CND006

PREFIX = "/opt/conda/envs/ml"
SITE_PACKAGES = f"{PREFIX}/lib/python3.12/site-packages"


def contested(name: str, installer: str | None = "pip", *, editable: bool = False, exists: bool = False) -> Contested:
    other = Metadata(f"{SITE_PACKAGES}/{name}-2.0.dist-info", "2.0", installer, editable)
    record = f"{PREFIX}/conda-meta/{name}-1.0-0.json"
    return Contested(name, "1.0", record, f"{SITE_PACKAGES}/{name}-1.0.dist-info", exists, (other,))


@pytest.mark.sick("CND006")
def test_pip_replaced_what_conda_had_installed() -> None:
    packages = CondaPackages(PREFIX, 2, (contested("attrs"), contested("numpy")))
    assert assess(pip_overwrote_conda_packages, packages) == [
        Finding(
            f"pip or uv has overwritten what conda installed in {PREFIX}: attrs, numpy",
            Fix(
                "Have conda's own back",
                Run(f"{PREFIX}/bin/python", "-m", "pip", "uninstall", "--yes", "attrs", "numpy"),
                Run("conda", "install", "--yes", "--prefix", PREFIX, "--force-reinstall", "attrs=1.0", "numpy=1.0"),
                safety=Safety.CHANGES_STATE,
            ),
            PREFIX,
            (
                Evidence("attrs 1.0 by conda, 2.0 by pip", f"{PREFIX}/conda-meta/attrs-1.0-0.json"),
                Evidence("numpy 1.0 by conda, 2.0 by pip", f"{PREFIX}/conda-meta/numpy-1.0-0.json"),
            ),
            Severity.ERROR,
        )
    ]
    [finding] = assess(pip_overwrote_conda_packages, CondaPackages(PREFIX, 1, (contested("pip"),)))
    assert finding.severity is Severity.INFO
    [finding] = assess(pip_overwrote_conda_packages, CondaPackages(PREFIX, 1, (contested("attrs", "uv"),)))
    assert finding.severity is Severity.WARNING
    assert finding.fix.actions[0] == Run("uv", "pip", "uninstall", "--python", PREFIX, "attrs")


@pytest.mark.sick("CND006")
def test_in_the_base_conda_never_loses_what_it_runs_on() -> None:
    packages = CondaPackages("/opt/conda", 400, (contested("requests"),))
    [finding] = assess(pip_overwrote_conda_packages, packages, CondaRoots((SITE,)))
    assert finding.severity is Severity.ERROR
    [reinstall] = finding.fix.actions
    assert isinstance(reinstall, Run)
    assert reinstall.argv[0] == "conda"


@pytest.mark.healthy("CND006")
def test_pip_beside_conda_is_healthy() -> None:
    removed = msgspec.structs.replace(contested("attrs"), others=())
    packages = CondaPackages(PREFIX, 4, (contested("app", editable=True), contested("six", "conda"), removed))
    assert assess(pip_overwrote_conda_packages, packages) == []
    assert assess(pip_overwrote_conda_packages, CondaPackages(PREFIX, 400)) == []


# CND008

CONDARC = "/home/ann/.condarc"


def value(key: str, text: str, line: int = 2, entry: str | None = None, *, listed: bool = False) -> CondarcValue:
    return CondarcValue(key, text, f"{CONDARC}:{line}", entry, CONDARC, listed)


def condarc(*values: CondarcValue) -> list[Finding]:
    return assess(condarc_invalid, Condarc((CondarcFile(CONDARC),), values))


@pytest.mark.sick("CND008")
def test_a_file_that_conda_cannot_read() -> None:
    said = "found character 'a tab' that cannot start any token"
    assert assess(condarc_invalid, Condarc((CondarcFile(CONDARC, said, 2),))) == [
        Finding(
            f"conda cannot read {CONDARC}:2: {said}",
            Fix(
                "Correct the file",
                Manual(f"Correct {CONDARC}:2: {said}. YAML wants spaces, and each key once."),
            ),
            f"{CONDARC}:2",
            (Evidence(said, f"{CONDARC}:2"),),
        )
    ]


@pytest.mark.sick("CND008")
def test_default_for_defaults() -> None:
    assert condarc(value("channels", "default", listed=True)) == [
        Finding(
            f"{CONDARC}:2 names the channel `default`, which does not exist: it is called `defaults`",
            Fix(
                "Say `defaults`",
                Run("conda", "config", "--file", CONDARC, "--remove", "channels", "default"),
                Run("conda", "config", "--file", CONDARC, "--append", "channels", "defaults"),
                safety=Safety.CHANGES_STATE,
            ),
            f"{CONDARC}:2",
            (Evidence("channels: default", f"{CONDARC}:2"),),
        )
    ]


@pytest.mark.sick("CND008")
@pytest.mark.parametrize("channel", ["https://m/anaconda/pkgs/free/", "free", "https://repo.anaconda.com/pkgs/mro"])
def test_channels_that_were_closed(channel: str) -> None:
    [finding] = condarc(value("default_channels", channel, listed=True))
    assert finding.severity is Severity.WARNING
    assert finding.fix.actions == (Run("conda", "config", "--file", CONDARC, "--remove", "default_channels", channel),)


@pytest.mark.sick("CND008")
def test_a_custom_channel_that_repeats_its_name() -> None:
    [finding] = condarc(value("custom_channels", "https://m/cloud/conda-forge", 4, "conda-forge"))
    assert finding.message == (
        f"{CONDARC}:4 sends conda-forge to https://m/cloud/conda-forge/conda-forge: the name is appended by conda"
    )
    assert finding.fix.actions == (
        Run("conda", "config", "--file", CONDARC, "--set", "custom_channels.conda-forge", "https://m/cloud"),
    )


@pytest.mark.sick("CND008")
def test_an_alias_without_a_scheme_or_with_a_channel_in_it() -> None:
    [finding] = condarc(value("channel_alias", "mirror.example/anaconda/cloud"))
    assert finding.severity is Severity.ERROR
    assert finding.fix.actions == (Run("conda", "config", "--file", CONDARC, "--remove-key", "channel_alias"),)
    [finding] = condarc(value("channel_alias", "https://m/cloud/conda-forge/"))
    assert finding.severity is Severity.WARNING
    [finding] = condarc(CondarcValue("channel_alias", "m/cloud", "CONDA_CHANNEL_ALIAS"))
    assert finding.fix == Fix("Unset it", UnsetVariable("CONDA_CHANNEL_ALIAS"))
    [finding] = condarc(CondarcValue("channels", "default", "CONDA_CHANNELS", listed=True))
    assert finding.fix == Fix("Correct the variable", Manual("Take default out of CONDA_CHANNELS."))


@pytest.mark.healthy("CND008")
def test_mirrors_as_they_want_to_be_written() -> None:
    assert (
        condarc(
            value("channels", "defaults", listed=True),
            value("channels", "nodefaults", listed=True),
            value("channels", "https://m/anaconda/cloud/pytorch", listed=True),
            value("default_channels", "https://m/anaconda/pkgs/main", listed=True),
            value("default_channels", "https://m/anaconda/pkgs/r", listed=True),
            value("custom_channels", "https://m/anaconda/cloud", entry="conda-forge"),
            value("channel_alias", "https://m/anaconda/cloud"),
            value("channels", "freesurfer", listed=True),
        )
        == []
    )


# CND010

BASE = CondaActivation(prefix="/opt/conda", real="/opt/conda", name="base", is_base=True, position=0)
IN_BASE = Answers(python=answer("python", "/opt/conda"))
PROJECT = Project("/home/ann/app", workspace_root="/home/ann/app")


def in_base(**changes: Fact) -> list[Finding]:
    facts: dict[str, Fact] = {"conda": BASE, "roots": CondaRoots((SITE,)), "answers": IN_BASE, "project": PROJECT}
    return assess(working_in_base, *{**facts, "examined": EXAMINED, **changes}.values())


@pytest.mark.sick("CND010")
def test_a_project_is_worked_on_in_the_base() -> None:
    [finding] = in_base()
    assert finding.message == "the project in /home/ann/app is worked on in conda's base /opt/conda"
    assert finding.severity is Severity.INFO


@pytest.mark.sick("CND010")
def test_a_base_that_uv_does_not_recognise_fills_up() -> None:
    target = UvTarget("/opt/conda", Source.CONDA, "CONDA_PREFIX names it")
    [finding] = in_base(uv=UvTargets((0, 13, 9), target, target, target))
    assert finding.severity is Severity.WARNING
    assert finding.message.endswith(", which uv takes for an ordinary environment")


@pytest.mark.healthy("CND010")
@pytest.mark.parametrize(
    "changes",
    [
        {"venv": ActiveVenv("/v", Venv(root="/v", real="/v"))},
        {"seen": Surroundings((0, 13, 9), nearby=(Nearby(UvPlace("/home/ann/app/.venv")),))},
        {"examined": msgspec.structs.replace(EXAMINED, markers=(Marker(Place.CONTAINER, "Docker", "/.dockerenv"),))},
        {"conda": msgspec.structs.replace(BASE, prefix="/opt/conda/envs/ml", real="/opt/conda/envs/ml")},
        {"answers": Answers(python=answer("python", "/usr"))},
    ],
)
def test_the_base_is_only_in_the_background(changes: dict[str, Fact]) -> None:
    assert in_base(**changes) == []


# CND011

BASHRC = "/home/ann/.bashrc"
BLOCK = StartupLine(
    file=BASHRC, number=9, text="# >>> conda initialize >>>", kind=LineKind.BLOCK, name="conda", value="/opt/conda"
)
READ_BY_OTHERS = StartupFile(BASHRC, (Shell.BASH,), When.INTERACTIVE_NOT_LOGIN)
PROFILE = StartupFile("/home/ann/.bash_profile", (Shell.BASH,), When.LOGIN)
FOLLOWED = StartupFile(BASHRC, (Shell.BASH,), When.LOGIN, "/home/ann/.bash_profile:3")
LOGIN = msgspec.structs.replace(EXAMINED, login=True)


def unreachable(files: tuple[StartupFile, ...], examined: Examined = LOGIN, *more: Fact) -> list[Finding]:
    return assess(conda_block_unreachable, StartupFiles(files, (BLOCK,)), examined, *(more or (Commands(),)))


@pytest.mark.sick("CND011")
def test_a_login_shell_does_not_read_the_file_of_the_others() -> None:
    assert unreachable((PROFILE, READ_BY_OTHERS)) == [
        Finding(
            "conda is set up in /home/ann/.bashrc:9, which a login bash does not read; "
            "it reads /home/ann/.bash_profile",
            Fix(
                "Have /home/ann/.bash_profile read /home/ann/.bashrc",
                EditFile("/home/ann/.bash_profile", add=(f'[ -f "{BASHRC}" ] && . "{BASHRC}"',)),
                safety=Safety.CHANGES_STATE,
            ),
            "/home/ann/.bashrc:9",
            (
                Evidence("# >>> conda initialize >>>", "/home/ann/.bashrc:9"),
                Evidence("a login bash is the shell of this session", "the process above"),
            ),
        )
    ]


@pytest.mark.sick("CND011")
@pytest.mark.parametrize("also", [(), ("/home/ann/.bashrc",)])
def test_a_shell_that_is_no_login_shell_reads_the_profile_unless_that_never_ends(also: tuple[str, ...]) -> None:
    sources = tuple(
        StartupLine(file=PROFILE.path, number=1, text=f". {name}", kind=LineKind.SOURCE, name=name) for name in also
    )
    startup = StartupFiles((PROFILE, READ_BY_OTHERS), (msgspec.structs.replace(BLOCK, file=PROFILE.path), *sources))
    plain = msgspec.structs.replace(EXAMINED, login=False)
    [finding] = assess(conda_block_unreachable, startup, plain, Commands())
    [step] = finding.fix.actions
    reads = EditFile(BASHRC, add=(f'[ -f "{PROFILE.path}" ] && . "{PROFILE.path}"',))
    assert isinstance(step, Manual) if also else step == reads


@pytest.mark.sick("CND011")
def test_conda_was_set_up_for_another_shell() -> None:
    [finding] = unreachable((READ_BY_OTHERS,), msgspec.structs.replace(EXAMINED, shell="zsh", login=False))
    assert finding.message == "conda is set up in /home/ann/.bashrc:9, which zsh does not read"
    assert finding.fix.actions == (Run("/opt/conda/bin/conda", "init", "zsh"),)


@pytest.mark.healthy("CND011")
def test_the_file_is_read_or_conda_is_here_anyway() -> None:
    assert unreachable((PROFILE, FOLLOWED, READ_BY_OTHERS)) == []
    assert unreachable((READ_BY_OTHERS,), msgspec.structs.replace(EXAMINED, login=False)) == []
    assert unreachable((PROFILE, READ_BY_OTHERS), LOGIN, Commands(), CondaLevel("0", 0)) == []
    hit = Hit("conda", "/opt/conda/condabin/conda", 0, "/opt/conda/bin/conda", HitKind.SCRIPT)
    assert unreachable((PROFILE, READ_BY_OTHERS), LOGIN, Commands((hit,))) == []
    assert unreachable((PROFILE, READ_BY_OTHERS), msgspec.structs.replace(LOGIN, interactive=False)) == []
    assert unreachable((PROFILE, READ_BY_OTHERS), msgspec.structs.replace(LOGIN, shell="nu")) == []


# CND012


@pytest.mark.sick("CND012")
def test_a_conda_from_pip() -> None:
    command = CondaCommand("/home/ann/app/.venv/bin/conda", "/home/ann/app/.venv", False, "pip", "4.3.16")
    assert assess(pip_installed_conda, command) == [
        Finding(
            "/home/ann/app/.venv/bin/conda is conda 4.3.16 from pip, which is not a working conda",
            Fix(
                "Uninstall it",
                Run("/home/ann/app/.venv/bin/python", "-m", "pip", "uninstall", "--yes", "conda"),
                safety=Safety.CHANGES_STATE,
            ),
            "/home/ann/app/.venv/bin/conda",
            (Evidence("conda 4.3.16, installed by pip", "/home/ann/app/.venv"),),
        )
    ]
    [finding] = assess(pip_installed_conda, msgspec.structs.replace(command, installer="uv"))
    assert finding.fix.actions == (Run("uv", "pip", "uninstall", "--python", "/home/ann/app/.venv", "conda"),)


@pytest.mark.healthy("CND012")
@pytest.mark.parametrize(
    "command",
    [
        CondaCommand("/opt/conda/condabin/conda", "/opt/conda", True, "conda", "26.7.1"),
        CondaCommand("/opt/conda/condabin/conda", "/opt/conda", True, "pip", "26.7.1"),
        CondaCommand("/usr/bin/conda", "/usr", False),
        CondaCommand("/usr/bin/conda", "/usr", False, "rpm", "4.14"),
    ],
)
def test_a_conda_of_its_own_root_or_of_the_system(command: CondaCommand) -> None:
    assert assess(pip_installed_conda, command) == []


# CND013


@pytest.mark.sick("CND013")
def test_a_truncated_record() -> None:
    record = f"{PREFIX}/conda-meta/numpy-1.0-0.json"
    packages = CondaPackages(PREFIX, 1, broken=(BrokenRecord(record, "Input data was truncated"),))
    assert assess(conda_record_unreadable, packages) == [
        Finding(
            f"the record {record} cannot be read: Input data was truncated",
            Fix(
                "Move the record away, then install the package again",
                Run("mv", record, f"{record}.broken"),
                Manual("Install the package again with `conda install --force-reinstall`."),
                safety=Safety.CHANGES_STATE,
                undo="move it back",
            ),
            record,
            (Evidence("Input data was truncated", record),),
        )
    ]


@pytest.mark.healthy("CND013")
def test_records_that_can_be_read() -> None:
    assert assess(conda_record_unreadable, CondaPackages(PREFIX, 400)) == []
