from __future__ import annotations

from envdoctor.text.unexpanded import address_in_full, is_unexpanded, unexpanded


def test_what_a_path_means_whose_beginning_no_shell_has_replaced() -> None:
    assert [unexpanded(f"{sign}/c", "/h") for sign in ("~", "$HOME", "${HOME}")] == ["/h/c"] * 3
    assert [unexpanded(path, "/h") for path in ("~bob/c", "$HOMES/c", "c/~/d", "/c")] == [None] * 4
    assert unexpanded("~/c", None) is None


def test_which_paths_a_shell_would_have_changed() -> None:
    assert [is_unexpanded(path) for path in ("~/c", "$HOME/c", "~bob/c", "/~/c", "~")] == [
        True,
        True,
        False,
        False,
        False,
    ]


def test_an_address_in_full() -> None:
    assert [address_in_full(text, "/h") for text in ("~/a b", "file://$HOME/c")] == ["file:///h/a%20b", "file:///h/c"]
    assert address_in_full("https://~/c", "/h") is None
