"""A person's own list: what waits for them or their unit, for their office, and all; filtered, with what is new."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from hashlib import sha256

from workflow import events as ev
from workflow.case.waiting import ROLE, working_roles
from workflow.dates import Days
from workflow.people import Staff
from workflow.refusal import BadInput, FieldError, Refused
from workflow.rules.calendar import Calendar
from workflow.service.cases.list_views import Around, Filters, KeptView, Listed, Month, Somebody
from workflow.service.cases.moving import Moving
from workflow.service.cases.views import Place, WorkItem
from workflow.service.cases.worklist import Bodies, Worklist
from workflow.service.office import Office
from workflow.store import desk, worklist
from workflow.store.retried import retried
from workflow.store.unit import Unit

MINE, OFFICE, ALL = "mine", "office", "all"
NEW_DAYS = 7
"""For somebody who never said that they have looked, what is not older than so many days is new."""
EXPORTED_MOST = 10_000
CHOSEN_MOST = 200
VIEWS_MOST = 20
LONGEST_NAME = 40


@dataclass(frozen=True)
class _Reading:
    """What every view of a person begins with."""

    bodies: Bodies
    crews: dict[int, desk.Crew]
    piles: desk.Piles
    own: worklist.Own


class DeskList(Worklist):
    """The list of a person at the desk."""

    def __init__(self, office: Office) -> None:
        super().__init__(office)
        self.moving = Moving(office)

    def page(
        self,
        staff: Staff,
        view: str,
        filters: Filters,
        *,
        limit: int,
        after: int = 0,
        beyond: Place | None = None,
        back: bool = False,
    ) -> Listed:
        """A page of the view: its own ones first in the office's, by urgency. after, beyond, back: as for
        `Worklist.cases`."""
        with self.office.store.read() as unit:
            looked = desk.looked_until(unit, staff.id)
            since = looked or self.office.now() - timedelta(NEW_DAYS)
            said = self._read(unit, staff, since)
            bodies, own = said.bodies, said.own
            wanted = self._wanted(unit, said, view, filters, staff, since)
            ids = worklist.in_order(
                unit, bodies.ids, wanted, limit=limit, after=after, beyond=bodies.key(beyond),
                back=back, own_first=own if view == OFFICE else None,
            )  # fmt: skip
            items = self.items_of(unit, bodies, ids)
            mine, every = said.piles.of(own), said.piles.all
            shown = mine if view == MINE else every
            total, new, around = shown.number, shown.new, replace(filters, fresh=False)
            if view == ALL or around != Filters():
                total, new = worklist.tallies(
                    unit, bodies.ids,
                    self._wanted(unit, said, view, around, staff, since),
                    worklist.Wanted(since=worklist.Since(since, staff.name)),
                )  # fmt: skip
            return Listed(
                items=items,
                total=new if filters.fresh else total,
                around=self._around(unit, said, items, since),
                counts={MINE: mine.number, OFFICE: every.number},
                urgent=mine.urgent,
                new=new,
                looked=looked is not None,
                views=[KeptView(*one) for one in desk.kept_views(unit, staff.id)],
                pulse=_pulse(said, view),
            )

    def pulse(self, staff: Staff, view: str) -> str:
        """A word that is another one as soon as something in the view has moved."""
        with self.office.store.read() as unit:
            return _pulse(self._read(unit, staff), view)

    def chosen(
        self, staff: Staff, which: Collection[tuple[str, str]]
    ) -> tuple[list[WorkItem], Around]:
        """These cases (code of the body, number), in the order of the list. Raises BadInput (case) for none, for too
        many, and where one is none that the person may read: nothing is done with fewer than were chosen."""
        if not which:
            raise BadInput([FieldError("case", "请先选中申请")])
        if len(which) > CHOSEN_MOST:
            raise BadInput([FieldError("case", f"一次最多选 {CHOSEN_MOST} 件")])
        with self.office.store.read() as unit:
            said = self._read(unit, staff)
            bodies = said.bodies
            numbers = tuple(sorted({number for _, number in which}))
            wanted = worklist.Wanted(numbers=numbers, sight=bodies.sight)
            most = len(numbers) * max(1, len(bodies.ids))
            ids = worklist.in_order(unit, bodies.ids, wanted, limit=most)
            found = self.items_of(unit, bodies, ids)
            items = [item for item in found if (item.agency, item.number) in set(which)]
            gone = {number for _, number in which} - {item.number for item in items}
            if gone or len(items) < len(set(which)):
                named = "、".join(one[:20] for one in sorted(gone)[:3]) or "有的申请"
                raise BadInput(
                    [FieldError("case", f"{named}没有找到，可能已经移送，请刷新列表再选")]
                )
            since = desk.looked_until(unit, staff.id) or self.office.now() - timedelta(NEW_DAYS)
            return items, self._around(unit, said, items, since)

    def give(
        self, staff: Staff, which: Collection[tuple[str, str]], to: str, once: str
    ) -> tuple[list[tuple[str, str]], list[tuple[tuple[str, str], str]]]:
        """Give these cases to a person or unit of their body, each in a transaction of its own, once under the key: those
        that were given, by code of the body and number, and the others with the reason in words.

        One whose reply is in hand stays: to give it anew would take the draft back. Raises BadInput (case, give_to).
        """
        items, around = self.chosen(staff, which)
        if not to:
            raise BadInput([FieldError("give_to", "请选择交给谁")])
        if to not in {one.name for one in around.given}:
            raise BadInput([FieldError("give_to", "请从名单中选择")])
        here = {(one.agency, one.name) for one in around.given}
        law, done = self.office.law, list[tuple[str, str]]()
        left = list[tuple[tuple[str, str], str]]()
        target = law.transitions[ev.Assign.name].to
        for item in items:
            case = (item.agency, item.number)
            key = sha256(f"{once} {item.agency} {item.number}".encode()).hexdigest()[:40]
            if (item.agency, to) not in here:
                left.append((case, "不是这个机关的人员或者科室"))
            elif law.takes_back(item.state, target):
                left.append(
                    (
                        case,
                        f"现在是“{law.states[item.state].label}”，另行交办会收回拟稿，请到这件申请的页面办理",
                    )
                )
            else:
                try:
                    self.moving.apply(
                        staff.within(item.agency), item.number, ev.Assign.name,
                        {"on": self.office.today().isoformat(), "to": to}, key,
                    )  # fmt: skip
                    done.append(case)
                except Refused as error:
                    left.append((case, f"{error.refusal.message}。{error.refusal.allowed_when}"))
        return done, left

    def month(self, staff: Staff, view: str, first: date, most: int) -> Month:
        """What is due in the month that begins on the day, with at most so many lines a day."""
        last = (first + timedelta(31)).replace(day=1) - timedelta(1)
        with self.office.store.read() as unit:
            said = self._read(unit, staff)
            bodies = said.bodies
            wanted = replace(self._open(bodies), due=Days(first, last))
            if view == MINE:
                wanted = replace(wanted, own=said.own)
            counts = worklist.due_on(unit, bodies.ids, wanted)
            ids = worklist.first_of_days(unit, bodies.ids, wanted, counts, most)
            by_day: dict[date, list[WorkItem]] = {}
            for item in self.items_of(unit, bodies, ids):
                if item.due is not None:
                    by_day.setdefault(item.due, []).append(item)
            days = [first + timedelta(n) for n in range((last - first).days + 1)]
            calendar = self._calendar(unit, bodies)
            rest = {day for day in days if not calendar.is_workday(day)} if calendar else set()
            return Month(first, counts, by_day, frozenset(rest))

    def given(self, staff: Staff, agency: str | None = None) -> list[Somebody]:
        """Units and people of the person's bodies, or of one of them, to whom a case can be given."""
        with self.office.store.read() as unit:
            bodies = self.bodies_of(unit, staff.within(agency))
            crews = desk.crews(unit, bodies.ids, self.office.today())
            return self._of_crews(bodies, crews)

    # -- up to when somebody has looked, and what they keep -------------------------------------------

    @retried
    def look(self, staff: Staff, until: datetime) -> None:
        """The person has seen what is new up to the moment; not beyond now."""
        with self.office.store.write() as unit:
            desk.note_looked(unit, staff.id, min(until, self.office.now()))

    @retried
    def keep_view(self, staff: Staff, name: str, chosen: dict[str, str]) -> None:
        """Keep a view under a name; one of the same name goes. Raises BadInput (view_name)."""
        name = " ".join(name.split())
        if not 0 < len(name) <= LONGEST_NAME:
            raise BadInput([FieldError("view_name", f"请填写名称，最多 {LONGEST_NAME} 个字")])
        with self.office.store.write() as unit:
            known = {one for _, one, _ in desk.kept_views(unit, staff.id)}
            if name not in known and len(known) >= VIEWS_MOST:
                raise BadInput(
                    [FieldError("view_name", f"最多存 {VIEWS_MOST} 个视图，请先删去不用的")]
                )
            desk.keep_view(unit, staff.id, name, chosen)

    @retried
    def drop_view(self, staff: Staff, number: int) -> None:
        """The person's own view goes; nothing where it is gone already."""
        with self.office.store.write() as unit:
            desk.drop_view(unit, staff.id, number)

    # -- within ---------------------------------------------------------------------------------------

    def _around(
        self, unit: Unit, said: _Reading, items: Collection[WorkItem], since: datetime
    ) -> Around:
        return Around(
            since, self._given(said), self._mine_of(said, items), _behind(said, items),
            self._names(unit, said, items), self._alone(said),
        )  # fmt: skip

    def _read(self, unit: Unit, staff: Staff, since: datetime | None = None) -> _Reading:
        """since: after which moment something is new; None where nobody asks what is new or urgent."""
        bodies = self.bodies_of(unit, staff)
        today = self.office.today()
        crews = desk.crews(unit, bodies.ids, today)
        receiver, working = (
            self.office.law.transitions[ev.Receive.name].by[0],
            working_roles(self.office.law),
        )
        words = []
        overdue = [id_ for id_, code in bodies.codes.items() if receiver in staff.roles[code]]
        piles = desk.piles(
            unit, bodies.ids, overdue, today,
            worklist.Since(since, staff.name) if since else None, self._states("running"), bodies.sight,
        )  # fmt: skip
        for id_, code in bodies.codes.items():
            roles = staff.roles[code]
            mine = {staff.name, *staff.standing_in.get(code, {}).values()}
            mine |= {name for one in crews[id_].people if one.name in mine for name in one.units}
            mine |= {f"{ROLE}{role}" for role in roles}
            # What would wait for nobody here: given to a name that nobody bears it waits for all who work on cases,
            # by a role that nobody holds for who receives them.
            stray = set(piles.by_word.get(id_, {})) - _borne(crews[id_]) - {worklist.APPLICANT}
            if roles & working:
                mine |= {word for word in stray if not word.startswith(ROLE)}
            if receiver in roles:
                mine |= stray
            words.append((id_, tuple(sorted(mine))))
        return _Reading(bodies, crews, piles, worklist.Own(tuple(words), tuple(overdue), today))

    def _states(self, *stages: str) -> tuple[str, ...]:
        law = self.office.law
        return tuple(name for name in law.states if law.stage(name) in stages)

    def _open(self, bodies: Bodies) -> worklist.Wanted:
        return worklist.Wanted(waiting=True, sight=bodies.sight)

    def _wanted(
        self,
        unit: Unit,
        said: _Reading,
        view: str,
        filters: Filters,
        staff: Staff,
        since: datetime,
    ) -> worklist.Wanted:
        today = said.own.today
        open_ = view != ALL and (not filters.state or filters.state in self.open_states())
        due = filters.due
        if filters.soon is not None or filters.late:
            first = None if filters.late else today
            last = today - timedelta(1)
            if filters.soon is not None:
                calendar = self._calendar(unit, said.bodies)
                last = calendar.add(today, filters.soon) if calendar else today
            due &= Days(first, last)
        return worklist.Wanted(
            states=(filters.state,) if filters.state else (),
            waiting=open_,
            kinds=(filters.kind,) if filters.kind else (),
            sight=said.bodies.sight,
            own=said.own if view == MINE else None,
            given=filters.given,
            year=filters.year,
            outcomes=(filters.outcome,) if filters.outcome else (),
            received=filters.received,
            due=due,
            answered=filters.answered,
            since=worklist.Since(since, staff.name) if filters.fresh else None,
        )

    def _calendar(self, unit: Unit, bodies: Bodies) -> Calendar | None:
        """The calendar of the person's first body; None for somebody without one."""
        if not bodies.ids:
            return None
        return self.office.rules_of(unit, bodies.ids[0], self.office.today()).calendar

    def _given(self, said: _Reading) -> list[Somebody]:
        """To whom cases can be given, and whoever else was given one that is open."""
        found = self._of_crews(said.bodies, said.crews)
        known = {(one.agency, one.name) for one in found}
        for id_, words in said.piles.by_word.items():
            code = said.bodies.codes[id_]
            shown = {one.name: one.display_name for one in said.crews[id_].people}
            for word in sorted(words):
                if not word.startswith(ROLE) and (code, word) not in known:
                    found.append(Somebody(code, word, shown.get(word, word)))
        return found

    def _of_crews(self, bodies: Bodies, crews: dict[int, desk.Crew]) -> list[Somebody]:
        found, working = [], working_roles(self.office.law)
        for id_, code in bodies.codes.items():
            crew = crews[id_]
            found += [
                Somebody(code, one, one, unit=True, head=crew.heads.get(one, ""))
                for one in crew.units
            ]
            found += [
                Somebody(code, one.name, one.display_name)
                for one in crew.people
                if one.roles & working
            ]
        return found

    def _mine_of(self, said: _Reading, items: Iterable[WorkItem]) -> frozenset[tuple[str, str]]:
        ids = {code: id_ for id_, code in said.bodies.codes.items()}
        words, today = dict(said.own.words), said.own.today
        return frozenset(
            (item.agency, item.number)
            for item in items
            if item.waits in words[ids[item.agency]]
            or (
                item.waits == worklist.APPLICANT
                and ids[item.agency] in said.own.overdue
                and item.due is not None
                and item.due < today
            )
        )

    def _alone(self, said: _Reading) -> dict[str, str]:
        found, working = {}, working_roles(self.office.law)
        for id_, code in said.bodies.codes.items():
            some = [one.name for one in said.crews[id_].people if one.roles & working]
            if len(some) == 1:
                found[code] = some[0]
        return found

    def _names(self, unit: Unit, said: _Reading, items: Iterable[WorkItem]) -> dict[str, str]:
        """In full, by user name: everybody here, and who else a line tells of."""
        known = {one.name: one.display_name for crew in said.crews.values() for one in crew.people}
        told = {item.fresh.by for item in items if item.fresh}
        return known | unit.display_names(told - set(known) - {"applicant", "system"})


