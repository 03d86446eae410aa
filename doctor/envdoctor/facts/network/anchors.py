"""Against which certificates does each tool check a server?

Measured with pip 23.0 to 26.3 and uv 0.13: tests/clinic/test_certificates.py asks them again.
"""

from __future__ import annotations

import os
import re

from envdoctor.engine.fact import Fact, probe
from envdoctor.facts.network.bundle_states import BundleState
from envdoctor.facts.network.certificates import Bundle, Certificates, Trust
from envdoctor.facts.pip.settings import PipSettings
from envdoctor.facts.python.active import ActivePython, Answers
from envdoctor.facts.python.interpreter import Interpreter, Pip

# From these versions on pip also asks OpenSSL, which reads SSL_CERT_FILE and SSL_CERT_DIR: by itself, or if told to.
BY_ITSELF, IF_TOLD = (24, 2), (23, 3)
FIRST_PYTHON = (3, 10)


class Anchors(Fact, frozen=True):
    """What one tool checks a server's certificate against: all of this together.

    Attributes:
        settings: the bundles that are set, as far as they count.
        own: the bundle that comes with the tool; None if it has none on disk, or if a setting takes its place.
        system: whether the system's own store counts too.
    """

    settings: tuple[Bundle, ...] = ()
    own: str | None = None
    system: bool = True

    @property
    def places(self) -> tuple[str, ...]:
        """The files and directories."""
        listed = [value for bundle in self.settings for value in _split(bundle)]
        return (*listed, self.own) if self.own else tuple(listed)


def _split(bundle: Bundle) -> tuple[str, ...]:
    if bundle.setting != "SSL_CERT_DIR":
        return (bundle.value,)
    return tuple(place for place in bundle.value.split(os.pathsep) if os.path.isdir(place))


class Trusted(Fact, frozen=True):
    """What the tools of this session trust.

    Attributes:
        pip: what the pip that is typed checks against.
        pip_reads_openssl: whether that asks OpenSSL too, and with it `SSL_CERT_FILE`; None if its version is unknown.
        uv: what uv checks against.
        conda: what conda checks against.
        conda_verifies: whether conda looks at certificates at all.
        requests: what poetry, pipenv and whatever else uses requests check against.
        system_store: what makes uv use the system's own store; None if nothing does.
    """

    pip: Anchors = Anchors()
    pip_reads_openssl: bool | None = None
    uv: Anchors = Anchors()
    conda: Anchors = Anchors()
    conda_verifies: bool = True
    requests: Anchors = Anchors()
    system_store: str | None = None


@probe
def probe_trusted(
    certificates: Certificates | None, settings: PipSettings, answers: Answers, active: ActivePython | None
) -> Trusted:
    """Put together what is set, and what each tool, pip by its version, makes of it."""
    interpreter = answers.pip.interpreter or (active.interpreter if active else None)
    pip = interpreter.pip if interpreter else None
    modern = reads_openssl(interpreter, pip, settings) if interpreter and pip else None
    found, own = certificates or Certificates(), _own(pip)
    return Trusted(
        of_pip(found, own, openssl=modern is not False),
        modern,
        of_uv(found, own),
        of_requests(found.for_conda, own),
        found.for_conda is not None or found.unverified is None,
        of_requests(found.of(Trust.REQUESTS), own),
        found.system_store,
    )


def reads_openssl(interpreter: Interpreter, pip: Pip, settings: PipSettings) -> bool | None:
    """Whether a pip asks OpenSSL; None where its version is not known."""

    def chosen(option: str, word: str) -> bool:
        setting = settings.effective(option)
        return setting is not None and word in setting.words

    if interpreter.version[:2] < FIRST_PYTHON or chosen("use-deprecated", "legacy-certs"):
        return False
    numbers = tuple(map(int, re.findall(r"[0-9]+", pip.version or "")[:2]))
    if not numbers:
        return None
    return numbers >= BY_ITSELF or (numbers >= IF_TOLD and chosen("use-feature", "truststore"))


def _own(pip: Pip | None) -> str | None:
    """The bundle that comes with pip. Distributions take it out, and let their pip use the system's."""
    bundle = f"{pip.location}/pip/_vendor/certifi/cacert.pem" if pip else None
    return bundle if bundle and os.path.isfile(bundle) else None


def of_pip(certificates: Certificates, own: str | None, *, openssl: bool) -> Anchors:
    """What counts for pip. A setting that names nothing stops it, whatever else there is."""
    chosen = certificates.for_pip
    if chosen is not None and chosen.state is not BundleState.FINE:
        return Anchors((chosen,), system=False)
    if not openssl:
        return Anchors((chosen,), system=False) if chosen else Anchors((), own, system=own is None)
    said = of_openssl(certificates)
    return Anchors((chosen, *said) if chosen else said, own, system=not said)


def of_uv(certificates: Certificates, own: str | None) -> Anchors:
    """What counts for uv. Its list of public authorities is inside of it; pip's and the system's stand for that."""
    said = of_openssl(certificates)
    return Anchors(said, system=False) if said else Anchors((), own)


def of_openssl(certificates: Certificates) -> tuple[Bundle, ...]:
    """What `SSL_CERT_FILE` and `SSL_CERT_DIR` name, both together; what is not there only if nothing else is."""
    said = certificates.of_openssl
    return tuple(bundle for bundle in said if bundle.state is BundleState.FINE) or said


def of_requests(chosen: Bundle | None, own: str | None) -> Anchors:
    """What counts for a client with the bundle that is set for it, or its own, for which pip's stands."""
    return Anchors((chosen,), system=False) if chosen else Anchors((), own)
