from __future__ import annotations

import pytest

from envdoctor import EditFile, Evidence, Finding, Fix, Manual, Run, Safety, Severity
from envdoctor.facts.libraries.programs import DisturbedProgram
from envdoctor.facts.libraries.system_directories import DisturbingDirectory, SystemDirectories
from envdoctor.facts.loader.configuration import ConfiguredDirectory
from envdoctor.facts.loader.conflicts import Clash, Effect
from envdoctor.testing import assess
from envdoctor_checks.libraries.loader_configuration import loader_configuration_disturbs_programs

LIB = "/opt/conda/lib"
FILE = "/etc/ld.so.conf.d/conda.conf"


def program(name: str, effect: Effect, directory: str = LIB, soname: str = "libtinfo.so.6") -> DisturbedProgram:
    file, own = f"{directory}/{soname}", f"/usr/lib/{soname}"
    return DisturbedProgram(
        name, f"/bin/{name}", (Clash(soname, f"/bin/{name}", file, own, effect, "lacks the symbol x"),)
    )


def findings(*programs: DisturbedProgram, directory: str = LIB, writable: bool = False) -> list[Finding]:
    place = ConfiguredDirectory(directory, FILE, 1, directory)
    disturbing = DisturbingDirectory(place, programs, "/opt/conda" if directory == LIB else None, writable)
    return assess(loader_configuration_disturbs_programs, SystemDirectories((disturbing,)))


@pytest.mark.sick("LIB014")
def test_condas_libraries_for_every_user() -> None:
    found = findings(program("bash", Effect.BREAKS), program("less", Effect.WARNS), writable=True)
    assert found == [
        Finding(
            f"{LIB} (conda's) in {FILE} breaks bash, for every user",
            Fix(
                "Remove the line from the loader's configuration, and write its cache again",
                EditFile(FILE, remove=(LIB,)),
                Run("/sbin/ldconfig"),
                safety=Safety.CHANGES_STATE,
            ),
            f"{FILE}:1",
            (
                Evidence(LIB, f"{FILE}:1"),
                Evidence(
                    f"bash gets {LIB}/libtinfo.so.6 instead of /usr/lib/libtinfo.so.6: it lacks the symbol x",
                    "symbols of /bin/bash",
                ),
                Evidence(
                    f"less gets {LIB}/libtinfo.so.6 instead of /usr/lib/libtinfo.so.6: it lacks the symbol x",
                    "symbols of /bin/less",
                ),
            ),
            Severity.ERROR,
        )
    ]


@pytest.mark.sick("LIB014")
def test_who_is_not_root_has_it_done_and_a_warning_stays_one() -> None:
    [finding] = findings(program("less", Effect.WARNS))
    assert finding.severity is Severity.WARNING
    assert finding.message == f"{LIB} (conda's) in {FILE} makes the loader warn at every start of less, for every user"
    assert finding.fix.actions == (Manual(f"As root, take {LIB} out of {FILE}, line 1, and run /sbin/ldconfig"),)


@pytest.mark.sick("LIB014")
def test_the_line_that_distributions_write_stays() -> None:
    local = "/usr/local/lib"
    [finding] = findings(program("curl", Effect.WARNS, local, "libssl.so.3"), directory=local, writable=True)
    assert finding.severity is Severity.ERROR
    [step] = finding.fix.actions
    assert isinstance(step, Manual)
    assert step.text.startswith(f"As root, move {local}/libssl.so.3 to a directory that the loader does not search")


@pytest.mark.healthy("LIB014")
def test_directories_that_disturb_nothing() -> None:
    assert assess(loader_configuration_disturbs_programs, SystemDirectories()) == []
    assert findings(program("bash", Effect.BREAKS, "/opt/other/lib")) == []
