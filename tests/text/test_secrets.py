from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from envdoctor.text.secrets import INNOCENT, SECRETS, Masker, holds_masked, may_hold_secrets

SECRET = "s3cr3t-value"
GITHUB = "ghp_" + "a1B2" * 9
SIGNED = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dBjftJeZ4CVP"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("https://me:s3cr3t@mirror.example/simple", "https://<user-1>:<password-1.6-chars>@mirror.example/simple"),
        ("https://s3cr3t@mirror.example/simple", "https://<token-1.6-chars>@mirror.example/simple"),
        ("https://__token__:s3cr3t@m.example/", "https://__token__:<password-1.6-chars>@m.example/"),
        ("https://me@corp.example:p@ss@m.example/", "https://<user-1>:<password-1.4-chars>@m.example/"),
        ("https://me:@m.example/", "https://<user-1>:@m.example/"),
        ("https://me:a/b@m.example/s", "https://<user-1>:<password-1.3-chars>@m.example/s"),
        ("https://me:a b#c@m.example/s", "https://<user-1>:<password-1.5-chars.has-space>@m.example/s"),
        ("https://me:pé@m.example", "https://<user-1>:<password-1.2-chars.non-ascii>@m.example"),
        (
            "https://proxy.example/https://me:pw@m.example/x",
            "https://proxy.example/https://<user-1>:<password-1.2-chars>@m.example/x",
        ),
        ("name=https://s3cr3t@m.example/simple", "name=https://<token-1.6-chars>@m.example/simple"),
        ("http://me:pw@[::1]:8080/", "http://<user-1>:<password-1.2-chars>@[::1]:8080/"),
        ("socks5h://me:pw@127.0.0.1:1080", "socks5h://<user-1>:<password-1.2-chars>@127.0.0.1:1080"),
        ("me:s3cr3t@proxy.example:8080", "<user-1>:<password-1.6-chars>@proxy.example:8080"),
        ("HTTP_PROXY='me:s3cr3t@10.0.0.1:8080'", "HTTP_PROXY='<user-1>:<password-1.6-chars>@10.0.0.1:8080'"),
        ("https://me:a/b@c@m.example/s", "https://<user-1>:<password-1.5-chars>@m.example/s"),
        ("https://me:a#b@c@m.example/s", "https://<user-1>:<password-1.5-chars>@m.example/s"),
        ("https://me:a?b@c@m.example/s", "https://<user-1>:<password-1.5-chars>@m.example/s"),
        ("https://me:a b@c@m.example/s", "https://<user-1>:<password-1.5-chars.has-space>@m.example/s"),
        ("https://me:a@b/c@m.example/s", "https://<user-1>:<password-1.5-chars>@m.example/s"),
        ("https://me:80/b@m.example/s", "https://<user-1>:<password-1.4-chars>@m.example/s"),
        ("https://me:a/b@m.example/@scope/p@1.0", "https://<user-1>:<password-1.3-chars>@m.example/@scope/p@1.0"),
        ("http://me:pw@nexus/npm/@scope/p", "http://<user-1>:<password-1.2-chars>@nexus/npm/@scope/p"),
        ("me:a@b@proxy.example:8080", "<user-1>:<password-1.3-chars>@proxy.example:8080"),
        ("me:a/b@proxy.example:8080", "<user-1>:<password-1.3-chars>@proxy.example:8080"),
        ("me:a/b@c@proxy:8080", "<user-1>:<password-1.5-chars>@proxy:8080"),
        ("s3cr3t@proxy.example:8080", "<token-1.6-chars>@proxy.example:8080"),
        ("HTTPS_PROXY=s3/r3t==@10.0.0.1:8080", "HTTPS_PROXY=<token-1.8-chars>@10.0.0.1:8080"),
        (
            "https://me:pw@one.example/s,https://me:pw@two.example/s",
            "https://<user-1>:<password-1.2-chars>@one.example/s,https://<user-1>:<password-1.2-chars>@two.example/s",
        ),
        ("https://dl.cloudsmith.io/s3cr3t/org/repo/", "https://dl.cloudsmith.io/<secret-1.6-chars>/org/repo/"),
        ("https://m.example/simple;token=s3cr3t", "https://m.example/simple;token=<secret-1.6-chars>"),
        ("longtoken@m.example/simple", "<token-1.9-chars>@m.example/simple"),
        ("https://m.example/simple?sig=abc&x=1#frag", "https://m.example/simple?<query-1.11-chars>#frag"),
        ("(see https://m.example/simple?sig=abc).", "(see https://m.example/simple?<query-1.7-chars>)."),
        ("https://c.example/t/tk-12-ab/conda-forge", "https://c.example/t/<conda-token-1.8-chars>/conda-forge"),
        ("c.example/t/tk-12-ab", "c.example/t/<conda-token-1.8-chars>"),
        (f"token {GITHUB}.", "token <secret-1.40-chars>."),
        (f"Authorization: Bearer {SIGNED}", "Authorization: Bearer <secret-1.53-chars>"),
        ("export UV_INDEX_CORP_PASSWORD='s3cr3t'", "export UV_INDEX_CORP_PASSWORD='<secret-1.6-chars>'"),
    ],
)
def test_a_secret_becomes_a_pseudonym(text: str, masked: str) -> None:
    masker = Masker()
    assert masker.mask(text) == masked
    assert masker.mask(masked) == masked
    assert holds_masked(masked)
    again = Masker()
    again.mask(masked)
    assert again.counts() == masker.counts()


