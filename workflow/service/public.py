"""What anybody may know of an office without a number and a code: its rules, its bodies, what they published."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from unicodedata import normalize

from workflow.dates import SHANGHAI
from workflow.report.annual import AnnualReport, official_title
from workflow.rules.calendar import national
from workflow.rules.rulebook import Rulebook
from workflow.service.office import Missing, Office, Reader
from workflow.service.report.submitted import day_of, frozen_report
from workflow.store import public as queries
from workflow.store.bodies import Body, Tree
from workflow.store.released_models import ReleasedAnswerRow
from workflow.store.report_models import ReportVersionRow
from workflow.store.unit import Unit

CONTACT = (
    "contact_unit", "contact_address", "contact_phone", "contact_hours", "contact_email", "duties",
)  # fmt: skip
"""The texts by which people find and reach a body (条例12(2), 36(5))."""

IN_GUIDE = (*CONTACT, "review_organ", "court", "complaint_body")
"""The texts without which the guide of a body has a gap."""

ON_A_PAGE = 50
MOST_WORDS = 8


@dataclass(frozen=True)
class Listed:
    """A body of the directory. texts: of CONTACT, what it has set. told_on: the day on which the last of them
    was recorded."""

    body: Reader
    texts: Mapping[str, str]
    told_on: date | None


@dataclass(frozen=True)
class Directory:
    """A page of the bodies that fit. found: how many fit; of: how many there are."""

    listed: Sequence[Listed]
    found: int
    of: int
    page: int
    pages: int


@dataclass(frozen=True)
class Answer:
    """An answer that was released to everybody. address: where it stands on the net, if it does."""

    id: int
    agency: str
    agency_name: str
    title: str
    text: str
    address: str
    on: date


@dataclass(frozen=True)
class Answers:
    """A page of the released answers that fit. found: how many fit."""

    shown: Sequence[Answer]
    found: int
    page: int
    pages: int


@dataclass(frozen=True)
class Published:
    """A report that is published, as it was signed. on: the day of its publication."""

    report: AnnualReport
    on: date | None


class PublicPages:
    """The use cases behind the public pages of each body."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self._directory: tuple[tuple[str, date] | None, tuple[Listed, ...]] = None, ()

    def rules(self, agency: str | None) -> Rulebook:
        """The rules of a body today, or of nobody: the nation's days and the defaults. Raises Missing."""
        with self.office.store.read() as unit:
            if agency is None:
                return Rulebook(self.office.law, calendar=national(self.office.national_days(unit)))
            body = self.office.found_body(unit, agency)
            return self.office.rules_of(unit, body.id, self.office.today())

    def gaps(self, agency: str) -> list[str]:
        """What a body has not set and its guide therefore leaves out, in the words of the settings."""
        rules = self.rules(agency)
        return [self.office.law.settings[name].label for name in IN_GUIDE if not rules[name]]

    # -- the directory ----------------------------------------------------------------------------------

    def directory(self, words: str = "", page: int = 1) -> Directory:
        """The bodies in whose name, former name or duties every word stands, a page of them."""
        everybody = self._listed()
        wanted = [_plain(word) for word in words.split()]
        fit = [one for one in everybody if all(word in _said(one) for word in wanted)]
        pages = max(1, -(-len(fit) // ON_A_PAGE))
        page = min(max(page, 1), pages)
        shown = fit[(page - 1) * ON_A_PAGE : page * ON_A_PAGE]
        return Directory(shown, len(fit), len(everybody), page, pages)

    def _listed(self) -> tuple[Listed, ...]:
        """The bodies that there are today; kept as the rules are."""
        today = self.office.today()
        with self.office.store.read() as unit:
            key = unit.rules_mark, today
            known_key, known = self._directory
            if known_key != key:
                own = queries.own_texts(unit, CONTACT, today)
                ids = {body.code: body.id for body in self.office.tree(unit).bodies}
                known = tuple(
                    _with_texts(body, own.get(ids[body.code], queries.OwnTexts()))
                    for body in self.office.listing().readers
                    if body.until is None or body.until >= today
                )
                self._directory = key, known
            return known

    # -- annual reports ---------------------------------------------------------------------------------

    def reports(self, agency: str) -> list[Published]:
        """The published reports of a body, the last year first. Raises Missing."""
        with self.office.store.read() as unit:
            body = self.office.found_body(unit, agency)
            return [_published(body, row) for row in queries.published_versions(unit, body.id)]

    def report(self, agency: str, year: int) -> Published:
        """The published report of a body on a year. Raises Missing."""
        with self.office.store.read() as unit:
            body = self.office.found_body(unit, agency)
            for row in queries.published_versions(unit, body.id):
                if row.year == year:
                    return _published(body, row)
        raise Missing(f"{year} 年的年度报告没有公布")

    def report_years(self, bodies: Sequence[Listed]) -> dict[str, list[int]]:
        """The years of which bodies have published a report, by code."""
        with self.office.store.read() as unit:
            codes = self._ids(unit, bodies)
            found = queries.published_years_of(unit, list(codes))
            return {codes[agency]: years for agency, years in found.items()}

    # -- released answers -------------------------------------------------------------------------------

    def answers(self, agency: str | None, words: str = "", page: int = 1) -> Answers:
        """The answers that a body (None: any) has released, with every word in title or text; a page of them,
        the newest first. Raises Missing."""
        wanted = normalize("NFKC", words).split()[:MOST_WORDS]
        with self.office.store.read() as unit:
            tree = self.office.tree(unit)
            body = self.office.found_body(unit, agency).id if agency else None
            found = queries.count_released(unit, body, wanted)
            pages = max(1, -(-found // ON_A_PAGE))
            page = min(max(page, 1), pages)
            rows = queries.released(unit, body, wanted, (page - 1) * ON_A_PAGE, ON_A_PAGE)
            return Answers([_answer(tree, row) for row in rows], found, page, pages)

    def answer(self, agency: str | None, number: int) -> Answer:
        """One of them. Raises Missing."""
        with self.office.store.read() as unit:
            row = queries.released_answer(unit, number)
            found = _answer(self.office.tree(unit), row) if row else None
        if found is None or agency not in (None, found.agency):
            raise Missing("没有这件公开的答复，或者已经撤下")
        return found

    def _ids(self, unit: Unit, bodies: Sequence[Listed]) -> dict[int, str]:
        by_code = self.office.tree(unit).by_code
        return {by_code[one.body.code].id: one.body.code for one in bodies}


def _with_texts(body: Reader, own: queries.OwnTexts) -> Listed:
    told = own.recorded_at.astimezone(SHANGHAI).date() if own.recorded_at else None
    return Listed(body, own.texts, told)


def _answer(tree: Tree, row: ReleasedAnswerRow) -> Answer:
    body = tree.by_id[row.agency_id]
    return Answer(
        row.id, body.code, body.name, row.title, row.text, row.address, row.released_on
    )  # fmt: skip


def _plain(text: str) -> str:
    """A text as it is compared: full and half width, capitals and small letters are one."""
    return normalize("NFKC", text).casefold()


def _said(one: Listed) -> str:
    names = (one.body.name, *one.body.former_names, one.texts.get("duties", ""))
    return _plain("\n".join(names))


def _published(body: Body, row: ReportVersionRow) -> Published:
    report = frozen_report(body, row)
    if report is None:
        raise Missing(f"{row.year} 年的年度报告没有公布")
    on = day_of(row, "publish")
    whole = replace(
        report,
        title=official_title(report.agency, row.year),
        correction_note=row.note,
        signed_by=(row.figures or {}).get("signed_by", ""),
        published_on=on,
    )
    return Published(whole, on)
