"""Which certificates does each tool trust, and is there anything where they are said to be?"""

from __future__ import annotations

import enum
import os
import re
from collections.abc import Iterator
from itertools import count

from envdoctor.engine.fact import Fact, Unavailable, probe
from envdoctor.facts.conda.condarc import Condarc
from envdoctor.facts.network.bundle_states import OTHER_FORMS, BundleState, state_of
from envdoctor.facts.pip.settings import FROM_VARIABLE, PipSettings
from envdoctor.facts.uv.settings import UvSettings
from envdoctor.facts.uv.variables import YES
from envdoctor.system.files import Unreadable, read_bytes
from envdoctor.system.session import Session
from envdoctor.text import limits
from envdoctor.text.patterns import pattern
from envdoctor.text.unexpanded import is_unexpanded, unexpanded

CERTIFICATE = pattern(rb"-----BEGIN ((?:TRUSTED )?CERTIFICATE)-----([^-]*+)-----END \1-----", re.DOTALL)
HASHED = pattern(r"[0-9a-f]{8}\.[0-9]+")
# Bundles of the public authorities, as systems, conda and certifi bring them: nobody's private authority is meant.
PUBLIC = pattern(
    r"/(certifi/cacert\.pem|ssl/cacert\.pem|ssl/cert\.pem|ca-bundle\.(crt|trust\.crt)|ca-certificates\.crt|cacert\.pem)$"
    r"|^/etc/(ssl|pki|ca-certificates)(/|$)|^/nix/store/"
)
# what conda takes for no path: ssl_verify in conda/base/context.py, conda/auxlib/type_coercion.py, conda 26.7.1
WORDS = ("true", "false", "yes", "no", "on", "off", "1", "0", "truststore", "<truststore>")


class Trust(enum.Enum):
    """What a setting is for."""

    UV = "uv and Python's own `ssl`"
    REQUESTS = "pip, conda, poetry and whatever else uses requests"
    PIP = "pip"
    CONDA = "conda"
    CLIENT = "a client certificate"


VARIABLES = {
    "SSL_CERT_FILE": Trust.UV,
    "SSL_CERT_DIR": Trust.UV,
    "REQUESTS_CA_BUNDLE": Trust.REQUESTS,
    "CURL_CA_BUNDLE": Trust.REQUESTS,
    "SSL_CLIENT_CERT": Trust.CLIENT,
}


class Bundle(Fact, frozen=True):
    """Where one setting says that certificates are.

    Attributes:
        value: as it is set.
        setting: the variable, or the key of a configuration file.
        origin: the variable, or the file with its line.
        trust: who reads it.
        state: what is there.
        detail: why it cannot be read; None if it can.
        fingerprints: one of each certificate in the file, sorted: the size and CRC-32 of its text without blanks;
            none of a directory, and of a public bundle only where one setting beats another.
        escaped: whether it has quotation marks or a backslash that the shell should have taken away.
        path: the file itself, where it has to be converted; None otherwise.
        valid_until: the day until which one of the file's certificates is valid; None of a directory, of a public
            bundle, and where a certificate cannot be read.
        pem: a free name for the PEM file to make of that; None if no place for one can be written to.
        meant: the path in full, where it begins with a `~` or `$HOME` that nobody replaces; None if it does not, or
            nothing is there either.
    """

    value: str
    setting: str
    origin: str
    trust: Trust
    state: BundleState = BundleState.FINE
    detail: str | None = None
    fingerprints: tuple[str, ...] = ()
    escaped: bool = False
    path: str | None = None
    pem: str | None = None
    valid_until: str | None = None
    meant: str | None = None

    @property
    def public(self) -> bool:
        """Whether it is a bundle of the public authorities, to be found on any machine."""
        return PUBLIC.search(self.value) is not None

    def includes(self, other: Bundle) -> bool:
        """Whether it holds every certificate of another bundle, as far as both are known one by one."""
        return bool(other.fingerprints) and set(other.fingerprints) <= set(self.fingerprints)


