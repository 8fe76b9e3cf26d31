"""What an applicant decides about messages: through what they are told, and that they want no more."""

import re

from workflow import people
from workflow.service.cases.finding import by_code
from workflow.service.messages.outbox import refusal_token
from workflow.service.messages.to_applicant import applicant_channels, open_to_applicant
from workflow.service.office import Missing, Office
from workflow.store import messages as message_queries
from workflow.store.message_models import ApplicantChoiceRow
from workflow.store.models import CaseRow
from workflow.store.retried import retried
from workflow.store.unit import Unit


class ApplicantMessages:
    """The use cases of an applicant around messages."""

    def __init__(self, office: Office) -> None:
        self.office = office

    def choice(self, number: str, code: str) -> list[tuple[str, str, bool]]:
        """Name, label and whether chosen, for each channel open to the applicant with number and query
        code. Raises Missing."""
        with self.office.store.read() as unit:
            row = by_code(self.office, unit, number, code)
            chosen = {kind.name for kind in applicant_channels(self.office, unit, row)}
            return [
                (kind.name, kind.label, kind.name in chosen)
                for kind in open_to_applicant(self.office, row)
            ]

    @retried
    def choose(self, number: str, code: str, channels: list[str]) -> None:
        """Through what the applicant wants to be told from now on. Raises Missing."""
        with self.office.store.write() as unit:
            self._choose(unit, by_code(self.office, unit, number, code), channels)

    def refusable(self, token: str) -> str:
        """The number of the case that a refusal link is about. Raises Missing."""
        with self.office.store.read() as unit:
            return self._refusal(unit, token).number

    @retried
    def refuse(self, token: str) -> str:
        """The applicant wants no more messages about the case; its number. Raises Missing."""
        with self.office.store.write() as unit:
            row = self._refusal(unit, token)
            self._choose(unit, row, [])
            return row.number

    def _refusal(self, unit: Unit, token: str) -> CaseRow:
        head, _, _ = token.partition("-")
        row = (
            unit.session.get(CaseRow, int(head, 16))
            if re.fullmatch("[0-7]?[0-9a-f]{1,7}", head)
            else None
        )
        if row is None or not people.codes_match(
            refusal_token(self.office, row.id, row.code_salt), token
        ):
            raise Missing("这个链接不正确或者已经失效")
        return row

    def _choose(self, unit: Unit, row: CaseRow, channels: list[str]) -> None:
        known = {kind.name for kind in open_to_applicant(self.office, row)}
        now, wanted = self.office.now(), [name for name in channels if name in known]
        unit.session.merge(ApplicantChoiceRow(case_id=row.id, channels=wanted, decided_at=now))
        message_queries.withdraw_applicants(unit, row.id, wanted, "申请人不再接收", now)
