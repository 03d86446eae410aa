"""Mirrors that are set wrongly, in a user's own shell: found, mended as printed, and accepted by the real uv."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from envdoctor.facts.mirrors.ignored_settings import MISSPELT
from tests.clinic.environments import by_venv
from tests.clinic.patient import TOOLS, Patient
from tests.clinic.tree import in_effect
from tests.mirror_server import PASSWORD, MirrorServer

pytestmark = pytest.mark.clinic


@pytest.mark.sick("MIR001")
def test_a_mirror_without_its_suffix_is_mended_and_uv_asks_for_the_release(
    patient: Patient, mirror: MirrorServer
) -> None:
    patient.install("uv")
    patient.env |= {"PIP_CONFIG_FILE": "/dev/null"}
    value = f"{mirror.url}/gh/https://github.com/astral-sh/python-build-standalone"
    patient.does(f"export UV_PYTHON_INSTALL_MIRROR={value}")
    patient.cure("MIR001", arguments=("--select", "MIR"))
    mirror.take_paths()
    patient.shell.run("UV_HTTP_RETRIES=0 uv python install 3.12 --no-cache")
    asked = mirror.take_paths()
    assert asked
    assert asked[0].startswith("/gh/https://github.com/astral-sh/python-build-standalone/releases/download/2")


@pytest.mark.sick("MIR001", "NET001")
def test_what_a_startup_file_sets_wrongly_is_mended_in_that_file(patient: Patient) -> None:
    patient.env |= {"PIP_CONFIG_FILE": "/dev/null"}
    bashrc = patient.home / ".bashrc"
    mirror = "https://mirror.example/github.com/astral-sh/python-build-standalone"
    kept = "PS1=\nalias ll='ls -l'\n"
    bashrc.write_text(f'export UV_PYTHON_INSTALL_MIRROR="{mirror}"  # ours\n{kept}export SSL_CERT_FILE=/gone.pem\n')
    patient.does(". ~/.bashrc")
    before = patient.examine("--select", "MIR,NET")
    patient.cure("MIR001", before=before, arguments=("--select", "MIR,NET"))
    patient.cure("NET001", arguments=("--select", "MIR,NET"))
    mended = f'export UV_PYTHON_INSTALL_MIRROR="{mirror}/releases/download"  # ours\n'
    assert in_effect(bashrc) in (kept + mended, mended + kept)
    patient.close_shell()
    patient.does(". ~/.bashrc")
    assert patient.examine("--select", "MIR,NET").problems() == []


@pytest.mark.sick("MIR002")
@pytest.mark.parametrize("shell", ["bash", "fish"])
def test_the_installers_mirror_gets_its_companion(shell: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    with Patient(tmp_path_factory.mktemp("patient") / "p", shell) as patient:
        patient.env |= {"UV_INSTALLER_GITHUB_BASE_URL": "https://proxy.example/https://github.com"}
        patient.cure("MIR002", arguments=("--select", "MIR"))
        mirror = patient.does("printenv UV_PYTHON_INSTALL_MIRROR").stdout.strip()
    assert mirror == "https://proxy.example/https://github.com/astral-sh/python-build-standalone/releases/download"


@pytest.mark.sick("MIR003")
@pytest.mark.parametrize("inline", [False, True])
def test_uv_still_reads_its_file_when_it_has_pips_index(inline: bool, patient: Patient) -> None:
    patient.install("uv")
    patient.env |= {"PIP_CONFIG_FILE": str(patient.home / "pip.conf")}
    (patient.home / "pip.conf").write_text("[global]\nindex-url = https://mirror.example/simple\n")
    settings = patient.home / ".config/uv/uv.toml"
    settings.parent.mkdir(parents=True)
    entry = (
        "index = [{ url = 'https://extra.example/s' }]\n" if inline else "[[index]]\nurl = 'https://extra.example/s'"
    )
    settings.write_text(entry)
    patient.cure("MIR003", arguments=("--select", "MIR"))
    assert patient.does("uv cache dir").status == 0
    assert ("mirror.example" in settings.read_text()) is not inline


@pytest.mark.parametrize(
    ("code", "setting", "meant"),
    [
        pytest.param(
            "MIR001",
            "UV_PYTHON_INSTALL_MIRROR=https://gh.example/github.com/indygreg/python-build-standalone/releases",
            "https://gh.example/github.com/astral-sh/python-build-standalone/releases/download",
            marks=pytest.mark.sick("MIR001"),
        ),
        pytest.param(
            "MIR002",
            "UV_INSTALLER_GITHUB_BASE_URL=https://gh.example/https://github.com/astral-sh/uv/releases/download/",
            "https://gh.example/https://github.com",
            marks=pytest.mark.sick("MIR002"),
        ),
        pytest.param("MIR009", "HF_ENDPOINT=hub.example/", "https://hub.example/", marks=pytest.mark.sick("MIR009")),
    ],
)
def test_one_cure_is_enough_for_several_faults(code: str, setting: str, meant: str, patient: Patient) -> None:
    patient.install("uv")
    patient.env |= {"PIP_CONFIG_FILE": "/dev/null"}
    name, _, value = setting.partition("=")
    patient.env |= {"UV_PYTHON_INSTALL_MIRROR": "https://py.example/releases/download", name: value}
    patient.cure(code, arguments=("--select", "MIR"))
    assert patient.does(f"printenv {name}").stdout.strip() == meant


@pytest.mark.sick("MIR009")
@pytest.mark.parametrize("patient", ["fish"], indirect=True)
def test_an_endpoint_without_a_scheme(patient: Patient) -> None:
    patient.does("export HF_ENDPOINT=hub.example")
    patient.cure("MIR009", arguments=("--select", "MIR"))
    assert patient.does("printenv HF_ENDPOINT").stdout == "https://hub.example\n"


@pytest.mark.sick("MIR009")
@pytest.mark.healthy("MIR009")
@pytest.mark.parametrize("version", ["0.27.1", "0.28.0"])
def test_a_slash_at_the_end_is_one_too_many_for_older_clients(version: str, patient: Patient) -> None:
    by_venv(patient, patient.project / ".venv", pip=False)
    [packages] = patient.project.glob(".venv/lib/python3*/site-packages")
    record = packages / f"huggingface_hub-{version}.dist-info"
    record.mkdir()
    (record / "METADATA").write_text(f"Metadata-Version: 2.1\nName: huggingface_hub\nVersion: {version}\n")
    patient.does("source .venv/bin/activate", "export HF_ENDPOINT=https://hub.example/")
    assert ("MIR009" in patient.examine("--select", "MIR").codes) == (version == "0.27.1")
    if version == "0.27.1":
        patient.cure("MIR009", arguments=("--select", "MIR"))
        assert patient.does("printenv HF_ENDPOINT").stdout == "https://hub.example\n"


@pytest.mark.healthy("MIR001")
def test_a_proxy_of_github_takes_the_inner_scheme_as_optional(patient: Patient) -> None:
    patient.install("uv")
    path = "github.com/astral-sh/python-build-standalone/releases/download"
    patient.does(f"export UV_PYTHON_INSTALL_MIRROR=https://gh.example/{path}")
    assert "MIR001" not in patient.examine("--select", "MIR").codes


def isolated(patient: Patient) -> Patient:
    """Nothing but this machine can be reached, and the machine's own configuration of pip counts for nothing."""
    patient.env |= {
        "HTTPS_PROXY": "http://127.0.0.1:9",
        "NO_PROXY": "127.0.0.1",
        "UV_HTTP_RETRIES": "0",
        "UV_PYTHON_DOWNLOADS": "never",
        "PIP_CONFIG_FILE": f"{patient.home}/pip.conf",
    }
    (patient.home / "pip.conf").touch()
    return patient


