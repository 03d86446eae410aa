"""Who is examined, and where? The session as a report shows it, and what surrounds it, from tmux to a container?"""

from __future__ import annotations

import enum
import os
from collections.abc import Iterator, Mapping, Sequence

from envdoctor.engine.fact import Fact, probe
from envdoctor.facts.session.occasion import Occasion, by_processes, is_service
from envdoctor.system import calling_shell, processes
from envdoctor.system.files import Unreadable, read_text
from envdoctor.system.processes import Process
from envdoctor.system.session import Session
from envdoctor.system.unread import note


class Place(enum.Enum):
    """The kinds of surroundings that change how a session comes by its environment."""

    MULTIPLEXER = "multiplexer"
    EDITOR = "editor"
    NOTEBOOK = "notebook"
    SSH = "ssh"
    OTHER_USER = "other user"
    CI = "ci"
    BATCH_JOB = "batch job"
    CLUSTER = "cluster"
    CONTAINER = "container"
    CONTAINER_BUILD = "container build"
    WSL = "wsl"


MULTIPLEXERS = ("tmux", "screen", "zellij")

# Each is set by the program itself, and named in its manual.
VARIABLES = (
    (Place.MULTIPLEXER, "tmux", "TMUX"),
    (Place.MULTIPLEXER, "screen", "STY"),
    (Place.MULTIPLEXER, "zellij", "ZELLIJ"),
    (Place.EDITOR, "VS Code", "TERM_PROGRAM=vscode"),
    (Place.EDITOR, "Zed", "TERM_PROGRAM=zed"),
    (Place.EDITOR, "JetBrains", "TERMINAL_EMULATOR=JetBrains-JediTerm"),
    (Place.EDITOR, "Emacs", "INSIDE_EMACS"),
    (Place.EDITOR, "Neovim", "NVIM"),
    (Place.EDITOR, "Vim", "VIM_TERMINAL"),
    (Place.NOTEBOOK, "Jupyter", "JPY_PARENT_PID"),
    (Place.NOTEBOOK, "Colab", "COLAB_RELEASE_TAG"),
    (Place.NOTEBOOK, "Kaggle", "KAGGLE_KERNEL_RUN_TYPE"),
    (Place.SSH, "SSH", "SSH_CONNECTION"),
    (Place.OTHER_USER, "sudo", "SUDO_USER"),
    (Place.OTHER_USER, "doas", "DOAS_USER"),
    (Place.OTHER_USER, "pkexec", "PKEXEC_UID"),
    (Place.BATCH_JOB, "Slurm", "SLURM_JOB_ID"),
    (Place.BATCH_JOB, "PBS", "PBS_JOBID"),
    (Place.BATCH_JOB, "LSF", "LSB_JOBID"),
    (Place.BATCH_JOB, "Grid Engine", "SGE_TASK_ID"),
    (Place.CLUSTER, "Lmod", "LMOD_CMD"),
    (Place.CLUSTER, "environment modules", "MODULESHOME"),
    (Place.CONTAINER, "Kubernetes", "KUBERNETES_SERVICE_HOST"),
    (Place.CONTAINER, "Apptainer", "APPTAINER_CONTAINER"),
    (Place.CONTAINER, "Singularity", "SINGULARITY_CONTAINER"),
    (Place.CONTAINER, "Codespaces", "CODESPACES=true"),
)

# as https://github.com/watson/ci-info lists them; Azure sets no CI
CI = (
    ("GitHub Actions", "GITHUB_ACTIONS"),
    ("GitLab CI", "GITLAB_CI"),
    ("Azure Pipelines", "TF_BUILD"),
    ("Jenkins", "JENKINS_URL", "BUILD_ID"),
    ("CircleCI", "CIRCLECI"),
    ("Travis CI", "TRAVIS"),
    ("Buildkite", "BUILDKITE"),
    ("Bitbucket Pipelines", "BITBUCKET_COMMIT"),
    ("AppVeyor", "APPVEYOR"),
    ("TeamCity", "TEAMCITY_VERSION"),
    ("Drone", "DRONE"),
    ("Cirrus CI", "CIRRUS_CI"),
    ("AWS CodeBuild", "CODEBUILD_BUILD_ARN"),
    ("Woodpecker", "CI=woodpecker"),
)

FILES = (("/.dockerenv", "Docker"), ("/run/.containerenv", "Podman"))
BUILDKIT = "buildkitsandbox"
"""The name of the host in a build step of BuildKit, which makes none of these files."""

# where no process above tells the occasion: inside a container those of its host cannot be seen
OCCASIONS = (
    (Place.CI, Occasion.CI_STEP),
    (Place.BATCH_JOB, Occasion.BATCH_JOB),
    (Place.NOTEBOOK, Occasion.NOTEBOOK_COMMAND),
    (Place.CONTAINER_BUILD, Occasion.BUILD_STEP),
    (Place.CONTAINER, Occasion.CONTAINER_COMMAND),
)


class Marker(Fact, frozen=True):
    """One thing that says where a session runs.

    Attributes:
        place: the kind of surroundings.
        name: their name: `tmux`, `VS Code`, `GitHub Actions`.
        origin: the variable, file or process that says so.
    """

    place: Place
    name: str
    origin: str


