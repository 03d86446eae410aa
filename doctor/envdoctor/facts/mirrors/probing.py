"""How are the mirrors asked? What is wanted of each, all at the same time, and what their answers mean."""

from __future__ import annotations

import json
import os
import re

from msgspec.structs import replace

from envdoctor.facts.commands.commands import Hit
from envdoctor.facts.http import fetch
from envdoctor.facts.mirrors.logins import Logins
from envdoctor.facts.mirrors.reachability import Asked, Verdict
from envdoctor.facts.mirrors.servers import Purpose, Target, Targets
from envdoctor.system.session import Session
from envdoctor.system.threads import side_by_side

PATIENCE = 5.0
PAGE = "/pip/"  # a package that every general index has
REPODATA = "/noarch/repodata.json"
SIMPLE = "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.1"
ARCHIVES = re.compile(rb"\.(whl|tar\.gz|zip)\b")
RELEASE = re.compile(
    r"/releases/download(?P<rest>/[0-9]{8}/cpython-3\.[0-9]+\.[0-9]+%2B.*install_only_stripped\.tar\.gz)$"
)
LIST_DOWNLOADS = (
    *("python", "list", "--only-downloads", "--output-format", "json"),
    *("--no-config", "--no-cache", "--offline"),
)
MAGIC = (b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"PK")


def ask(targets: Targets, session: Session, uv: Hit | None, logins: Logins) -> tuple[Asked, ...]:
    """Ask every mirror. `uv` is the first on the search path: it knows which Pythons a mirror of them should hold."""
    release = None
    if any(target.purpose is Purpose.PYTHONS for target in targets.targets):
        release = _release(session, uv)
    pages = {Purpose.PYTHONS: release or "", Purpose.CHANNEL: REPODATA, Purpose.HUB: ""}
    questions = tuple((target, target.prefix + pages.get(target.purpose, PAGE)) for target in targets.targets)
    asked = _ask(questions, min(PATIENCE, session.timeout), _netrc(session))
    return tuple(_may_log_in(one, logins) for one in asked)


def _may_log_in(asked: Asked, logins: Logins) -> Asked:
    """The same; a login that was not looked into is none that is missing."""
    login = logins.of(asked.target.tool, asked.target.address)
    if login is None or asked.verdict is not Verdict.LOGIN:
        return replace(asked, verdict=Verdict.NO_ENTRY) if asked.verdict is Verdict.LOGIN else asked
    return replace(asked, login=login)


def _netrc(session: Session) -> str | None:
    """The file of logins that pip, uv and conda read."""
    if named := session.env.get("NETRC"):
        return os.path.join(session.cwd or "/", named)
    places = (f"{session.home}/.netrc", f"{session.home}/_netrc") if session.home else ()
    return next(filter(os.path.isfile, places), None)


def _release(session: Session, uv: Hit | None) -> str | None:
    """The newest CPython that this uv would download, as date and file; None where no uv says."""
    if uv is None or uv.problem is not None:
        return None
    try:
        entries = json.loads(session.run(uv.path, *LIST_DOWNLOADS).stdout)
    except ValueError:
        return None
    urls = (str(entry.get("url")) for entry in entries if isinstance(entry, dict)) if isinstance(entries, list) else ()
    return next((found["rest"] for url in urls if (found := RELEASE.search(url))), None)


def _ask(questions: tuple[tuple[Target, str], ...], patience: float, netrc: str | None) -> tuple[Asked, ...]:
    """Ask all at the same time. Who is silent in the end does not answer: a name server may hang for long."""
    numbers = range(len(questions))
    answers = side_by_side(lambda number: _answer(*questions[number], patience, netrc), numbers, patience + 1)
    late = fetch.Reply(failure=fetch.Failure.TIMED_OUT, detail=f"{patience:g} s")
    return tuple(answers.get(number) or _judged(*question, late) for number, question in enumerate(questions))


def _answer(target: Target, page: str, patience: float, netrc: str | None) -> Asked:
    """One server's answer; for an archive whose `+` it does not know as `%2B`, that to the plain name."""
    base = target.address.text.strip().rstrip("/")
    route = fetch.Route(target.proxy, target.anchors.places, target.anchors.system, target.verify, netrc)
    asked = _judged(target, page, fetch.get(f"{base}{page}", route, SIMPLE, patience))
    if asked.verdict is not Verdict.NOT_FOUND or "%2B" not in page:
        return asked
    plain = page.replace("%2B", "+")
    again = _judged(target, plain, fetch.get(f"{base}{plain}", route, SIMPLE, patience))
    return again if again.verdict is Verdict.FITS else asked


def _judged(target: Target, page: str, reply: fetch.Reply) -> Asked:
    if reply.failure is not None:
        unasked = reply.failure in {fetch.Failure.SOCKS, fetch.Failure.NO_CERTIFICATES}
        verdict = Verdict.UNKNOWN if unasked else Verdict.UNREACHABLE
        return Asked(target, page, verdict, None, reply.detail, reply.failure.value)
    if reply.refuser is fetch.Refuser.PROXY:
        return Asked(target, page, Verdict.UNREACHABLE, reply.status, "", fetch.Failure.PROXY.value)
    verdict = _verdict(target, page, reply)
    detail = reply.kind if verdict is Verdict.OTHER else ""
    return Asked(target, page, verdict, reply.status, detail, None, round(reply.seconds * 1000))


def _verdict(target: Target, page: str, reply: fetch.Reply) -> Verdict:
    status = reply.status or 0
    if reply.refuser is fetch.Refuser.EITHER:
        return Verdict.EITHER
    if status in (401, 403, 407):
        return Verdict.NO_ENTRY if reply.logged_in else Verdict.LOGIN
    if status in (404, 410):  # another index need not have the page, nor a mirror its own root
        certain = target.purpose in {Purpose.INDEX, Purpose.CHANNEL} or (target.purpose is Purpose.PYTHONS and page)
        return Verdict.NOT_FOUND if certain else Verdict.FITS
    if status >= 400:
        return Verdict.FAULTY
    return Verdict.FITS if _is_expected(target.purpose, page, reply) else Verdict.OTHER


def _is_expected(purpose: Purpose, page: str, reply: fetch.Reply) -> bool:
    match purpose:
        case Purpose.INDEX | Purpose.EXTRA:
            return "vnd.pypi.simple" in reply.kind or ARCHIVES.search(reply.body) is not None
        case Purpose.PYTHONS:
            return not page or reply.body.startswith(MAGIC)
        case Purpose.CHANNEL:
            return reply.body.lstrip().startswith(b"{")
        case Purpose.HUB:
            return True
