"""The tree of bodies: further bodies beside the first one, and who supervises whom."""

from workflow.refusal import BadInput, FieldError
from workflow.service.office import Office, Reader
from workflow.service.rules.due_changes import recompute, take_back_of_bodies, touched_from
from workflow.store.models import CaseRow


class Bodies:
    """The use cases of the operator around bodies."""

    def __init__(self, office: Office) -> None:
        self.office = office

    def listed(self) -> list[tuple[Reader, int]]:
        """Every body with its depth in the tree, each below the one that supervises it."""
        found: list[tuple[Reader, int]] = []
        bodies = self.office.agencies()

        def below(parent: str | None, depth: int) -> None:
            for body in bodies:
                if body.parent == parent:
                    found.append((body, depth))
                    below(body.code, depth + 1)

        below(None, 0)
        return found

    def add(
        self,
        code: str,
        name: str,
        level: str,
        *,
        parent: str | None = None,
        region: str | None = None,
        takes_requests: bool = True,
    ) -> None:
        """A further body. region: for its local holidays, without one that of its parent. Raises
        BadInput for a taken code, an unknown level or parent."""
        with self.office.store.write() as unit:
            above = unit.agency(parent) if parent else None
            self.office.add_agency(
                unit,
                code=code,
                name=name,
                level=level,
                parent=parent,
                region=region or (above.region if above else None),
                takes_requests=takes_requests,
            )

    def move(self, code: str, parent: str | None) -> int:
        """Let another body supervise it, or none. What follows from the tree (own days of the bodies
        above, the organ of review) holds at once; open deadlines are computed again, and what waits to be
        said to the body that supervised it is taken back.

        Returns how many due days moved. Raises Missing, or BadInput for a circle.
        """
        with self.office.store.write() as unit:
            body = self.office.found_agency(unit, code)
            above = self.office.found_agency(unit, parent) if parent else None
            inside = self.office.below(unit, {code})
            if above is not None and above.id in {row.id for row in inside}:
                message = f"“{parent}”是“{code}”自己或者它的下级，不能作它的上级"
                raise BadInput([FieldError("parent", message)])
            before = unit.ancestors(body)[-2:-1]
            body.parent_id = above.id if above else None
            unit.session.flush()
            unit.rules_changed()
            concerned = CaseRow.agency_id.in_([row.id for row in inside])
            reason = f"{body.name}的上级机关变更为{above.name if above else '无'}"
            moved = recompute(
                self.office, unit, concerned & touched_from(self.office, None), "setting", reason, "system"
            )  # fmt: skip
            take_back_of_bodies(self.office, unit, [*inside, *before], "setting")
            return moved