class Examined(Fact, frozen=True):
    """The session that is examined.

    Attributes:
        shell: the calling shell, `bash`, never what `SHELL` says; None if no shell is among the processes above.
        login: whether that shell was started as a login shell.
        interactive: whether it takes its commands from a person; None where that cannot be known.
        shell_started: when that shell was started, in seconds since 1970; None where that cannot be known.
        cwd: the working directory; None if it has been deleted.
        home: the home directory; None if there is none.
        search_path: the elements of `PATH`.
        virtual_env: what `VIRTUAL_ENV` says; None if it is not set.
        user_id: the number of the user who runs envdoctor.
        effective_user_id: the number of the user whose rights it has.
        system: `Linux`, `Darwin` …
        machine: `x86_64`, `arm64` …
        launched_as: what started envdoctor: `plain`, `uvx`, `uv tool`, `pipx` …
        note: why the session differs from what envdoctor itself was given; None if it does not.
        removed: search path elements that the launcher had put there, and that are left out.
        python: the interpreter that `--python` names; None if none was named.
        markers: what surrounds the session.
        occasion: what it is part of, if no person types in it: a step of a CI service, a cron job …
    """

    shell: str | None
    login: bool | None
    interactive: bool | None
    shell_started: float | None
    cwd: str | None
    home: str | None
    search_path: tuple[str, ...]
    virtual_env: str | None
    user_id: int
    effective_user_id: int
    system: str
    machine: str
    launched_as: str
    note: str | None = None
    removed: tuple[str, ...] = ()
    python: str | None = None
    markers: tuple[Marker, ...] = ()
    occasion: Occasion = Occasion.SESSION

    @property
    def wsl(self) -> Marker | None:
        """What shows that it is in WSL; None if it is not."""
        return self.at(Place.WSL)

    def at(self, place: Place) -> Marker | None:
        """The first marker of a place; None if the session is not in one."""
        return next((marker for marker in self.markers if marker.place is place), None)


@probe
def probe_examined(session: Session) -> Examined:
    """Describe the session itself."""
    if session.launch.unread:
        note(session.launch.unread, "not shown to this process, so that the session is known only in part")
    shell = calling_shell.find(session.processes)
    system = os.uname()
    if system.sysname == "Linux" and not processes.in_files():
        note(processes.PROC, "nothing there: the shell, the programs above it and the mounts are not known")
    markers = tuple(surroundings(session.env, session.processes, system.release, host=system.nodename))
    return Examined(
        shell=shell.name if shell else None,
        login=shell.login if shell else None,
        interactive=shell.interactive if shell else None,
        shell_started=shell.process.started if shell else None,
        cwd=session.cwd,
        home=session.home,
        search_path=session.search_path,
        virtual_env=session.env.get("VIRTUAL_ENV"),
        user_id=os.getuid(),
        effective_user_id=os.geteuid(),
        system=system.sysname,
        machine=system.machine,
        launched_as=session.launch.kind,
        note=session.launch.note,
        removed=session.launch.removed,
        python=session.python,
        markers=markers,
        occasion=occasion_of(session.processes, markers),
    )


def occasion_of(above: Sequence[Process], markers: Sequence[Marker]) -> Occasion:
    """What a command below these processes, in these surroundings, is part of."""
    if told := by_processes(above):
        return told
    places = {marker.place for marker in markers}
    if found := next((occasion for place, occasion in OCCASIONS if place in places), None):
        return found
    return Occasion.SERVICE if is_service(above) else Occasion.SESSION


def surroundings(
    env: Mapping[str, str], above: Sequence[Process], release: str, root: str = "", *, host: str = ""
) -> Iterator[Marker]:
    """What surrounds a session with these variables, below these processes, on a machine with this kernel and name."""
    names = [process.name for process in above]
    multiplexed = any(name.lower().startswith(MULTIPLEXERS) for name in names)
    for place, name, *variables in VARIABLES:
        # inside a multiplexer the variables of an editor are those of the terminal where its server was started
        if all(_is_set(env, variable) for variable in variables) and not (place is Place.EDITOR and multiplexed):
            yield Marker(place, name, variables[0])
    if "su" in names:
        yield Marker(Place.OTHER_USER, "su", f"process {above[names.index('su')].pid}")
    yield from _ci(env)
    yield from (Marker(Place.CONTAINER, name, path) for path, name in FILES if os.path.exists(root + path))
    yield from _builds(root, host)
    if "microsoft" in release.lower():
        version = "WSL 2" if "WSL2" in release or "microsoft" in release else "WSL 1"
        yield Marker(Place.WSL, version, f"kernel {release}")


def _builds(root: str, host: str) -> Iterator[Marker]:
    """What says that a container is being built: BuildKit's name of the host, buildah's own line in its file."""
    if host == BUILDKIT:
        yield Marker(Place.CONTAINER, "BuildKit", f"host name {host}")
        yield Marker(Place.CONTAINER_BUILD, "BuildKit", f"host name {host}")
    try:
        engine = read_text(f"{root}/run/.containerenv")
    except Unreadable:
        return
    if 'engine="buildah-' in engine:
        yield Marker(Place.CONTAINER_BUILD, "buildah", "/run/.containerenv")


def _is_set(env: Mapping[str, str], variable: str) -> bool:
    """Whether a variable is set, or for `NAME=value` is just that."""
    name, equals, value = variable.partition("=")
    return env.get(name) == value if equals else bool(env.get(name))


def _ci(env: Mapping[str, str]) -> Iterator[Marker]:
    """The continuous integration service; one that is unknown still sets `CI`."""
    for name, *variables in CI:
        if all(_is_set(env, variable) for variable in variables):
            yield Marker(Place.CI, name, variables[0])
            return
    if env.get("CI", "").lower() not in ("", "0", "false"):
        yield Marker(Place.CI, "CI", "CI")
