"""Kinds of secret: how each is written, and a secret of that kind that stands nowhere else."""

from __future__ import annotations

import hashlib
import string

import msgspec

ALNUM = string.ascii_letters + string.digits
UPPER = string.ascii_uppercase + string.digits
HEX = "0123456789abcdef"
LOWER = string.ascii_lowercase + string.digits
RECOGNISABLE = 8


class Kind(msgspec.Struct, frozen=True):
    """A kind of secret.

    Attributes:
        form: the text around it, with `{}` in its place.
        alphabet: what it is made of.
        length: how long it is.
        middle: odd characters in its middle, that people forget to escape.
    """

    form: str = "{}"
    alphabet: str = ALNUM
    length: int = 24
    middle: str = ""

    @property
    def is_word(self) -> bool:
        """Whether it may be one of a list that blanks separate."""
        return " " not in self.form and not self.form.split("{")[0].endswith("=")

    @property
    def is_name(self) -> bool:
        """Whether it may be a part of a path, or an element of a list that colons separate."""
        return self.is_word and not {"/", ":"} & set(self.form + self.middle)

    def secret(self, place: str) -> str:
        """The secret of this kind that is planted in a place."""
        seed = hashlib.sha512(f"{self.form} {self.middle} {place}".encode()).digest() * 4
        drawn = "".join(self.alphabet[byte % len(self.alphabet)] for byte in seed[: self.length])
        if self.alphabet == ALNUM:
            drawn = f"Zq7{drawn[3:]}"
        half = len(drawn) // 2
        return drawn[:half] + self.middle + drawn[half:]

    def text(self, place: str) -> str:
        """The secret as it is written."""
        return self.form.replace("{}", self.secret(place))


def parts(text: str) -> set[str]:
    """Every part of a text that is long enough to give a secret away."""
    return {text[start : start + RECOGNISABLE] for start in range(len(text) - RECOGNISABLE + 1)}


def _address(form: str, **kind: object) -> Kind:
    return Kind(f"https://{form}", **kind)  # type: ignore[arg-type]  # the fields of Kind


# a word that nothing tells from any other: it may be kept only where it is what a finding is about
BARE = Kind()

KINDS = {
    # known by how they begin
    "aws access key": Kind("AKIA{}", UPPER, 16),
    "github": Kind("ghp_{}", length=36),
    "github fine-grained": Kind("github_pat_11ABCDEFG0_{}", length=59),
    "gitlab": Kind("glpat-{}", length=20),
    "npm": Kind("npm_{}", length=36),
    "pypi": Kind("pypi-AgEIcHlwaS5vcmc{}", length=60),
    "hugging face": Kind("hf_{}", length=34),
    "openai": Kind("sk-{}", length=48),
    "anthropic": Kind("sk-ant-api03-{}", length=60),
    "slack bot": Kind("xoxb-123456789012-{}", length=24),
    "google": Kind("AIza{}", length=35),
    "jfrog key": Kind("AKCp{}", length=60),
    "jfrog reference": Kind("cmVmdGtuOjAxOjE{}", length=49),
    "azure devops": Kind("{}AZDOx1Y2", length=76),
    "jwt": Kind("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.{}", length=43),
    "private key": Kind("-----BEGIN PRIVATE KEY-----\\n{}\\n-----END PRIVATE KEY-----", length=64),
    # known by what stands before them
    "assignment _TOKEN": Kind("CORP_TOKEN={}"),
    "assignment _KEY": Kind("SERVICE_KEY={}"),
    "assignment aws": Kind("aws_secret_access_key = {}", length=40),
    "assignment password": Kind("password = {}"),
    "option --token": Kind("tool --token {}"),
    "option --password=": Kind("tool --password={}"),
    "option -p": Kind("twine upload -u me -p {}"),
    "words": Kind("the password {} was refused"),
    "bearer": Kind("Authorization: Bearer {}"),
    "basic": Kind("Authorization: Basic {}"),
    "header x-jfrog": Kind("X-JFrog-Art-Api: {}"),
    "netrc": Kind("machine m.example login me password {}"),
    # known by their place in an address
    "password": _address("me:{}@m.example/simple"),
    "password with @": _address("me:{}@m.example/simple", middle="@"),
    "password with /": _address("me:{}@m.example/simple", middle="/"),
    "password with %": _address("me:{}@m.example/simple", middle="%40%2F"),
    "proxy": Kind("me:{}@proxy.example:3128"),
    "database": Kind("postgres://me:{}@db.example/x"),
    "parameter": _address("m.example/simple;token={}"),
    "query": _address("m.example/simple?token={}"),
    "conda": _address("conda.example/t/{}/main"),
    "cloudsmith": _address("dl.cloudsmith.io/{}/org/repo/python/simple/"),
    "packagecloud": _address("packagecloud.io/priv/{}/team/repo/pypi/simple"),
    "fury": _address("pypi.fury.io/{}/team/"),
    "nexus key": _address("nexus.example/repository/{}/pypi/simple", length=32),
    "nexus pass code": _address("nexus.example/repository/NpmToken.{}/pypi/simple"),
    "artifactory path": _address("art.example/artifactory/api/pypi;X-JFrog-Art-Api={}/pypi/simple"),
    "token in a path": _address("m.example/access_token/{}/simple"),
    "azure feed": _address("feed:{}@pkgs.dev.azure.com/org/_packaging/feed/pypi/simple/", alphabet=LOWER, length=52),
    "hexadecimal path": _address("m.example/{}/simple", alphabet=HEX, length=40),
}

# masked for the same reasons as those above
OTHER_SPELLINGS = {
    "aws session key": Kind("ASIA{}", UPPER, 16),
    "github server": Kind("ghs_{}", length=36),
    "gitlab runner": Kind("glrt-{}", length=20),
    "openai project": Kind("sk-proj-{}", length=48),
    "google oauth": Kind("ya29.{}", length=60),
    "stripe": Kind("sk_live_{}", length=24),
    "docker": Kind("dckr_pat_{}", length=27),
    "digitalocean": Kind("dop_v1_{}", HEX, 64),
    "databricks": Kind("dapi{}", HEX, 32),
    "vault": Kind("hvs.{}", length=40),
    "sendgrid": Kind("SG.aBcD1234aBcD1234aBcD12.{}", length=43),
    "atlassian": Kind("ATATT3{}", length=60),
    "assignment _PASS": Kind("UV_PUBLISH_PASS={}"),
    "assignment _PWD": Kind("DB_PWD={}"),
    "option --key in a call": Kind("$(get --key {})"),
    "header token": Kind("PRIVATE-TOKEN: {}"),
    "header x-api-key": Kind("X-Api-Key: {}"),
    "header auth": Kind("AUTH: {}"),
    "sql": Kind("Server=db;Uid=me;Pwd={};"),
    "password with #": _address("me:{}@m.example/simple", middle="#"),
    "password with ?": _address("me:{}@m.example/simple", middle="?"),
    "password with !": _address("me:{}@m.example/simple", middle="!$&"),
    "user alone": _address("{}@m.example/simple"),
    "git": Kind("git+https://oauth2:{}@forge.example/team/project.git"),
    "second of a query": _address("m.example/simple?a=1&sig={}"),
    "cloudsmith basic": _address("dl.cloudsmith.io/basic/{}/org/repo/python/simple/"),
    "fury without scheme": Kind("repo.fury.io/{}/team/"),
    "artifactory query": _address("art.example/artifactory/api/pypi/simple?X-JFrog-Art-Api={}"),
}