class Certificates(Fact, frozen=True):
    """The certificate settings of this session.

    Attributes:
        bundles: every place that is named, in the order of their settings.
        system_store: what makes uv use the system's own store; None if nothing does.
        unverified: what switches conda's verification off; None if nothing does.
    """

    bundles: tuple[Bundle, ...] = ()
    system_store: str | None = None
    unverified: str | None = None

    def of(self, trust: Trust) -> Bundle | None:
        """The setting that counts for who reads it."""
        return next((bundle for bundle in self.bundles if bundle.trust is trust), None)

    @property
    def for_pip(self) -> Bundle | None:
        """The setting that counts for pip: the variables of requests beat `PIP_CERT`, `cert` and even `--cert`."""
        return self.of(Trust.REQUESTS) or self.of(Trust.PIP)

    @property
    def for_conda(self) -> Bundle | None:
        """The setting that counts for conda: the variables of requests beat `ssl_verify`, even where that is false."""
        return self.of(Trust.REQUESTS) or self.of(Trust.CONDA)

    @property
    def of_openssl(self) -> tuple[Bundle, ...]:
        """What uv and OpenSSL trust in place of their own: `SSL_CERT_FILE` and `SSL_CERT_DIR` together."""
        return tuple(bundle for bundle in self.bundles if bundle.trust is Trust.UV)


@probe
def probe_certificates(session: Session, pip: PipSettings, uv: UvSettings, condarc: Condarc | None) -> Certificates:
    """Read the settings, and look at what they name."""
    cwd = session.cwd or "/"
    bundles = [
        look(session.env[name], name, name, trust, cwd) for name, trust in VARIABLES.items() if session.env.get(name)
    ]
    for option, trust in (("cert", Trust.PIP), ("client-cert", Trust.CLIENT)):
        if setting := pip.effective(option):
            named = setting.origin if setting.section == FROM_VARIABLE else f"[{setting.section}] {option}"
            bundles.append(look(_expanded(setting.value, session), named, setting.origin, trust, cwd))
    verify = condarc.value("ssl_verify") if condarc else None
    if verify and verify.value.lower() not in WORDS:
        bundles.append(look(_expanded(verify.value, session), "ssl_verify", verify.origin, Trust.CONDA, cwd))
    off = verify is not None and verify.value.lower() in ("false", "no", "off", "0")
    bundles = [_meant(_to_convert(bundle, cwd, session.home), session.home) for bundle in bundles]
    made = Certificates(_compared(bundles, cwd), _system_store(uv), verify.origin if verify and off else None)
    if made == Certificates():
        raise Unavailable("no certificate setting")
    return made


def _meant(bundle: Bundle, home: str | None) -> Bundle:
    """The same; of a path that a shell should have changed also what it means. Of several, where each can be found."""
    from msgspec.structs import replace

    elements = bundle.value.split(os.pathsep) if bundle.setting == "SSL_CERT_DIR" else [bundle.value]
    if bundle.state is not BundleState.MISSING or not any(map(is_unexpanded, elements)):
        return bundle
    paths = [unexpanded(element, home) or element for element in elements]
    return replace(bundle, meant=os.pathsep.join(paths) if all(map(os.path.exists, paths)) else None)


def _to_convert(bundle: Bundle, cwd: str, home: str | None) -> Bundle:
    """The same; of a file in another form than PEM also where it is, and where its PEM form can be written."""
    from msgspec.structs import replace

    if bundle.state not in OTHER_FORMS:
        return bundle
    path = os.path.join(cwd, bundle.value)
    writable = (place for place in (os.path.dirname(path), home) if place and os.access(place, os.W_OK | os.X_OK))
    place = next(writable, None)
    return replace(bundle, path=path, pem=_free_name(place, os.path.basename(path)) if place else None)


def _free_name(directory: str, name: str) -> str:
    """`corp.der.pem`, with a number where that is taken."""
    names = (os.path.join(directory, f"{name}{number}.pem") for number in _numbers())
    return next(path for path in names if not os.path.lexists(path))


