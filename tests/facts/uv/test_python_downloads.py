"""What uv may download."""

from __future__ import annotations

import pytest

from envdoctor.facts.uv.installations import UvCopies, UvCopy
from envdoctor.facts.uv.python_downloads import UvDownloads, probe_uv_downloads
from envdoctor.facts.uv.settings import UvSettings, UvValue, UvVariable

FILE = "/p/uv.toml"


def uv(version: tuple[int, ...] | None) -> UvCopies:
    return UvCopies((UvCopy("/bin/uv", "/bin/uv", version),))


def found(*set_: UvVariable | UvValue, version: tuple[int, ...] | None = (0, 13, 9)) -> UvDownloads:
    variables = tuple(one for one in set_ if isinstance(one, UvVariable))
    values = tuple(one for one in set_ if isinstance(one, UvValue))
    return probe_uv_downloads(UvSettings(variables, values=values), uv(version))


@pytest.mark.parametrize(
    ("setting", "forbidden", "on_request"),
    [
        (UvVariable("UV_PYTHON_DOWNLOADS", "never"), "UV_PYTHON_DOWNLOADS=never", False),
        (UvVariable("UV_PYTHON_DOWNLOADS", "manual"), "UV_PYTHON_DOWNLOADS=manual", True),
        (UvVariable("UV_OFFLINE", "1"), "UV_OFFLINE", False),
        (UvValue("python-downloads", "manual", FILE, 1), "python-downloads = manual in /p/uv.toml:1", True),
        (UvValue("python-downloads", "never", FILE, 1), "python-downloads = never in /p/uv.toml:1", False),
        (UvValue("offline", "true", FILE, 2), "offline = true in /p/uv.toml:2", False),
    ],
)
def test_what_forbids_downloads(setting: UvVariable | UvValue, forbidden: str, on_request: bool) -> None:
    assert found(setting) == UvDownloads(forbidden, on_request)


def test_the_variable_beats_the_file_and_offline_forbids_everything() -> None:
    by_file = UvValue("python-downloads", "never", FILE, 1)
    assert found(UvVariable("UV_PYTHON_DOWNLOADS", "automatic"), by_file) == UvDownloads()
    manual = UvVariable("UV_PYTHON_DOWNLOADS", "manual")
    assert found(manual, UvVariable("UV_OFFLINE", "true")) == UvDownloads(
        "UV_PYTHON_DOWNLOADS=manual", on_request=False
    )
    assert found(UvValue("offline", "false", FILE, 2), UvVariable("UV_OFFLINE", "0")) == UvDownloads()


def test_what_can_be_downloaded_is_known_of_some_versions_of_uv() -> None:
    assert found().all_known
    assert not found(version=(0, 14)).all_known
    assert not found(UvVariable("UV_PYTHON_DOWNLOADS_JSON_URL", "https://example.org/list.json")).all_known
    assert not found(UvValue("python-downloads-json-url", "file:///list.json", FILE, 1)).all_known
    assert not probe_uv_downloads(UvSettings(), None).all_known
    assert not found(version=None).all_known
