"""What anybody may know of an office without a number and a code: its rules, its bodies, what they published."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from unicodedata import normalize

from workflow.case.competent import Duties
from workflow.case.terms import words_of
from workflow.dates import SHANGHAI
from workflow.report.annual import AnnualReport, official_title
from workflow.rules.calendar import national
from workflow.rules.rulebook import Rulebook
from workflow.service.listing import Reader
from workflow.service.office import Missing, Office
from workflow.service.report.submitted import day_of, frozen_report
from workflow.store import public as queries
from workflow.store.bodies import Body, Tree
from workflow.store.released_models import ReleasedAnswerRow
from workflow.store.report_models import ReportVersionRow
from workflow.store.unit import Unit

CONTACT = (
    "contact_unit", "contact_address", "contact_phone", "contact_hours", "contact_email", "contact_fax", "duties",
)  # fmt: skip
"""The texts by which people find and reach a body (条例12(2), 36(5))."""

IN_GUIDE = (
    *(name for name in CONTACT if name != "contact_fax"),
    "arrangement", "open_site", "reading_places", "review_organ", "court", "complaint_body",
)  # fmt: skip
"""The texts without which the guide of a body has a gap (条例12(2)); not every body has a fax."""

COMPLAINT_BODY = "上一级政府信息公开工作主管部门"
ON_A_PAGE = 50
YEARS_BESIDE = 6
"""So many years stand beside each other in the picture of a report."""
ELSEWHERE_MOST = 3
SIMILAR_MOST, LOOKED_AT, ALIKE = 3, 20, 0.35
"""So many similar answers are shown; of so many it is looked whether they are still shown; the share of what the terms
tell from which an answer is similar."""


@dataclass(frozen=True)
class Listed:
    """A body of the directory. texts: of CONTACT, what it has set. told_on: the day on which the last of them
    was recorded. said: its names and what it does, as they are compared."""

    body: Reader
    texts: Mapping[str, str]
    told_on: date | None
    said: str


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
class Elsewhere:
    """The bodies to which a matter belongs, in words of their duties; none where there are many."""

    duty: str
    bodies: Sequence[Reader]


@dataclass(frozen=True)
class Published:
    """A report that is published, as it was signed. on: the day of its publication. years: the latest ones of the
    body up to it, the oldest first, itself last."""

    report: AnnualReport
    on: date | None
    years: tuple[AnnualReport, ...] = ()


@dataclass(frozen=True)
class ReportThere:
    """A line of the list of published reports."""

    body: Reader
    year: int
    version: int
    on: date | None


@dataclass(frozen=True)
class ReportsThere:
    """A page of the published reports of bodies, the last year first. found: how many there are."""

    shown: Sequence[ReportThere]
    found: int
    page: int
    pages: int


@dataclass(frozen=True)
class ComplaintOffice:
    """Who takes complaints (条例47, 51); empty where it is not known."""

    name: str
    address: str
    phone: str
    email: str


class PublicPages:
    """The use cases behind the public pages of each body."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self._directory: tuple[tuple[str, date] | None, tuple[Listed, ...]] = None, ()
        self._duties: tuple[tuple[Listed, ...], Duties] = (), Duties()

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

    def complaint_office(self, agency: str) -> ComplaintOffice:
        """Who takes complaints about a body, and where, as far as it is a body of this house. Raises Missing."""
        with self.office.store.read() as unit:
            body = self.office.found_body(unit, agency)
            tree, today = self.office.tree(unit), self.office.today()
            said = str(self.office.rules_of(unit, body.id, today)["complaint_body"])
            above: dict[str, str] = {}
            own = queries.own_texts(unit, CONTACT, today)
            over = tree.by_id.get(body.parent_id) if body.parent_id else None
            while over is not None and not above:
                if said.startswith(over.name_on(today)):
                    above = dict(own.get(over.id, queries.OwnTexts()).texts)
                over = tree.by_id.get(over.parent_id) if over.parent_id else None
        return ComplaintOffice(
            said or COMPLAINT_BODY, above.get("contact_address", ""), above.get("contact_phone", ""),
            above.get("contact_email", ""),
        )  # fmt: skip

    # -- the directory ----------------------------------------------------------------------------------

    def directory(self, words: str = "", page: int = 1, *, taking: bool = False) -> Directory:
        """The bodies in whose name, former name or duties every word stands, a page of them. taking: those that take
        requests here."""
        everybody = self._listed()
        wanted = [_plain(word) for word in words.split()]
        fit = [
            one
            for one in everybody
            if (one.body.takes_requests or not taking) and all(word in one.said for word in wanted)
        ]
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

    def elsewhere(self, text: str, chosen: Sequence[str]) -> Elsewhere | None:
        """Who has what somebody asks for, where the chosen bodies do something else; None where that is not known."""
        listed = self._listed()
        if self._duties[0] is not listed:
            told = [(one.body.code, one.texts.get("duties", "")) for one in listed if one.body.takes_requests]  # fmt: skip
            self._duties = listed, Duties.gathered(told)
        found = self._duties[1].elsewhere(text, chosen)
        if found is None:
            return None
        duty, codes = found
        few = [one.body for one in listed if one.body.code in codes] if len(codes) <= ELSEWHERE_MOST else []  # fmt: skip
        return Elsewhere(duty, few)

    # -- annual reports ---------------------------------------------------------------------------------

    def reports(self, agency: str) -> list[Published]:
        """The published reports of a body that can be read, the last year first. Raises Missing."""
        with self.office.store.read() as unit:
            body = self.office.found_body(unit, agency)
            versions = queries.published_versions(unit, body.id)
            return [_published(body, row) for row in versions if row.figures]

    def report(self, agency: str, year: int) -> Published:
        """The published report of a body on a year. Raises Missing."""
        with self.office.store.read() as unit:
            body = self.office.found_body(unit, agency)
            known = [
                _published(body, row)
                for row in queries.published_versions(unit, body.id)
                if row.year <= year
            ]
        if not known or known[0].report.year != year:
            raise Missing(f"{year} 年的年度报告没有公布")
        years = tuple(one.report for one in reversed(known[:YEARS_BESIDE]))
        return replace(known[0], years=years)

    def reports_there(self, words: str = "", page: int = 1) -> ReportsThere:
        """The published reports of all bodies, also of those that have ended; or of those in whose name or former
        names every word stands."""
        wanted = [_plain(word) for word in words.split()]
        listing = self.office.listing()
        fit = [
            one
            for one in listing.readers
            if all(word in _plain("\n".join((one.name, *one.former_names))) for word in wanted)
        ]
        with self.office.store.read() as unit:
            tree = self.office.tree(unit)
            ids = [tree.by_code[one.code].id for one in fit] if wanted else None
            first = max(page - 1, 0) * ON_A_PAGE
            rows, found = queries.reports_there(unit, ids, first, ON_A_PAGE)
            pages = max(1, -(-found // ON_A_PAGE))
            if not rows and page > pages:
                rows, found = queries.reports_there(unit, ids, (pages - 1) * ON_A_PAGE, ON_A_PAGE)
            shown = [
                ReportThere(
                    listing.by_code[tree.by_id[row.agency_id].code], row.year, row.version,
                    day_of(row, "publish"),
                )
                for row in rows
            ]  # fmt: skip
        return ReportsThere(shown, found, min(max(page, 1), pages), pages)

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
        wanted = words_of(words)
        with self.office.store.read() as unit:
            tree = self.office.tree(unit)
            body = self.office.found_body(unit, agency).id if agency else None
            ids: list[int] = []
            if words.strip():
                ids = queries.released_with(unit, body, wanted) if wanted else []
                found = len(ids)
            else:
                found = queries.count_released(unit, body)
            pages = max(1, -(-found // ON_A_PAGE))
            page = min(max(page, 1), pages)
            first = (page - 1) * ON_A_PAGE
            if words.strip():
                rows = queries.released_among(unit, ids[first : first + ON_A_PAGE])
            else:
                rows = queries.released(unit, body, first, ON_A_PAGE)
            return Answers([_answer(tree, row) for row in rows], found, page, pages)

    def similar(self, texts: Sequence[str]) -> list[Answer]:
        """A few released answers of any body that are like what somebody asks for."""
        with self.office.store.read() as unit:
            shares = queries.released_alike(unit, texts)
            near = [answer for answer, share in shares.items() if share >= ALIKE][:LOOKED_AT]
            tree = self.office.tree(unit)
            return [_answer(tree, row) for row in queries.released_among(unit, near)[:SIMILAR_MOST]]

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
    names = (body.name, *body.former_names, own.texts.get("duties", ""))
    return Listed(body, own.texts, told, _plain("\n".join(names)))


def _answer(tree: Tree, row: ReleasedAnswerRow) -> Answer:
    body = tree.by_id[row.agency_id]
    return Answer(
        row.id, body.code, body.name, row.title, row.text, row.address, row.released_on
    )  # fmt: skip


def _plain(text: str) -> str:
    """A text as it is compared: full and half width, capitals and small letters are one."""
    return normalize("NFKC", text).casefold()


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