def uv_asks(patient: Patient, mirror: MirrorServer) -> list[str]:
    """Of which indexes uv asks the mirror for a package."""
    mirror.take_paths()
    patient.shell.run("echo demo | uv pip compile --no-cache -")
    return list(dict.fromkeys(path for path in mirror.take_paths() if path.endswith("/demo/")))


@pytest.mark.sick("MIR003")
def test_uv_gets_the_mirror_of_pip(patient: Patient, mirror: MirrorServer) -> None:
    isolated(patient).install("uv")
    patient.does(f"export PIP_INDEX_URL={mirror.url}/simple")
    assert uv_asks(patient, mirror) == []
    patient.cure("MIR003", arguments=("--select", "MIR"))
    assert uv_asks(patient, mirror) == ["/simple/demo/"]


@pytest.mark.sick("MIR003")
def test_pip_gets_the_mirror_of_uv_where_no_file_of_its_own_is_read(
    patient: Patient, mirror: MirrorServer, python_with_pip: Path
) -> None:
    patient.install("uv")
    (patient.bin / "pip").symlink_to(python_with_pip.with_name("pip"))
    (patient.home / ".config/uv").mkdir(parents=True)
    (patient.home / ".config/uv/uv.toml").write_text(f'index-url = "{mirror.url}/simple"\n')
    patient.does("export PIP_CONFIG_FILE=/dev/null")
    assert patient.shell.run(f"pip config set global.index-url {mirror.url}/simple").status != 0
    patient.cure("MIR003", arguments=("--select", "MIR003"))
    assert f"{mirror.url}/simple" in patient.does("pip config list").stdout


