"""Which parts of a text are secret, and what stands in their place?

A secret becomes a pseudonym such as `<password-1.8-chars>`: equal secrets get equal ones, so that a reader still sees
whether two addresses carry the same credentials, and what is odd about them. A pseudonym that is met again is left
alone, which is what lets a masked report be judged again and come out the same.
"""

from __future__ import annotations

import re

from envdoctor.text.credentials import credentials_in
from envdoctor.text.patterns import pattern

# Nothing is masked in a text that holds none of these, in any case, and none of the starts below: nearly every text.
TELLTALES = (
    *(
        "-chars",
        "@",
        "?",
        "/t/",
        "pass",
        "token",
        "secret",
        "key=",
        "key:",
        "key ",
        " -p ",
        "art-api",
        "azdo",
        "token.",
        "_key",
        "-key",
        "_pwd",
        "pwd=",
        "pat=",
    ),
    *("bearer ", "basic ", "auth", "credential", "sig=", "_sas", "signature", "http://", "https://", "private key-"),
    *("dl.cloudsmith.io/", "packagecloud.io/", "fury.io/"),
)
# The names of modules and packages that only sound like it: what goes on with a letter is no secret's name.
INNOCENT = ("tokeniz", "secretstorage", "passlib", "authlib")
TOKEN_STARTS = (  # in the case in which services spell them
    *("eyJ", "AKIA", "AIza", "AKCp", "cmVmdGtu", "pypi-AgE", "github_pat_", "ghp_", "gho_", "ghu_", "ghs_", "ghr_"),
    *("glpat-", "glptt-", "gldt-", "glrt-", "glcbt-", "glsoat-", "glft-", "glagent-", "hf_", "npm_", "xox", "xapp-"),
    *(
        "sk-",
        "sk_",
        "rk_",
        "dckr_",
        "ASIA",
        "dapi",
        "dop_",
        "doo_",
        "dor_",
        "SG.",
        "hvs.",
        "ATATT3",
        "GOCSPX-",
        "ya29.",
    ),
)

