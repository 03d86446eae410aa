"""Files and variables that no tool understands, because a secret stands where something else should."""

from __future__ import annotations

from tests.secrets.well_formed import OTHERS

# programs that say nothing but an error
FAIL = ("python", "python3", "pip", "pyenv", "conda")

FILES = {
    "said/python": "Fatal Python error: @any fatal error@\nerror: @any last line@\n",
    "said/python3": "@any first line@\nImportError: @any ImportError@\ncannot: @any cannot@\n",
    "said/pip": "@any error@\n",
    "said/pyenv": "pyenv: version `@any version@' is not installed\n",
    "said/conda": "@any error@\n",
    "said/uv": """warning: @any warning@
warning: Failed to parse `/x/uv.toml` during settings discovery:
  TOML parse error at line 2, column 1
    |
  2 | @any warned line@
    | ^
  unknown field `@any unknown field@`, expected one of `a`, `b`

error: @any error@
  Caused by: TOML parse error at line 1, column 1
  |
1 | @any line@
  | ^
@any cause@
""",
    "home/.bashrc": "export A='@any open quote@\n",
    "home/.zshrc": "case @any case@ in\nfor @any for@\n",
    "home/.config/pip/pip.conf": "@any stray line@\n[global]\n@any line@\n",
    "home/.config/uv/uv.toml": "@any stray line@\nx = [\n",
    "home/.condarc": "a: 1\na: @any second@\n\t@any line@: [\n",
    "home/.pyenv/version": "@any version@\n",
    "home/.local/share/jupyter/kernels/bad/kernel.json": '{"argv": [@any line@',
    "project/pyproject.toml": """[project]
name = 'app'
version = '1'
requires-python = 'more than @any requires-python@'
dependencies = ['@any invalid dependency@ and more']
[dependency-groups]
dev = ['@any invalid in a group@ and more', {include-group = '@any unknown group@'}]
[tool.uv]
default-groups = ['@told default group@']
[tool.uv.workspace]
members = ['x*']
""",
    "project/x/file": "",
    "project/requirements.txt": """@any invalid line@ and more
six =< @any invalid version@
--what @any unknown option@ '
-r @name missing file@
""",
    "project/uv.lock": "version = 1\n@any line@\n",
    "project/Pipfile": "<<<<<<< @any conflict@\n=======\n>>>>>>> @any its end@\n",
    "project/environment.yml": "name: @any name@\n - @any line@: [\n*@any anchor@\n",
    "project/environment.yaml": """name: app
dependencies:
  - 'a[@any extra@]'
  - 'a @ @any place@'
  - 'a =<@any version@'
  - [1]
  - '@any dependency@'
'@any unknown section@': 1
'@any unknown section@': 2
""",
    "project/pixi.lock": "version: @any version@\n",
    "project/.venv": "@any redirect@\n",
    "project/.python-version": "@told version@\n",
    "project/.vscode/settings.json": '{"python.defaultInterpreterPath": @any line@',
    "project/venv/pyvenv.cfg": "@any line@\nhome @any home@\n",
}

# their values are of a few words, and any other is what a finding is about
OF_FEW_WORDS = (
    *("UV_LINK_MODE", "UV_CONCURRENT_BUILDS", "UV_INDEX_STRATEGY", "UV_OFFLINE", "UV_PYTHON_PREFERENCE"),
    *("PIP_NO_CACHE_DIR", "PIP_TIMEOUT", "CONDA_CHANNEL_PRIORITY", "CONDA_AUTO_ACTIVATE", "CONDA_SHLVL"),
)
VARIABLES = dict.fromkeys(OF_FEW_WORDS, "@told value@") | dict.fromkeys(OTHERS, "@any value@")
