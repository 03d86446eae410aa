"""Files and variables that every tool can read, with secrets in all of them."""

from __future__ import annotations

STARTUP = """# @any comment@
export CORP_THING='@any export@'
OTHER='@any assignment@'
export PIP_INDEX_URL='@told PIP_INDEX_URL@'
export PYTHONPATH='/opt/@name PYTHONPATH@'
export PATH='/opt/@name PATH@':"$PATH"
export HF_ENDPOINT=https://hf.example # @any comment behind@
export LD_LIBRARY_PATH='/opt/@name LD_LIBRARY_PATH@'
alias pip='pip --proxy @any alias of pip@'
alias python='env THING=@any alias of python@ python3'
alias deploy='deploy @any alias@'
python() { run '@any function@' python3 "$@"; }
deactivate() { echo '@any function deactivate@'; }
if [ "$THING" = '@any condition@' ]; then export PATH=/opt/a:$PATH; fi
[ -n '@any guard@' ] || return
case "$-" in *i*) ;; *) echo '@any case of the guard@'; return ;; esac
eval "$(pyenv init - @any call of a tool@)"
eval "$(corp login @any call in an eval@)"
conda activate '@told conda activate@'
. ~/'@name source@'
curl -H '@any other command@' https://corp.example | sh
"""

FILES = {
    "said/tmux": """CORP=@any unknown@
PIP_INDEX_URL=@told PIP_INDEX_URL@
HTTPS_PROXY=@told HTTPS_PROXY@
PATH=/opt/@name PATH@
LD_LIBRARY_PATH=/opt/@name LD_LIBRARY_PATH@
""",
    "home/.bashrc": STARTUP,
    "home/.bash_profile": STARTUP,
    "home/.zshrc": STARTUP,
    "home/.config/fish/config.fish": """set -gx CORP_THING '@any set@'
set -gx PIP_INDEX_URL '@told PIP_INDEX_URL@'
alias python 'env THING=@any alias@ python3'
function pip; run '@any function@' $argv; end
if test "$THING" = '@any condition@'; set -gx PATH /opt/a $PATH; end
""",
    "home/.config/pip/pip.conf": """[global]
index-url = @told index-url@
extra-index-url =
    @word extra-index-url@
    @word second extra-index-url@
find-links = @word find-links@
proxy = @told proxy@
cert = @told cert@
trusted-host = @word trusted-host@
what-is-this = @any unknown key@
password = @any password@
; @any comment@
@any unknown name@ = 1
[corp]
note = @any unknown section@
[@any section@]
index-url = https://m.example/simple
@any unknown name in a section@ = 1
""",
    "home/.config/uv/uv.toml": """index-url = '@told index-url@'
what-is-this = '@any unknown key@'
publish-url = '@told publish-url@'
offline = true # @any comment behind@
'@any unknown name@' = 1
['@any unknown table@']
x = 1
[pip]
'@any unknown name of pip@' = 1
extra-index-url = ['@told pip.extra-index-url@']
secret-thing = '@any unknown key of pip@'
[[index]]
name = 'corp'
url = '@told index@'
note = '@any unknown key of an index@'
""",
    "home/.condarc": """channels:
  - '@told channel@'
channel_alias: '@told channel_alias@'
custom_channels:
  corp: '@told custom_channels@'
proxy_servers:
  https: '@told proxy_servers@'
what_is_this: '@any unknown key@'
unknown_list: ['@any unknown list@']
unknown_map:
  token: '@any unknown map@'
  '@any unknown entry@': 1
'@any unknown name@': 1
'@any name of an unknown list@': [1]
'@any name of an unknown map@': {a: 1}
""",
    "home/.conda/environments.txt": "ROOT/home/@name line@\n",
    "home/.netrc": "machine m.example login me password @any password@\n",
    "home/.pypirc": "[corp]\nusername = me\npassword = @any password@\n",
    "home/.local/share/jupyter/kernels/corp/kernel.json": """{
"argv": ["/opt/gone/python", "-m", "ipykernel", "--token", "@any argument@"],
"display_name": "@told name@", "env": {"CORP": "@any variable@", "@any name@": "1"}, "@any unknown name@": 1}
""",
    "home/.local/share/uv/tools/corp/uv-receipt.toml": """[tool]
requirements = [{ name = 'corp', url = '@told url@', other = '@any other@' }]
""",
    "home/.local/share/uv/tools/corp/pyvenv.cfg": "home = /opt/gone\ncorp = @any unknown key@\n",
    "home/miniconda3/conda-meta/history": "# cmd: conda install @any command@\n",
    "home/miniconda3/conda-meta/six-1.0-0.json": """{"name": "six", "version": "1.0", "files": [],
"url": "@told url@", "requested_spec": "@any spec@"}
""",
    "home/miniconda3/condabin/conda": "#!/bin/sh\n",
    "home/miniconda3/bin/conda": "#!/bin/sh\n",
    "project/pyproject.toml": """[project]
name = "app"
version = "1"
requires-python = ">=3.9"
description = '@any description@'
dependencies = ["six", 'pkg @ @told direct dependency@']
[dependency-groups]
dev = ["attrs"]
'@told group@' = ["attrs"]
[project.urls]
home = '@any urls@'
'@any name of a url@' = 'https://m.example'
[tool.uv]
what-is-this = '@any unknown key@'
[[tool.uv.index]]
name = "own"
url = '@told index@'
[tool.uv.sources]
six = { url = '@told source@' }
[[tool.poetry.source]]
name = "p"
url = '@told source of poetry@'
[tool.corp]
token = '@any tool.corp@'
'@any name in tool.corp@' = 1
[tool.'@any name of a tool@']
x = 1
[tool.'@any name of a tool with an index@'.source]
url = 'https://m.example'
[project.optional-dependencies]
'@any extra@' = ["attrs"]
['@any unknown table@']
x = 1
""",
    "project/requirements.txt": """--index-url @word index-url@
--extra-index-url @word extra-index-url@
# @any comment@
six==1.16.0
attrs @ @told direct@
-e @word editable@
./@name place@
--proxy @any proxy@
""",
    "project/uv.lock": """version = 1
requires-python = ">=3.9"
[[package]]
name = "six"
version = "1.16.0"
source = { registry = '@told registry@' }
sdist = { url = '@told sdist@', hash = "sha256:0" }
note = '@any unknown key@'
'@any unknown name@' = 1
[package.optional-dependencies]
'@any extra@' = [{ name = "attrs" }]
[package.dev-dependencies]
'@any group@' = [{ name = "attrs" }]
""",
    "project/Pipfile": """[[source]]
name = "own"
url = '@told source@'
verify_ssl = false
[packages]
six = "*"
[scripts]
run = '@any script@'
'@any name of a script@' = 'x'
['@any category@']
attrs = "*"
""",
    "project/environment.yml": """name: app
channels: ['@told channel@']
dependencies:
  - python
  - pip:
    - 'pkg @ @told direct@'
variables:
  CORP: '@any variable@'
  '@any name of a variable@': 1
'@any unknown name@': 1
""",
    "project/.env": """CORP=@any unknown@
@any name@=1
PIP_INDEX_URL=@told PIP_INDEX_URL@
PYTHONPATH=@name PYTHONPATH@
""",
    "project/.vscode/settings.json": """{"python.defaultInterpreterPath": "/opt/@name interpreter@",
"corp.token": "@any unknown key@", "@any unknown name@": 1,
"terminal.integrated.env.linux": {"CORP": "@any variable@"}}
""",
    "project/.venv/pyvenv.cfg": """home = PYTHON_HOME
include-system-site-packages = false
version = VERSION.1
command = PYTHON_HOME/python -m venv @told command@
prompt = @told prompt@
corp = @any unknown key@
@any unknown name@ = 1
""",
    "project/.venv/lib/pythonVERSION/site-packages/six-1.0.dist-info/METADATA": """Metadata-Version: 2.1
Name: six
Version: 1.0
Corp: @any unknown field@
@any unknown name@: 1
Provides-Extra: @any extra@
Author-email: @any author@
License: @any license@
""",
    "project/.venv/lib/pythonVERSION/site-packages/six-1.0.dist-info/INSTALLER": "@any name@\n",
    "project/.venv/lib/pythonVERSION/site-packages/six-1.0.dist-info/direct_url.json": """{
"url": "@told url@", "dir_info": {"editable": true}, "@any unknown name@": 1}
""",
    "project/.venv/lib/pythonVERSION/site-packages/six-1.0.dist-info/entry_points.txt": """[@any group@]
@any name@ = six:@any function@
[console_scripts]
@any script@ = six:main
""",
    "project/.venv/lib/pythonVERSION/site-packages/six-1.0.dist-info/RECORD": "six.py,sha256=@any digest@,1\n",
    "project/.venv/lib/pythonVERSION/site-packages/six-1.0.dist-info/REQUESTED": "@any nothing@\n",
    "project/.venv/lib/pythonVERSION/site-packages/__editable___corp_finder.py": """
MAPPING = {'corp': '/opt/@name place@'}
""",
    "project/.venv/lib/pythonVERSION/site-packages/corp-2.dist-info/METADATA": "Name: corp\nVersion: 2\n",
    "project/pixi.lock": """version: 6
environments:
  default:
    channels: [{url: '@told channel@'}]
    indexes: ['@told index@']
'@any unknown name@': 1
""",
    "home/.local/share/uv/credentials/credentials.toml": """[[credential]]
service = '@told service@'
username = 'me'
scheme = 'basic'
password = '@any password@'
other = '@any other@'
""",
    "project/baseline.json": """{"schema": 1, "findings": [{"code": "PIP001", "fingerprint": "@any fingerprint@"}],
"@any unknown name@": 1}
""",
    "bin/p-@name program@": "#!/bin/sh\n",
    "bin/conda-@name extension@": "#!/bin/sh\n",
    "project/f-@name file@": "",
    "project/d-@name directory@/pyproject.toml": "",
    "project/.venv/lib/pythonVERSION/site-packages/@name module@.py": "",
    "home/.config/@name file@/x": "",
    "project/.venv/lib/pythonVERSION/site-packages/corp.pth": "/opt/@told line@\nimport os; os.x = '@any code@'\n",
}