# What each kind of pseudonym is counted as.
RULES = {
    "user": "url-credentials",
    "password": "url-credentials",
    "token": "url-credentials",
    "query": "url-query",
    "conda-token": "conda-token",
    "secret": "secret",
}
KINDS = "|".join(RULES)
PSEUDONYM = pattern(rf"<(?P<kind>{KINDS})-[0-9][a-z0-9.-]*+>")
PLACEHOLDER = pattern(r"\$\{?\w+\}?|\$\(.*\)|%\w+%|\{.*\}|<[^>]*>|[*.…]*")
# User names that a service prescribes, the same for everybody.
COMMON_USERS = (
    *("git", "__token__", "x-access-token", "gitlab-ci-token", "oauth2accesstoken", "_json_key", "aws"),
    "VssSessionToken",
)
MASKED_USERINFO = pattern(rf"(?:<(?:{KINDS})-[^>]*>|[\w-]+)(?::<[^>]*>)?@")
ORGANISATION = pattern(r"(?P<name>[\w.%-]+)@(?:\w+\.)?dev\.azure\.com/(?P=name)(?:/|$)")
WORD = pattern(r"\S+")
QUERY = pattern(r"<query-[^>]*>|[^#]*[^#'\")\]>,.;`]")
PARAMETER = pattern(r"(;[\w.-]{1,40}=)([^=<;/?#'\",)\]>&][^;/?#'\",)\]>&]*)")
CONDA_TOKEN = pattern(r"[^/?#'\",]+")
PATH_PART = pattern(r"(?<=/)[^/?#'\"<>,;:)\]]+")
TELLING_PART = pattern(r"(?:[\w-]{0,30}(?:token|secret|api-?key|password)|priv)", re.IGNORECASE)
BEHIND_A_TELLING_PART = pattern(r"(?=.{0,60}[0-9]).{8,}")
# no name: long, with letters of both cases and digits, or hexadecimal
RANDOM_PART = pattern(r"(?=[\w-]*[0-9])(?=[\w-]*[a-z])(?=[\w-]*[A-Z])[\w-]{20,}|(?P<digest>[0-9a-f]{32,})")
DIGEST_STARTS = pattern(r"[0-9a-f]{2}/[0-9a-f]{2}/")  # an index files its packages by the digits of their digest
BARE_HOST = pattern(r"(?:.*[^\w.-])?(?:[\w-]+\.)+[A-Za-z]{2,}(?::[0-9]+)?")
VALUE = r"(?P<secret>\"[^\"\n]+\"|'[^'\n]+'|\$\([^)]*\)|\$\{[^}]*\}|[^\s\"',;)]+)"
# what programs say behind the name of a file: `/run/secrets/token: No such file or directory`
COMPLAINT = (
    r"(?:line [0-9]+:|no such file|permission denied|is a directory|not a directory|not found\b|command not found"
    r"|cannot open|too many levels|read-only file system)"
)
NAMES = r"(?:password|passwd|passphrase|token|secret|api_?key|access_?key|private_?key|credentials?|auth|art-api)"
TAILS = r"(?:pass|pwd|key|pat|sas|signature)"
IN_NAMES = (
    *("pass", "token", "secret", "key", "credential", "auth", "art-api", "signature"),
    *("_pwd", "-pwd", "_pat", "-pat", "_sas", "-sas"),
)
# each with what stands, in small letters, in every text that it matches: it is not even compiled for the others
SECRETS = {
    pattern(r"(?P<before>\b(?:bearer|basic) )(?P<secret>[A-Za-z0-9+/._~=-]{16,})", re.IGNORECASE): (
        "bearer ",
        "basic ",
    ),
    pattern(
        r"(?P<before>(?<![A-Za-z0-9_-]))(?P<secret>pypi-AgE[A-Za-z0-9_-]{16,}|gh[pousr]_[A-Za-z0-9]{20,}"
        r"|github_pat_[A-Za-z0-9_]{20,}|gl(?:pat|ptt|dt|rt|cbt|soat|ft|agent)-[A-Za-z0-9_.-]{16,}|hf_[A-Za-z0-9]{20,}"
        r"|npm_[A-Za-z0-9]{30,}|x(?:ox[abceoprs]|app)-[A-Za-z0-9.-]{10,}|sk-(?=[A-Za-z_-]*[0-9])[A-Za-z0-9_-]{20,}"
        r"|[rs]k_(?:live|test)_[A-Za-z0-9]{16,}|dapi[0-9a-f]{32}|do[opr]_v1_[0-9a-f]{32,}|SG\.[\w-]{16,}\.[\w-]{16,}"
        r"|hvs\.[\w-]{20,}|ATATT3[\w-]{20,}|GOCSPX-[\w-]{20,}|ya29\.[\w-]{20,}"
        r"|dckr_[a-z]+_[A-Za-z0-9_-]{16,}|A(?:KIA|SIA)[A-Z0-9]{16}|AIza[A-Za-z0-9_-]{30,}|AKCp[A-Za-z0-9]{20,}"
        r"|cmVmdGtu[A-Za-z0-9]{24,}|[A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4}|[A-Z][A-Za-z]{1,12}Token\.[A-Za-z0-9-]{16,}"
        r"|eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)?)"
    ): (*map(str.lower, TOKEN_STARTS), "azdo", "token."),
    pattern(
        r"(?P<before>)(?P<secret>-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$))"
    ): ("private key-",),
    pattern(
        rf"(?P<before>(?:\b|_)(?:{NAMES}|[\w-]{{0,60}}[_-]{TAILS})[\"']?\s{{0,9}}[=:]\s{{0,9}})(?!{COMPLAINT}){VALUE}",
        re.IGNORECASE,
    ): IN_NAMES,
    pattern(
        rf"(?P<before>(?<![\w-])--(?:[a-z]{{1,20}}-){{0,4}}(?:{NAMES}|{TAILS})(?:\s+|=)){VALUE}", re.IGNORECASE
    ): IN_NAMES,
    pattern(rf"(?P<before>(?<![\w-])-u\s+\S{{1,100}}\s+-p\s+){VALUE}"): ("-u",),
    pattern(r"(?P<before>\blogin\s+\S+\s+password\s+)(?P<secret>[^\s`]+)"): ("login",),
    # in free text only what is no word: "the password is" says nothing
    pattern(
        r"(?P<before>\b(?:password|passwd|token|secret)\s+)(?P<secret>(?=[^\s`]*[0-9_!#$%&*+=])[^\s\"'`,;<>]{4,})",
        re.IGNORECASE,
    ): ("passw", "token", "secret"),
    pattern(
        r"(?P<before>[;&?][\w.-]{0,40}(?:token|secret|key|password|pwd|sig)=)(?P<secret>[^=\s\"',;/?#&][^\s\"',;/?#&]*)",
        re.IGNORECASE,
    ): ("token=", "secret=", "key=", "password=", "pwd=", "sig="),
    pattern(
        r"(?P<before>\bdl\.cloudsmith\.io/(?:basic/)?(?!public/|basic/)|\bpackagecloud\.io/priv/"
        r"|\b(?:pypi|repo|push|pip)\.fury\.io/(?=[^\s/]+/[^\s/]+))(?P<secret>[^\s/?#'\"<>]+)(?=/)"
    ): ("dl.cloudsmith.io/", "packagecloud.io/", "fury.io/"),
}


def userinfo(address: str) -> str | None:
    """What stands before the `@` of an address, also of one without a scheme or with a `/` or `@` in its password."""
    for place in credentials_in(address):
        return address[place]
    masked = MASKED_USERINFO.match(address)
    return masked[0][:-1] if masked and holds_masked(masked[0]) else None


def names_organisation(text: str, start: int) -> bool:
    """Whether what stands before an `@` is the organisation that the path behind it names too, and no secret."""
    return ORGANISATION.match(text, start) is not None


