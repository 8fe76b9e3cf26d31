"""What an applicant and the office say to each other beside a case (留言). It is no step of the law: no state and no day
of the case moves by it, and it stands in no log (decision 33). An item that is given up is said here in writing."""

from workflow.case.case import Case
from workflow.case.unnamed import marks_of, unnamed
from workflow.dates import SHANGHAI
from workflow.people import APPLICANT, Staff
from workflow.refusal import BadInput, FieldError, Refusal, Refused
from workflow.rules import permissions
from workflow.rules.secrecy import bears_secret_mark, secret_refusal
from workflow.service.cases.finding import actor_of, by_code, folded, for_staff
from workflow.service.cases.views import CaseFile, Said, Talk
from workflow.service.messages.to_applicant import tell_of_answer
from workflow.service.messages.to_staff import tell_at_once
from workflow.service.office import Office
from workflow.store import thread as queries
from workflow.store.models import CaseRow
from workflow.store.restored import first_private
from workflow.store.retried import retried
from workflow.store.thread_models import CaseMessageRow
from workflow.store.unit import Unit

ANSWER = "answer_applicant"
QUESTION, PAGE, ITEM = "question", "page", "withdraw_item"
ABOUT = {QUESTION: "询问、说明", PAGE: "这一页的内容有错", ITEM: "撤回一项"}
"""What an applicant may write about; an item is withdrawn by a form of its own."""
LONGEST = 2000
UNANSWERED_MOST = 10
"""So many messages of an applicant may wait for their answer at once."""
BASIS = "条例28"


