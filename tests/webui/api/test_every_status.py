"""Every status and every field that the document has of a call is given in some test, or has its reason here. That no other
one is given is held for all tests (held.py)."""

import re
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests import samples
from tests.proofs import upload
from tests.webui.api.held import Book, book_of
from tests.webui.api.program import Program, application
from tests.webui.api.test_signing import brought_to_sign, waiting
from tests.workflow.service.docket.histories import OPEN, history
from workflow.service import Unavailable
from workflow.service.accounts import Accounts
from workflow.service.rules.settings import BodySettings
from workflow.service.standing_in import StandIns

__all__ = ["waiting"]  # a case that waits for its signature
ON = "2024-05-06"
UNSEEN: dict[tuple[str, int], str] = {
    ("registerCase", 409): "what the law refuses at receipt: its table has no such rule today",
}
MARKED = samples.docx("关于某事的报告", header="机密★10年")


class Calls:
    """Makes any call of the document."""

    def __init__(self, book: Book, known: dict[str, Any]) -> None:
        self.book, self.known = book, known
        self.where = {
            operation["operationId"]: (method, path)
            for path, methods in book.document["paths"].items()
            for method, operation in methods.items()
        }

    def scope(self, name: str) -> bool:
        return bool(self.book.operations[name]["security"])

    def body(self, name: str) -> str | None:
        return next(
            iter(self.book.operations[name].get("requestBody", {}).get("content", {})), None
        )

    def make(self, program: Program, name: str, query: str = "", headers: Any = None, known: Any = None, **sent: Any) -> TestResponse:  # fmt: skip
        method, path = self.where[name]
        path = path.format(**{**self.known, **(known or {})})
        headers = {**program.headers, **(headers or {})}
        return program.client.open(path + query, method=method.upper(), headers=headers, **sent)

    def good(self, name: str) -> dict[str, Any]:
        """A body that the call takes."""
        if self.body(name) == "multipart/form-data":
            return {"data": {"kind": "id_proof", "file": upload()}}
        offline = {"channel": "in_person", "on": ON}
        said = {
            "fileApplication": application(),
            "registerCase": application(**offline),
            "applyEvent": {"event": "assign", "on": ON},
            "takeOverCase": history(),
            "checkDocket": history(),
        }
        found = said.get(name.removesuffix("InBody"))
        return {"json": found} if found else {}


@pytest.fixture
def book(app: Any) -> Iterator[Book]:
    found = book_of(app)
    kept = set(found.seen), set(found.said)
    found.seen.clear()
    found.said.clear()
    yield found
    found.seen |= kept[0]
    found.said |= kept[1]


@pytest.fixture
def calls(book: Book, program: Callable[..., Program], waiting: str) -> Calls:
    """At a case with a reply and a file."""
    lifang = program("lifang")
    form = {"kind": "id_proof", "file": upload()}
    path = f"/api/v1/cases/{waiting}/files"
    kept = lifang.client.post(path, headers=lifang.headers, data=form)
    known = {"number": waiting, "code": "panlong", "agency": "panlong", "year": 2024}
    return Calls(
        book, {**known, "file_id": kept.json["id"], "row": "new_received", "column": "total"}
    )


def test_every_status_of_the_document_is_given(
    app: Any, office: Any, program: Callable[..., Program], calls: Calls, monkeypatch: Any
) -> None:
    book, operations = calls.book, calls.book.operations
    nobody, clerk, chen = program(), program("lifang"), program("chen")
    number, code = nobody.file()
    of_applicant = {"X-Query-Code": code}

    def at(name: str) -> dict[str, Any]:
        """For the calls of an applicant: theirs."""
        return (
            {} if calls.scope(name) or name == "fileApplication" else {"known": {"number": number}}
        )

    def asking(name: str, **more: Any) -> dict[str, Any]:
        return {**at(name), "headers": {**(of_applicant if at(name) else {}), **more}}

    for name in operations:
        who = chen if "Paper" in name else clerk if calls.scope(name) else nobody
        done = calls.make(who, name, **asking(name), **calls.good(name))
        calls.make(who, name, "?colour=red", **asking(name), **calls.good(name))
        wrong = {"number": "2024-9999", "agency": "nobody", "code": "nobody"}
        calls.make(who, name, known=wrong, **calls.good(name))
        calls.make(who, name, "?agency=nobody", **calls.good(name)) if name == "listCases" else None
        if mark := done.headers.get("ETag"):
            calls.make(who, name, **asking(name, **{"If-None-Match": mark}), **calls.good(name))
        if calls.scope(name):
            calls.make(nobody, name, **calls.good(name))
            scope = "read" if calls.body(name) else "write"
            calls.make(program("lifang", scope), name, **calls.good(name))
        if (body := calls.body(name)) == "application/json":
            calls.make(who, name, data=b"{", content_type=body)
        if body:
            calls.make(who, name, **at(name), data=b"x", content_type="text/plain")
            much = {"data": b"x" * 35_000_000, "content_type": f"{body}; boundary=x"}
            calls.make(who, name, **at(name), **much)
        if body == "multipart/form-data":
            form = {"kind": "supplement", "file": (BytesIO(MARKED), "报告.docx")}
            calls.make(who, name, **asking(name), data=form)
        if "Docket" in name or name == "takeOverCase":
            calls.make(
                who, name, json=history(events=OPEN)
            )  # another one under the number of before
        if "applyEvent" in name:
            calls.make(who, name, json={"event": "archive", "on": ON})
            calls.make(who, name, headers={"If-Match": '"1-0"'}, **calls.good(name))
    _several(office, program, calls)
    _limited(app, calls, program)
    for failing in (ZeroDivisionError(), Unavailable()):
        _failing(app, calls, clerk, failing, monkeypatch)
    described = {
        (name, int(status))
        for name, operation in operations.items()
        for status in operation["responses"]
    }
    assert sorted(described - book.seen) == sorted(UNSEEN)


