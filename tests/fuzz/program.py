"""The application over a store of its own, asked by people who have signed in, by applicants and by programs."""

import logging
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import date
from functools import cache
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import quote, urlsplit

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from config.settings import load
from tests import samples
from tests.fuzz import bending
from tests.webui.api.program import application
from tests.webui.conftest import STAFF, Today, with_bodies
from tests.webui.visitor import Visitor
from tests.workflow.case.one_of_each import ONE_OF_EACH
from webui.app import create_app, open_doors
from webui.here import gongkai
from workflow.case.application import ApplicationForm, read_form
from workflow.dates import parse_day
from workflow.service import Office
from workflow.service.accounts import Accounts
from workflow.store.migrate import migrate
from workflow.store.sealed import Secrets
from workflow.store.store import Store

DAY = "2024-05-06"
CASES = 3
NOT_SENT = ("/logout", "/login", "/leave")
"""Ends of the addresses of forms after which the session is another's."""
FILES = re.compile(r"file|scan|proof|paper|ledger|report|crest|notice")


class Fault(AssertionError):
    """An answer that says that something is broken, or a traceback in the log."""


class _Forms(HTMLParser):
    """The forms of a page that are posted: where to, and what they hold before anybody types."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, dict[str, str]] = {}
        self.links: set[str] = set()
        self.fields: dict[str, str] | None = None

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        a = {name: value or "" for name, value in attributes}
        if tag == "a" and a.get("href", "").startswith("/"):
            self.links.add(a["href"].partition("#")[0])
        if tag == "form":
            posts = a.get("method", "").lower() == "post"
            self.fields = self.found.setdefault(a.get("action", ""), {}) if posts else None
        elif (
            self.fields is not None
            and a.get("name")
            and tag in ("input", "textarea", "select", "button")
        ):
            self.fields.setdefault(a["name"], a.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.fields = None


class _Told(logging.Handler):
    """Keeps what is logged as a fault."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.faults: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.faults.append(logging.Formatter().format(record))


KEYS = Secrets.throwaway()
"""Of all stores of this process, which are copies of one."""


@cache
def _furnished() -> Path:
    """A store with the bodies and people of the tests of pages, made once in a process."""
    path = Path(tempfile.mkdtemp(prefix="gongkai-fuzz-")) / "store.db"
    store = Store(f"sqlite:///{path}")
    migrate(store.engine)
    office = Office(store, KEYS, now=Today(date(2024, 5, 6)))
    with store.write() as unit:
        bodies = with_bodies(office, unit)
        for name, (code, roles) in STAFF.items():
            Accounts(office).add_user(unit, name=name, agency=bodies[code], roles=roles)
    store.close()
    return path


@cache
def _app() -> Flask:
    app = create_app(_office(_furnished()), load({}))
    app.config.update(RATELIMIT_ENABLED=False, WTF_CSRF_ENABLED=False, PROPAGATE_EXCEPTIONS=False)
    return app


def _office(path: Path) -> Office:
    return Office(Store(f"sqlite:///{path}"), KEYS, now=Today(date(2024, 5, 6)))