@pytest.mark.parametrize(
    "text",
    [
        "https://mirror.example/simple",
        "bash: /etc/passwd: line 3: syntax error near unexpected token",
        "cat: /run/secrets/api_token: No such file or directory",
        "/home/me/auth: Permission denied",
        "https://mirror.example:8443/simple/@scope/pkg@1.0",
        "https://${USER}:${PASSWORD}@mirror.example/simple",
        "https://$TOKEN@mirror.example/simple",
        "git+ssh://git@forge.example/team/project.git",
        "git@forge.example:team/project.git",
        "https://__token__@mirror.example/",
        "https://VssSessionToken@pkgs.dev.azure.com/team/_packaging/feed/pypi/simple/",
        "https://team@pkgs.dev.azure.com/team/_packaging/feed/pypi/simple/",
        "somebody@mail.example",
        "/opt/homebrew/opt/python@3.11/bin/python3",
        "somebody@mail.example: and somebody@other.example",
        "mail somebody@mail.example, else read https://m.example/help",
        "openssl@3/bin",
        "npm:@scope/pkg@1.0",
        "pkg:pypi/numpy@1.26.4",
        "https://m.example/@scope/pkg",
        "http://nexus:8081/npm/@scope/pkg@1.0",
        "git+http://forge:3000/team/project@v1.2",
        "git+https://forge.example/team/project.git@main",
        "PYTHONPATH=src:/home/me@corp.example/lib",
        "https://dl.cloudsmith.io/public/org/repo/python/simple/",
        "numpy @ https://m.example/numpy.whl ; python_version=='3.11'",
        "file:///home/user@corp.example/wheels",
        "http://[::1]:8080/simple",
        "is it https://mirror.example? Yes",
        "/t/not-a-token/x",
        "export UV_INDEX_CORP_PASSWORD=…",
        "export UV_INDEX_CORP_PASSWORD=<password>",
        "UV_KEYRING_PROVIDER=subprocess",
        "/home/me/sk-learn-experiments-of-last-year/pypi-attestation-models",
        "python:3.12-slim@sha256:0123456789abcdef",
        "https://files.example/packages/b7/ce/" + "0123456789ab" * 5 + "/six-1.17.0-py2.py3-none-any.whl",
        "six==1.17.0 --hash=sha256:" + "0123456789abcdef" * 4,
        'sdist = { url = "https://m.example/six.zip", hash = "sha256:' + "0123456789abcdef" * 4 + '", size = 34031 }',
        "/home/ann/My Projects/token ring/pass through/key notes",
        "/tmp/ssh-XXXXXXabc123/agent.4711",
        "SSH_AUTH_SOCK=/run/user/1000/keyring/ssh",
        "KEYBOARD=us",
        "MONKEY=1",
        "TOKENIZERS_PARALLELISM=false",
        "XAUTHORITY=/run/user/1000/gdm/Xauthority",
        "virtualenv -p python3.11 /opt/env",
        "python3.11 -m venv --upgrade-deps -p python3 x",
        "https://m.example/private/token/simple",
        "https://m.example/simple/tokenizers/",
        "https://pkgs.dev.azure.com/org/0b1c2d3e-0b1c-4d3e-8f90-0b1c2d3e4f50/_packaging/feed/pypi/simple/",
        "https://nexus.example/repository/pypi-proxy/simple",
        "https://art.example/artifactory/api/pypi/pypi-remote-2024/simple",
        "attrs @ https://m.example/attrs-23.2.0-py3-none-any.whl;python_version<'3.13'",
        "a secret ballot, a password manager and a token of thanks",
        "3.11.7 (main, Dec  8 2023, 18:56:57) [GCC 12.2.0]",
        "conda-forge/linux-64::numpy-1.26.4-py311h64a7726_0",
        "numpy @ https://mirror.example/numpy.whl#sha256=abcdef",
    ],
)
def test_what_is_no_secret_stays(text: str) -> None:
    masker = Masker()
    assert masker.mask(text) == text
    assert masker.counts() == {}


