"""Somebody with a browser: reads a page, fills in the forms that really stand on it, follows."""

import html
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from flask import Flask, session
from werkzeug.test import TestResponse

from tests.proofs import upload
from webui.security import begin_session
from workflow.people import Staff


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
        """The words of the page, without mark-up."""
        plain = re.sub(r"<(script|style|option)\b.*?</\1>", "", self.html, flags=re.S)
        return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", plain)))

    @property
    def path(self) -> str:
        return self.page.request.path

    @property
    def alert(self) -> str:
        """What the page tells at once, in its alert."""
        found = re.search(r'<section[^>]*role="alert".*?</section>', self.html, re.S)
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
        """Fill in the form that posts to the action and send it. `__` in a name stands for `-`."""
        form = self.form(action)
        fields = {
            **form.fields,
            **{name.replace("__", "-"): value for name, value in typed.items()},
        }
        return self.post(form.action, fields)

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

    def act(self, number: str, event: str, **typed: Any) -> "Visitor":
        """Apply an event on the page of a case."""
        if event == "approve":
            return self.get(f"/desk/cases/{number}/sign").send("/sign", **typed)
        self.get(f"/desk/cases/{number}")
        return self.send(f"/events/{event}", **typed)

    def serve(self, number: str, **typed: Any) -> "Visitor":
        """Serve the reply of a case, with its proof; without one where it is told as None."""
        told = {"proof_file": upload(), **typed}
        return self.act(number, "serve", **{k: v for k, v in told.items() if v is not None})
