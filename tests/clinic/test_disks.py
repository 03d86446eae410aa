"""DSK: caches, disks and homes that the real pip and uv stumble over.

Small file systems are real, in a mount namespace of the patient's shell. What no test machine has is told to envdoctor
as its kernel would tell it (tests/clinic/machine.py): shares of a network, WSL. What a cloud does to files is not
tried: a folder's name is all there is of it.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clinic import machine
from tests.clinic.environments import by_uv, by_venv, uv_project
from tests.clinic.patient import TOOLS, Patient
from tests.clinic.projects import stock, write
from tests.support import needs_tool

pytestmark = [
    pytest.mark.clinic,
    pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount, and take the place of another user"),
]
ANN = 4242
DSK = ("--select DSK",)


@pytest.fixture
def root(patient: Patient) -> Iterator[Patient]:
    """A user who may mount, in a shell whose mounts nobody else sees."""
    stock(patient)
    start = patient.bin / "bash"
    start.write_text(f'#!/bin/sh\nexec {needs_tool("unshare")} --mount --propagation private /bin/bash "$@"\n')
    start.chmod(0o755)
    patient.does("true", f"rm {start}", f"mkdir {patient.home}/disk")
    yield patient
    patient.close_shell()
    assert str(patient.root) not in Path("/proc/self/mountinfo").read_text()


@pytest.fixture
def ann() -> Iterator[Patient]:
    """An ordinary user: envdoctor and uv are hers, the shell beside her may do what `sudo` may."""
    with tempfile.TemporaryDirectory() as made, Patient(Path(made) / "patient") as patient:
        Path(made).chmod(0o755)
        yield in_place_of_ann(patient)


def in_place_of_ann(patient: Patient) -> Patient:
    """The tests, and the Python below them, may lie where only root may look: she is let through there."""
    stock(patient)
    patient.install("uv")
    rights = "--inh-caps=+dac_read_search --ambient-caps=+dac_read_search"  # tests lie where only root may look
    as_ann = f"{needs_tool('setpriv')} --reuid {ANN} --regid {ANN} --clear-groups {rights}"
    patient.command = f"{as_ann} {TOOLS}/envdoctor"
    for name, text in (("sudo", 'exec "$@"'), ("as_ann", f'exec {as_ann} "$@"')):
        write(patient.root / "tools" / name, f"#!/bin/sh\n{text}\n").chmod(0o755)
    patient.env["PATH"] += f":{patient.root}/tools"
    patient.does(f"chown -hR {ANN}:{ANN} {patient.home}", f"chmod 755 {patient.root}")
    return patient


def mount(root: Patient, options: str, place: Path | None = None) -> Path:
    """A small file system of the user's own."""
    disk = place or root.home / "disk"
    root.does(f"mkdir -p {disk}", f"mount -t tmpfs -o {options} tmpfs {disk}")
    return disk


@pytest.mark.sick("DSK001")
def test_root_has_left_a_bucket_in_the_cache(ann: Patient) -> None:
    cache = ann.home / ".cache/uv"
    ann.does("as_ann uv pip list --python /usr/bin/python3")
    bucket = next(cache.glob("interpreter-v*"))
    (cache / "CACHEDIR.TAG").chmod(0o600)
    os.chown(cache / "CACHEDIR.TAG", 0, 0)
    assert "DSK001" not in ann.examine(*DSK).codes
    os.chown(bucket, 0, 0)
    for path in bucket.rglob("*"):
        path.unlink() if path.is_file() else os.chown(path, 0, 0)
    assert ann.shell.run("as_ann uv pip list --python /usr/bin/python3").status == 2
    before = ann.examine()
    assert before.finding("DSK001")["message"] == f"uv cannot write to its cache {cache}: {bucket} belongs to root"
    assert before.finding("DSK001")["fix"]["commands"]["bash"] == [f"sudo chown -hR {ANN} {cache}"]
    ann.cure("DSK001", before=before)
    ann.does("as_ann uv pip list --python /usr/bin/python3")


@pytest.mark.sick("DSK001")
def test_uv_as_root_spoils_the_cache_of_the_home_it_has_kept(ann: Patient) -> None:
    ann.does("uv pip list --python /usr/bin/python3")  # in a shell of root's with ann's HOME
    assert ann.shell.run("as_ann uv pip list --python /usr/bin/python3").status == 2
    [finding] = ann.examine(*DSK).result("DSK001")["findings"]
    assert finding["message"] == f"uv and pip cannot write to their caches: {ann.home}/.cache belongs to root"
    ann.cure("DSK001", arguments=DSK)
    ann.does("as_ann uv pip list --python /usr/bin/python3")