@pytest.mark.parametrize(
    "text",
    [
        "UV_PUBLISH_PASS={}",
        "export CORP_PWD='{}'",
        "API_SECRET: {}",
        "/etc/passwd: {}: No such file",
        "uv publish --token {}",
        "twine --password={} x",
        "$(get --key {})",
        "machine m.example login me password {}",
        "the password {} was refused",
        '{{"auth": "{}"}}',
        "Server=db;Pwd={};",
        "BlobEndpoint=x;sig={}",
        "https://packagecloud.io/priv/{}/team/repo/pypi/simple",
        "https://repo.fury.io/{}/team/",
        "https://dl.cloudsmith.io/basic/{}/org/repo/",
        "sk-ant-api03-{}",
        "glrt-{}",
        "dapi" + "0123456789abcdef" * 2 + " --secret {}",
        "postgres://me:{}@db.example/x",
        "mongodb+srv://me:{}@db.example/x",
        "X-JFrog-Art-Api: {}",
        "https://art.example/artifactory/api/pypi;X-JFrog-Art-Api={}/own/simple",
        "https://art.example/artifactory/api/pypi/own/simple?X-JFrog-Art-Api={}",
        "cmVmdGtuOjAxOjE3NT{}",
        "https://nexus.example/repository/NpmToken.{}/simple",
        "https://nexus.example/repository/{}/simple",
        "https://nexus.example/repository/own;user=me;pass={}/simple",
        "https://m.example/access_token/{}/simple",
        "twine upload -u me -p {} dist/x",
        "`me:{}@proxy.example:3128` is no version",
        "-----BEGIN RSA PRIVATE KEY-----\n{}\n-----END RSA PRIVATE KEY-----",
    ],
)
def test_a_value_behind_a_telling_name_or_in_a_telling_place_is_masked(text: str) -> None:
    secret = "Zq7pLm2xVb9kTr4wNc8h"
    masker = Masker()
    masked = masker.mask(text.format(secret))
    assert secret not in masked
    assert masker.mask(masked) == masked


def test_equal_secrets_have_equal_pseudonyms_and_are_counted_once() -> None:
    masker = Masker()
    first, second = (masker.mask(f"https://{user}:{SECRET}@{user}.example/?a=1") for user in ("one", "two"))
    assert first == "https://<user-1>:<password-1.12-chars>@one.example/?<query-1.3-chars>"
    assert second == "https://<user-2>:<password-1.12-chars>@two.example/?<query-1.3-chars>"
    assert masker.counts() == {"url-credentials": 3, "url-query": 1}