def may_hold_secrets(text: str) -> bool:
    """Whether it is worth a closer look; of nearly all texts it is not."""
    for start in TOKEN_STARTS:
        if start in text:
            return True
    lowered = text.lower()
    for name in INNOCENT:
        lowered = lowered.replace(name, "…")
    for telltale in TELLTALES:  # noqa: SIM110 - `any` takes twice the time, and nearly all texts of a run come here
        if telltale in lowered:
            return True
    return False


class Masker:
    """Masks texts, with the same pseudonym for the same secret throughout."""

    def __init__(self) -> None:
        self._pseudonyms: dict[str, str] = {}
        self._numbers: dict[str, int] = {}
        self._met: set[str] = set()
        self._quiet: set[str] = set()  # what has been looked at: the same Python stands in several facts

    def mask(self, text: str) -> str:
        """The text with a pseudonym in the place of each secret; the same object where there is none."""
        if text in self._quiet:
            return text
        if not may_hold_secrets(text):
            self._quiet.add(text)
            return text
        masked = self._without_credentials(text) if "@" in text else text
        if "://" in masked or "/t/" in masked:
            masked = WORD.sub(lambda found: self._word(found[0]), masked)
        for expression, telltales in SECRETS.items():
            lowered = masked.lower()
            if any(telltale in lowered for telltale in telltales):
                masked = expression.sub(lambda found: found["before"] + self._quoted(found["secret"]), masked)
        if "<" in masked:
            self._met.update(found[0] for found in PSEUDONYM.finditer(masked))
        return text if masked == text else masked

    def counts(self) -> dict[str, int]:
        """How many different secrets are masked in all texts so far, by rule."""
        counts = dict.fromkeys(RULES.values(), 0)
        for pseudonym in self._met:
            if found := PSEUDONYM.fullmatch(pseudonym):
                counts[RULES[found["kind"]]] += 1
        return {rule: count for rule, count in counts.items() if count}

    def _without_credentials(self, text: str) -> str:
        made, end = [], 0
        for place in credentials_in(text):
            open_ = names_organisation(text, place.start)
            made += [text[end : place.start], text[place] if open_ else self._userinfo(text[place])]
            end = place.stop
        return "".join((*made, text[end:]))

    def _userinfo(self, userinfo: str) -> str:
        user, colon, password = userinfo.partition(":")
        if user not in COMMON_USERS:
            user = self._pseudonym("user" if colon else "token", user)
        return f"{user}:{self._pseudonym('password', password)}" if colon else user

    def _word(self, word: str) -> str:
        """An address without its query and parameters, and without the token that conda puts into the path."""
        scheme = word.find("://")
        query = word.find("?", scheme) if scheme >= 0 else -1
        if query >= 0 and (found := QUERY.match(word, query + 1)):
            word = f"{word[: query + 1]}{self._pseudonym('query', found[0])}{word[found.end() :]}"
        if scheme >= 0 and ";" in word:
            word = PARAMETER.sub(lambda found: f"{found[1]}{self._pseudonym('secret', found[2])}", word)
        token = word.find("/t/", max(scheme, 0), query if query >= 0 else None)
        if scheme >= 0 and word[:scheme].endswith(("http", "https")):
            word = word[:scheme] + PATH_PART.sub(self._path_part, word[scheme:])
        named = token >= 0 and (scheme >= 0 or BARE_HOST.fullmatch(word[max(token - 300, 0) : token]))
        if named and (found := CONDA_TOKEN.match(word, token + 3)):
            word = f"{word[: token + 3]}{self._pseudonym('conda-token', found[0])}{word[found.end() :]}"
        return word

    def _path_part(self, found: re.Match[str]) -> str:
        """A part of a path; a pseudonym where it is no name, or where the part before it says what it is."""
        part, before = found[0], found.string[max(found.start() - 60, 0) : found.start()]
        above = before[:-1].rpartition("/")[2]
        random = RANDOM_PART.fullmatch(part)
        if random and random["digest"] and DIGEST_STARTS.fullmatch(before[-6:]):
            return part
        behind = TELLING_PART.fullmatch(above) and BEHIND_A_TELLING_PART.fullmatch(part)
        return self._pseudonym("secret", part) if random or behind else part

    def _quoted(self, secret: str) -> str:
        """A pseudonym in the quotes of what it stands for."""
        mark = secret[0] if secret[0] in "\"'" else ""
        return f"{mark}{self._pseudonym('secret', secret.strip(mark) if mark else secret)}{mark}"

    def _pseudonym(self, kind: str, secret: str) -> str:
        if PLACEHOLDER.fullmatch(secret):
            return secret
        if secret not in self._pseudonyms:
            self._numbers[kind] = number = self._numbers.get(kind, 0) + 1
            self._pseudonyms[secret] = f"<{kind}-{number}{'' if kind == 'user' else _clues(secret)}>"
        return self._pseudonyms[secret]


def _clues(secret: str) -> str:
    """What may explain why a secret does not work, and gives nothing away."""
    odd = (".has-space" if " " in secret else "", "" if secret.isascii() else ".non-ascii")
    return f".{len(secret)}-chars{''.join(odd)}"


def holds_masked(text: str) -> bool:
    """Whether something has been masked in a text."""
    return PSEUDONYM.search(text) is not None
