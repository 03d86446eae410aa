"""What can a start-up file do that concerns Python? Nothing else of it is remembered, above all no other value."""

from __future__ import annotations

import enum

from envdoctor.engine.fact import Fact
from envdoctor.engine.finding import Evidence
from envdoctor.facts.commands.commands import TRACKED
from envdoctor.facts.shell.expansion import Edit
from envdoctor.facts.shell.parser import Place

# the variables whose values are read
EXPORTS = frozenset(
    (
        *("LD_LIBRARY_PATH", "LD_PRELOAD", "DYLD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH"),
        *("DYLD_INSERT_LIBRARIES", "KMP_DUPLICATE_LIB_OK"),
        *("PYTHONPATH", "PYTHONHOME", "PYTHONUSERBASE", "PYTHONNOUSERSITE", "PYTHONSAFEPATH", "VIRTUAL_ENV"),
        *("WORKON_HOME", "VIRTUALENVWRAPPER_PYTHON", "CUDA_HOME"),
        *("PYENV_ROOT", "PYENV_VERSION", "CONDA_PREFIX", "CONDA_DEFAULT_ENV", "CONDA_SHLVL", "CONDA_ENVS_PATH"),
        *("CONDA_PKGS_DIRS", "CONDARC"),
        *("CONDA_AUTO_ACTIVATE", "CONDA_AUTO_ACTIVATE_BASE", "MAMBA_ROOT_PREFIX", "MAMBA_EXE"),
        *("UV_PYTHON_INSTALL_MIRROR", "UV_PYPY_INSTALL_MIRROR", "UV_INSTALLER_GITHUB_BASE_URL"),
        *("UV_INSTALLER_GHE_BASE_URL",),
        *("UV_DOWNLOAD_URL", "UV_DEFAULT_INDEX", "UV_INDEX", "UV_INDEX_URL", "UV_EXTRA_INDEX_URL"),
        *("UV_FIND_LINKS", "UV_SYSTEM_PYTHON", "UV_PYTHON"),
        *("UV_PROJECT_ENVIRONMENT", "UV_CACHE_DIR", "UV_LINK_MODE", "UV_NATIVE_TLS", "UV_SYSTEM_CERTS"),
        *("UV_PYTHON_PREFERENCE", "UV_OFFLINE"),
        *("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_FIND_LINKS", "PIP_TRUSTED_HOST", "PIP_TARGET"),
        *("PIP_PREFIX", "PIP_ROOT", "PIP_PYTHON", "PIP_USER"),
        *("PIP_REQUIRE_VIRTUALENV", "PIP_BREAK_SYSTEM_PACKAGES", "PIP_CONFIG_FILE", "PIP_CERT", "PIP_PROXY"),
        *("PIP_CACHE_DIR", "PIP_CONSTRAINT", "PIP_REQUIREMENT", "PIP_NO_INDEX", "PIP_NO_INPUT", "PIP_TIMEOUT"),
        *("PIP_DEFAULT_TIMEOUT", "PIP_RETRIES", "PIP_REQUIRE_HASHES", "PIP_NO_CACHE_DIR", "PIP_ONLY_BINARY"),
        *("PIP_DISABLE_PIP_VERSION_CHECK", "UV_CONSTRAINT", "UV_OVERRIDE", "UV_BUILD_CONSTRAINT", "UV_CONFIG_FILE"),
        *("UV_NO_CONFIG", "UV_NO_CACHE", "UV_NO_INDEX", "UV_INSECURE_HOST", "UV_INDEX_STRATEGY", "UV_HTTP_TIMEOUT"),
        *("UV_PYTHON_DOWNLOADS", "UV_RESOLUTION", "UV_PRERELEASE", "UV_CONCURRENT_DOWNLOADS", "UV_COMPILE_BYTECODE"),
        *("UV_MANAGED_PYTHON", "UV_NO_MANAGED_PYTHON", "UV_KEYRING_PROVIDER", "HF_HUB_OFFLINE", "CONDA_CHANNEL_ALIAS"),
        *("HF_ENDPOINT", "HF_HOME", "SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"),
        *("GIT_SSL_CAINFO",),
        *("http_proxy", "https_proxy", "all_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"),
        *("NO_PROXY",),
        *("TMPDIR", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "ZDOTDIR", "BASH_ENV"),
    )
)
# the commands whose aliases and functions are read
NAMES = frozenset(TRACKED) | {"py", "python2", "pip2", "ipython", "activate", "deactivate", "mise", "asdf", "tmux"}


class LineKind(enum.Enum):
    """What a line of a start-up file does."""

    PATH = "edits the search path"
    EXPORT = "exports a variable"
    ASSIGNMENT = "sets a variable without exporting it"
    UNSET = "removes a variable"
    ALIAS = "defines an alias"
    FUNCTION = "defines a function"
    BLOCK = "an initialisation block"
    INIT = "runs what a tool prints"
    SOURCE = "reads another file"
    GUARD = "ends here unless interactive"
    STOP = "may end here"


class StartupLine(Fact, frozen=True, kw_only=True):
    """One thing that a start-up file does.

    Attributes:
        file: the file, as it is reached.
        number: the line that it begins in.
        text: the command, without what does not concern it.
        kind: what it does.
        name: of what: the variable, alias, function or tool; the file that is read; `conda` or `mamba` for a block.
        value: the variable's value or the alias's target without quotes, the arguments of a tool, the root of a block.
        edit: for a list of directories, what becomes of its old value.
        directories: the elements that are added or assigned, expanded where that is possible.
        place: whether it is always done.
        interactive_only: whether it stands under a condition that asks whether the shell is interactive.
        end: the last line of a block; None if it is not closed.
    """

    file: str
    number: int
    text: str
    kind: LineKind
    name: str
    value: str | None = None
    edit: Edit | None = None
    directories: tuple[str, ...] = ()
    place: Place = Place.TOP
    interactive_only: bool = False
    end: int | None = None

    @property
    def origin(self) -> str:
        """Where it stands, as `file:line`."""
        return f"{self.file}:{self.number}"

    @property
    def evidence(self) -> Evidence:
        """The line as proof."""
        return Evidence(self.text, self.origin)