@given(
    st.text(alphabet="abcXYZ019-_.~%!$&+;é", min_size=1, max_size=40).map("Zq7".__add__),
    st.sampled_from(
        [
            "https://{}@mirror.example/simple",
            "https://user:{}@mirror.example/simple",
            "see 'https://user:{}@mirror.example/simple' there",
            "http://user:a/{}@mirror.example:80",
            "http://user:a/b@{}@mirror.example:80",
            "http://user:a#b@{}@mirror.example:80",
            "http://user:a?b@{}@mirror.example:80",
            "http://user:a b@{}@mirror.example:80",
            "http://user:a@b/{}@mirror.example:80",
            "http://user:8080/{}@mirror.example/simple",
            "user:{}@proxy.example:3128",
            "user:a@{}@proxy.example:3128",
            "user:a/{}@proxy.example:3128",
            "user:a/b@{}@proxy:3128",
            "HTTPS_PROXY='user:a@{}@10.0.0.1:3128'",
            "https://dl.cloudsmith.io/{}/org/repo/python/simple/",
            "https://mirror.example/simple?token={}",
            "https://conda.example/t/{}/main",
        ]
    ),
)
def test_no_planted_secret_survives(secret: str, form: str) -> None:
    masker = Masker()
    masked = masker.mask(form.format(secret))
    assert secret not in masked
    assert "Zq7" not in masked
    assert masker.mask(masked) == masked


@given(st.text() | st.text(alphabet="ab1:/@.#? ;=,<>{}$'x"))
def test_any_text_can_be_masked_and_masked_again(text: str) -> None:
    once = Masker().mask(text)
    assert Masker().mask(once) == once


WORDS = [
    "Bearer ",
    "BASIC ",
    "token",
    "Secret",
    "--index-",
    "password",
    "passwd",
    "Pass",
    "pwd",
    "key",
    "api_key",
    "sas",
]
WORDS += [
    "signature",
    "sig",
    "auth",
    "art-api",
    "credentials",
    "access_key",
    "pat",
    "_",
    "-",
    "--",
    "=",
    ": ",
    " ",
    "?",
    ";",
]
WORDS += [
    "-u me -p ",
    "login me password ",
    "dl.cloudsmith.io/",
    "packagecloud.io/priv/",
    "pypi.fury.io/",
    "a/b/",
    "x9!" * 9,
]
WORDS += [
    "-----BEGIN PRIVATE KEY-----",
    "-----END PRIVATE KEY-----",
    GITHUB,
    SIGNED,
    "SG.",
    "AbToken.",
    "AZDO",
    "A1" * 38,
]
WORDS += ["AKIA" + "A1" * 8, "sk-a1" + "b" * 20, "hvs." + "c" * 20, "dop_v1_" + "0" * 32, "ya29." + "d" * 20, "v1."]


@given(st.lists(st.sampled_from(WORDS), max_size=6).map("".join))
def test_what_holds_a_secret_holds_what_tells_of_it(text: str) -> None:
    for expression, telltales in SECRETS.items():
        if expression.search(text):
            assert any(telltale in text.lower() for telltale in telltales)


@given(st.lists(st.sampled_from([*WORDS, *INNOCENT]), max_size=6).map("".join))
def test_names_that_only_sound_like_a_secret_hide_none(text: str) -> None:
    if any(expression.search(text) for expression in SECRETS):
        assert may_hold_secrets(text)


def test_names_that_only_sound_like_a_secret_cost_no_closer_look() -> None:
    assert not may_hold_secrets("_tokenize tokenizers>=0.21 SecretStorage>=3.2 passlib oauthlib")
    assert may_hold_secrets("tokenizers_token=x")


@pytest.mark.thorough
@pytest.mark.parametrize(
    "piece",
    [
        "://a:b",
        "a:a(",
        "~a",
        "://a",
        "/t/a",
        "-eyJ",
        "a.a",
        "=a:,",
        "A_",
        "?x://",
        "://x/t/",
        "@",
        "me:pw@h.example/",
        " a: ",
        "u:a/b@c",
        "a/b@c:",
        "@h.example",
    ],
)
def test_much_of_anything_is_masked_in_one_go(piece: str) -> None:
    """Quadratic searches would take many minutes here."""
    much = piece * (300_000 // len(piece))
    for text in (much, f"https://{much}@m.example/"):
        Masker().mask(text)
