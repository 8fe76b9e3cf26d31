"""Somebody with a browser: reads a page, fills in the forms that really stand on it, follows."""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from flask import Flask, session
from werkzeug.test import TestResponse

from tests.proofs import upload
from webui.portal import account_session
from webui.security import begin_session
from workflow.people import Staff

CONFIRMED_WITH_FILES = frozenset(("proof_file",))
"""Inputs that stand on the page that asks once more."""


REVIEWS = {"pass_secrecy_review": "pass", "return_from_secrecy_review": "return"}
"""Events of the page of the review, and the button that each is."""


def place_of(event: str) -> str:
    """Where the form of an event stands, behind the address of its case."""
    return "/sign" if event == "approve" else "/review" if event in REVIEWS else ""


@dataclass
class Form:
    """A form of a page with what it holds before anybody types."""

    action: str
    fields: dict[str, list[str]] = field(default_factory=dict)


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Form] = []
        self.form: Form | None = None
        self.select: str | None = None
        self.area: str | None = None

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        a = dict(attributes)
        if tag == "form":
            self.form = Form(a.get("action") or "")
            self.found.append(self.form)
        if self.form is None:
            return
        name, value = a.get("name"), a.get("value") or ""
        if tag == "input" and name:
            if a.get("type") in ("checkbox", "radio") and "checked" not in a:
                return
            self.form.fields.setdefault(name, []).append(value)
        elif tag == "textarea":
            self.area = name
            self.form.fields[str(name)] = [""]
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select:
            chosen = self.form.fields.setdefault(self.select, [value])
            if "selected" in a:
                chosen[:] = [value]

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.form = None
        elif tag == "select":
            self.select = None
        elif tag == "textarea":
            self.area = None

    def handle_data(self, data: str) -> None:
        if self.area and self.form:
            self.form.fields[self.area][0] += data


HELP = re.compile(r'<details class="[^"]*page-help.*?</details>', re.S)


def _words(page: str) -> str:
    plain = re.sub(r"<(script|style|option)\b.*?</\1>", "", page, flags=re.S)
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", plain)))


class Visitor:
    """One browser with its cookies."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.client = app.test_client()
        self.page: TestResponse

    # -- reading ----------------------------------------------------------------------------------

    def get(self, path: str) -> "Visitor":
        self.page = self.client.get(path, follow_redirects=True)
        return self

    @property
    def status(self) -> int:
        return self.page.status_code

    @property
    def html(self) -> str:
        return self.page.get_data(as_text=True)

    @property
    def text(self) -> str:
        """The words of the page, without mark-up and without the help at its end."""
        return _words(HELP.sub("", self.html))

    @property
    def help(self) -> str:
        """The words of the help of the page, empty if it has none."""
        found = HELP.search(self.html)
        return _words(found[0]) if found else ""

    @property
    def path(self) -> str:
        return self.page.request.path

    @property
    def alert(self) -> str:
        """What the page tells at once, in its alert."""
        found = re.search(r'<(section|div)[^>]*role="alert".*?</\1>', self.html, re.S)
        return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", found[0])).strip() if found else ""

    def form(self, action: str) -> Form:
        parser = _Forms()
        parser.feed(self.html)
        return next(form for form in parser.found if form.action.partition("?")[0].endswith(action))

    def offers(self, event: str) -> bool:
        """True if the page has the form of that event."""
        return f"/events/{event}" in self.html

    # -- acting -----------------------------------------------------------------------------------

    def send(self, action: str, **typed: Any) -> "Visitor":
        """Fill in the form that posts to the action and send it, saying yes where the page asks once more.
        `__` in a name stands for `-`."""
        self.ask(action, **typed)
        return self.confirm(typed) if self.asked_once_more else self

    def ask(self, action: str, **typed: Any) -> "Visitor":
        """Send a form as it is, up to the page that asks once more, where there is one."""
        form = self.form(action)
        fields = {
            **form.fields,
            **{name.replace("__", "-"): value for name, value in typed.items()},
        }
        if CONFIRMED_WITH_FILES & set(fields) and action.endswith("/serve"):
            fields = {k: v for k, v in fields.items() if k not in CONFIRMED_WITH_FILES}
        return self.post(form.action, fields)

    @property
    def asked_once_more(self) -> bool:
        """True on the page before what cannot be taken back."""
        return self.page.mimetype == "text/html" and 'name="confirmed" value="yes"' in self.html

    def confirm(self, typed: Mapping[str, Any] = {}, sure: str = "yes") -> "Visitor":
        """Say yes, or go back; with the files that the page takes."""
        action = re.search(r'<form class="card" method="post" action="([^"]+)"', self.html)
        assert action is not None
        files = {k: v for k, v in typed.items() if k in CONFIRMED_WITH_FILES}
        form = self.form(action[1].rpartition("/")[2])
        given = {k: v for k, v in form.fields.items() if k not in CONFIRMED_WITH_FILES}
        return self.post(form.action, {**given, **files, "confirmed": sure})

    def post(self, path: str, fields: dict[str, Any]) -> "Visitor":
        """Send a form as a browser does from the page that it shows."""
        shown = getattr(self, "page", None)
        headers = {"Referer": shown.request.url} if shown is not None else {}
        self.page = self.client.post(path, data=fields, headers=headers, follow_redirects=True)
        return self

    def log_in(self, name: str, password: str) -> "Visitor":
        return self.get("/desk/login").send("/desk/login", user=name, password=password)

    def signed_in(self, staff: Staff) -> "Visitor":
        """A session as the form of the login begins it, without the two pages before and after."""
        with self.app.test_request_context(environ_base=self.client.environ_base):
            begin_session(staff)
            begun = dict(session)
        with self.client.session_transaction() as kept:
            kept.update(begun)
        return self

    def holding(self, account: int, way: str = "code") -> "Visitor":
        """A session of an applicant's own account as signing in begins it, without the pages before."""
        with self.app.test_request_context(environ_base=self.client.environ_base):
            account_session.begin(account, way)
            begun = dict(session)
        with self.client.session_transaction() as kept:
            kept.update(begun)
        return self

    def applied(self, event: str, typed: dict[str, Any]) -> "Visitor":
        """Apply an event from the page that is open: the review and the signature have pages of their own."""
        if event in REVIEWS:
            return self.send("/review", decision=REVIEWS[event], **typed)
        return self.send("/sign" if event == "approve" else f"/events/{event}", **typed)

    def act(self, number: str, event: str, **typed: Any) -> "Visitor":
        """Apply an event on the page of a case."""
        return self.get(f"/desk/cases/{number}{place_of(event)}").applied(event, typed)

    def serve(self, number: str, **typed: Any) -> "Visitor":
        """Serve the reply of a case, with its proof; without one where it is told as None."""
        told = {"proof_file": upload(), **typed}
        return self.act(number, "serve", **{k: v for k, v in told.items() if v is not None})