@pytest.mark.sick("MIR003")
@pytest.mark.parametrize("credentials", [False, True])
def test_uv_gets_the_mirror_of_a_file_of_pip(
    credentials: bool, patient: Patient, mirror: MirrorServer, python_with_pip: Path
) -> None:
    isolated(patient).install("uv")
    (patient.bin / "pip").symlink_to(python_with_pip.with_name("pip"))
    index = mirror.with_credentials("/private/simple") if credentials else f"{mirror.url}/simple"
    (patient.home / "pip.conf").write_text(f"[global]\nindex-url = {index}\n")
    before = patient.examine("--select", "MIR")
    assert PASSWORD not in json.dumps(before.document)
    patient.cure("MIR003", before=before, arguments=("--select", "MIR"))
    assert uv_asks(patient, mirror) == ["/private/simple/demo/" if credentials else "/simple/demo/"]


@pytest.mark.sick("MIR004")
def test_the_older_variable_is_taken_away(patient: Patient, mirror: MirrorServer) -> None:
    isolated(patient).install("uv")
    patient.does(f"export UV_DEFAULT_INDEX={mirror.url}/simple UV_INDEX_URL={mirror.url}/other")
    assert uv_asks(patient, mirror) == ["/simple/demo/"]
    patient.cure("MIR004", arguments=("--select", "MIR"), unmasked=("MIR003",))
    assert uv_asks(patient, mirror) == ["/simple/demo/"]


@pytest.mark.sick("MIR004")
def test_a_misspelt_variable_is_read_by_nobody(patient: Patient, mirror: MirrorServer) -> None:
    isolated(patient).install("uv")
    patient.does(*(f"export {name}={mirror.url}/simple" for name in MISSPELT))
    assert uv_asks(patient, mirror) == []
    patient.does(*(f"unset {name}" for name in MISSPELT if name != "UV_DEFAULT_INDEX_URL"))
    patient.cure("MIR004", arguments=("--select", "MIR"), unmasked=("MIR003",))
    assert uv_asks(patient, mirror) == ["/simple/demo/"]


@pytest.mark.sick("MIR005")
@pytest.mark.parametrize("form", ['"{url}/simple"', "https://{url}/simple"])
def test_an_address_that_uv_takes_for_a_directory(form: str, patient: Patient, mirror: MirrorServer) -> None:
    isolated(patient).install("uv")
    patient.env["UV_DEFAULT_INDEX"] = form.format(url=mirror.url)
    assert uv_asks(patient, mirror) == []
    patient.cure("MIR005", arguments=("--select", "MIR"), unmasked=("MIR003",))
    assert uv_asks(patient, mirror) == ["/simple/demo/"]


@pytest.mark.sick("MIR005")
def test_a_carriage_return_that_pip_keeps(patient: Patient, mirror: MirrorServer, python_with_pip: Path) -> None:
    download = f"{python_with_pip} -m pip download --no-cache-dir --no-deps --retries 0 demo"
    (patient.project / "settings.sh").write_bytes(f"export PIP_INDEX_URL={mirror.url}/simple\r\n".encode())
    patient.env["PIP_CONFIG_FILE"] = "/dev/null"
    patient.does(". ./settings.sh")
    mirror.take_paths()
    assert patient.shell.run(download).status != 0
    assert "/simple/demo/" not in mirror.take_paths()
    before = patient.examine("--select", "MIR")
    assert "ends with a carriage return" in before.finding("MIR005")["message"]
    patient.cure("MIR005", before=before, arguments=("--select", "MIR"), unmasked=("MIR003",))
    mirror.take_paths()
    patient.does(download)
    assert "/simple/demo/" in mirror.take_paths()


