from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from envdoctor.text.identity import Identity
from envdoctor.text.names import NameMasker

ADA = Identity(
    ("/home/ada", "/data/users/ada"),
    ("ada",),
    ("Ada King Lovelace",),
    ("ada-laptop", "ada-laptop.corp.example"),
)
HOME, REAL = "/masked-home-1-9-chars", "/masked-home-2-15-chars"


def masked(text: str, identity: Identity = ADA, *, keep_hosts: bool = False, learned: tuple[str, ...] = ()) -> str:
    masker = NameMasker(identity, keep_hosts=keep_hosts)
    for one in (*learned, text):
        masker.learn(one)
    shown = masker.mask(text)
    assert masker.mask(shown) == shown
    other = NameMasker(Identity(), keep_hosts=keep_hosts)  # as in a replay, which knows nobody
    other.learn(shown)
    assert other.mask(shown) == shown
    assert other.counts() == masker.counts()
    return shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("/home/ada", HOME),
        ("/home/ada/p", f"{HOME}/p"),
        ("/home/ada.", f"{HOME}."),
        ("'/home/ada'", f"'{HOME}'"),
        ("PATH=/bin:/home/ada/bin:/data/users/ada/bin", f"PATH=/bin:{HOME}/bin:{REAL}/bin"),
        ("-I/home/ada/include", f"-I{HOME}/include"),
        ("file:///home/ada/x", f"file://{HOME}/x"),
        ("/backup/home/ada/x", f"/backup{HOME}/x"),
        ("/home/adam/x", "/home/masked-user-1-4-chars/x"),
        ("/home/ada.old/x", "/home/masked-user-1-7-chars/x"),
        ("/data/users/bob/x", "/data/users/masked-user-1-3-chars/x"),
        ("/mnt/c/Users/Bob Smith/x", "/mnt/c/Users/masked-user-1-9-chars-has space/x"),
        ("C:\\Users\\bob\\x", "C:\\Users\\masked-user-1-3-chars\\x"),
        ("/home/runner/x", "/home/runner/x"),
        ("/home/linuxbrew/.linuxbrew", "/home/linuxbrew/.linuxbrew"),
    ],
)
def test_home_directories(text: str, shown: str) -> None:
    assert masked(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("/srv/ada/x", "/srv/masked-user-1-3-chars/x"),
        ("~ada/x", "~masked-user-1-3-chars/x"),
        ("belongs to ada", "belongs to masked-user-1-3-chars"),
        ("/opt/ada-env/bin", "/opt/masked-user-1-3-chars-env/bin"),
        ("adapter of canada", "adapter of canada"),
        ("/work/AdaKingLovelace/x", "/work/masked-user-1-15-chars/x"),
        ("by Ada King Lovelace", "by masked-user-1-17-chars-has space"),
        ("lovelace", "masked-user-1-8-chars"),
        ("on ada-laptop:", "on masked-host-1:"),
        ("ada.lovelace@corp.example, ADA.Lovelace@corp.example", "masked-email-1, masked-email-1"),
        ("/opt/homebrew/opt/python@3.11/bin", "/opt/homebrew/opt/python@3.11/bin"),
        ("ada@ada-laptop:~$", "masked-user-1-3-chars@masked-host-1:~$"),
    ],
)
def test_names(text: str, shown: str) -> None:
    assert masked(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://mirror.corp.example:8443/simple", "https://mirror.masked-host-1.example:8443/simple"),
        ("https://u:p@nexus.acme/x", "https://u:p@nexus.masked-host-1/x"),
        ("git@git.corp.example:team/p.git", "git@git.masked-host-1.example:team/p.git"),
        ("ssh://git@git.corp.example/p", "ssh://git@git.masked-host-1.example/p"),
        (".corp.example,localhost", ".masked-host-1.example,localhost"),
        ("http://buildbox:8081/ asks buildbox:8081", "http://masked-host-1:8081/ asks masked-host-1:8081"),
        ("https://9.9.9.9/x by 9.9.9.9", "https://192.0.2.1/x by 192.0.2.1"),
        ("http://10.0.0.3:3128", "http://10.0.0.3:3128"),
        ("https://github.com/team/p", "https://github.com/team/p"),
        ("https://[2a00::7]:80/", "https://[2001:db8::1]:80/"),
    ],
)
def test_private_hosts(text: str, shown: str) -> None:
    assert masked(text) == shown


def test_hosts_are_kept_where_that_is_asked_for() -> None:
    text = "https://mirror.corp.example/simple of ada"
    assert masked(text, Identity(users=("ada",)), keep_hosts=True) == (
        "https://mirror.corp.example/simple of masked-user-1-3-chars"
    )


def test_what_another_text_has_taught_counts_everywhere() -> None:
    assert masked("owned by bob", learned=("/home/bob/x",)) == "owned by masked-user-1-3-chars"
    assert (
        masked("NO_PROXY=a.corp.test", learned=("http://proxy.corp.test",))
        == "NO_PROXY=masked-host-1.masked-host-2.test"
    )


def test_a_name_that_is_a_word_too_is_masked_in_paths_alone() -> None:
    will = Identity(("/home/will",), ("will",))
    assert masked("pip will install into /srv/will/x", will) == "pip will install into /srv/masked-user-1-4-chars/x"


@pytest.mark.parametrize("home", ["/", "", "/root/"])
def test_a_home_that_is_no_directory_of_its_own_is_no_home(home: str) -> None:
    shown = "/masked-home-1-5-chars/x" if home == "/root/" else "/root/x"
    assert masked("/root/x", Identity((home,))) == shown


def test_it_counts_different_names_by_rule_and_tells_what_stands_for_what() -> None:
    masker = NameMasker(ADA)
    assert masker.counts() == {}
    masker.mask("/home/ada/ada and /home/ada/bob")
    assert masker.counts() == {"home-directory": 1, "user-name": 1}
    assert ("ada", "masked-user-1-3-chars") in masker.replaced()


@given(st.text(alphabet="/ad.hom e:@-_'\\~") | st.text())
def test_different_texts_stay_different_and_masked_ones_stay_as_they_are(text: str) -> None:
    masker = NameMasker(ADA)
    shown = masker.mask(text)
    assert masker.mask(shown) == shown
    assert ("/home/ada/" in shown, "/data/users/ada/" in shown) == (False, False)
