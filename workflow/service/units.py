"""Units of a body (科室): their name, who heads them and who works in them."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select

from workflow.people import Staff
from workflow.refusal import BadInput, FieldError
from workflow.rules.staffing import MANAGE, SEE
from workflow.service.office import Missing, Office
from workflow.service.reach import within_reach
from workflow.store import staff as staff_queries
from workflow.store.audit import audited
from workflow.store.models import UserRow
from workflow.store.retried import retried
from workflow.store.staff_models import UnitMemberRow, UnitRow
from workflow.store.unit import Unit

LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class UnitOfBody:
    """A unit with the user names of its head, if it has one, and of its members."""

    id: int
    agency: str
    name: str
    head: str | None
    members: tuple[str, ...]


class Units:
    """The use cases around units. `by`: who sees to the people of the body."""

    def __init__(self, office: Office) -> None:
        self.office = office

    def of_body(self, by: Staff, agency: str) -> list[UnitOfBody]:
        """The units of the body, in the order in which they were made. Raises Missing."""
        with self.office.store.read() as unit:
            body = within_reach(self.office, unit, by, agency, SEE)
            names = staff_queries.user_names(unit, body.id)
            return [_view(row, agency, names) for row in staff_queries.units_of(unit, body.id)]

    def one(self, by: Staff, number: int) -> UnitOfBody:
        """Raises Missing."""
        with self.office.store.read() as unit:
            row, agency = self._row(unit, by, number, SEE)
            names = staff_queries.user_names(unit, row.agency_id)
            return _view(row, agency, names)

    @retried
    def add(self, by: Staff, agency: str, name: str) -> int:
        """A further unit; its number. Raises Missing, Denied, BadInput (unit_name)."""
        with self.office.store.write() as unit:
            body = within_reach(self.office, unit, by, agency)
            row = UnitRow(agency_id=body.id, name=self._name(unit, body.id, name, None))
            unit.session.add(row)
            unit.session.flush()
            self._note(unit, by, row, "unit_added")
            return row.id

    @retried
    def change(
        self, by: Staff, number: int, name: str, head: str, members: Collection[str]
    ) -> None:
        """Name, head (empty: none) and members as they are from now on; who heads it works in it. Raises
        Missing, Denied, BadInput (unit_name, head, members)."""
        with self.office.store.write() as unit:
            row, _ = self._row(unit, by, number)
            known = {one.name: one for one in staff_queries.people_of(unit, [row.agency_id])}
            errors = []
            if head and head not in known:
                errors.append(FieldError("head", "请选择本机关的一位工作人员"))
            if not set(members) <= set(known):
                errors.append(FieldError("members", "请选择本机关的工作人员"))
            if errors:
                raise BadInput(errors)
            row.name = self._name(unit, row.agency_id, name, row.id)
            row.head_id = known[head].id if head else None
            wanted = {known[one].id for one in {*members, head} - {""}}
            before = {one.user_id for one in row.members}
            row.members = [
                *(one for one in row.members if one.user_id in wanted),
                *(UnitMemberRow(user_id=user) for user in sorted(wanted - before)),
            ]
            named = {one.id: name for name, one in known.items()}
            self._note(
                unit, by, row, "unit_changed",
                joined=sorted(named[one] for one in wanted - before),
                gone=sorted(named[one] for one in before - wanted if one in named),
            )  # fmt: skip

    @retried
    def end(self, by: Staff, number: int) -> None:
        """The unit is no more; cases keep its name. Raises Missing, Denied."""
        with self.office.store.write() as unit:
            row, _ = self._row(unit, by, number)
            row.ended_at = self.office.now()
            self._note(unit, by, row, "unit_ended")

    def _row(self, unit: Unit, by: Staff, number: int, action: str = MANAGE) -> tuple[UnitRow, str]:
        row = unit.session.get(UnitRow, number)
        if row is None or row.ended_at is not None:
            raise Missing("没有这个科室")
        code = self.office.tree(unit).by_id[row.agency_id].code
        within_reach(self.office, unit, by, code, action)
        return row, code

    def _name(self, unit: Unit, agency_id: int, name: str, but: int | None) -> str:
        name = name.strip()
        if not 0 < len(name) <= LONGEST_NAME:
            raise BadInput([FieldError("unit_name", f"请填写科室名称，最多 {LONGEST_NAME} 个字")])
        same = (
            row
            for row in staff_queries.units_of(unit, agency_id)
            if row.name == name and row.id != but
        )
        if next(same, None) is not None:
            raise BadInput([FieldError("unit_name", f"本机关已经有“{name}”")])
        taken = unit.session.scalar(select(UserRow.id).where(UserRow.name == name))
        if taken is not None:
            raise BadInput([FieldError("unit_name", "与一位工作人员的用户名相同，交办时会认错")])
        return name

    def _note(self, unit: Unit, by: Staff, row: UnitRow, action: str, **people: list[str]) -> None:
        told = {key: names for key, names in people.items() if names}
        audited(unit, self.office.now(), by.name, row.agency_id, action, row.name[:64], **told)


def _view(row: UnitRow, agency: str, names: dict[int, str]) -> UnitOfBody:
    members = tuple(names[one.user_id] for one in row.members if one.user_id in names)
    return UnitOfBody(row.id, agency, row.name, names.get(row.head_id or 0), members)