@pytest.mark.healthy("MIR005")
def test_a_configuration_file_with_the_line_ends_of_windows_is_fine(patient: Patient, mirror: MirrorServer) -> None:
    patient.env |= {"PIP_CONFIG_FILE": f"{patient.home}/pip.ini", "UV_DEFAULT_INDEX": f"{mirror.url}/simple\r"}
    (patient.home / "pip.ini").write_bytes(f"[global]\r\nindex-url = {mirror.url}/simple\r\n".encode())
    assert "MIR005" not in patient.examine("--select", "MIR").codes


@pytest.mark.sick("MIR005")
def test_addresses_joined_by_a_comma(patient: Patient, mirror: MirrorServer) -> None:
    isolated(patient).install("uv")
    patient.env["UV_DEFAULT_INDEX"] = f"{mirror.url}/nothing"
    patient.env["UV_INDEX"] = f"{mirror.url}/simple,{mirror.url}/other"
    patient.cure("MIR005", arguments=("--select", "MIR"), unmasked=("MIR003",))
    assert uv_asks(patient, mirror) == ["/simple/demo/"]


@pytest.mark.sick("MIR006")
@pytest.mark.parametrize("patient", ["zsh"], indirect=True)
def test_plain_http_becomes_https(patient: Patient) -> None:
    patient.env |= {"PIP_CONFIG_FILE": "/dev/null", "PIP_INDEX_URL": "http://mirror.example/simple"}
    patient.cure("MIR006", arguments=("--select", "MIR006"))
    assert patient.does("printenv PIP_INDEX_URL").stdout == "https://mirror.example/simple\n"


@pytest.mark.sick("MIR007")
def test_a_password_moves_to_netrc(patient: Patient) -> None:
    patient.env |= {"PIP_CONFIG_FILE": "/dev/null", "PIP_INDEX_URL": f"https://me:{PASSWORD}@mirror.example/simple"}
    before = patient.examine("--select", "MIR")
    assert PASSWORD not in json.dumps(before.document)
    netrc, *commands = before.finding("MIR007")["fix"]["commands"]["bash"]
    assert netrc == "# Write `machine mirror.example login … password …` into ~/.netrc, mode 600."
    patient.does(*commands)
    assert patient.does("printenv PIP_INDEX_URL").stdout == "https://mirror.example/simple\n"
    assert "MIR007" not in patient.examine("--select", "MIR").codes


@pytest.mark.sick("MIR008")
def test_an_index_asked_first_hides_a_newer_version(patient: Patient, mirror: MirrorServer) -> None:
    isolated(patient).install("uv")
    patient.env |= {"UV_DEFAULT_INDEX": f"{mirror.url}/simple", "UV_INDEX": "https://wheels.example/whl/cu126"}
    before = patient.examine("--select", "MIR")
    assert before.finding("MIR008")["severity"] == "warning"
    patient.does("unset UV_INDEX")
    assert "MIR008" not in patient.examine("--select", "MIR").codes


@pytest.mark.healthy("MIR003", "MIR004", "MIR005", "MIR006", "MIR007", "MIR008")
def test_a_mirror_for_every_tool_is_healthy(patient: Patient) -> None:
    patient.install("uv")
    mirror = "https://mirror.example/simple"
    patient.env |= {"PIP_CONFIG_FILE": f"{patient.home}/pip.conf", "UV_DEFAULT_INDEX": f"corp={mirror}/"}
    (patient.home / "pip.conf").write_text(f"[global]\nindex-url = {mirror}\n")
    (patient.project / ".env").write_text("PIP_INDEX_URL=https://me:pw@mirror.example/simple\n")
    assert patient.examine("--select", "MIR").problems() == []


