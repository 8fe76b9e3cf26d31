"""What the applicant asked to be given, and what was given on which day."""

from dataclasses import dataclass
from datetime import date, datetime

from config.law import load_law
from webui import wording
from workflow import clock
from workflow import events as ev
from workflow.service.cases.views import CaseFile
from workflow.service.files import FETCHED_KINDS, Shelf

FITS = {
    "mail": ("mail",),
    "electronic": ("email", "portal", "fax"),
    "direct": ("pickup", "on_site"),
    "entrusted": ("pickup", "on_site"),
}
"""Which ways of being given something each way of service is."""


@dataclass(frozen=True, slots=True)
class Given:
    """The reply as it was given once. how: the way in words; arrived: what became of it; fits: it is a way that
    was asked for, or none was."""

    on: date
    how: str
    arrived: str
    fits: bool


@dataclass(frozen=True, slots=True)
class Supplied:
    """Each time the reply was given, and when the applicant fetched it on the site, latest last."""

    given: tuple[Given, ...]
    fetched: tuple[datetime, ...]


def given(file: CaseFile, shelf: Shelf) -> Supplied:
    """What was given, by the log and by the record of fetching."""
    words, found = load_law().words, []
    for paper in clock.papers(file.case.events):
        if not isinstance(paper.event, ev.Serve):
            continue
        method = paper.event.method
        fits = not file.delivery or bool(set(FITS.get(method, ())) & set(file.delivery))
        how = words.methods.get(method, method)
        found.append(Given(paper.delivery.sent_on, how, wording.arrival(paper.delivery), fits))
    fetched = sorted(
        at for one in shelf.files if one.kind in FETCHED_KINDS
        for who, at in one.views if who == "applicant"
    )  # fmt: skip
    return Supplied(tuple(found), tuple(fetched))
