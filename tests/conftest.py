from __future__ import annotations

import gc
import signal
import sys
from collections.abc import Generator

import pytest
from hypothesis import settings

settings.register_profile("no deadline", deadline=None)  # machines are shared: no test may fail by the clock
settings.load_profile("no deadline")

STARTS = frozenset({"subprocess.Popen", "os.posix_spawn", "os.fork", "os.forkpty", "os.system", "os.exec", "os.spawn"})
MARKS = ("tools", "clinic")


class StartsUnmarkedError(Exception):
    """A test without the marker `tools` has started a process."""


class _Guard:
    """What the running test has started without being marked; None while a test may start what it likes.

    Python tells an audit hook of every process, whichever module starts it, and a hook cannot be taken out again.
    """

    started: list[str] | None = None

    def hear(self, event: str, arguments: tuple[object, ...]) -> None:
        if event in STARTS and self.started is not None:
            self.started.append(f"{event} {arguments[:2]}")
            raise StartsUnmarkedError(self.started[-1])


guard = _Guard()
sys.addaudithook(guard.hear)


def pytest_configure() -> None:
    """Let what the tests start hear signals: a run in the background ignores these and would hand that on."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
        signal.signal(signal.SIGHUP, lambda _number, _frame: None)  # the run itself still outlives its terminal


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--rewrite-golden", action="store_true", help="write what is rendered now into tests/golden")


@pytest.fixture
def rewrite_golden(request: pytest.FixtureRequest) -> bool:
    """Whether golden files are to be rewritten."""
    return bool(request.config.getoption("--rewrite-golden"))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection() -> Generator[None, object, object]:
    """Look for no garbage among the many thousand tests, neither while they are collected nor afterwards."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What stands in `tests/clinic` is a clinic test, whether or not it says so."""
    for item in items:
        if "clinic" in item.path.parts:
            item.add_marker("clinic")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Watch an unmarked test from the first fixture to the last."""
    guard.started = None if any(item.get_closest_marker(mark) for mark in MARKS) else []
    try:
        return (yield)
    finally:
        guard.started = None


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Fail an unmarked test that has started something, even where what it tests took the refusal for an answer."""
    result = yield
    if guard.started:
        raise StartsUnmarkedError(f"{item.nodeid} is not marked `tools` and starts {guard.started[0]}")
    return result