@pytest.mark.sick("MIR011")
@pytest.mark.parametrize("line", ["export PIP_INDEX_URL={}", "PIP_INDEX_URL={}"])
def test_a_mirror_that_never_left_the_start_up_file(line: str, patient: Patient) -> None:
    mirror = "https://mirror.example/simple"
    patient.env["PIP_CONFIG_FILE"] = "/dev/null"
    (patient.home / ".bashrc").write_text(line.format(mirror) + "\n")
    before = patient.examine("--select", "MIR011")
    if line.startswith("export"):
        patient.cure("MIR011", before=before, arguments=("--select", "MIR011"))
    else:  # the line itself is changed by hand
        patient.does(before.finding("MIR011")["fix"]["commands"]["bash"][0])
    assert patient.does("printenv PIP_INDEX_URL").stdout == f"{mirror}\n"
    assert patient.examine("--select", "MIR011").problems() == []


@pytest.mark.healthy("MIR011")
def test_a_mirror_in_the_file_of_another_shell(patient: Patient) -> None:
    (patient.home / ".config/fish").mkdir(parents=True)
    (patient.home / ".config/fish/config.fish").write_text("set -gx PIP_INDEX_URL https://mirror.example/simple\n")
    assert patient.examine("--select", "MIR011").problems() == []


@pytest.mark.sick("MIR010")
@pytest.mark.parametrize("patient", ["zsh"], indirect=True)
def test_a_mirror_that_is_gone_is_replaced_by_one_that_answers(patient: Patient, mirror: MirrorServer) -> None:
    isolated(patient).install("uv")
    patient.does(f"export UV_DEFAULT_INDEX=http://127.0.0.1:9/simple PIP_INDEX_URL={mirror.url}/simple")
    assert uv_asks(patient, mirror) == []
    assert "MIR010" not in patient.examine("--select", "MIR").codes
    patient.cure("MIR010", arguments=("--select", "MIR", "--network"))
    assert uv_asks(patient, mirror) == ["/simple/demo/"]


@pytest.mark.sick("MIR010")
def test_a_portal_is_no_index_and_a_slow_mirror_is_beaten(patient: Patient, mirror: MirrorServer) -> None:
    isolated(patient)
    patient.does(f"export PIP_INDEX_URL={mirror.url}/portal/simple")
    assert "something else (text/html)" in patient.examine("--select", "MIR", "--network").finding("MIR010")["message"]
    patient.does(f"export PIP_INDEX_URL={mirror.url}/slow/simple UV_DEFAULT_INDEX={mirror.url}/simple")
    patient.cure("MIR010", arguments=("--select", "MIR010", "--network"))


@pytest.mark.healthy("MIR010")
def test_mirrors_that_answer_are_only_asked_for_what_they_have(
    patient: Patient, mirror: MirrorServer, secure_mirror: MirrorServer, authority: tuple[Path, Path]
) -> None:
    isolated(patient).install("uv")
    patient.env |= {
        "PIP_INDEX_URL": mirror.with_credentials("/private/simple"),
        "UV_DEFAULT_INDEX": f"{secure_mirror.url}/moved/simple",
        "UV_PYTHON_INSTALL_MIRROR": f"{mirror.url}/gh/releases/download",
        "SSL_CERT_FILE": str(authority[0]),
    }
    mirror.take_paths()
    seen = patient.examine("--select", "MIR010", "--network")
    assert seen.problems() == []
    assert PASSWORD not in json.dumps(seen.document)
    [release, page] = sorted(mirror.take_paths())
    assert release.startswith("/gh/releases/download/2")
    assert page == "/private/simple/pip/"
    table = patient.does(f"{TOOLS / 'envdoctor'} which --indexes --network").stdout
    assert "answers after" in table
    assert PASSWORD not in table


@pytest.mark.healthy("MIR010")
def test_credentials_of_netrc_are_not_asked_for(patient: Patient, mirror: MirrorServer) -> None:
    isolated(patient).install("uv")
    patient.does(f"export UV_DEFAULT_INDEX={mirror.url}/private/simple")
    assert "MIR010" in patient.examine("--select", "MIR010", "--network").codes
    (patient.home / ".netrc").write_text(f"machine 127.0.0.1 login me password {PASSWORD}\n")
    assert "/private/simple/demo/" in uv_asks(patient, mirror)
    seen = patient.examine("--select", "MIR010", "--network")
    assert seen.problems() == []
    assert PASSWORD not in json.dumps(seen.document)