@pytest.mark.sick("DSK001")
def test_a_cache_on_a_disk_that_is_read_only(root: Patient) -> None:
    root.install("uv")
    mount(root, "ro,size=1m", root.home / ".cache")
    assert root.shell.run("uv pip list --python /usr/bin/python3").status == 2
    before = root.examine(*DSK)
    assert before.finding("DSK001")["message"].startswith("uv and pip cannot write to their caches")
    root.cure("DSK001", before=before, arguments=DSK)
    root.does("uv pip list --python /usr/bin/python3")


@pytest.mark.healthy("DSK001", "DSK008")
def test_a_cache_that_is_not_wanted_or_not_there_yet(ann: Patient) -> None:
    assert ann.examine(*DSK).problems() == []
    (ann.home / ".cache").mkdir(exist_ok=True)
    os.chown(ann.home / ".cache", 0, 0)
    ann.does("export UV_NO_CACHE=1 PIP_NO_CACHE_DIR=1", "as_ann uv pip list --python /usr/bin/python3")
    assert ann.examine(*DSK).problems() == []


def source(patient: Patient) -> Path:
    """A package whose source has a megabyte that cannot be compressed; its builder is in it."""
    where = patient.root / "big-1.0"
    builder = (
        "import zipfile\n"
        "def build_wheel(directory, config_settings=None, metadata_directory=None):\n"
        "    with zipfile.ZipFile(f'{directory}/big-1.0-py3-none-any.whl', 'w') as wheel:\n"
        "        wheel.writestr('big.py', '')\n"
        "        wheel.writestr('big-1.0.dist-info/METADATA', 'Metadata-Version: 2.1\\nName: big\\nVersion: 1.0\\n')\n"
        "        tags = 'Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n'\n"
        "        wheel.writestr('big-1.0.dist-info/WHEEL', tags)\n"
        "        wheel.writestr('big-1.0.dist-info/RECORD', '')\n"
        "    return 'big-1.0-py3-none-any.whl'\n"
    )
    write(where / "builder.py", builder)
    write(where / "PKG-INFO", "Metadata-Version: 2.1\nName: big\nVersion: 1.0\n")
    write(
        where / "pyproject.toml",
        '[build-system]\nrequires = []\nbuild-backend = "builder"\nbackend-path = ["."]\n\n'
        '[project]\nname = "big"\nversion = "1.0"\n',
    )
    (where / "data.bin").write_bytes(os.urandom(1_000_000))
    packed = shutil.make_archive(str(where), "gztar", where.parent, where.name)
    return Path(packed)


@pytest.mark.sick("DSK002")
def test_pip_has_no_room_to_unpack(root: Patient) -> None:
    venv = by_venv(root, root.home / "env")
    packed = source(root)
    disk = mount(root, "size=2m")
    root.does(f"source {venv}/bin/activate", f"export TMPDIR={disk}", f"fallocate -l 1900K {disk}/full")
    done = root.shell.run(f"pip install {packed}")
    assert "[Errno 28]" in done.stdout + done.stderr
    before = root.examine()
    assert before.finding("DSK002")["severity"] == "error"
    assert before.finding("DSK002")["message"].startswith("only 0 MB are free where the temporary directory")
    root.cure("DSK002", before=before)
    root.does(f"pip install {packed}")


@pytest.mark.sick("DSK002")
def test_uv_can_make_no_more_files_in_its_cache(root: Patient) -> None:
    root.install("uv")
    uv_project(root)
    by_uv(root, root.project / ".venv", pip=False)
    disk = mount(root, "nr_inodes=3000")
    root.does(f"export UV_CACHE_DIR={disk}/uv", "uv pip install alpha==1.0")
    left = f"{disk}/uv/archive-v0/left"  # an archive that nothing points to any more
    root.does(f"mkdir {left}", f"cd {left}", f"seq 4000 | xargs touch 2>/dev/null || :; cd {root.project}")
    done = root.shell.run("uv pip install epsilon==1.0")
    assert "No space left on device" in done.stderr
    before = root.examine()
    assert before.finding("DSK002")["message"] == f"only 0 more files can be made where uv's cache {disk}/uv lies"
    root.cure("DSK002", before=before)
    root.does("uv pip install epsilon==1.0")


