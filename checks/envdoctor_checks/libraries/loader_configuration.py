"""LIB — shared libraries: what the system's own loader configuration does to every program of every user."""

from __future__ import annotations

from collections.abc import Iterator

from envdoctor import EditFile, Evidence, Finding, Fix, Manual, Run, Safety, Severity, check
from envdoctor.facts.libraries.system_directories import DisturbingDirectory, SystemDirectories
from envdoctor_checks.common.wording import listed
from envdoctor_checks.libraries._disturbed import DELICATE, MOST_EVIDENCE, clashes_of, gets

LDCONFIG = "/sbin/ldconfig"
# distributions name it themselves: the line has to stay
FOR_EVERYTHING = "/usr/local/lib"


@check("LIB014", severity=Severity.WARNING, since="0.1")
def loader_configuration_disturbs_programs(system: SystemDirectories) -> Iterator[Finding]:
    """The system's loader configuration gives every user's programs libraries that they do not work with.

    ## Why it matters
    What `/etc/ld.so.conf` and the files in `/etc/ld.so.conf.d` name counts for all programs of all users, whatever
    their variables say. With conda's `lib` there, bash, curl and apt get conda's `libtinfo`, `libcurl` and `libstdc++`,
    and may not start any more. Then nobody can log in.

    ## How to fix
    Take the line out as root, and run `ldconfig`, which writes the cache without that directory. Programs of a conda
    environment need no such line: they find their libraries by themselves. Give the directory to the one command that
    needs it: `LD_LIBRARY_PATH=/dir command`.

    ## Not a problem when
    What lies there fits, as with the directories of CUDA, ROCm or another driver, or programs take none of it.
    """
    for found in system.disturbing:
        place = found.place
        hit = [(program, own) for program in found.programs if (own := clashes_of(program, place.directory))]
        if not hit:
            continue
        broken = [program.name for program, _ in hit if program.breaks]
        delicate = any(clash.soname.startswith(DELICATE) for _, own in hit for clash in own)
        what = "breaks" if broken else "makes the loader warn at every start of"
        names = listed(broken or [program.name for program, _ in hit])
        whose = f"{place.directory} (conda's)" if found.conda else place.directory
        yield Finding(
            f"{whose} in {place.file} {what} {names}, for every user",
            _without(found),
            where=place.origin,
            evidence=(
                Evidence(place.directory, place.origin),
                *(
                    Evidence(f"{program.name} {gets(own[0])}", f"symbols of {own[0].needed_by}")
                    for program, own in hit[:MOST_EVIDENCE]
                ),
            ),
            severity=Severity.ERROR if broken or delicate else Severity.WARNING,
        )


def _without(found: DisturbingDirectory) -> Fix:
    place = found.place
    if f"{place.directory}/".startswith(FOR_EVERYTHING):
        files = listed(sorted({clash.file for program in found.programs for clash in program.clashes if clash.file}))
        step = Manual(f"As root, move {files} to a directory that the loader does not search, and run {LDCONFIG}")
        return Fix("Move the libraries away, and write the loader's cache again", step)
    summary = "Remove the line from the loader's configuration, and write its cache again"
    if found.writable and place.text is not None:
        edit = EditFile(place.file, remove=(place.text,))
        return Fix(summary, edit, Run(LDCONFIG), safety=Safety.CHANGES_STATE)
    step = Manual(f"As root, take {place.directory} out of {place.file}, line {place.line}, and run {LDCONFIG}")
    return Fix(summary, step)
