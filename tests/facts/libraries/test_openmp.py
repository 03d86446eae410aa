from __future__ import annotations

import pytest

from envdoctor import Unavailable
from envdoctor.facts.libraries.openmp import probe_openmp_duplicates
from tests.facts.libraries.standard_modules_world import Lab
from tests.native import make_library

pytestmark = pytest.mark.tools


def test_openmps_runtimes_are_listed_when_the_guard_is_off(lab: Lab) -> None:
    for path in (lab.prefix / "lib" / "libiomp5.so", lab.packages / "torch" / "lib" / "libiomp5.so"):
        make_library(path)
    make_library(lab.packages / "sklearn.libs" / "libgomp-a34b3233.so.1.0.0")
    found = probe_openmp_duplicates(lab.session(KMP_DUPLICATE_LIB_OK="True"), lab.python())
    assert found.tolerated
    assert len(found.runtimes) == 2
    assert not probe_openmp_duplicates(lab.session(KMP_DUPLICATE_LIB_OK="FALSE"), None).tolerated
    with pytest.raises(Unavailable):
        probe_openmp_duplicates(lab.session(), None)