@pytest.mark.healthy("DSK002")
def test_a_full_disk_that_the_tool_at_work_does_not_write_to(root: Patient) -> None:
    root.install("uv")
    uv_project(root)
    by_uv(root, root.project / ".venv", pip=False)
    disk = mount(root, "size=1m")
    root.does(f"export TMPDIR={disk} PIP_CACHE_DIR={disk}/pip", f"fallocate -l 1020K {disk}/full")
    root.does("uv pip install alpha==1.0")
    assert root.examine(*DSK).problems() == []


def on_another_machine(patient: Patient, release: str = "", *mounts: str) -> None:
    """Have envdoctor see another kernel, and these mounts besides those that are here."""
    table = patient.root / "mountinfo"
    lines = [f"{number} 1 0:{number} / {line}" for number, line in enumerate(mounts, 900)]
    table.write_text(Path("/proc/self/mountinfo").read_text() + "".join(f"{line}\n" for line in lines))
    words = f"'{release}' {table if mounts else chr(39) * 2}"
    patient.command = f"{sys.executable} -P {machine.__file__} {words}"


@pytest.mark.sick("DSK003")
def test_uv_copies_from_a_cache_on_another_disk(root: Patient) -> None:
    root.install("uv")
    uv_project(root)
    by_uv(root, root.project / ".venv", pip=False)
    disk = mount(root, "size=50m")
    root.does(f"export UV_CACHE_DIR={disk}/uv")
    assert "Failed to hardlink files" in root.does("uv pip install alpha==1.0").stderr
    assert "DSK003" not in root.examine(*DSK).codes  # in a container that may be so on purpose
    on_another_machine(root)
    before = root.examine(*DSK)
    finding = before.finding("DSK003")
    assert finding["severity"] == "info"
    root.does(finding["fix"]["commands"]["bash"][0])
    assert "DSK003" not in root.examine(*DSK).codes
    assert "hardlink" not in root.does("uv pip install --reinstall alpha==1.0").stderr


@pytest.mark.sick("DSK004")
def test_temporary_files_go_elsewhere_than_the_variable_says(root: Patient) -> None:
    root.install("uv")
    root.does(f"export TMPDIR={root.home}/gone")
    assert "/gone" not in root.does("/usr/bin/python3 -c 'import tempfile; print(tempfile.gettempdir())'").stdout
    assert root.shell.run("uv --no-cache pip list --python /usr/bin/python3").status == 2
    assert root.examine(*DSK).finding("DSK004")["severity"] == "warning"
    root.does("export UV_NO_CACHE=1")
    before = root.examine(*DSK)
    assert before.finding("DSK004")["severity"] == "error"
    root.cure("DSK004", before=before, arguments=DSK)
    root.does("uv pip list --python /usr/bin/python3")


@pytest.mark.sick("DSK004")
def test_a_quoted_tilde_is_no_home(root: Patient) -> None:
    root.does("export TMPDIR='~/tmp'")
    root.cure("DSK004", arguments=DSK)
    assert root.does("echo $TMPDIR").stdout.strip() == f"{root.home}/tmp"


@pytest.mark.sick("DSK005")
def test_an_environment_that_a_server_gives(root: Patient) -> None:
    venv = by_venv(root, root.home / "share/env", pip=False)
    root.does(f"source {venv}/bin/activate")
    on_another_machine(root, "", f"{root.home}/share rw,relatime - nfs4 server:/share rw")
    before = root.examine(*DSK)
    assert before.problems() == [f"DSK005: the environment {venv} is on a network file system (nfs4)"]
    local = by_venv(root, root.home / "local", pip=False)
    root.does(f"source {local}/bin/activate")
    assert root.examine(*DSK).problems() == []


@pytest.mark.sick("DSK006")
def test_a_project_on_a_drive_of_windows(root: Patient) -> None:
    drive = root.home / "c"
    venv = by_venv(root, drive / "project/.venv", pip=False)
    write(drive / "project/requirements.txt", "")
    write(drive / "Python312/pip", "#!/bin/sh\n").chmod(0o755)
    here = (f"{drive} rw,noatime - 9p C:\\134 rw,dirsync,aname=drvfs;path=C:\\134",)
    on_another_machine(root, "5.15.167.4-microsoft-standard-WSL2", *here)
    root.does(f"cd {drive}/project", f"export PATH={drive}/Python312:$PATH")
    found = root.examine(*DSK).result("DSK006")["findings"]
    assert [finding["severity"] for finding in found] == ["error", "warning"]
    assert str(venv) in found[1]["message"]
    root.does(f"export PATH=${{PATH#{drive}/Python312:}}:{drive}/Python312", f"cp -r {drive}/project {root.home}/moved")
    root.does(f"cd {root.home}/moved")
    assert "DSK006" not in root.examine(*DSK).codes


