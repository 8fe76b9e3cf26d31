"""An application on its way to its answer and what its applicant does on its page, told once for the tests of both."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

from sqlalchemy import func, select

from tests.samples import pdf
from tests.webui.filing import CITIZEN
from tests.webui.visitor import Visitor
from tests.workflow.case.proved import WHOLE, judged
from workflow.service import Office
from workflow.store.models import EventRow

Do = Callable[..., None]
Staff = Callable[[str], Visitor]
GROUND = "会议讨论中的发言和不同意见，公开后影响坦率讨论"
LAST_FOUR = CITIZEN["id_number"][-4:]


def answered(do: Do, number: str, method: dict[str, Any], *items: dict[str, Any]) -> None:
    """The two items answered on 10 August and served on the 17th."""
    answers = [{"item": n, **one} for n, one in enumerate(items, start=1)]
    do(number, "assign", "2026-08-04")
    for n, one in enumerate(items, start=1):
        if one["outcome"] == "not_existing":
            found = {"sources": ["综合档案室", "财务系统"], "keywords": ["养护合同"], "hits": 0}
            do(number, "record_search", "2026-08-05", item=n, **found)
    do(number, "propose_outcome", "2026-08-10", items=answers)
    if any(one["outcome"] not in ("not_existing", "not_responsible") for one in items):
        do(number, "send_to_secrecy_review", "2026-08-10")
        do(number, "pass_secrecy_review", "2026-08-11", **judged(2))
    do(number, "pass_legal_check", "2026-08-12")
    do(number, "approve", "2026-08-13")
    do(number, "serve", "2026-08-17", **method)


BY_HAND = {"method": "direct", "signed_on": "2026-08-17"}
BY_POST = {"method": "mail", "posted_on": "2026-08-17", "carrier": "EMS", "note": "电话告知的地址"}
GIVEN = {"outcome": "supplied"}
KEPT = {"outcome": "deliberative", "subtype": "draft", "ground": GROUND, "redaction": WHOLE}
NOT_HELD = {"outcome": "not_existing"}


def look_up(visitor: Visitor, filed: tuple[str, str]) -> Visitor:
    visitor.get("/query").send("/query", number=filed[0], code=filed[1])
    return visitor


def events(office: Office) -> int:
    with office.store.read() as unit:
        return unit.session.scalar(select(func.count(EventRow.id))) or 0


def picked(name: str = "说明.pdf", text: str = "说明") -> Any:
    return (BytesIO(pdf(text)), name)
