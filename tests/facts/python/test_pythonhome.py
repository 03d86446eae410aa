from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from envdoctor.engine.fact import Unavailable
from envdoctor.facts.python.active import ActivePython
from envdoctor.facts.python.pythonhome import PythonHome, probe_python_home
from tests.builders import make_python
from tests.support import make_session

BASE = os.path.realpath(sys.base_prefix)


THIS = ActivePython(
    "python", make_python(BASE, "{}.{}.{}".format(*sys.version_info), path=os.path.realpath(sys.executable))
)


def home(value: str) -> PythonHome:
    session = make_session({"PYTHONHOME": value, "PATH": os.defpath}, python=THIS.interpreter.path)
    return probe_python_home(session, THIS)


@pytest.mark.tools
def test_the_effect_of_a_home_is_seen_by_starting(tmp_path: Path) -> None:
    library = f"lib/python{sys.version_info[0]}.{sys.version_info[1]}"
    own = home(BASE)
    assert (own.is_own, own.library, own.error) == (True, f"{BASE}/{library}", None)
    gone = home(str(tmp_path))
    assert not gone.is_own
    assert gone.library is None
    assert "encodings" in (gone.error or "")
    (tmp_path / "lib").mkdir()
    (tmp_path / library).symlink_to(f"{BASE}/{library}")
    copied = home(f"{tmp_path}:{BASE}")
    assert (copied.is_own, copied.library) == (False, f"{tmp_path}/{library}")
    with pytest.raises(Unavailable):
        home("")