@pytest.mark.sick("DSK007")
def test_an_environment_in_a_folder_that_is_synchronised(root: Patient) -> None:
    root.install("uv")
    project = root.home / "OneDrive/app"
    uv_project(root, project, "app")
    by_uv(root, project / ".venv", pip=False)
    root.does(f"cd {project}")
    before = root.examine(*DSK)
    assert before.finding("DSK007")["severity"] == "warning"
    root.cure("DSK007", before=before, arguments=DSK)
    assert (root.home / ".virtualenvs/app/pyvenv.cfg").exists()


@pytest.mark.sick("DSK007")
def test_syncthing_is_told_to_leave_it_alone(root: Patient) -> None:
    folder = root.home / "shared"
    (folder / ".stfolder").mkdir(parents=True)
    venv = by_venv(root, folder / "app/.venv", pip=False)
    root.does(f"source {venv}/bin/activate")
    root.cure("DSK007", arguments=DSK)


@pytest.mark.sick("DSK008")
def test_a_home_that_is_gone(root: Patient) -> None:
    root.install("uv")
    gone = root.root / "gone/home"
    root.does(f"export HOME={gone}")
    before = root.examine(*DSK)
    assert before.finding("DSK008")["severity"] == "error"
    root.cure("DSK008", before=before, arguments=DSK)
    root.does("uv pip list --python /usr/bin/python3", "export XDG_CACHE_HOME='~/c'")
    assert root.examine(*DSK).finding("DSK008")["severity"] == "info"
    root.cure("DSK008", arguments=DSK)


@pytest.mark.sick("DSK008")
def test_the_home_of_another_user(ann: Patient) -> None:
    other = ann.root / "other"
    other.mkdir(mode=0o755)
    ann.does(f"export HOME={other}")
    assert ann.shell.run("as_ann uv pip list --python /usr/bin/python3").status == 2
    before = ann.examine(*DSK)
    assert before.codes == {"DSK008"}  # and not its caches besides
    made = Path(f"/tmp/home-{ANN}")
    assert before.finding("DSK008")["fix"]["commands"]["bash"] == [f"mkdir -m 700 {made}", f"export HOME={made}"]
    try:
        ann.does(f"as_ann mkdir -m 700 {made}", f"export HOME={made}")
        assert ann.examine(*DSK).problems() == []
        ann.does("as_ann uv pip list --python /usr/bin/python3")
    finally:
        shutil.rmtree(made, ignore_errors=True)


@pytest.mark.sick("DSK009")
def test_an_environment_where_nothing_may_be_executed(root: Patient) -> None:
    venv = root.home / "disk/env"
    mount(root, "size=50m")
    root.does(f"{sys.executable} -m venv --without-pip {venv}", f"source {venv}/bin/activate")
    root.does(
        f"printf '#!/bin/sh\\necho done\\n' > {venv}/bin/tool; chmod 755 {venv}/bin/tool",
        f"mount -o remount,noexec {root.home}/disk",
    )
    assert root.shell.run("tool").status == 126
    before = root.examine()
    assert before.finding("DSK009")["severity"] == "error"
    root.cure("DSK009", before=before)
    assert root.does("tool").stdout == "done\n"


@pytest.mark.sick("DSK009")
def test_a_cache_and_a_directory_for_temporary_files_where_nothing_may_be_executed(root: Patient) -> None:
    root.install("uv")
    disk = mount(root, "size=50m")
    root.does(f"export TMPDIR={disk}", f"mount -o remount,noexec {disk}")
    assert root.examine(*DSK).finding("DSK009")["severity"] == "info"
    root.cure("DSK009", arguments=DSK)
    root.does(f"mkdir -p {disk}/uv/environments-v2", f"export UV_CACHE_DIR={disk}/uv")
    before = root.examine(*DSK)
    assert before.finding("DSK009")["severity"] == "warning"
    root.cure("DSK009", before=before, arguments=DSK)
