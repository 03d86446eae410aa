"""Library paths that break programs and Pythons, made of real ELF objects, and mended as printed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from envdoctor.facts.loader.host import read_host
from envdoctor.facts.loader.symbols import read_symbols
from tests.clinic.conda import make_prefix
from tests.clinic.patient import TOOLS, Patient
from tests.clinic.tree import in_effect
from tests.native import make_library, make_program
from tests.support import needs_tool

pytestmark = pytest.mark.clinic

VARIABLE = "LD_LIBRARY_PATH"


def system_library(soname: str) -> Path:
    """The system's own file for a soname."""
    entries = read_host().cache.get(soname)
    if not entries:
        needs_tool(soname)
    assert entries is not None
    return Path(entries[0].path)


def asked_of(soname: str, *programs: str) -> tuple[str, ...]:
    """The symbols that programs ask of a library."""
    wanted = (wanted for program in programs for wanted in read_symbols(needs_tool(program)).wanted)
    return tuple(sorted({symbol.name for symbol in wanted if symbol.soname == soname}))


def export(patient: Patient, *directories: Path | str) -> None:
    """Do what the field guide says: export the directories for everything."""
    patient.does(f"export {VARIABLE}={':'.join(map(str, directories))}")


@pytest.fixture
def conda(patient: Patient) -> Path:
    """A conda root without anything in its `lib`."""
    root = make_prefix(patient.home / "miniconda3", python=False)
    (root / "lib").mkdir()
    return root


# LIB001: conda's libraries for everyone


@pytest.mark.sick("LIB001")
def test_conda_libraries_that_lack_symbols_break_bash(patient: Patient, conda: Path) -> None:
    make_library(conda / "lib" / "libtinfo.so.6")
    export(patient, conda / "lib")
    real = patient.shell.run("bash -c :")
    assert real.status != 0
    assert "no version information available" in real.stderr
    assert "symbol lookup error" in real.stderr
    finding = (before := patient.examine()).finding("LIB001")
    assert finding["severity"] == "error"
    assert finding["message"].startswith(f"{conda}/lib on {VARIABLE} breaks bash")
    patient.cure("LIB001", before=before)
    assert patient.does("bash -c :").stderr == ""


@pytest.mark.sick("LIB001")
def test_conda_libraries_without_versions_make_bash_warn(patient: Patient, conda: Path) -> None:
    needed = asked_of("libtinfo.so.6", "bash")
    make_library(conda / "lib" / "libtinfo.so.6", needed)
    export(patient, conda / "lib")
    real = patient.shell.run("bash -c :")
    assert real.status == 0
    assert "no version information available" in real.stderr
    before = patient.examine()
    programs = {e["text"].split()[0]: e["text"] for e in before.finding("LIB001")["evidence"]}
    assert programs["bash"].endswith("has no version information")
    patient.cure("LIB001", before=before)


@pytest.mark.sick("LIB001")
def test_conda_openssl_without_a_version_locks_ssh_and_curl_out(patient: Patient, conda: Path) -> None:
    needs_tool("ssh")
    for name in ("libcrypto.so.3", "libssl.so.3"):
        make_library(conda / "lib" / name, versions={"OPENSSL_1.1.0": ["stub"]})
    other = make_library(conda / "lib" / "libother.so.1")
    export(patient, other.parent, "/usr/local/lib")
    assert "version `OPENSSL_3" in patient.shell.run("ssh -V").stderr
    before = patient.examine()
    assert "ssh" in before.finding("LIB001")["message"]
    after = patient.cure("LIB001", before=before)
    assert "LIB002" not in after.codes
    assert patient.does(f"echo ${VARIABLE}").stdout == "/usr/local/lib\n"
    assert "OpenSSL" in patient.does("ssh -V").stderr


@pytest.mark.healthy("LIB001", "LIB002", "LIB003", "LIB007", "LIB013")
def test_conda_libraries_that_fit_are_left_alone(patient: Patient, conda: Path) -> None:
    for soname in ("libtinfo.so.6", "libz.so.1", "libstdc++.so.6"):
        (conda / "lib" / soname).write_bytes(system_library(soname).read_bytes())
    make_library(conda / "lib" / "libavutil.so.59")
    export(patient, conda / "lib")
    assert patient.examine("--select LIB").problems() == []