def _pulse(said: _Reading, view: str) -> str:
    """A word that is another one as soon as one of the open cases of the view has moved, gone or come."""
    if not said.bodies.ids:
        return ""
    pile = said.piles.of(said.own) if view == MINE else said.piles.all
    return f"{pile.number}-{pile.lines}-{pile.sent.isoformat() if pile.sent else ''}"


def _behind(said: _Reading, items: Iterable[WorkItem]) -> dict[tuple[str, str], tuple[str, ...]]:
    ids = {code: id_ for id_, code in said.bodies.codes.items()}
    return {
        (code, word): _who(said.crews[ids[code]], word)
        for code, word in {(item.agency, item.waits) for item in items if item.waits}
    }


def _who(crew: desk.Crew, word: str) -> tuple[str, ...]:
    """The names in full of those who stand behind a word of `waits_for`; of a unit its own name."""
    if word in crew.units:
        return (word,)
    role = word[len(ROLE) :] if word.startswith(ROLE) else None
    return tuple(
        one.display_name
        for one in crew.people
        if one.name == word or (role is not None and role in one.roles)
    )


def _borne(crew: desk.Crew) -> set[str]:
    """The words of `waits_for` behind which somebody stands in the body."""
    found: set[str] = set()
    for one in crew.people:
        found |= {one.name, *one.units, *(f"{ROLE}{role}" for role in one.roles)}
    return found
