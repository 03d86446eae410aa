"""Which hosts are known to everybody, and which say where somebody works?

A name is told label by label, so that what ends alike still does: `NO_PROXY=.corp.example` goes on covering
`mirror.corp.example` when both have lost their `corp`.
"""

from __future__ import annotations

from envdoctor.text.patterns import pattern
from envdoctor.text.pseudonyms import PSEUDONYM, Pseudonyms

LABEL = r"\w[\w-]*+"
BEHIND_A_SCHEME = pattern(rf"://(?:[^/@\s]*+@)?(?P<host>{LABEL}(?:\.{LABEL})*+|\[[0-9A-Fa-f:.]++\])")
BEHIND_A_USER = pattern(rf"(?<![/\w.+-])[\w.+-]++@(?P<host>{LABEL}(?:\.{LABEL})++)[:/](?!//)")
DOTTED = pattern(rf"(?<![\w/.@~-])\.?(?P<host>(?:{LABEL}\.)++[A-Za-z]{{2,}}+)(?![\w/-])")
NUMBERS = pattern(r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}")
OF_NOBODY = pattern(  # on this machine, in any private network, or in none: says nothing about anybody
    r"127\..*|10\..*|192\.168\..*|172\.(?:1[6-9]|2[0-9]|3[01])\..*|169\.254\..*|0\.0\.0\.0|192\.0\.2\..*"
    r"|::1?|f[cd][0-9a-f]{2}:.*|fe80:.*|2001:db8:.*",
)

# The owners of hosts that serve everybody, by the label in front of the last.
PUBLIC = {
    "org": "anaconda conda-forge debian kernel opensuse pypi python pythonhosted pytorch pypa",
    "com": "aliyun anaconda bitbucket github gitlab githubusercontent google googlesource nvidia tencent tencentyun"
    " huaweicloud 163 ubuntu microsoft npmmirror pypa docker visualstudio",
    "io": "conda rust-lang readthedocs docker ghcr",
    "cn": "modelscope",
    "co": "huggingface hf",
    "net": "launchpad launchpadcontent",
    "sh": "astral uv",
    "dev": "mamba prefix",
}
SCHOOLS = frozenset(  # universities whose mirrors everybody uses, and what the mirrors are called
    [
        "bfsu",
        "cqu",
        "hit",
        "hust",
        "lzu",
        "nju",
        "njupt",
        "pku",
        "scau",
        "sdu",
        "sjtu",
        "sustech",
        "tsinghua",
        "ustc",
        "xjtu",
        "zju",
    ]
)
OF_EVERYBODY = frozenset(["mirror", "mirrors", "pypi", "pip", "conda"])
# Labels that say what a host does and not whose it is.
GENERIC = frozenset(
    [
        "api",
        "artifactory",
        "cache",
        "cdn",
        "conda",
        "data",
        "dev",
        "devpi",
        "dl",
        "docker",
        "download",
        "downloads",
        "files",
        "forge",
        "git",
        "gitea",
        "gitlab",
        "host",
        "http",
        "https",
        "index",
        "jenkins",
        "local",
        "localhost",
        "mail",
        "main",
        "mirror",
        "mirrors",
        "nexus",
        "npm",
        "packages",
        "pip",
        "pkgs",
        "prod",
        "proxy",
        "pypi",
        "python",
        "registry",
        "repo",
        "repos",
        "repository",
        "server",
        "simple",
        "squid",
        "staging",
        "static",
        "storage",
        "test",
        "www",
    ]
)
ENDS = frozenset(
    [
        "ai",
        "app",
        "arpa",
        "biz",
        "cloud",
        "com",
        "corp",
        "dev",
        "edu",
        "eu",
        "example",
        "gov",
        "home",
        "info",
        "int",
        "internal",
        "intranet",
        "invalid",
        "io",
        "lan",
        "local",
        "localdomain",
        "localhost",
        "mil",
        "net",
        "onion",
        "org",
        "private",
        "sh",
        "site",
        "test",
        "tech",
        "xyz",
    ]
)
SECOND = frozenset(["ac", "co", "com", "edu", "gov", "net", "or", "org"])


def is_public(host: str) -> bool:
    """Whether a host serves everybody, or is on this machine, or in a network that is numbered as a thousand others."""
    host = host.lower().strip("[]").rstrip(".")
    if OF_NOBODY.fullmatch(host):
        return True
    if NUMBERS.fullmatch(host) or ":" in host:
        return False
    labels = host.split(".")
    if all(_says_nothing(labels, number) for number in range(len(labels))):
        return True
    if labels[-2:] == ["edu", "cn"]:
        return len(labels) > 3 and labels[-3] in SCHOOLS and bool(OF_EVERYBODY & set(labels[:-3]))
    return len(labels) > 1 and labels[-2] in PUBLIC.get(labels[-1], "").split()


def domain(host: str) -> str:
    """What the hosts of one owner have in common: the last two labels, three where the last two are a country's."""
    labels = host.split(".")
    if not _is_end(labels[-1]):
        return labels[-1]
    country = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2].lower() in SECOND
    return ".".join(labels[-3:] if country else labels[-2:])


def masked(host: str, pseudonyms: Pseudonyms) -> str:
    """A private host with a pseudonym for each label that tells whose it is."""
    bare = host.strip("[]")
    if NUMBERS.fullmatch(bare) or ":" in bare:
        return host if OF_NOBODY.fullmatch(bare.lower()) else host.replace(bare, pseudonyms.of("address", bare))
    labels = bare.split(".")
    return ".".join(
        label if _says_nothing(labels, number) or not label else pseudonyms.of("host", label)
        for number, label in enumerate(labels)
    )


def _says_nothing(labels: list[str], number: int) -> bool:
    label = labels[number].lower()
    if number and number == len(labels) - 1:
        return _is_end(label)
    behind = labels[number + 1 :]
    country = len(behind) == 1 and len(behind[0]) == 2 and number > 0 and label in SECOND
    return country or label.rstrip("0123456789-") in GENERIC or PSEUDONYM.match(label) is not None


def _is_end(label: str) -> bool:
    return label.lower() in ENDS or (len(label) == 2 and label.isalpha())