@pytest.mark.healthy("LIB001", "LIB013")
def test_programs_that_are_condas_own_are_no_victims(patient: Patient, conda: Path) -> None:
    needed = asked_of("libtinfo.so.6", "bash")
    library = make_library(conda / "lib" / "libtinfo.so.6", needed)
    for name in ("bash", "zsh", "fish", "tmux", "screen", "vim", "less", "gpg", "gdb", "sqlite3", "nano", "psql"):
        program = conda / "bin" / name
        flags = ["-Wl,--disable-new-dtags", "-Wl,-rpath,$ORIGIN/../lib"]
        program.write_bytes(conda_program(patient, library, flags).read_bytes())
        program.chmod(0o755)
    export(patient, conda / "lib")
    patient.does(f'export PATH="{conda}/bin:$PATH"')
    assert not {"LIB001", "LIB013"} & patient.examine("--select LIB").codes


def conda_program(patient: Patient, library: Path, flags: list[str]) -> Path:
    built = patient.scratch / "program"
    return built if built.exists() else make_program(built, calls=["tputs"], needs=[library], flags=flags)


# LIB013: any other directory


@pytest.mark.sick("LIB013")
def test_any_directory_that_breaks_a_program_is_named(patient: Patient) -> None:
    library = make_library(patient.home / "opt" / "matlab" / "libz.so.1", versions={"ZLIB_1.2.0": ["deflate"]})
    needs_tool("git")
    export(patient, library.parent)
    assert patient.shell.run("git --version").status != 0
    before = patient.examine()
    assert before.finding("LIB013")["severity"] == "error"
    assert "git" in before.finding("LIB013")["message"]
    patient.cure("LIB013", before=before)
    patient.does("git --version")


# LIB002: elements that mean something else


@pytest.mark.sick("LIB002")
@pytest.mark.parametrize("value", ["{lib}:", "{lib}::/usr/local/lib", "~/lib:{lib}", "{lib};;/usr/local/lib;rel"])
def test_malformed_elements_are_taken_out(patient: Patient, value: str) -> None:
    lib = patient.home / "opt" / "lib"
    lib.mkdir(parents=True)
    patient.does(f"export {VARIABLE}='{value.replace('{lib}', str(lib))}'")
    assert patient.cure("LIB002", arguments=["--select LIB"]).problems() == []
    assert str(lib) in patient.does(f"echo ${VARIABLE}").stdout


@pytest.mark.sick("LIB002")
def test_fish_takes_an_empty_element_out_too(tmp_path: Path) -> None:
    with Patient(tmp_path / "fisher", "fish") as patient:
        patient.does(f"set -gx {VARIABLE} /usr/local/lib ''")
        patient.cure("LIB002")
        assert patient.does(f"env | grep {VARIABLE}").stdout == f"{VARIABLE}=/usr/local/lib\n"


@pytest.mark.healthy("LIB002")
@pytest.mark.parametrize("value", ["", "/usr/local/lib:$ORIGIN/../lib:${ORIGIN}/$LIB"])
def test_what_the_loader_understands_is_left_alone(patient: Patient, value: str) -> None:
    patient.does(f"export {VARIABLE}='{value}'")
    assert patient.examine("--select LIB").problems() == []


@pytest.mark.healthy("LIB002")
def test_a_missing_directory_is_advice_only(patient: Patient) -> None:
    export(patient, "/opt/gone/lib", "/usr/local/lib")
    examination = patient.examine("--select LIB --strict")
    assert examination.exit_code == 0
    assert examination.finding("LIB002")["severity"] == "info"
    patient.cure("LIB002", before=examination, arguments=["--select LIB"])
    assert patient.does(f"echo ${VARIABLE}").stdout == "/usr/local/lib\n"


# LIB008: preloaded objects


@pytest.mark.sick("LIB008")
@pytest.mark.parametrize("patient", ["zsh"], indirect=True)
def test_a_preload_that_does_not_exist_is_unset(patient: Patient) -> None:
    patient.does("export LD_PRELOAD=/nope/libx.so")
    assert "cannot be preloaded" in patient.shell.run("/bin/true").stderr
    arguments = ["2>/dev/null"]  # the loader complains of the examination itself too
    patient.cure("LIB008", before=patient.examine(*arguments))
    assert patient.does("/bin/true").stderr == ""


