from __future__ import annotations

from msgspec.structs import replace

from envdoctor.fleet.answer import Group
from envdoctor.render.fleet.html import MOST_ROWS, render
from tests.render.fleet.world import FULL


def test_the_page_has_a_matrix_of_machines_and_findings_and_no_markup_of_others() -> None:
    page = render(FULL)
    assert page.startswith("<!DOCTYPE html>")
    assert "default-src &#x27;none&#x27;" in page
    assert "<b>odd" not in page
    head = '<th scope="col">machine</th><th scope="col">LIB001</th><th scope="col">PIP001</th></tr>'
    mark = '<td><span class="bad">✗ found</span></td>'
    sick = f'<th scope="row"><code>s1</code></th>{mark}{mark}'
    assert head in page
    assert sick in page
    assert page.count('<th scope="row"><code>m') == 12
    assert "<code>Libc.version = 2.17</code>" in page


def test_of_many_machines_a_group_is_a_row() -> None:
    many = tuple(f"m{number}" for number in range(MOST_ROWS))
    page = render(replace(FULL, machines=MOST_ROWS + 3, groups=(Group((), many), *FULL.groups[1:])))
    assert f"{MOST_ROWS} machines: <code>m0, m1" in page