class Thread:
    """The use cases around messages of applicants and their answers."""

    def __init__(self, office: Office) -> None:
        self.office = office

    def of(self, unit: Unit, row: CaseRow) -> Talk:
        """What the applicant of a case reads, in the caller's transaction."""
        found = self._said(unit, row.id)
        waiting = _waiting(found)
        return Talk(found, waiting, why_not=_full() if waiting >= UNANSWERED_MOST else "")

    def beside(self, staff: Staff, file: CaseFile) -> Talk:
        """What a member of staff reads who has the case before them: without the applicant's names where they need
        not know them."""
        with self.office.store.read() as unit:
            found = self._said(unit, file.id)
            if found and file.unnamed:
                row, _ = for_staff(self.office, unit, staff, file.number)
                asking = (*file.case.applicants, *file.case.header.applicants)
                marks = marks_of((one.name for one in asking), first_private(self.office.keys, row))
                found = tuple(
                    Said(one.ours, one.who, one.at, one.about, one.item, unnamed(one.text, marks))
                    for one in found
                )
        return Talk(found, _waiting(found))

    def written(self, unit: Unit, row: CaseRow) -> str:
        """All of it as a text for the file; "" where nothing was said."""
        found = []
        for one in self._said(unit, row.id):
            who = f"机关（{one.who}）" if one.ours else "申请人"
            what = f"　撤回第 {one.item} 项" if one.item else ""
            head = f"{one.at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}　{who}{what}"
            found.append("\n".join(filter(None, (head, one.text))))
        return "\n\n".join(found)

    @retried
    def write(self, number: str, code: str, text: str, once: str, about: str = QUESTION) -> bool:
        """A message of the applicant. once: the key of its form; sent again, nothing is kept.

        Returns whether it was kept. Raises Missing, BadInput (message), Refused.
        """
        with self.office.store.write() as unit:
            row = by_code(self.office, unit, number, code)
            if queries.message_once(unit, once) is not None:
                return False
            _ask_text(text, "message")
            if about not in (QUESTION, PAGE):
                raise BadInput([FieldError("about", "请选择写的是哪方面的事")])
            self._ask_room(unit, row)
            self._keep_applicants(unit, row, text, once, about)
        return True

    @retried
    def withdraw_item(self, number: str, code: str, item: int | None, text: str, once: str) -> bool:
        """The applicant gives up one of several items, in writing and for good; the others go on. text: why, may be
        empty.

        Rule: one item of several is withdrawn in writing before the reply goes out; the whole by the event.
        Returns whether it was kept. Raises Missing, BadInput (item, reason), Refused.
        """
        with self.office.store.write() as unit:
            row = by_code(self.office, unit, number, code, lock=True)
            if queries.message_once(unit, once) is not None:
                return False
            case = folded(self.office, unit, row)
            left = items_left(self.office, case, self.of(unit, row))
            if text.strip():
                _ask_text(text, "reason")
            if not left:
                raise Refused(_no_item_now())
            if item not in left:
                raise BadInput([FieldError("item", "请选择要撤回的那一项")])
            self._ask_room(unit, row)
            self._keep_applicants(unit, row, text, once, ITEM, item)
        return True

    @retried
    def answer(self, staff: Staff, number: str, text: str, once: str) -> bool:
        """The office writes to the applicant, who is told that there is something to read.

        Returns whether it was kept. Raises Missing, Denied, BadInput (message), Refused.
        """
        with self.office.store.write() as unit:
            row, _ = for_staff(self.office, unit, staff, number)
            permissions.ask(self.office.law, ANSWER, actor_of(staff, row).roles)
            if queries.message_once(unit, once) is not None:
                return False
            _ask_text(text, "message")
            kept = self._keep(unit, row, text, once, staff.name, from_applicant=False)
            tell_of_answer(self.office, unit, row, kept.id)
        return True

    # -- what all share -------------------------------------------------------------------------------

    def _said(self, unit: Unit, case_id: int) -> tuple[Said, ...]:
        return tuple(
            Said(
                not one.from_applicant,
                "" if one.from_applicant else one.shown or one.actor,
                one.written_at,
                one.about,
                one.item,
                str(self.office.keys.open_private(one.sealed, one.salt, case_id)["text"]),
            )
            for one in queries.messages_of(unit, case_id)
        )

    def _ask_room(self, unit: Unit, row: CaseRow) -> None:
        if self.of(unit, row).waiting >= UNANSWERED_MOST:
            raise Refused(
                Refusal("too_early", BASIS, _full(), "收到回复之后可以再写；急的请打电话")
            )

    def _keep_applicants(
        self, unit: Unit, row: CaseRow, text: str, once: str, about: str, item: int | None = None
    ) -> None:
        kept = self._keep(unit, row, text, once, APPLICANT.name, about=about, item=item)
        tell_at_once(
            self.office, unit, row, "message", actor=APPLICANT.name, assigned=row.assigned_to,
            due=row.reply_due, mark=str(kept.id),
        )  # fmt: skip

    def _keep(
        self,
        unit: Unit,
        row: CaseRow,
        text: str,
        once: str,
        actor: str,
        *,
        from_applicant: bool = True,
        about: str = QUESTION,
        item: int | None = None,
    ) -> CaseMessageRow:
        kept = CaseMessageRow(
            case_id=row.id, from_applicant=from_applicant, actor=actor, written_at=self.office.now(),
            about=about, item=item, once=once,
            sealed=self.office.keys.seal_private({"text": _plain(text)}, row.code_salt),
        )  # fmt: skip
        unit.session.add(kept)
        unit.session.flush()
        return kept


def items_left(office: Office, case: Case, talk: Talk) -> dict[int, str]:
    """The items that the applicant may still withdraw: while the reply has not gone out, of several those that are
    not withdrawn, as long as another one is left."""
    stage = office.law.stage(case.state)
    items = case.header.items
    if stage not in ("running", "waiting", "before_receipt") or len(items) < 2:
        return {}
    left = {n: text for n, text in enumerate(items, 1) if n not in talk.withdrawn}
    return left if len(left) > 1 else {}


def _waiting(found: tuple[Said, ...]) -> int:
    last = max((place for place, one in enumerate(found, 1) if one.ours), default=0)
    return len(found) - last


def _full() -> str:
    return f"还有 {UNANSWERED_MOST} 条留言没有回复，请等回复之后再写"


def _no_item_now() -> Refusal:
    return Refusal(
        "not_in_this_state", "办理惯例", "现在没有可以单独撤回的项：答复已经送出，或者只剩一项",
        "只剩一项的，用“撤回这件申请”",
    )  # fmt: skip


def _plain(text: str) -> str:
    return text.strip().replace("\r\n", "\n")


def _ask_text(text: str, field: str) -> None:
    """Raises BadInput, Refused."""
    said = _plain(text)
    if not 0 < len(said) <= LONGEST:
        raise BadInput([FieldError(field, f"请写明内容，最多 {LONGEST} 个字")])
    if bears_secret_mark(said):
        raise Refused(secret_refusal(field))
