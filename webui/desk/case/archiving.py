"""Before a case is archived its clerk is told whether remedies still run, and confirms it. No fact is refused for it:
what a review organ or a court does can be registered in an archived case too."""

from collections.abc import Mapping

from webui.here import gongkai
from workflow.case.remedies import still_open
from workflow.dates import in_words
from workflow.people import Staff
from workflow.refusal import BadInput, FieldError
from workflow.service.cases.views import CaseFile

CONFIRMED = "remedies_seen"


def caution(file: CaseFile) -> str:
    """What is said beside the form of archiving; "" where every period is over."""
    days = still_open(file.case, gongkai().office.today())
    ways = [
        f"{what}期限{'最早' if days.not_before else ''}至 {in_words(day)}届满"
        for what, day in (("申请复议的", days.review), ("起诉的", days.suit))
        if day is not None
    ]
    if not ways:
        return ""
    unknown = "申请人收到答复之日没有登记，不能确定期限已经届满：" if days.not_before else ""
    return f"{unknown}{'，'.join(ways)}。归档以后仍可登记复议、诉讼。"


def ask_confirmed(staff: Staff, number: str, posted: Mapping[str, str]) -> None:
    """Raises BadInput where remedies still run and nobody said that it is known."""
    if posted.get(CONFIRMED):
        return
    said = caution(gongkai().reading.case(staff, number))
    if said:
        raise BadInput(
            [FieldError(CONFIRMED, f"救济期限还没有届满，仍要归档的，请勾选确认。{said}")]
        )
