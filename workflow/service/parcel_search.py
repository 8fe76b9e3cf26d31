"""Parcels found by words: for who keeps the register of a body, in that register alone."""

from dataclasses import dataclass
from datetime import date

from workflow.case.terms import Marked, marked, words_of
from workflow.people import Staff
from workflow.rules import permissions
from workflow.service.office import Office
from workflow.service.own_unit import sight_in
from workflow.service.parcels import KEEP
from workflow.store import parcels as queries
from workflow.store import search

LOOKED_AT = 100
"""So many of the latest entries that may have the words are looked at."""
SHOWN = 20


@dataclass(frozen=True, slots=True)
class ParcelFound:
    """An entry of a register. case: number of the application that it became; hits: what stands where."""

    id: int
    agency: str
    label: str
    way: str
    arrived_on: date
    case: str | None
    hits: tuple[tuple[str, Marked], ...]


@dataclass(frozen=True, slots=True)
class ParcelsFound:
    """The latest entries, and how many there are; partly: of those that were looked at."""

    entries: tuple[ParcelFound, ...]
    total: int
    partly: bool


class ParcelSearch:
    """Looking through the registers of parcels."""

    def __init__(self, office: Office) -> None:
        self.office = office

    def find(self, staff: Staff, typed: str) -> ParcelsFound | None:
        """The entries that have all words, in whatever of their texts; None for who keeps no register."""
        mine = permissions.bodies_for(self.office.law, KEEP, staff)
        codes = [code for code in mine if code not in staff.lent]
        words, keys = words_of(typed), self.office.keys
        if not codes:
            return None
        with self.office.store.read() as unit:
            bodies = {body.id: body.code for body in self.office.tree(unit).of_codes(codes)}
            ids = search.parcels(unit, keys, list(bodies), words)
            sight, found = sight_in(self.office, unit, staff, codes), []
            for row, case in queries.these(unit, ids[:LOOKED_AT], sight):
                said = queries.said_in(keys, row)
                if not all(any(word.stands_in(one) for one in said.values()) for word in words):
                    continue
                hits = ((label, marked(one, words)) for label, one in said.items())
                way = self.office.law.words.parcel_ways[row.way]["label"]
                found.append(
                    ParcelFound(
                        row.id, bodies[row.agency_id], row.label, way, row.arrived_on, case,
                        tuple(hit for hit in hits if hit[1]),
                    )
                )  # fmt: skip
            return ParcelsFound(tuple(found[:SHOWN]), len(found), len(ids) > LOOKED_AT)
