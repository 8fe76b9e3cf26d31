"""The office: bodies, people and rules of one installation, over one store."""

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from operator import itemgetter
from typing import Any

from config.channels import IN_APP, ChannelKind, load_channels
from config.errors import Damaged
from config.law import Law, load_law
from workflow import dates
from workflow.people import Staff
from workflow.refusal import BadInput, FieldError
from workflow.rules import permissions
from workflow.rules.calendar import LocalDays, calendar_for, national
from workflow.rules.national import NOTHING, LoadedDays, loaded_days
from workflow.rules.organs import Place, derived_complaint_body, derived_review_organ
from workflow.rules.rulebook import Rulebook, merged_settings
from workflow.service.listing import Listing, Reader, listing_of
from workflow.store import desk
from workflow.store import staff as staff_queries
from workflow.store.bodies import Body, Tree, read_tree
from workflow.store.folds import Folds
from workflow.store.hooks import KnownHooks
from workflow.store.journal import Journal
from workflow.store.models import AgencyRow, UserRow
from workflow.store.people import Person, RoleHeld, person_named
from workflow.store.sealed import Secrets
from workflow.store.store import Store
from workflow.store.unit import Unit
from workflow.store.words import read_with

UNITS = "handlers_see"
"""The setting by which a body lets its handlers see only the cases of their unit (本科室)."""


class Missing(LookupError):
    """Something asked for does not exist, or not for this person. The message is in Chinese."""


class Stale(Exception):
    """The case has moved on since the person looked at it. The message is in Chinese; of: what moved, the case
    (as `If-Match` of a call tells it) or the paper that was named."""

    def __init__(self, message: str, of: str = "If-Match") -> None:
        super().__init__(message)
        self.of = of


def predecessors_of(body: AgencyRow) -> list[AgencyRow]:
    """The bodies whose duties went to a body, directly or one over another."""
    return [one for before in body.predecessors for one in (before, *before.predecessors)]


def with_derived(law: Law, chosen: Mapping[str, Any], derived: Mapping[str, str]) -> dict[str, Any]:
    """The defaults with what was chosen over them, and where a text is empty the one that follows from
    the tree of bodies."""
    settings = merged_settings(law, chosen)
    return settings | {name: settings[name] or text for name, text in derived.items()}


@dataclass(frozen=True, slots=True)
class _Choices:
    """What a body ever chose, (day from which it holds, setting, value) in that order, and the rulebooks
    made so far, by how many of the choices they follow."""

    rows: list[tuple[date, str, Any]]
    derived: Mapping[str, str]
    books: dict[int, Rulebook] = field(default_factory=dict)

    def made_by(self, day: date) -> int:
        return bisect_right(self.rows, day, key=itemgetter(0))

    def settings(self, law: Law, place: int) -> dict[str, Any]:
        chosen = {name: value for _, name, value in self.rows[:place]}
        return with_derived(law, chosen, self.derived)


