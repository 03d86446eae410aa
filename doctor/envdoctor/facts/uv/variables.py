"""Which variables does uv read, what may they hold, and what does a wrong one stop?

Held against the real uv by tests/clinic/test_uv_variables.py. Variables that hold secrets (credentials of an index, of
publishing, of a forge) are not among them: envdoctor does not read those.
"""

from __future__ import annotations

import re

# what uv takes for yes and no: clap_builder/src/util/str_to_bool.rs, clap 4.5
YES = ("y", "yes", "t", "true", "on", "1")
NO = ("n", "no", "f", "false", "off", "0")

EVERY_COMMAND = "every uv command"
INSTALLING = "every uv command that installs"


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split())


# Names: crates/uv-static/src/env_vars.rs, uv 0.13.9.
# A word that is neither yes nor no, and an empty value too, stops the commands named here.
BOOLEANS = {
    **dict.fromkeys(
        _names("""
            UV_DEV UV_FROZEN UV_GIT_LFS UV_HIDE_BUILD_OUTPUT UV_INIT_BARE UV_ISOLATED UV_LOCKED UV_LOG_CONTEXT
            UV_MALWARE_CHECK UV_MANAGED_PYTHON UV_NATIVE_TLS UV_NO_CACHE UV_NO_CONFIG UV_NO_DEV UV_NO_EDITABLE
            UV_NO_ENV_FILE UV_NO_INSTALLER_METADATA UV_NO_INSTALL_LOCAL UV_NO_INSTALL_PROJECT UV_NO_INSTALL_WORKSPACE
            UV_NO_MANAGED_PYTHON UV_NO_PROGRESS UV_NO_SYNC UV_NO_SYSTEM_CONFIG UV_OFFLINE UV_PREVIEW
            UV_PYTHON_INSTALL_BIN UV_PYTHON_INSTALL_REGISTRY UV_SHOW_RESOLUTION UV_SKIP_WHEEL_FILENAME_CHECK
            UV_SYSTEM_CERTS UV_VENV_CLEAR UV_VENV_RELOCATABLE UV_VENV_SEED
        """),
        EVERY_COMMAND,
    ),
    "UV_SYSTEM_PYTHON": "`uv pip`, `uv venv` and `uv python find`",
    **dict.fromkeys(_names("UV_BREAK_SYSTEM_PACKAGES UV_NO_VERIFY_HASHES UV_REQUIRE_HASHES"), "`uv pip`"),
    **dict.fromkeys(_names("UV_NO_BINARY UV_NO_BUILD UV_NO_DEFAULT_GROUPS"), "`uv sync` and `uv run`"),
    **dict.fromkeys(
        _names("UV_COMPILE_BYTECODE UV_NO_BUILD_ISOLATION UV_NO_SOURCES"), "`uv pip`, `uv sync` and `uv run`"
    ),
}

# A value that is no number stops every command; an empty one is as good as none.
NUMBERS = _names("""
    HTTP_TIMEOUT UV_CONCURRENT_BUILDS UV_CONCURRENT_DOWNLOADS UV_CONCURRENT_INSTALLS UV_HTTP_CONNECT_TIMEOUT
    UV_HTTP_RETRIES UV_HTTP_TIMEOUT UV_REQUEST_TIMEOUT UV_RUN_RLIMIT_NOFILE UV_UPLOAD_HTTP_TIMEOUT
""")

# Any other word, and an empty value too, stops the commands that install.
CHOICES = {
    "UV_FORK_STRATEGY": _names("fewest requires-python"),
    "UV_INDEX_STRATEGY": _names("first-index unsafe-first-match unsafe-any-match unsafe-best-match"),
    "UV_LINK_MODE": _names("clone reflink copy hardlink symlink"),
    "UV_PRERELEASE": _names("disallow allow if-necessary explicit if-necessary-or-explicit"),
    "UV_RESOLUTION": _names("highest lowest lowest-direct"),
}

# Only an empty value stops these everywhere; what else they may hold, uv itself says best.
NEVER_EMPTY = _names("""
    UV_CACHE_DIR UV_CONFIG_FILE UV_PREVIEW_FEATURES UV_PROJECT UV_PYTHON_DOWNLOADS UV_PYTHON_PREFERENCE UV_WORKING_DIR
    UV_WORKING_DIRECTORY
""")

# An empty value stops the commands that install; what else these may hold changes from version to version.
NEVER_EMPTY_TO_INSTALL = _names("UV_EXCLUDE_NEWER UV_KEYRING_PROVIDER UV_TORCH_BACKEND")

OTHERS = _names("""
    UV_AMD_GPU_ARCHITECTURE UV_ASTRAL_MIRROR_URL UV_BUILD_CONSTRAINT UV_COMPILE_BYTECODE_TIMEOUT UV_CONSTRAINT
    UV_CUDA_DRIVER_VERSION UV_DEFAULT_INDEX UV_ENV_FILE UV_EXCLUDE UV_EXTRA_INDEX_URL UV_FIND_LINKS
    UV_GRAALPY_INSTALL_MIRROR UV_INDEX UV_INDEX_URL UV_INIT_BUILD_BACKEND UV_INSECURE_HOST
    UV_NO_GROUP UV_NO_INDEX UV_OVERRIDE UV_PROJECT_ENVIRONMENT UV_PYODIDE_INSTALL_MIRROR UV_PYPY_INSTALL_MIRROR
    UV_PYTHON UV_PYTHON_BIN_DIR UV_PYTHON_CACHE_DIR UV_PYTHON_DOWNLOADS_JSON_URL UV_PYTHON_INSTALL_DIR
    UV_PYTHON_INSTALL_MIRROR UV_PYTHON_SEARCH_PATH UV_TOOL_BIN_DIR UV_TOOL_DIR
""")

ALL = tuple(sorted({*BOOLEANS, *NUMBERS, *CHOICES, *NEVER_EMPTY, *NEVER_EMPTY_TO_INSTALL, *OTHERS}))


def problem(name: str, value: str) -> tuple[str, str] | None:
    """What is wrong with a value, and which commands it stops; None if nothing is known against it."""
    if name in BOOLEANS and value.lower() not in (*YES, *NO):
        return ("is empty, where uv wants yes or no" if not value else "is neither yes nor no"), BOOLEANS[name]
    if name in NUMBERS and value and not re.fullmatch(r"\+?[0-9]+", value):
        return "is not a whole number", EVERY_COMMAND
    if name in NEVER_EMPTY and not value:
        return "is empty", EVERY_COMMAND
    if name in NEVER_EMPTY_TO_INSTALL and not value:
        return "is empty", INSTALLING
    if name in CHOICES and value not in CHOICES[name]:
        return f"is none of {', '.join(CHOICES[name])}", INSTALLING
    return None
