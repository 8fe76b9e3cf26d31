"""How an open application of a body below looks to a supervising body (条例46, 47; practice.md §3.5).

Late is what has passed the last day to reply itself, as in the file and the report (law.md §3.1(8)); soon due
is told by the day that pages and reminders follow.
"""

from dataclasses import dataclass
from datetime import date

from config.reminders import load_ladder
from workflow.rules.calendar import Calendar

LATE, DUE, RETURNED, DONE_LATE = "late", "due", "returned", "done_late"
LISTS = (LATE, DUE, RETURNED, DONE_LATE)
"""逾期未答复, 将要到期, 退回待重新送达, 逾期已答复."""
HASTENED = (LATE, DUE, RETURNED)
"""What a body can be hastened for."""


def soon_workdays() -> int:
    """So many working days before the last day a reply is soon due (黄牌): the first yellow rung of the ladder."""
    rungs = load_ladder().by_kind["reply"]
    return max(one.left for one in rungs if one.level == "yellow" and one.left is not None)


@dataclass(frozen=True, slots=True)
class Standing:
    """matter: of LISTS. day: the last day, or the day on which a paper came back. days: working days left to
    it, by which it is passed, or since it."""

    matter: str
    day: date
    days: int

    @property
    def card(self) -> str:
        """yellow, red or black; "" for what is not about the last day to reply."""
        return card_of(self.matter, self.days)


def standing_of_reply(
    act_by: date,
    reply_due: date | None,
    waiting_until: date | None,
    today: date,
    calendar: Calendar,
) -> Standing | None:
    """How an application stands whose reply is awaited; None while its day is far or the clock stands still.

    act_by: the day that pages and reminders follow, reply_due or an earlier one. waiting_until: the last day
    on which an opinion is awaited.
    """
    last = reply_due or act_by
    if last < today:
        return Standing(LATE, last, calendar.late(last, today))
    if waiting_until is not None and today <= waiting_until:
        return None
    day = act_by if act_by >= today else last
    left = calendar.left(today, day)
    return Standing(DUE, day, left) if left <= soon_workdays() else None


def standing_of_return(day: date, today: date, calendar: Calendar) -> Standing:
    """How an application stands of which a paper came back on the day."""
    return Standing(RETURNED, day, calendar.count(day, today))


def answered_late(reply_due: date, closed_on: date, calendar: Calendar) -> Standing:
    """How an application stood that was answered after its last day."""
    return Standing(DONE_LATE, reply_due, calendar.late(reply_due, closed_on))


def card_of(matter: str, days: int) -> str:
    """The card (黄牌、红牌、黑牌) that the ladder of reminders shows for it: yellow, red, black, or ""."""
    if matter == DUE:
        return "yellow"
    if matter not in (LATE, DONE_LATE):
        return ""
    passed = [one for one in load_ladder().by_kind["reply"] if one.after and one.after[0] <= days]
    return passed[-1].level if passed else ""