def _several(office: Any, program: Callable[..., Program], calls: Calls) -> None:
    """The numbers of two bodies are the same, and the clerk works in both."""
    for _ in range(2):
        program().file(agency="jiangna")
    with office.store.write() as unit:
        for name, roles in (("lifang", ("clerk",)), ("chen", ("leader",))):
            Accounts(office).add_user(unit, name=name, agency=unit.agency("jiangna"), roles=roles)
    for name in calls.book.operations:
        if calls.scope(name):
            calls.make(program("chen" if "Paper" in name else "lifang"), name, **calls.good(name))


def _limited(app: Any, calls: Calls, program: Callable[..., Program]) -> None:
    app.config["RATELIMIT_ENABLED"] = True
    for name in calls.book.operations:
        bad = Program(app, "x") if calls.scope(name) else program()
        for _ in range(31):
            if calls.make(bad, name, **calls.good(name)).status_code == 429:
                break
    app.config["RATELIMIT_ENABLED"] = False


def _failing(app: Any, calls: Calls, clerk: Program, error: Exception, monkeypatch: Any) -> None:
    """What every call asks first breaks."""
    sound = app.extensions["gongkai"]

    class Broken:
        def __getattr__(self, name: str) -> Any:
            if name in ("accounts", "intake", "for_applicant", "files"):
                raise error
            return getattr(sound, name)

    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    for name in calls.book.operations:
        app.extensions["gongkai"] = Broken()
        calls.make(clerk, name, **calls.good(name))
        app.extensions["gongkai"] = sound


# -- fields -----------------------------------------------------------------------------------------

_WRONG = "what an entry that was put right had allowed: asked of the case (tests/workflow/case/test_corrections.py)"
_SUMS = "tables of one store agree with themselves: asked of reports (tests/workflow/report)"
_DAYS = "every worked example is said as the API says it (tests/webui/api/test_deadlines.py)"
NOT_TOLD = {
    **{
        f"DeadlinesAnswer.{field}": _DAYS
        for field in (
            "appeal_due",
            "arrival_unknown",
            "clock_restarted_on",
            "fee_due",
            "fee_notice_in_time",
            "ignored",
            "late_confirmation",
            "party_deadlines",
            "reasons_due",
            "reply_due_national",
            "review_answer_due",
            "safe_due",
            "suit_answer_due",
        )
    },
    **{f"IgnoredEvent.{field}": _DAYS for field in ("event", "on", "place", "reason")},
    **{f"EntryFinding.{field}": _WRONG for field in ("article", "event", "message", "on", "seq")},
    **{f"FindingAnswer.{field}": _SUMS for field in ("level", "message", "rule", "where")},
    **{
        f"Letter.{field}": "no letter is handed out by the API yet: the list is empty"
        for field in ("on", "title")
    },
}
"""Fields of answers that no walk below tells, and where they are told."""