@pytest.mark.sick("MIR004")
def test_a_file_of_uv_that_a_variable_silences_counts_again(patient: Patient, mirror: MirrorServer) -> None:
    isolated(patient).install("uv")
    (patient.home / ".config" / "uv").mkdir(parents=True, exist_ok=True)
    (patient.home / ".config" / "uv" / "uv.toml").write_text(
        f'[[index]]\nurl = "{mirror.url}/simple"\ndefault = true\n'
    )
    patient.env["UV_NO_CONFIG"] = "1"
    assert "/simple/demo/" not in uv_asks(patient, mirror)
    before = patient.examine("--select", "MIR004")
    assert before.finding("MIR004")["severity"] == "info"
    assert "UV_NO_CONFIG keeps uv from that file" in before.finding("MIR004")["message"]
    patient.cure("MIR004", before=before, arguments=("--select", "MIR004"))
    assert uv_asks(patient, mirror) == ["/simple/demo/"]


@pytest.mark.sick("MIR004")
def test_a_file_of_pip_that_dev_null_silences_counts_again(
    patient: Patient, mirror: MirrorServer, python_with_pip: Path
) -> None:
    (patient.home / ".config" / "pip").mkdir(parents=True)
    (patient.home / ".config" / "pip" / "pip.conf").write_text(f"[global]\nindex-url = {mirror.url}/simple\n")
    (patient.bin / "pip").symlink_to(python_with_pip.with_name("pip"))
    patient.does("export PIP_CONFIG_FILE=/dev/null")
    assert "index-url" not in patient.does("pip config list").stdout
    before = patient.examine("--select", "MIR004")
    assert "PIP_CONFIG_FILE keeps pip from that file" in before.finding("MIR004")["message"]
    patient.cure("MIR004", before=before, arguments=("--select", "MIR004"))
    assert f"{mirror.url}/simple" in patient.does("pip config list").stdout


@pytest.mark.sick("MIR004")
def test_an_index_in_a_file_that_uv_does_not_read_is_advice(patient: Patient, mirror: MirrorServer) -> None:
    isolated(patient).install("uv")
    (patient.project / ".env").write_text(f"UV_DEFAULT_INDEX={mirror.url}/simple\n")
    assert "/simple/demo/" not in uv_asks(patient, mirror)
    finding = patient.examine("--select", "MIR004").finding("MIR004")
    assert finding["severity"] == "info"
    assert finding["where"] == f"{patient.project}/.env:1"
    patient.does("set -a; . ./.env; set +a")
    assert "MIR004" not in patient.examine("--select", "MIR004").codes
    assert uv_asks(patient, mirror) == ["/simple/demo/"]


@pytest.mark.healthy("MIR004")
def test_variables_that_silence_nothing_and_a_file_of_pipenv_are_fine(patient: Patient) -> None:
    patient.install("uv")
    patient.env |= {"PIP_CONFIG_FILE": "/dev/null", "UV_NO_CONFIG": "1"}
    (patient.project / ".env").write_text("PIP_INDEX_URL=https://mirror.example/simple\nUV_PYTHON=3.12\n")
    assert patient.examine("--select", "MIR004").problems() == []


@pytest.mark.sick("MIR005")
@pytest.mark.parametrize("name", [".config/environment.d/10-mirror.conf", ".pam_environment"])
def test_a_variable_of_the_login_is_corrected_in_the_file_that_sets_it(name: str, patient: Patient) -> None:
    file = patient.home / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("# ours\nPIP_INDEX_URL=mirror.example/simple\nEDITOR=vi\n")
    patient.does(f"set -a; . {file}; set +a")
    patient.env["PIP_CONFIG_FILE"] = "/dev/null"
    before = patient.examine("--select", "MIR005")
    assert f"{file}:2" in [entry["origin"] for entry in before.finding("MIR005")["evidence"]]
    patient.cure("MIR005", before=before, arguments=("--select", "MIR005"))
    assert sorted(file.read_text().splitlines()) == [
        "# ours",
        "EDITOR=vi",
        "PIP_INDEX_URL=https://mirror.example/simple",
    ]
    patient.does("unset PIP_INDEX_URL")
    assert "MIR011" not in patient.examine("--select", "MIR011").codes  # a login by ssh does not read it
