"""How much of a foreign text is read, at most? docs/limits.md says the same to the user."""

FILE = 4_000_000
"""Bytes of a file that is read whole, unless it is of a kind below."""
LOCK = 32_000_000
"""Bytes of a lock file."""
GIT_INDEX = 30_000_000
"""Bytes of git's index."""
RECORDING = 10_000_000
"""Bytes of a recording or a baseline."""
UNPACKED = 20_000_000
"""Bytes of a recording that was packed into a report."""
RECORDED_OBJECTS = 500_000
"""Objects and lists in a recording or a baseline."""
RECORDED_LEVELS = 64
"""Objects and lists inside one another in a recording or a baseline."""
CERTIFICATES = 8_000_000
"""Bytes of a bundle of certificates."""
NETRC = 1_000_000
"""Bytes of a `.netrc`."""
YAML = 100_000
"""Bytes of a file in YAML: the parser needs a second for so much."""
YAML_DEPTH = 100
"""Brackets that are open at once in a file in YAML."""
TOML_DEPTH = 100
"""Brackets inside one another in TOML that is not of version 1.0."""
PINS = 100_000
"""Bytes of a `.python-version`: each of its lines is looked for among the versions."""
SMALL_FILE = 100_000
"""Bytes of a file of a few lines: `pyvenv.cfg`, a script of activation, a kernel of Jupyter, `ld.so.conf`, `.env`."""
PATH_FILE = 10_000
"""Bytes of a file that holds one path: `.venv`, `.pdm-python`."""
SETUP_FILE = 200_000
"""Bytes of a `setup.py` or `setup.cfg`."""
VSCODE = 500_000
"""Bytes of the settings of VS Code."""
PACKAGE_FILE = 1_000_000
"""Bytes of a `.pth` file, a working copy's record, or the headers of `METADATA`."""
ZIPPED_EGG = 5_000_000
"""Bytes of an egg that is one file: the list of what is in it is read whole."""
INSTALLED_ENTRIES = 50_000
"""Entries of a directory of packages: the largest that have been seen have 3,000."""
INSTALLED_FILES = 30_000_000
"""Bytes of `RECORD`, a package's list of files."""
LISTED_ENVIRONMENTS = 1_000_000
"""Bytes of conda's `environments.txt`."""
CONDA_RECORD = 50_000_000
"""Bytes of conda's record of a package."""
EXTENSION = 30_000_000
"""Bytes of an extension module that is searched for the interfaces it wants."""
LOADER_CACHE = 32_000_000
"""Bytes of the loader's cache, `ld.so.cache`."""
PROCESSORS = 20_000_000
"""Bytes of `/proc/cpuinfo`, which grows with the processors."""

STARTUP_FILE = 1_050_000
"""Bytes of a start-up file of a shell."""
FOLLOWED_FILE = 30_000
"""Bytes of a file that a start-up file reads: it may be a whole program."""
STARTUP_FILES = 1_500_000
"""Bytes of all start-up files together."""
BLOCKS = 100
"""Blocks inside one another in a start-up file."""
VALUE = 131_072
"""Characters of a variable's value in a start-up file: what Linux gives a program of one variable."""
VALUES = 2_000_000
"""Characters of all such values together."""
CONDA_BLOCKS = 20
"""Blocks of conda or mamba in a start-up file."""

REQUIREMENT = 4_000
"""Characters of a requirement, a version or a set of specifiers."""
GROUPS_DEEP = 50
"""Dependency groups that include one another in a row."""
GROUPED = 20_000
"""Dependencies of all groups, each with those that it includes."""
PIP_DEFAULTS = 50_000_000
"""Characters of `[DEFAULT]` in pip's configuration, times the sections that take them in."""

JOURNAL = 50_000_000
"""Bytes of the journal of what `envdoctor fix --apply` has written."""

OUTPUT = 1_000_000
"""Bytes that a program prints."""