def test_every_field_of_the_answers_is_told(
    app: Any, office: Any, program: Callable[..., Program], book: Book, today: Any, monkeypatch: Any
) -> None:  # fmt: skip
    lifang = program("lifang")
    _answered(program, office, today)
    number, code = program().file()
    of_applicant = {"X_Query_Code": code}
    lifang.happen(number, "assign", "yesterday")
    lifang.happen(number, "archive", ON)
    asked = {"reached_on": ON, "defects": ["请写明年份"]}
    assert lifang.happen(number, "require_correction", ON, **asked).status_code == 200
    program().get(f"/applications/{number}", **of_applicant)
    form = {"kind": "id_proof", "file": [upload(), (BytesIO(b"MZ"), "a.exe")]}
    sent = lifang.client.post(f"/api/v1/cases/{number}/files", headers=lifang.headers, data=form)
    assert sent.status_code == 201, sent.json
    lifang.get(f"/cases/{number}/files/{sent.json['id']}")
    lifang.get(f"/cases/{number}/files")
    bare = {"agency": "panlong", "applicant": {"name": "张三", "category": "business"}, "request": "合同", "channel": "ems", "on": ON}  # fmt: skip
    registered = lifang.post("/cases", bare).json["number"]
    lifang.get(f"/cases/{registered}")  # with what the paper lacks
    registered, _ = program().file()
    assigned = lifang.happen(registered, "assign", ON, to="农业中心").json
    lent(office)
    right = {
        "seq": assigned["log"][-1]["seq"],
        "fields": {"to": "财政所"},
        "reason": "登记有误",
        "second_person": "wangqiang",
    }
    mended = lifang.happen(registered, "correct_entry", ON, **right)
    assert mended.status_code == 200, mended.json
    program("zhaoming").happen(registered, "extend", ON, days=5, reached_on=ON)
    lifang.get(f"/cases/{registered}")
    lifang.get(f"/cases/{registered}/deadlines")
    lifang.get("/cases?limit=1")
    past = lifang.post("/agencies/panlong/dockets", history()).json["number"]
    lifang.get(f"/cases/{past}")
    late = {"event": "extend", "on": "2024-04-20", "days": 15}
    lifang.post("/agencies/panlong/dockets/check", history("YN-000124", [*OPEN, late]))
    lifang.get("/reports/panlong/2024/tables")
    lifang.get("/reports/panlong/2024/cells/new_received/total")
    _several(office, program, Calls(book, {"number": "2024-0001", "code": "panlong", "agency": "panlong", "year": 2024, "file_id": 1, "row": "new_received", "column": "total"}))  # fmt: skip
    _failing(app, Calls(book, {"number": number, "code": "panlong", "agency": "panlong", "year": 2024, "file_id": 1, "row": "new_received", "column": "total"}), lifang, ZeroDivisionError(), monkeypatch)  # fmt: skip
    described = {
        f"{name}.{field}"
        for name, schema in book.document["components"]["schemas"].items()
        if name in _answers(book)
        for field in schema["properties"]
    }
    assert sorted(described - book.said) == sorted(NOT_TOLD)


def lent(office: Any) -> None:
    """The handler stands in for the head of the office."""
    away = (office.staff("guanli"), "panlong", "chen", "zhaoming", ("office_head",))
    StandIns(office).make(*away, ON, "2024-05-07")


def _answered(program: Callable[..., Program], office: Any, today: Any) -> None:
    """Signed and served, one by hand and one by mail, while a third is passed over in silence; the applicants look."""
    phone, path = BodySettings(office).set_setting, "/agencies/panlong/cases/{}/paper"
    lifang, chen = program("lifang"), program("chen")
    silent, code_of_silent = program().file()
    for way in (
        {"method": "direct", "signed_on": ON},
        {"method": "mail", "posted_on": ON, "carrier": "EMS", "note": "电话告知的地址：盘龙街1号"},
    ):
        number, code = brought_to_sign(program)
        phone(None, "panlong", "contact_phone", "", "2024-01-01", "空")
        chen.get(path.format(number))
        phone(None, "panlong", "contact_phone", "0876-3120000", "2024-01-01", "补")
        assert chen.happen(number, "approve", ON).status_code == 200
        chen.get(path.format(number))
        form = {"kind": "proof_of_service", "file": upload()}
        lifang.client.post(f"/api/v1/cases/{number}/files", headers=lifang.headers, data=form)
        served = lifang.happen(number, "serve", ON, **way)
        assert served.status_code == 200, served.json
        program().get(f"/applications/{number}", X_Query_Code=code)
    today.is_("2024-06-28")
    program().get(f"/applications/{silent}", X_Query_Code=code_of_silent)
    today.is_(ON)


def _answers(book: Book) -> set[str]:
    """Models that answers are made of."""
    schemas, found = book.document["components"]["schemas"], set[str]()
    waiting = [
        content["schema"].get("$ref", "").rpartition("/")[2]
        for operation in book.operations.values()
        for status in operation["responses"]
        for content in (book.answer_of(operation["operationId"], int(status)) or {}).get("content", {}).values()
    ]  # fmt: skip
    while waiting:
        name = waiting.pop()
        if name and name not in found and "properties" in schemas[name]:
            found.add(name)
            waiting += re.findall(r"#/components/schemas/(\w+)", str(schemas[name]))
    return found