def _numbers() -> Iterator[str]:
    yield ""
    yield from map("-{}".format, count(2))


def _compared(bundles: list[Bundle], cwd: str) -> tuple[Bundle, ...]:
    """The same; where one setting beats another, the certificates of public bundles are told apart too."""
    trusts = {bundle.trust for bundle in bundles}
    if Trust.REQUESTS in trusts and trusts & {Trust.PIP, Trust.CONDA}:
        return tuple(_file(os.path.join(cwd, b.value), b, every=True) if _is_public_file(b) else b for b in bundles)
    return tuple(bundles)


def _is_public_file(bundle: Bundle) -> bool:
    return (
        bundle.state is BundleState.FINE and bundle.public and not bundle.fingerprints and bundle.trust is not Trust.UV
    )


def _system_store(uv: UvSettings) -> str | None:
    for name in ("UV_SYSTEM_CERTS", "UV_NATIVE_TLS"):
        if uv.variable(name) is not None:
            return name if uv.switched_on(name) else None
    found = uv.value("system-certs") or uv.value("native-tls")
    return found.origin if found and found.value in YES else None


def _expanded(path: str, session: Session) -> str:
    return f"{session.home}{path[1:]}" if session.home and path.startswith("~/") else path


def look(value: str, setting: str, origin: str, trust: Trust, cwd: str) -> Bundle:
    """What is where a setting points. `SSL_CERT_DIR` may name several directories; one that is there will do."""
    escaped = value.strip("\"'") != value or "\\ " in value
    if setting == "SSL_CERT_DIR":
        states = [_directory(os.path.join(cwd, element)) for element in value.split(os.pathsep) if element]
        order = (BundleState.FINE, BundleState.UNHASHED, BundleState.UNREADABLE, BundleState.FILE, BundleState.MISSING)
        state = next((state for state in order if state in states), BundleState.MISSING)
        return Bundle(value, setting, origin, trust, state, escaped=escaped)
    path = os.path.join(cwd, value)
    if os.path.isdir(path):
        state = _directory(path) if setting != "SSL_CERT_FILE" else BundleState.DIRECTORY
        return Bundle(value, setting, origin, trust, state, escaped=escaped)
    if not os.path.exists(path):
        return Bundle(value, setting, origin, trust, BundleState.MISSING, escaped=escaped)
    return _file(path, Bundle(value, setting, origin, trust, escaped=escaped))


def _directory(path: str) -> BundleState:
    try:
        names = os.listdir(path)
    except FileNotFoundError:
        return BundleState.MISSING
    except NotADirectoryError:
        return BundleState.FILE
    except (OSError, ValueError):
        return BundleState.UNREADABLE
    return BundleState.FINE if any(map(HASHED.fullmatch, names)) else BundleState.UNHASHED


def _file(path: str, bundle: Bundle, *, every: bool = False) -> Bundle:
    from msgspec.structs import replace

    try:
        content = read_bytes(path, limits.CERTIFICATES)
    except Unreadable as unreadable:
        return replace(bundle, state=BundleState.UNREADABLE, detail=unreadable.reason)
    state = state_of(content)
    if state is not BundleState.FINE:
        return replace(bundle, state=state)
    if bundle.public:
        return replace(bundle, fingerprints=fingerprints_of(content)) if every else bundle
    from envdoctor.facts.network.certificate_dates import last_day

    until = last_day(found[2] for found in CERTIFICATE.finditer(content))
    return replace(bundle, fingerprints=fingerprints_of(content), valid_until=until)


def fingerprints_of(pem: bytes) -> tuple[str, ...]:
    """What tells the certificates of a bundle apart. Made without hashlib, whose import takes longer than the rest."""
    from zlib import crc32

    texts = {b"".join(found[2].split()) for found in CERTIFICATE.finditer(pem)}
    return tuple(sorted(f"{len(text)}-{crc32(text):08x}" for text in texts))