class Office:
    """What the use cases share: the store, the secrets, the law, what day it is, and through which
    channels people can be told (in_app alone, unless others are named)."""

    def __init__(
        self,
        store: Store,
        keys: Secrets,
        *,
        law: Law | None = None,
        now: Callable[[], datetime] = dates.now,
        channels: tuple[ChannelKind, ...] | None = None,
    ) -> None:
        self.store = store
        self.keys = keys
        self.law = law or load_law()
        self.now = now
        store.journal = Journal(keys, lambda: self.now())
        store.keys = keys
        read_with(keys)
        self.channels = (load_channels()[IN_APP],) if channels is None else channels
        self._rules: tuple[tuple[str | None, date], dict[int, _Choices]] = (None, date.min), {}
        self._national: tuple[str | None, LoadedDays] = None, NOTHING
        self.folds = Folds()
        self.hooks = KnownHooks()
        self._tree: tuple[str | None, Tree] = None, Tree(())
        self._in_units: tuple[str | None, bool] = None, False
        self._published: tuple[str | None, dict[int, dict[int, datetime]]] = None, {}
        self._listing: tuple[tuple[str, date] | None, Listing] = None, Listing((), (), {})

    def today(self) -> date:
        return self.now().date()

    # -- rules --------------------------------------------------------------------------------------

    def rules(self, unit: Unit, agency: AgencyRow, day: date) -> Rulebook:
        """The rules of a body for what began on the day, with its own texts as they stand today: a letter
        names today's court. Kept until a setting or a day changes, also when another process changes it:
        the store carries the mark under which they were made. They are the same from one choice of the
        body to the next, so a body has as many rulebooks as it has chosen something."""
        known = self._known_rules(unit, agency.id, day)
        return known or self._made_rules(unit, agency, day)

    def rules_of(self, unit: Unit, agency_id: int, day: date) -> Rulebook:
        """The same for the body of that id, which is read only where nothing is kept of it."""
        known = self._known_rules(unit, agency_id, day)
        if known is None:
            (agency,) = unit.agencies([agency_id])
            known = self._made_rules(unit, agency, day)
        return known

    def _known_rules(self, unit: Unit, agency_id: int, day: date) -> Rulebook | None:
        if day is None:  # the store holds none that can be read
            raise Damaged
        key, kept = self._rules
        choices = kept.get(agency_id) if key == (unit.rules_mark, self.today()) else None
        return choices.books.get(choices.made_by(day)) if choices else None

    def _made_rules(self, unit: Unit, agency: AgencyRow, day: date) -> Rulebook:
        today = self.today()
        (mark, kept_on), kept = self._rules
        if (mark, kept_on) != (unit.rules_mark, today):
            kept = {}
            self._rules = (unit.rules_mark, today), kept
        choices = kept.get(agency.id)
        if choices is None:
            rows = [(row.holds_from, row.name, row.value) for row in unit.setting_rows(agency)]
            choices = kept[agency.id] = _Choices(rows, self.derived_texts(unit, agency))
        place = choices.made_by(day)
        known = choices.books.get(place)
        if known is None:
            settings = choices.settings(self.law, place)
            if day < today:
                now = choices.settings(self.law, choices.made_by(today))
                own = [n for n, rule in self.law.settings.items() if rule.is_text]
                settings |= {name: now[name] for name in own}
            loaded = self.national_days(unit)
            calendar = national(loaded)
            if settings["use_local_holidays"]:
                calendar = calendar_for(agency.region, self.own_layers(unit, agency), loaded)
            known = choices.books[place] = Rulebook(self.law, settings, calendar)
        return known

    def national_days(self, unit: Unit) -> LoadedDays:
        """What loaded notices of the State Council say; kept as the rules are."""
        mark, known = self._national
        if mark != unit.rules_mark:
            known = loaded_days(unit.national_entries())
            self._national = unit.rules_mark, known
        return known

    def published(self, unit: Unit, agency_id: int) -> Mapping[int, datetime]:
        """When the body published the report of which year; kept as the rules are."""
        mark, known = self._published
        if mark != unit.rules_mark:
            known = {}
            self._published = unit.rules_mark, known
        if agency_id not in known:
            known[agency_id] = {
                one.year: one.published_at for one in unit.published_years([agency_id])
            }
        return known[agency_id]

    def somebody_works(self) -> Callable[[date], bool]:
        """Whether a day is a working day of a body here: local days count (放假办法4)."""
        with self.store.read() as unit:
            books = [self.rules(unit, body, self.today()) for body in unit.agencies()]
        calendars = {id(book.calendar): book.calendar for book in books}.values()
        return lambda day: any(calendar.is_workday(day) for calendar in calendars)

    def settings_on(self, unit: Unit, agency: AgencyRow, day: date) -> dict[str, Any]:
        """All settings of a body on a day, with the texts that follow from the tree of bodies."""
        chosen = unit.settings_at(agency, day)
        return with_derived(self.law, chosen, self.derived_texts(unit, agency))

    def derived_texts(self, unit: Unit, agency: AgencyRow) -> dict[str, str]:
        """The organ of review (行政复议法24 to 28) and who takes complaints (条例47, 51), as level, name and
        tree tell them; empty where they do not."""
        above = [(body.level, body.name) for body in reversed(unit.ancestors(agency)[:-1])]
        place = Place(agency.name, agency.level, above)
        return {
            "review_organ": derived_review_organ(self.law, place),
            "complaint_body": derived_complaint_body(self.law, place),
        }

    def own_layers(self, unit: Unit, agency: AgencyRow) -> tuple[LocalDays, ...]:
        """The own days of the body and those above it, a layer for each notice."""
        layers = []
        for body in unit.ancestors(agency):
            days = unit.own_days(body)
            for source in sorted({row.source for row in days}):
                rest = frozenset(row.day for row in days if not row.works and row.source == source)
                work = frozenset(row.day for row in days if row.works and row.source == source)
                layers.append(LocalDays(source or body.name, rest, work, own=True))
        return tuple(layers)

    # -- bodies -------------------------------------------------------------------------------------

    def tree(self, unit: Unit) -> Tree:
        """The tree of bodies; kept as the rules are."""
        mark, known = self._tree
        if mark != unit.rules_mark:
            known = read_tree(unit)
            self._tree = unit.rules_mark, known
        return known

    def listing(self) -> Listing:
        """The bodies as pages show them; kept for the day, as the rules are."""
        with self.store.read() as unit:
            key = unit.rules_mark, self.today()
            known_key, known = self._listing
            if known_key != key:
                known = listing_of(self.tree(unit), self.today())
                self._listing = key, known
            return known

    def agencies(self) -> list[Reader]:
        """All bodies, in order."""
        return list(self.listing().readers)

    def found_body(self, unit: Unit, code: str) -> Body:
        """The body of that code, for who only reads what it is. Raises Missing."""
        body = self.tree(unit).by_code.get(code)
        if body is None:
            raise _no_body(code)
        return body

    def found_agency(self, unit: Unit, code: str) -> AgencyRow:
        row = unit.agency(code)
        if row is None:
            raise _no_body(code)
        return row

    def add_agency(
        self,
        unit: Unit,
        *,
        code: str,
        name: str,
        level: str,
        parent: str | None = None,
        region: str | None = None,
        takes_requests: bool = True,
    ) -> AgencyRow:
        """A new body in the tree. Raises BadInput for a taken code, an unknown level or parent."""
        errors = []
        if not code or not code.replace("_", "").replace("-", "").isalnum() or not code.isascii():
            errors.append(FieldError("agency.code", "机关代码只能用英文字母、数字、- 和 _"))
        elif len(code) > 64:
            errors.append(FieldError("agency.code", "机关代码最多 64 个字符"))
        elif unit.agency(code) is not None:
            errors.append(FieldError("agency.code", f"机关代码“{code}”已被使用"))
        if not name.strip():
            errors.append(FieldError("agency.name", "请填写机关名称"))
        for where, said in (("agency.name", name), ("agency.region", region or "")):
            if len(said) > 200:
                errors.append(FieldError(where, "最多 200 个字"))
        if level not in self.law.words.levels:
            errors.append(
                FieldError("agency.level", f"级别只能是：{'、'.join(self.law.words.levels)}")
            )
        above = unit.agency(parent) if parent else None
        if parent and above is None:
            errors.append(FieldError("agency.parent", f"没有代码为“{parent}”的上级机关"))
        if errors:
            raise BadInput(errors)
        return unit.add_agency(
            code=code,
            name=name.strip(),
            level=level,
            region=region,
            parent_id=above.id if above else None,
            takes_requests=takes_requests,
        )

    def below(self, unit: Unit, codes: set[str]) -> list[AgencyRow]:
        """The bodies of these codes and all bodies below them in the tree, in order."""
        return unit.agencies([body.id for body in self.tree(unit).below(codes)])

    def reaches(self, unit: Unit, action: str, staff: Staff, body: Body) -> bool:
        """Whether `reach` has the body; only the bodies above it are looked at."""
        if body.code not in permissions.bodies_for(self.law, action, staff):
            heads = set(permissions.heads_for(self.law, action, staff))
            if not any(above.code in heads for above in self.tree(unit).line(body)):
                return False
        return not self._left_to_others(unit, action, staff, [body])

    def reach(self, unit: Unit, action: str, staff: Staff) -> list[Body]:
        """The bodies for which the person may do something, by the table of permissions, in order."""
        tree = self.tree(unit)
        own = set(permissions.bodies_for(self.law, action, staff))
        below = tree.below(permissions.heads_for(self.law, action, staff))
        further = own.difference(body.code for body in below) if below else own
        found = list(below)
        if further:
            found = sorted((*below, *tree.of_codes(further)), key=lambda body: body.id)
        left = self._left_to_others(unit, action, staff, found)
        return [body for body in found if body.code not in left] if left else found

    def _left_to_others(
        self, unit: Unit, action: str, staff: Staff, bodies: Collection[Body]
    ) -> set[str]:
        """Codes of those for which the person would do it only in place of somebody who is there (`until`)."""
        row = self.law.permissions.actions[action]
        if not any(role in row.until for held in staff.roles.values() for role in held):
            return set()
        tree, filled = self.tree(unit), self.filled(unit, bodies)

        def roles(body: Body) -> set[str]:
            return {
                role
                for here in tree.line(body)
                for role in staff.roles.get(here.code, ())
                if here is body or row.may.get(role) == permissions.BODIES_BELOW
            }

        return {
            body.code
            for body in bodies
            if body.code in filled
            and permissions.role_for(self.law, action, roles(body), filled=filled[body.code])
            is None
        }

    def filled(self, unit: Unit, bodies: Iterable[Body]) -> dict[str, frozenset[str]]:
        """By code of a body which roles somebody holds for it, in it, above it or in the one that goes on with its
        duties, of those whose work others do meanwhile; nothing of a body for which nobody does."""
        wanted = frozenset[str]().union(*self.law.permissions.meanwhile.values())
        seats: dict[int, set[str]] = {}
        for agency_id, role in staff_queries.seats(unit, wanted):
            seats.setdefault(agency_id, set()).add(role)
        if not seats:
            return {}
        tree, found = self.tree(unit), dict[str, frozenset[str]]()
        for body in bodies:
            heir = tree.by_code.get(body.successor or "")
            over = (*tree.line(body), *(tree.line(heir) if heir else ()))
            found[body.code] = frozenset(role for here in over for role in seats.get(here.id, ()))
        return {code: roles for code, roles in found.items() if roles}

    # -- people -------------------------------------------------------------------------------------

    def staff_of(self, unit: Unit, row: UserRow | Person) -> Staff:
        """The person with the roles held, and those that hold for bodies whose duties went to these. Of a
        Person also those that are held today in place of somebody who is away."""
        tree, roles = self.tree(unit), dict[str, set[str]]()
        for_another: dict[str, dict[str, str]] = {}
        for role in row.roles:
            held = roles.setdefault(tree.by_id[role.agency_id].code, set())
            away = role.stands_for if isinstance(role, RoleHeld) else None
            if away is not None and role.role not in held:
                code = tree.by_id[role.agency_id].code
                for_another.setdefault(code, {})[role.role] = away
            held.add(role.role)
        own, lent, inherited = set(roles), set[str](), dict[str, set[str]]()
        for code in own:
            for before in tree.predecessors_of(code):
                inherited.setdefault(before.code, set()).update(roles[code])
                lent |= {before.code} if before.until is None else set()
                if code in for_another:
                    known = for_another.get(before.code, {})
                    for_another[before.code] = {**for_another[code], **known}
        for code, held in inherited.items():
            roles[code] = roles.get(code, set()) | held
        whole = {code: frozenset(held) for code, held in roles.items()}
        helps = self.law.permissions.meanwhile
        somewhere = any(role in helps for held in roles.values() for role in held)
        return Staff(
            row.id,
            row.name,
            row.display_name,
            whole,
            row.must_change_password,
            row.session_stamp,
            {code: frozenset(held) for code, held in inherited.items()},
            frozenset(lent - own),
            for_another,
            self.filled(unit, tree.of_codes(roles)) if somewhere else {},
            self._of_units(unit, row.name, whole, own, for_another),
        )

    def _of_units(
        self,
        unit: Unit,
        name: str,
        roles: Mapping[str, Collection[str]],
        own: Collection[str],
        for_another: Mapping[str, Mapping[str, str]],
    ) -> dict[str, frozenset[str]]:
        """By code of a body which keeps its handlers to their unit, where the person is nothing but that, the names to
        which a case must have been given. For a body of before the one that goes on with it says so as well."""
        tree, found = self.tree(unit), dict[str, frozenset[str]]()
        mine = [code for code, held in roles.items() if permissions.only_of_units(self.law, held)]
        for code in mine if mine and self.somebody_keeps_to_units(unit) else ():
            heirs = [one for one in own if tree.by_code[code] in tree.predecessors_of(one)]
            bodies = tree.of_codes({code, *heirs})
            if any(self.keeps_to_units(unit, body.id) for body in bodies):
                crews = desk.crews(unit, [body.id for body in bodies], self.today())
                acting = {name, *for_another.get(code, {}).values()}
                found[code] = desk.names_of(crews.values(), acting)
        return found

    def keeps_to_units(self, unit: Unit, agency_id: int) -> bool:
        """Whether a body does (UNITS)."""
        return bool(self.rules_of(unit, agency_id, self.today())[UNITS] == "unit")

    def somebody_keeps_to_units(self, unit: Unit) -> bool:
        """Whether any body ever said something of that; kept as the rules are."""
        mark, known = self._in_units
        if mark != unit.rules_mark:
            known = staff_queries.ever_chosen(unit, UNITS)
            self._in_units = unit.rules_mark, known
        return known

    def names_of(self, users: Collection[str]) -> dict[str, str]:
        """The name in full for each user name; who works here no longer keeps the user name."""
        with self.store.read() as unit:
            return {name: name for name in users} | unit.display_names(users)

    def staff(self, name: str) -> Staff | None:
        """The active member of staff of that user name."""
        with self.store.read() as unit:
            row = person_named(unit, name, self.today())
            return self.staff_of(unit, row) if row and row.active else None


def _no_body(code: str) -> Missing:
    return Missing(f"没有代码为“{code}”的机关")
