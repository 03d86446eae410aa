"""What does conda's configuration say: which files, which value wins, where does each come from?

conda reads its files itself; envdoctor reads them in the same order, without running conda, and keeps the line of each
value. A key that stands twice and a tab stop conda, so they stop the reading of that file here too.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

from envdoctor.engine.fact import Fact, Unavailable, probe
from envdoctor.facts.conda.installations import CondaRoots
from envdoctor.system.files import Unreadable
from envdoctor.system.session import Session
from envdoctor.text.plain import plain

if TYPE_CHECKING:
    import yaml

NAMES = (".condarc", "condarc")
CONTENT_PROBLEMS = ("a binary file", "line ")  # of the reasons that a file cannot be read, those that stop conda too

# Keys, their variables and their aliases: conda/base/context.py, conda 26.7.1.
# Variables that say what a key of the files says; conda knows one for every key, these are the ones that matter here.
VARIABLES = {
    "CONDA_ALLOW_CONDA_DOWNGRADES": "allow_conda_downgrades",
    "CONDA_AUTO_ACTIVATE": "auto_activate",
    "CONDA_AUTO_ACTIVATE_BASE": "auto_activate_base",
    "CONDA_AUTO_STACK": "auto_stack",
    "CONDA_CHANGEPS1": "changeps1",
    "CONDA_CHANNELS": "channels",
    "CONDA_CHANNEL_ALIAS": "channel_alias",
    "CONDA_CHANNEL_PRIORITY": "channel_priority",
    "CONDA_DEFAULT_ACTIVATION_ENV": "default_activation_env",
    "CONDA_DEFAULT_CHANNELS": "default_channels",
    "CONDA_ENVS_DIRS": "envs_dirs",
    "CONDA_ENVS_PATH": "envs_dirs",
    "CONDA_OFFLINE": "offline",
    "CONDA_PKGS_DIRS": "pkgs_dirs",
    "CONDA_REGISTER_ENVS": "register_envs",
    "CONDA_SOLVER": "solver",
    "CONDA_SSL_VERIFY": "ssl_verify",
    "CONDA_SUBDIR": "subdir",
}
# The settings whose values are read; those of any other key may be anything, a secret too.
KNOWN = frozenset(
    (
        *VARIABLES.values(),
        *(
            "allow_other_channels",
            "always_copy",
            "always_softlink",
            "always_yes",
            "auto_update_conda",
            "channel_settings",
        ),
        *("client_ssl_cert", "client_ssl_cert_key", "create_default_packages", "custom_channels"),
        *("custom_multichannels", "default_threads", "disallowed_packages", "env_prompt", "envs_path", "force_32bit"),
        *(
            "migrated_channel_aliases",
            "nodefaults",
            "override_channels_enabled",
            "pinned_packages",
            "pip_interop_enabled",
        ),
        *(
            "proxy_servers",
            "remote_connect_timeout_secs",
            "remote_max_retries",
            "remote_read_timeout_secs",
            "rollback_enabled",
        ),
        *("root_prefix", "safety_checks", "show_channel_urls", "solver", "ssl_verify", "use_pip", "verify_ssl"),
        *("whitelist_channels", "denylist_channels", "allowlist_channels"),
    )
)
ALIASES = {"envs_path": "envs_dirs", "auto_activate_base": "auto_activate", "verify_ssl": "ssl_verify"}
PATH_LISTS = ("envs_dirs", "pkgs_dirs")
LISTS = ("channels", "default_channels", *PATH_LISTS)


class CondarcFile(Fact, frozen=True):
    """A configuration file of conda that exists.

    Attributes:
        path: the file.
        problem: why conda cannot read it; None if it can.
        line: where the problem is, from 1; None if it has no line.
        skipped: why envdoctor has left it unread, though conda may read it: a pipe, a device, another user's file.
    """

    path: str
    problem: str | None = None
    line: int | None = None
    skipped: str | None = None


class CondarcValue(Fact, frozen=True):
    """One value: a scalar, one element of a list, or one entry of a map.

    Attributes:
        key: the setting, its aliases resolved: `channels`, `custom_channels`; one that is not known here, and its
            entries, in plain words.
        value: as the file spells it; empty for a setting that is not known here.
        origin: the file with its line, or the variable.
        entry: the key inside a map, `conda-forge`; None outside of maps.
        path: the file; None for a variable.
        listed: whether it is an element of a list.
    """

    key: str
    value: str
    origin: str
    entry: str | None = None
    path: str | None = None
    listed: bool = False


class Condarc(Fact, frozen=True):
    """conda's configuration: variables, then files, the winner first.

    Attributes:
        files: the files that conda reads here, the one that wins first.
        values: what is set, the winner of two equal keys first. Lists are joined in this order, maps entry by entry.
    """

    files: tuple[CondarcFile, ...] = ()
    values: tuple[CondarcValue, ...] = ()

    def value(self, key: str) -> CondarcValue | None:
        """The value of a scalar setting; None if nothing sets it."""
        return next((value for value in self.values if value.key == key and not value.listed), None)

    def switched_on(self, key: str) -> bool:
        """Whether a setting that is yes or no is yes."""
        value = self.value(key)
        return value is not None and value.value.lower() in ("true", "yes", "on", "y", "1")

    def elements(self, key: str) -> tuple[CondarcValue, ...]:
        """The elements of a list setting, in conda's order, each once."""
        elements: dict[str, CondarcValue] = {}
        for value in self.values:
            if value.key == key and value.entry is None:
                elements.setdefault(value.value, value)
        return tuple(elements.values())

    def entries(self, key: str) -> tuple[CondarcValue, ...]:
        """The entries of a map setting, for each key the one that wins."""
        entries: dict[str, CondarcValue] = {}
        for value in self.values:
            if value.key == key and value.entry is not None:
                entries.setdefault(value.entry, value)
        return tuple(entries.values())


