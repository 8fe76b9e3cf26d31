"""Before a case is archived its clerk is told whether remedies still run. No fact is refused for it: what a
review organ or a court does can be registered in an archived case too."""

from webui.here import gongkai
from workflow.case.remedies import still_open
from workflow.dates import in_words
from workflow.service.cases.views import CaseFile


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