# what they are set to is what is examined
EXAMINED = (
    *("PIP_INDEX_URL", "PIP_PROXY", "PIP_CERT", "UV_INDEX_URL", "UV_PYTHON_INSTALL_MIRROR"),
    *("PIPENV_PYPI_MIRROR", "HF_ENDPOINT", "HTTPS_PROXY", "http_proxy", "ALL_PROXY", "SSL_CERT_FILE"),
    *("REQUESTS_CA_BUNDLE", "CONDA_CHANNEL_ALIAS", "PYENV_VERSION", "UV_MIRROR", "PIP_MIRROR"),
)
LISTS = (
    *(
        "PIP_EXTRA_INDEX_URL",
        "PIP_FIND_LINKS",
        "PIP_TRUSTED_HOST",
        "UV_DEFAULT_INDEX",
        "UV_INDEX",
        "UV_EXTRA_INDEX_URL",
    ),
    *("NO_PROXY", "CONDA_CHANNELS"),
)
PATHS = ("UV_PROJECT_ENVIRONMENT", "PYTHONPATH")
OTHERS = (
    *("CORP", "GITHUB_TOKEN", "UV_INDEX_CORP_PASSWORD", "UV_PUBLISH_TOKEN", "TWINE_PASSWORD", "PIP_WHAT", "UV_WHAT"),
    *("AWS_SECRET_ACCESS_KEY", "CONDA_TOKEN", "PYTHON_CORP", "HF_TOKEN", "POETRY_HTTP_BASIC_CORP_PASSWORD"),
)
VARIABLES = {
    **dict.fromkeys(EXAMINED, "@told value@"),
    **dict.fromkeys(LISTS, "@word value@"),
    **dict.fromkeys(PATHS, "/opt/@name value@"),
    **dict.fromkeys(OTHERS, "@any value@"),
    "VIRTUAL_ENV": "ROOT/project/.venv",
    "TMUX": "ROOT/tmux,1,0",
}