@probe
def probe_condarc(session: Session, roots: CondaRoots | None) -> Condarc:
    """Read conda's variables and configuration files in the order in which conda does."""
    values = [value for name in VARIABLES if name in session.env for value in of_variable(name, session.env[name])]
    files: list[CondarcFile] = []
    for path in _paths(session, roots):
        file, found = read_condarc(path)
        files.append(file)
        values.extend(found)
    if not files and not values and roots is None:
        raise Unavailable("no conda here")
    return Condarc(tuple(files), tuple(values))


def of_variable(name: str, text: str) -> Iterator[CondarcValue]:
    """What a variable says: one value, or the elements of a list."""
    key = ALIASES.get(VARIABLES[name], VARIABLES[name])
    if key in LISTS:
        for item in text.split(os.pathsep if key in PATH_LISTS else ","):
            if item.strip():
                yield CondarcValue(key, item.strip(), name, listed=True)
    elif text:
        yield CondarcValue(key, text, name)


def _paths(session: Session, roots: CondaRoots | None) -> Iterator[str]:
    """The files that exist among those that conda reads, the one that wins first."""
    explicit = session.env.get("CONDARC")
    if explicit:
        yield from _existing((_expanded(session, explicit),))
    if prefix := session.env.get("CONDA_PREFIX"):
        yield from _of_directory(prefix)
    seen = {session.env.get("CONDA_PREFIX")}
    if home := session.home:
        yield from _existing((os.path.join(home, ".condarc"), os.path.join(home, ".mambarc")))
        yield from _of_directory(os.path.join(home, ".conda"))
        seen.add(os.path.join(home, ".config", "conda"))
        yield from _of_directory(os.path.join(home, ".config", "conda"))
    others = [os.path.join(config, "conda")] if (config := session.env.get("XDG_CONFIG_HOME")) else []
    root = roots.active if roots else None
    for directory in (*others, *((root,) if root else ()), "/var/lib/conda", "/etc/conda"):
        if directory not in seen:
            yield from _of_directory(directory)


def _expanded(session: Session, path: str) -> str:
    home = session.home
    return home + path[1:] if home and (path == "~" or path.startswith("~/")) else path


def _of_directory(directory: str) -> Iterator[str]:
    """The configuration files of one directory, the one that wins first."""
    fragments = os.path.join(directory, "condarc.d")
    try:
        names = sorted(os.listdir(fragments), reverse=True)
    except OSError:
        names = []
    yield from (os.path.join(fragments, name) for name in names if name.endswith((".yml", ".yaml")))
    yield from _existing(os.path.join(directory, name) for name in reversed(NAMES))


def _existing(paths: Iterator[str] | tuple[str, ...]) -> Iterator[str]:
    return (path for path in paths if os.path.lexists(path) and not os.path.isdir(path))


def read_condarc(path: str) -> tuple[CondarcFile, tuple[CondarcValue, ...]]:
    """A file and its values; none if conda could not read it."""
    from envdoctor.system.yaml import NotYaml, read_yaml

    try:
        node = read_yaml(path)
        return CondarcFile(path), tuple(_values(node, path)) if node else ()
    except NotYaml as error:
        return CondarcFile(path, error.reason.replace("\\t", "a tab"), error.line), ()
    except Unreadable as unreadable:
        if unreadable.reason.startswith(CONTENT_PROBLEMS):
            return CondarcFile(path, unreadable.reason), ()
        return CondarcFile(path, skipped=unreadable.reason), ()


def _values(node: yaml.Node, path: str) -> Iterator[CondarcValue]:
    """The values of a document. Raises NotYaml where conda would."""
    import yaml

    from envdoctor.system.yaml import NotYaml

    if not isinstance(node, yaml.MappingNode):
        raise NotYaml(path, "not a list of settings", node.start_mark.line + 1)
    seen: set[str] = set()
    for key_node, value in node.value:
        if not isinstance(key_node, yaml.ScalarNode):
            continue  # a list that names no setting; written out, its anchors could fill the memory
        key = str(key_node.value)
        if key in seen:
            raise NotYaml(path, f"the key {plain(key)!r} stands here twice", key_node.start_mark.line + 1)
        seen.add(key)
        yield from _of_setting(ALIASES.get(key, key), value, path)


def _of_setting(key: str, node: yaml.Node, path: str) -> Iterator[CondarcValue]:
    import yaml

    def made(item: yaml.Node, entry: str | None = None, *, listed: bool = False) -> CondarcValue:
        origin = f"{path}:{item.start_mark.line + 1}"
        if key in KNOWN:
            return CondarcValue(key, str(item.value), origin, entry, path, listed)
        return CondarcValue(plain(key), "", origin, plain(entry) if entry else entry, path, listed)

    if isinstance(node, yaml.ScalarNode):
        if node.tag != "tag:yaml.org,2002:null":
            yield made(node)
    elif isinstance(node, yaml.SequenceNode):
        yield from (made(item, listed=True) for item in node.value if isinstance(item, yaml.ScalarNode))
    elif isinstance(node, yaml.MappingNode):
        for name, item in node.value:
            if isinstance(name, yaml.ScalarNode) and isinstance(item, yaml.ScalarNode):
                yield made(item, str(name.value))
