"""The first steps after an installation: what a body lacks before an application can be handled to its end.

Computed from what is there, never ticked off: what goes missing later shows again.
"""

from dataclasses import dataclass

from workflow.people import Staff
from workflow.rules.staffing import SEE, Needed, needed, watching
from workflow.rules.upkeep import LAST_MONTHS
from workflow.service.office import Office
from workflow.service.reach import in_order, within_reach
from workflow.service.rules.national import NationalDays
from workflow.service.rules.settings import BodySettings
from workflow.service.upkeep.law import ACTION as CHECK_LAW
from workflow.service.upkeep.law import LawPoints, is_on_top
from workflow.store import staff as staff_queries

CONTACT = ("letter_code", "contact_unit", "contact_address", "contact_phone")
REMEDY = ("review_organ", "court", "online_review_url")


@dataclass(frozen=True, slots=True)
class Step:
    """One step. what: contact, a name of workflow.rules.staffing.NEEDED, remedy, administrators, calendar, law, mail or
    backup; done None: cannot be seen from here, or goes without. labels: of what is missing or who is there. year: of
    the calendar, and for which the points of the law are looked through."""

    what: str
    done: bool | None
    labels: tuple[str, ...] = ()
    year: int | None = None


class FirstSteps:
    """What a body lacks, for who administers it."""

    def __init__(self, office: Office, settings: BodySettings, days: NationalDays) -> None:
        self.office = office
        self.settings = settings
        self.days = days
        self.law_points = LawPoints(office)

    def of_body(self, by: Staff, agency: str) -> list[Step]:
        """Every step in its order; of a body that takes no requests those of the installation alone. Raises
        Missing."""
        people = self._people(by, agency)
        takes = any(reader.code == agency for reader in self.office.listing().taking)
        found = self._of_requests(agency, people) if takes else []
        found.append(self._administrators(agency))
        today = self.office.today()
        years = [today.year] + [today.year + 1] * (today.month >= LAST_MONTHS)
        for year in years:
            found.append(Step("calendar", not self.days.year(year).provisional, (), year))
        if today.month >= LAST_MONTHS and is_on_top(self.office, CHECK_LAW, by):
            checked = self.law_points.checked(today.year + 1)
            labels = (checked.by,) if checked else ()
            found.append(Step("law", checked is not None, labels, today.year + 1))
        mail = any(kind.to == "person" and kind.address for kind in self.office.channels)
        return [*found, Step("mail", mail), Step("backup", None)]

    def _of_requests(self, agency: str, people: dict[str, tuple[str, set[str]]]) -> list[Step]:
        texts = self.settings.texts(agency)
        names = {name: shown for name, (shown, _) in people.items()}
        roles = {name: held for name, (_, held) in people.items()}
        return [
            self._texts("contact", CONTACT, texts),
            *(
                Step(one.what, one.there, self._who(one, names))
                for one in needed(self.office.law, roles)
            ),
            self._texts("remedy", REMEDY, texts),
        ]

    def _people(self, by: Staff, agency: str) -> dict[str, tuple[str, set[str]]]:
        """Name in full and roles in the body of everybody who can log in, by user name."""
        with self.office.store.read() as unit:
            body = within_reach(self.office, unit, by, agency, SEE)
            return {
                row.name: (
                    row.display_name,
                    {role.role for role in row.roles if role.agency_id == body.id},
                )
                for row in staff_queries.people_of(unit, [body.id])
                if row.active and row.password_hash is not None
            }

    def _administrators(self, agency: str) -> Step:
        """The three (三员): without one of them another does that work meanwhile, which is no step to be taken."""
        with self.office.store.read() as unit:
            body = self.office.found_body(unit, agency)
            filled = self.office.filled(unit, [body]).get(agency, frozenset())
        labels = self.office.law.words.roles
        lacking = tuple(labels[role] for role in in_order(watching(self.office.law) - filled))
        return Step("administrators", None if lacking else True, lacking)

    def _texts(self, what: str, wanted: tuple[str, ...], texts: dict[str, str]) -> Step:
        rules = self.office.law.settings
        missing = tuple(rules[name].label for name in wanted if not texts[name])
        return Step(what, not missing, missing)

    def _who(self, one: Needed, names: dict[str, str]) -> tuple[str, ...]:
        """The names of who is there, or the roles of which one is missing."""
        roles = self.office.law.words.roles
        if one.there:
            return tuple(names[name] for name in one.who)
        return tuple(roles[role] for role in one.roles)
