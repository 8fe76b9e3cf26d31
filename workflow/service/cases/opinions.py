"""How satisfied applicants are with how they were answered (评价): they may say it, none must; the last word holds."""

from datetime import datetime

from workflow.dates import SHANGHAI
from workflow.refusal import BadInput, FieldError, Refusal, Refused
from workflow.rules.secrecy import bears_secret_mark, secret_refusal
from workflow.service.cases.finding import by_code, folded
from workflow.service.office import Office
from workflow.store import beside
from workflow.store import thread as queries
from workflow.store.models import CaseRow
from workflow.store.retried import retried
from workflow.store.thread_models import OpinionRow
from workflow.store.unit import Unit

DEGREES = {5: "非常满意", 4: "满意", 3: "一般", 2: "不满意", 1: "非常不满意"}
LONGEST = 500


class Opinions:
    """The use cases around satisfaction."""

    def __init__(self, office: Office) -> None:
        self.office = office

    def of(self, unit: Unit, row: CaseRow) -> tuple[int, str] | None:
        """The degree and the words of the applicant of a case; None if they said nothing."""
        kept = queries.opinion_of(unit, row.id)
        if kept is None:
            return None
        text = self.office.keys.open_private(kept.sealed, row.code_salt, row.id)["text"]
        return kept.degree, str(text)

    def beside(self, case_id: int) -> tuple[int, str] | None:
        """The same for who has the case before them."""
        with self.office.store.read() as unit:
            row = unit.session.get(CaseRow, case_id)
            return self.of(unit, row) if row is not None else None

    @retried
    def give(self, number: str, code: str, degree: int | None, text: str) -> None:
        """Say it, or say it anew. Raises Missing, BadInput (degree, words), Refused before there is an answer."""
        text = text.strip().replace("\r\n", "\n")
        with self.office.store.write() as unit:
            row = by_code(self.office, unit, number, code, lock=True)
            if not self._answered(unit, row):
                raise Refused(
                    Refusal("not_in_this_state", "条例46", "还没有答复，不能评价", "收到答复之后")
                )
            if degree not in DEGREES:
                raise BadInput([FieldError("degree", "请选择满意的程度")])
            if len(text) > LONGEST:
                raise BadInput([FieldError("words", f"最多 {LONGEST} 个字")])
            if bears_secret_mark(text):
                raise Refused(secret_refusal("words"))
            sealed = self.office.keys.seal_private({"text": text}, row.code_salt)
            unit.session.merge(
                OpinionRow(
                    case_id=row.id, agency_id=row.agency_id, degree=degree, sealed=sealed,
                    given_at=self.office.now(),
                )
            )  # fmt: skip

    def in_year(self, unit: Unit, agency_id: int, year: int) -> dict[int, int]:
        """How many applicants of a body gave each degree in the year, the best first."""
        first, last = (datetime(one, 1, 1, tzinfo=SHANGHAI) for one in (year, year + 1))
        found = queries.opinions_of(unit, [agency_id], first, last)
        return {degree: found.get(degree, 0) for degree in DEGREES}

    def _answered(self, unit: Unit, row: CaseRow) -> bool:
        cases = [row, *beside.redoes_of(unit, row)]
        return any(folded(self.office, unit, one).facts.closed_on is not None for one in cases)
