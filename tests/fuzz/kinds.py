"""What is tried: each kind makes its inputs from good ones, and says what may come of a bad one."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from io import BytesIO
from random import Random

import xlsxwriter

from config.law import load_law
from config.ledger import load_ledger
from tests import samples
from tests.examples import ROOT
from tests.fuzz import bending
from tests.fuzz.program import Asking
from tests.workflow.report.form_files import FORMS, as_pdf4
from tests.workflow.report.report_files import WRITERS
from workflow.docket import timeline
from workflow.docket.file import check_docket
from workflow.docket.ledger import book, heads
from workflow.files import BadContent, checked, leftovers, outward
from workflow.refusal import BadInput, Refused
from workflow.report.annual import AnnualReport
from workflow.report.checks import Known, findings
from workflow.report.reading import Unreadable, read_report
from workflow.rules.calendar import CalendarGap

Try = Callable[[Random], str]
"""One input made and tried; returns in a word what came of it. Raises what nobody should see."""
MOST_BYTES = 10 * 1024 * 1024
MAIL = (
    b"Received: from a by b; Mon, 6 May 2024 10:00:00 +0800\r\nFrom: =?utf-8?b?5byg5LiJ?= <a@example.com>\r\n"
    b"To: b@example.gov.cn\r\nDate: Mon, 6 May 2024 10:00:00 +0800\r\nSubject: =?gb2312?b?yerH6w==?=\r\n"
    b"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: text/html; charset=gbk\r\n\r\n"
    b"<p>\xc9\xea\xc7\xeb</p>\r\n--x\r\nContent-Type: text/plain; name=\"a.txt\"\r\nContent-Disposition: attachment; filename=\"a.txt\"\r\n"
    b"Content-Transfer-Encoding: base64\r\n\r\nYWJj\r\n--x--\r\n"
)  # fmt: skip


@cache
def _files() -> tuple[tuple[str, bytes], ...]:
    return (
        ("证.png", samples.png(b"note")),
        ("照.jpg", samples.jpeg(b"note")),
        ("文.docx", samples.docx("申请")),
        ("文.pdf", samples.pdf("text")),
        ("版.ofd", samples.ofd("申请")),
        ("信.eml", MAIL),
        ("表.xlsx", _golden("xlsx")),
    )


def _golden(ending: str) -> bytes:
    return (ROOT / f"tests/golden/huaian_2024.{ending}").read_bytes()


def file(random: Random) -> str:
    """A file as somebody uploads it."""
    name, known = random.choice(_files())
    bent, called = (
        bending.data(random, known),
        bending.word(random, name) if random.random() < 0.2 else name,
    )
    try:
        found = checked(called, bent, MOST_BYTES)
        leftovers(bent, found.media_type)
        outward(bent, found.media_type)
    except BadContent:
        return "turned away"
    except Refused:
        return "refused"
    return "taken"


@cache
def _reports(form: str) -> tuple[tuple[str, bytes], ...]:
    """Good reports of a form: those of the acceptance tests, our own and LibreOffice's, and what the tests write,
    whole and of table 三 or 四 alone."""
    paths = [
        *(ROOT / "tests/acceptance/report_inputs").iterdir(),
        *(ROOT / "tests/golden").rglob("huaian_2024.*"),
    ]
    found = [(path.name, path.read_bytes()) for path in sorted(paths) if path.suffix == f".{form}"]
    for name, write in {**WRITERS, **FORMS}.items():
        if name.rpartition(".")[2] == form:
            found += [(f"report.{name}", write(one)) for one in (_published(), _short())]
    if form == "pdf":
        found.append(("short.pdf", as_pdf4(_published())))
    return tuple(found)


@cache
def _weights(form: str) -> tuple[float, ...]:
    """How often each of them is taken: of a small one, one change more often meets what is read, and costs less."""
    return tuple(1 / max(SMALL, len(data)) for _, data in _reports(form))


SMALL = 5_000
"""Bytes; what is smaller is taken no more often."""


@cache
def _published() -> AnnualReport:
    return read_report("huaian_2024.json", _golden("json"), load_law().formats)


@cache
def _short() -> AnnualReport:
    told = {key: _published().sections[key] for key in ("overview", "applications")}
    return replace(_published(), table2=None, table4=None, sections=told)


REPORT_FORMS = (
    "json", "xlsx", "docx", "html", "txt", "csv", "pdf", "rtf", "odt", "ods", "mht", "zip",
)  # fmt: skip


def _report(form: str) -> Try:
    def report(random: Random) -> str:
        """An annual report made elsewhere, read and checked."""
        name, known = random.choices(_reports(form), _weights(form))[0]
        try:
            read = read_report(name, bending.report(random, known), load_law().formats)
        except Unreadable:
            return "turned away"
        findings(read, load_law(), Known())
        return "taken"

    return report


@cache
def _ledgers() -> tuple[tuple[str, bytes], ...]:
    heads_ = [column.head for column in load_ledger().columns.values()]
    row = ["2024-0001", "2024-03-04", *["x"] * (len(heads_) - 2)]
    text = "\n".join(",".join(line) for line in (heads_, row, row))
    return (
        ("台账.csv", text.encode("gb18030")),
        ("台账.csv", text.encode()),
        ("台账.xlsx", _golden("xlsx")),
    )


def _book(*rows: list[str]) -> bytes:
    made = BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet()
        for place, row in enumerate(rows):
            sheet.write_row(place, 0, row)
    return made.getvalue()


def ledger(random: Random) -> str:
    """A ledger of an office: rows, and which row is the head."""
    name, known = random.choice(_ledgers())
    try:
        sheets = book.sheets_of(bending.data(random, known), name)
        heads.found_in(sheets, load_ledger())
    except book.Unreadable:
        return "turned away"
    return "taken"


@cache
def _timelines() -> tuple[dict[str, object], ...]:
    found = json.loads((ROOT / "tests/acceptance/deadlines.json").read_text(encoding="utf-8"))
    return tuple(found["examples"])


def of_timeline(random: Random) -> str:
    """A timeline, of which all due days are told."""
    try:
        timeline.explain(bending.tree(random, random.choice(_timelines()), random.randint(1, 4)))
    except (BadInput, CalendarGap):
        return "turned away"
    return "taken"


DOCKET = {
    "agency": {"code": "panlong", "name": "盘龙乡", "level": "township", "region": "云南省文山州"},
    "settings": {"fee_policy": "by_page"},
    "local_calendar": {"holidays": ["2024-04-01"], "workdays": []},
    "cases": [
        {"ref": "a", "applicants": [{"category": "natural_person", "name": "张三"}], "request": "合同", "items": ["合同"],
         "events": [{"event": "receive", "on": "2024-03-04", "channel": "in_person"},
                    {"event": "propose_outcome", "on": "2024-03-11", "outcome": "supplied"}]},
        {"ref": "b", "redo_of": "a", "applicants": [{"category": "business"}], "events": []},
    ],
}  # fmt: skip


def docket(random: Random) -> str:
    """Whether a file is a docket."""
    try:
        check_docket(bending.tree(random, DOCKET, random.randint(0, 4)))
    except BadInput:
        return "turned away"
    return "taken"


READERS: dict[str, Try] = {
    "file": file, **{f"report-{form}": _report(form) for form in REPORT_FORMS}, "ledger": ledger,
    "timeline": of_timeline, "docket": docket,
}  # fmt: skip
ASKED = ("page", "form", "call")
KINDS = (*READERS, *ASKED)
SHARE = {
    "file": 20,
    **{f"report-{form}": 1 for form in REPORT_FORMS},
    "ledger": 10,
    "timeline": 13,
    "docket": 5,
    "page": 12,
    "form": 14,
    "call": 14,
}
"""How many of a hundred inputs are of each kind."""


@contextmanager
def trying(kind: str, batch: int) -> Iterator[Try]:
    """The kind for one batch, over a store of its own where it needs one."""
    if kind in READERS:
        yield READERS[kind]
        return
    with Asking.over_a_store(batch) as asking:
        yield getattr(asking, kind)
