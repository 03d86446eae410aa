from __future__ import annotations

from pathlib import Path

from envdoctor.facts.imports.search_order import Entry, Origin, search_order
from tests.builders import make_interpreter
from tests.support import make_session


def test_each_place_stands_where_it_is_searched_first_with_what_puts_it_there(tmp_path: Path) -> None:
    packages, user = tmp_path / "env/lib/python3.11/site-packages", tmp_path / "user"
    for directory in (packages, user, tmp_path / "src"):
        directory.mkdir(parents=True)
    (packages / "mine.pth").write_text(f"{tmp_path}/src\n")
    library = f"{tmp_path}/lib/python3.11"
    python = make_interpreter(
        str(tmp_path / "env"),
        stdlib=library,
        sys_path=(f"{tmp_path}/lib/python311.zip", library, f"{library}/lib-dynload", str(packages), f"{tmp_path}/src"),
        sees_user_site=True,
        user_site=str(user),
    )
    session = make_session({"PYTHONPATH": f"/srv/lib:relative:{library}:"}, cwd=tmp_path)
    assert search_order(session, python) == (
        Entry(str(tmp_path), Origin.HERE),
        Entry("/srv/lib", Origin.VARIABLE),
        Entry(f"{tmp_path}/relative", Origin.VARIABLE),
        Entry(library, Origin.VARIABLE),
        Entry(f"{tmp_path}/lib/python311.zip", Origin.LIBRARY),
        Entry(f"{library}/lib-dynload", Origin.LIBRARY),
        Entry(str(user), Origin.USER),
        Entry(str(packages), Origin.PACKAGES),
        Entry(f"{tmp_path}/src", Origin.ADDED, f"{packages}/mine.pth"),
    )


def test_what_switches_places_off_does_so() -> None:
    python = make_interpreter("/usr", sees_user_site=True, user_site="/")
    places = [entry.origin for entry in search_order(make_session({}, cwd="/srv"), python)]
    assert places == [Origin.HERE, Origin.USER, Origin.PACKAGES]
    safe = make_session({"PYTHONSAFEPATH": "1", "PYTHONNOUSERSITE": "1"}, cwd="/srv")
    assert [entry.origin for entry in search_order(safe, python)] == [Origin.PACKAGES]
    old = make_interpreter("/usr", (3, 10, 1), sees_user_site=False)
    assert [entry.origin for entry in search_order(safe, old)] == [Origin.HERE, Origin.PACKAGES]
    gone = make_session({"PYTHONPATH": "relative:/srv"}, cwd=None)
    assert [entry.path for entry in search_order(gone, old)][:1] == ["/srv"]


def test_a_label_names_the_file_or_the_kind_of_place() -> None:
    assert Entry("/srv", Origin.VARIABLE).label == "/srv (PYTHONPATH)"
    assert Entry("/srv", Origin.ADDED, "/env/x.pth").label == "/srv (/env/x.pth)"
