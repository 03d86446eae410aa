"""How much of a foreign text is read, at most? docs/limits.md says the same to the user."""

FILE = 4_000_000
"""Bytes of a file that is read whole, unless it is of a kind below."""
LOCK = 32_000_000
"""Bytes of a lock file."""
GIT_INDEX = 30_000_000
"""Bytes of git's index."""
RECORDING = 10_000_000
"""Bytes of a recording or a baseline."""
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
PINS = 100_000
"""Bytes of a `.python-version`: each of its lines is looked for among the versions."""

STARTUP_FILE = 200_000
"""Bytes of a start-up file of a shell."""
FOLLOWED_FILE = 30_000
"""Bytes of a file that a start-up file reads: it may be a whole program."""
STARTUP_FILES = 1_000_000
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

OUTPUT = 1_000_000
"""Bytes that a program prints."""