class Asking:
    """Somebody at a browser, and somebody's program."""

    def __init__(self, app: Flask, office: Office, filed: list[tuple[str, str]]) -> None:
        self.app, self.office, self.filed = app, office, filed
        self.told = _Told()
        self.visitors: dict[str, FlaskClient] = {}
        self.tokens: dict[str, str] = {}
        self.rules = [one for one in app.url_map.iter_rules() if "site" not in one.arguments]

    @classmethod
    @contextmanager
    def over_a_store(cls, batch: int) -> Iterator["Asking"]:
        """With a few applications in it."""
        app = _app()
        with ExitStack() as ends:
            folder = Path(ends.enter_context(tempfile.TemporaryDirectory(prefix="gongkai-fuzz-")))
            shutil.copy(_furnished(), folder / "store.db")
            office = _office(folder / "store.db")
            ends.callback(office.store.close)
            open_doors(app, office, load({}))
            with app.app_context():
                intake = gongkai().intake
            form = read_form(application(), ApplicationForm, today=parse_day(DAY))
            filed = [
                (one.number, one.query_code) for one in (intake.file(form) for _ in range(CASES))
            ]
            asking = cls(app, office, filed)
            app.logger.addHandler(asking.told)
            ends.callback(app.logger.removeHandler, asking.told)
            yield asking

    # -- the three ways of asking ------------------------------------------------------------------------

    def page(self, random: Random) -> str:
        """Any address, its parts and its query bent."""
        rule = random.choice(self.rules)
        path = "".join(
            quote(self._part(random, piece), safe="") if dynamic else piece
            for dynamic, piece in rule._trace  # the parts of the address, as werkzeug has them
            if piece != "|"
        )
        names = (
            "page",
            "year",
            "after",
            "limit",
            "q",
            "number",
            "version",
            "draft",
            "cursor",
            "next",
            "size",
            "edit",
            "kind",
        )
        query = {bending.word(random, random.choice(names)) if random.random() < 0.1 else random.choice(names): bending.word(random, DAY) for _ in range(random.randint(0, 3))}  # fmt: skip
        method = random.choice(("GET", "GET", "GET", "HEAD", "OPTIONS", "PUT", "DELETE"))
        return self._ask(self._client(random), method, path, query_string=query)

    def form(self, random: Random) -> str:
        """A form that stands on a page, with some of its fields bent."""
        who = random.choice((*STAFF, ""))
        forms = _forms_of(self, who)
        action = random.choice(sorted(forms))
        sent: dict[str, Any] = {name: value or DAY for name, value in forms[action].items()}
        for name in random.sample(sorted(sent), min(len(sent), random.randint(0, 4))):
            sent[name] = bending.word(random, str(sent[name]))
        if random.random() < 0.2:
            sent[bending.word(random, "items-1-note")] = bending.word(random, "1")
        for name in list(sent):
            if FILES.search(name) and random.random() < 0.5:
                sent[name] = (BytesIO(bending.data(random, samples.png())), "证.png")
        path = action.partition("?")[0] or "/apply"
        return self._ask(
            self._client(random, who), "POST", path, data=sent, content_type="multipart/form-data"
        )

    def call(self, random: Random) -> str:
        """A call of the API: its body, its header and its address bent."""
        number = random.choice(self.filed)[0]
        number = bending.word(random, number) if random.random() < 0.1 else number
        name = random.choice(sorted(ONE_OF_EACH))
        event = {
            "event": name,
            "on": DAY,
            **{key: _said(value) for key, value in ONE_OF_EACH[name].items()},
        }
        register = {**application(), "channel": "in_person", "on": DAY}
        path, body = random.choice(
            (
                ("/applications", application()),
                ("/cases", register),
                (f"/cases/{quote(number, safe='')}/events", event),
                (f"/agencies/panlong/cases/{quote(number, safe='')}/events", event),
            )
        )
        said: dict[str, Any] = {"json": bending.tree(random, body, random.randint(1, 3))}
        if random.random() < 0.1:
            said = {
                "data": bending.data(random, repr(body).encode()),
                "content_type": "application/json",
            }
        headers = {
            **self._token(random.choice(("sunli", "lifang", "zhaoming"))),
            **self._odd(random),
        }
        return self._ask(self.app.test_client(), "POST", f"/api/v1{path}", headers=headers, **said)

    # -- what they need ----------------------------------------------------------------------------------

    def _part(self, random: Random, name: str) -> str:
        known = {
            "agency": "panlong", "code": "panlong", "number": self.filed[0][0], "year": "2024", "event": "assign",
            "filename": "gongkai.css", "row": "total", "column": "total", "section": "overview", "table": "table3",
            "ending": "json", "kind": "receipt", "sheet": "review", "do": "unlock", "user": "lifang", "name": "fee_policy",
        }.get(name, "1")  # fmt: skip
        return bending.word(random, known) if random.random() < 0.6 else known

    def _client(self, random: Random, who: str | None = None) -> FlaskClient:
        who = random.choice((*STAFF, "")) if who is None else who
        if who not in self.visitors:
            visitor, person = Visitor(self.app), self.office.staff(who) if who else None
            self.visitors[who] = (visitor.signed_in(person) if person else visitor).client
        return self.visitors[who]

    def _token(self, who: str) -> dict[str, str]:
        if who not in self.tokens:
            self.tokens[who] = Accounts(self.office).create_token(who)
        return {"Authorization": f"Bearer {self.tokens[who]}"}

    def _odd(self, random: Random) -> dict[str, str]:
        names = (
            "Idempotency-Key",
            "If-Match",
            "If-None-Match",
            "X-Query-Code",
            "Accept",
            "Range",
            "Cookie",
        )
        if random.random() < 0.7:
            return {}
        said = bending.word(random, '"1-abc"').encode("latin-1", "ignore").decode("latin-1")
        return {random.choice(names): re.sub(r"[\r\n\x00]", "", said)[:300]}

    def _ask(self, client: FlaskClient, method: str, path: str, **sent: Any) -> str:
        answer: TestResponse = client.open(path, method=method, **sent)
        answer.get_data()
        if answer.status_code >= 500 or self.told.faults:
            told, self.told.faults = "\n".join(self.told.faults), []
            raise Fault(f"{method} {path} {_shown(sent)}: {answer.status_code}\n{told}")
        return str(answer.status_code)


def _shown(sent: dict[str, Any]) -> str:
    return repr({name: value for name, value in sent.items() if name != "headers"})[:2000]


def _said(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


_KNOWN: dict[str, dict[str, dict[str, str]]] = {}
PAGES_MOST = 60


def _forms_of(asking: Asking, who: str) -> dict[str, dict[str, str]]:
    """The forms that a person finds by following links, looked for once in a process: numbers repeat in every batch."""
    if who in _KNOWN:
        return _KNOWN[who]
    found: dict[str, dict[str, str]] = {}
    start = ["/desk/", "/desk/cases", "/desk/cases/panlong/2024-0001", "/desk/cases/jiangna/2024-0001", "/desk/register", "/desk/settings", "/desk/reports/"]  # fmt: skip
    waiting, seen = (
        start if who else ["/", "/apply", "/query", "/drafts", "/account/sign-in", "/calculator"],
        set[str](),
    )
    client = asking._client(Random(0), who)
    while waiting and len(seen) < PAGES_MOST:
        path = waiting.pop(0)
        shape = re.sub(r"\d+", "0", urlsplit(path).path)
        if shape in seen:
            continue
        seen.add(shape)
        answer = client.get(path, follow_redirects=True)
        if answer.mimetype != "text/html":
            continue
        parser = _Forms()
        parser.feed(answer.get_data(as_text=True))
        for action, fields in parser.found.items():
            found.setdefault(action or answer.request.path, {}).update(fields)
        waiting += sorted(parser.links)
    found = {a: fields for a, fields in found.items() if not a.endswith(NOT_SENT)}
    _KNOWN[who] = found or {"/apply": {"step": "review"}}
    return _KNOWN[who]
