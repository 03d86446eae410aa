from __future__ import annotations

import pytest

from envdoctor.facts.dependencies.version_ranges import begin_later, is_empty


@pytest.mark.parametrize(
    "texts",
    [
        ("<2", ">=2"),
        ("==1.0", "==1.1"),
        (">2,<1",),
        (">=1", "!=1.*", "<2"),
        ("~=3.10.0", ">=3.11"),
        (">=3.9", "==3.10.*", "!=3.10.*"),
        (">1", "<=1"),
    ],
)
def test_nothing_fits(texts: tuple[str, ...]) -> None:
    assert is_empty(texts)


@pytest.mark.parametrize(
    "texts",
    [
        (),
        ("", ""),
        ("<2",),
        (">1", "<1.1"),
        (">=1", "!=1.*", "<3"),
        ("==1.0", "==1"),
        ("~=1.4", "==1.5"),
        ("<=3.11", ">=3.11"),
        ("<2.0", ">=2.0a1"),  # whether pre-releases count is another question
        ("===odd", "==1"),
        ("no specifier", "<1"),
        ("==1.0+local", "==2"),
    ],
)
def test_something_may_fit(texts: tuple[str, ...]) -> None:
    assert not is_empty(texts)


@pytest.mark.parametrize(
    ("wanted", "others", "later"),
    [
        (">=3.11", [">=3.9"], True),
        (">=3.9,!=3.9.*", [">=3.9"], True),
        (">=3.9.5", [">=3.9"], True),
        (">=3.9", [">=3.9", "<3.12"], False),
        ("<3.8", [">=3.9"], False),
        (">=3.11", ["<3.12", ">=3.11"], False),
        (">=3.11rc1", [">=3.9"], False),
        ("odd", [">=3.9"], False),
    ],
)
def test_the_first_that_fits(wanted: str, others: list[str], later: bool) -> None:
    assert begin_later(wanted, others) == later
