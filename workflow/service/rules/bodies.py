"""The tree of bodies: further bodies beside the first one, who supervises whom, names that change, and
bodies that end (law.md §7A)."""

from datetime import date

from sqlalchemy import func, select

from workflow.people import SYSTEM, Staff
from workflow.refusal import BadInput, Denied, FieldError
from workflow.rules import permissions
from workflow.service.listing import Reader
from workflow.service.office import Missing, Office
from workflow.service.rules.due_changes import recompute, take_back_of_bodies, touched_from
from workflow.service.rules.settings import MANAGE
from workflow.store.audit import audited
from workflow.store.models import AgencyRow, CaseRow
from workflow.store.retried import retried
from workflow.store.unit import Unit


class Bodies:
    """The use cases around bodies. `by`: who administers the body itself or one above; None: the operator at
    the command line."""

    def __init__(self, office: Office) -> None:
        self.office = office

    def listed(self) -> list[tuple[Reader, int]]:
        """Every body with its depth in the tree, each below the one that supervises it."""
        found: list[tuple[Reader, int]] = []
        children: dict[str | None, list[Reader]] = {}
        for body in self.office.agencies():
            children.setdefault(body.parent, []).append(body)

        def below(parent: str | None, depth: int) -> None:
            for body in children.get(parent, ()):
                found.append((body, depth))
                below(body.code, depth + 1)

        below(None, 0)
        return found

    @retried
    def add(
        self,
        code: str,
        name: str,
        level: str,
        *,
        parent: str | None = None,
        region: str | None = None,
        takes_requests: bool = True,
        since: date | None = None,
        by: Staff | None = None,
    ) -> None:
        """A further body. region: for its local holidays, without one that of its parent; since: its first
        day. Raises BadInput for a taken code, an unknown level or parent; Missing where the person does not
        see to the parent."""
        with self.office.store.write() as unit:
            if by is not None:
                _seen_to(self.office, unit, by, parent or "")
            above = unit.agency(parent) if parent else None
            made = self.office.add_agency(
                unit,
                code=code,
                name=name,
                level=level,
                parent=parent,
                region=region or (above.region if above else None),
                takes_requests=takes_requests,
            )
            made.since = since
            self._note(unit, by, made, "body_added", name=name.strip())

    @retried
    def move(self, code: str, parent: str | None) -> int:
        """Let another body supervise it, or none. What follows from the tree (own days of the bodies
        above, the organ of review) holds at once; open deadlines are computed again, and what waits to be
        said to the body that supervised it is taken back.

        Returns how many due days moved. Raises Missing, or BadInput for a circle.
        """
        with self.office.store.write_rules() as unit:
            body = self.office.found_agency(unit, code)
            above = self.office.found_agency(unit, parent) if parent else None
            inside = self.office.below(unit, {code})
            if above is not None and above.id in {row.id for row in inside}:
                message = f"“{parent}”是“{code}”自己或者它的下级，不能作它的上级"
                raise BadInput([FieldError("parent", message)])
            before = unit.ancestors(body)[-2:-1]
            body.parent_id = above.id if above else None
            self._note(unit, None, body, "body_moved", parent=above.code if above else "")
            unit.session.flush()
            unit.rules_changed()
            concerned = CaseRow.agency_id.in_([row.id for row in inside])
            reason = f"{body.name}的上级机关变更为{above.name if above else '无'}"
            moved = recompute(
                self.office, unit, concerned & touched_from(self.office, None), "setting", reason, "system"
            )  # fmt: skip
            take_back_of_bodies(self.office, unit, [*inside, *before], "setting")
            return moved

    @retried
    def rename(self, code: str, name: str, last_day: date, by: Staff | None = None) -> None:
        """Another name from the day after `last_day`; papers of before keep the old one. Raises Missing,
        or BadInput for no name, the same one, or a day before an earlier renaming."""
        with self.office.store.write_rules() as unit:
            if by is not None:
                _seen_to(self.office, unit, by, code)
            body = self.office.found_agency(unit, code)
            former = list(body.former_names or ())
            name = name.strip()
            if not name or name == body.name or len(name) > 200:
                raise BadInput([FieldError("name", "请填写与现在不同的名称，最多 200 个字")])
            if former and last_day.isoformat() <= former[-1]["until"]:
                raise BadInput([FieldError("on", "早于上一次更名")])
            body.former_names = [*former, {"name": body.name, "until": last_day.isoformat()}]
            self._note(unit, by, body, "body_renamed", before=body.name, name=name)
            body.name = name
            unit.session.flush()
            unit.rules_changed()

    @retried
    def end(
        self,
        code: str,
        successor: str,
        last_day: date | None,
        *,
        duties_only: bool = False,
        by: Staff | None = None,
    ) -> int:
        """The body ends on the day, or gives its duties away and goes on (duties_only); the successor
        answers and is respondent (行政诉讼法26(6)). Requests that come later go to the successor; open
        cases are transferred one by one.

        Returns how many open cases wait for that. Raises Missing, or BadInput for a successor that is the
        body itself, comes after it, or has ended. Of a person both bodies must lie below the one that they
        administer: none ends itself.
        """
        with self.office.store.write_rules() as unit:
            if by is not None:
                _seen_to(self.office, unit, by, code, from_above=True)
                _seen_to(self.office, unit, by, successor)
            body = self.office.found_agency(unit, code)
            heir = self.office.found_agency(unit, successor)
            if heir.id == body.id or body.id in {one.id for one in unit.successors_of(heir)}:
                raise BadInput([FieldError("successor", "不能由自己或者自己的承继者承继")])
            if last_day is not None and heir.ended_by(last_day):
                raise BadInput([FieldError("successor", f"{heir.name}在这一天之前已经终止")])
            if last_day is None and not duties_only:
                raise BadInput([FieldError("on", "请填写最后一天")])
            body.successor, body.until = heir.code, None if duties_only else last_day
            self._note(unit, by, body, "body_ended", successor=heir.code)
            unit.session.flush()
            unit.rules_changed()
            take_back_of_bodies(self.office, unit, [body], "setting")
            done = [n for n, s in self.office.law.states.items() if s.stage in ("done", "void")]
            query = select(func.count(CaseRow.id)).where(
                CaseRow.agency_id == body.id, CaseRow.held_by.is_(None), CaseRow.state.not_in(done)
            )
            return unit.session.scalar(query) or 0

    def _note(
        self, unit: Unit, by: Staff | None, body: AgencyRow, action: str, **details: str
    ) -> None:
        actor = by.name if by is not None else SYSTEM.name
        audited(unit, self.office.now(), actor, body.id, action, body.code, **details)


def _seen_to(office: Office, unit: Unit, by: Staff, code: str, *, from_above: bool = False) -> None:
    """Raises Missing for a body that the person does not see to; Denied for one of their own."""
    body = office.found_body(unit, code)
    above = office.tree(unit).by_id.get(body.parent_id or 0)
    asked = above if from_above else body
    if asked is not None and office.reaches(unit, MANAGE, by, asked):
        return
    if code in by.roles:
        law = office.law
        raise Denied(permissions.refusal_of(law, law.permissions.actions[MANAGE]))
    raise Missing(f"没有代码为“{code}”的机关，或者不归您管理")