@pytest.mark.sick("LIB008")
def test_another_builds_openssl_for_every_program_is_an_error(patient: Patient) -> None:
    library = make_library(patient.home / "lib" / "libcrypto.so.3", versions={"OPENSSL_1.1.0": ["stub"]})
    patient.does(f"export LD_PRELOAD={library}")
    before = patient.examine("2>/dev/null")
    assert before.finding("LIB008")["severity"] == "error"
    patient.cure("LIB008", before=before)


@pytest.mark.healthy("LIB008")
def test_an_allocator_may_be_preloaded(patient: Patient) -> None:
    library = make_library(patient.home / "lib" / "libjemalloc.so.2", ["je_stats"])
    patient.does(f"export LD_PRELOAD={library}")
    assert patient.examine("--select LIB").problems() == []


# LIB009, LIB010


@pytest.mark.sick("LIB009")
@pytest.mark.parametrize("patient", ["fish"], indirect=True)
def test_the_guard_of_openmp_is_switched_on_again(patient: Patient) -> None:
    patient.does("export KMP_DUPLICATE_LIB_OK=TRUE")
    patient.cure("LIB009")


@pytest.mark.sick("LIB010")
def test_a_recording_from_macos_is_judged_here(patient: Patient, tmp_path: Path) -> None:
    document = patient.examine().document
    del document["missing"]["DyldVariables"]
    document["facts"]["DyldVariables"] = {"variables": [["DYLD_LIBRARY_PATH", "/opt/homebrew/lib"]]}
    recording = tmp_path / "mac.json"
    recording.write_text(json.dumps(document))
    replayed = json.loads(patient.shell.run(f"{TOOLS / 'envdoctor'} replay {recording} --format json").stdout)
    [result] = [result for result in replayed["results"] if result["code"] == "LIB010"]
    assert result["findings"][0]["fix"]["commands"]["bash"] == ["unset DYLD_LIBRARY_PATH"]


# LIB012: start-up files


@pytest.mark.sick("LIB012")
def test_an_export_in_bashrc_that_breaks_bash_is_taken_out(patient: Patient, conda: Path) -> None:
    make_library(conda / "lib" / "libtinfo.so.6")
    bashrc = patient.home / ".bashrc"
    bashrc.write_text(f"alias ll='ls -l'\nexport {VARIABLE}={conda}/lib:${VARIABLE}\nexport EDITOR=vi\n")
    before = patient.examine()
    assert before.finding("LIB012")["where"] == f"{bashrc}:2"
    patient.cure("LIB012", before=before)
    assert in_effect(bashrc) == "alias ll='ls -l'\nexport EDITOR=vi\n"


@pytest.mark.sick("LIB012")
def test_an_export_that_stands_there_twice_is_left_to_its_owner(patient: Patient, conda: Path) -> None:
    make_library(conda / "lib" / "libtinfo.so.6")
    export = f"export {VARIABLE}={conda}/lib:${VARIABLE}"
    (patient.home / ".bashrc").write_text(f"{export}\nlibs() {{\n{export}\n}}\n")
    [step] = patient.examine().finding("LIB012")["fix"]["actions"]
    assert step["kind"] == "manual"


@pytest.mark.healthy("LIB012")
def test_an_export_of_libraries_that_fit_may_stand_in_bashrc(patient: Patient, conda: Path) -> None:
    make_library(conda / "lib" / "libavutil.so.59")
    (patient.home / ".bashrc").write_text(f"export {VARIABLE}={conda}/lib:${VARIABLE}\n")
    assert patient.examine("--select LIB").problems() == []


@pytest.mark.healthy("LIB012")
def test_cuda_and_a_single_commands_variable_may_stand_in_bashrc(patient: Patient, conda: Path) -> None:
    lines = [
        f"export {VARIABLE}=/usr/local/cuda/lib64:${VARIABLE}",
        f"{VARIABLE}={conda}/lib ffmpeg -version",
        f"# export {VARIABLE}={conda}/lib",
        f"alias play='{VARIABLE}={conda}/lib ffplay'",
    ]
    (patient.home / ".bashrc").write_text("\n".join(lines) + "\n")
    assert patient.examine("--select LIB").problems() == []
