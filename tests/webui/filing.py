"""What an applicant types."""

from typing import Any

from config.law import load_law
from tests.webui.visitor import Visitor

CITIZEN: dict[str, Any] = {
    "agency": "panlong",
    "kind": "citizen",
    "name": "张三",
    "id_type": "resident_id",
    "id_number": "11010519491231002X",
    "phone": "13800000000",
    "items": "2023年度农村公路养护合同\n竣工验收单",
    "delivery": ["pickup"],
    "medium": ["paper"],
}
COMPANY: dict[str, Any] = {
    **CITIZEN,
    "kind": "organisation",
    "name": "",
    "id_number": "",
    "org_name": "某某建材有限公司",
    "credit_code": "91110000600037341L",
    "contact": "李四",
    "items": "采矿许可证",
}


def review(visitor: Visitor, form: dict[str, Any] | None = None, **changed: Any) -> Visitor:
    """Fill in the form and go on to the page 检查一遍."""
    typed = {**(form or CITIZEN), **changed}
    visitor.get("/apply")
    if visitor.path.endswith("/bodies"):  # so many that the form begins with the choice
        visitor.get(f"/apply?agency={typed['agency']}")
    return visitor.send("/apply", step="review", **typed)


def file(visitor: Visitor, form: dict[str, Any] | None = None, **changed: Any) -> tuple[str, str]:
    """File an application through all pages; number and query code from the receipt."""
    review(visitor, form, **changed).send("/apply", step="submit")
    return slip(visitor)


def slip(visitor: Visitor) -> tuple[str, str]:
    import re

    found = re.findall(r'<dd class="code">([^<]+)</dd>', visitor.html)
    assert len(found) == 2, visitor.text
    return found[0], found[1]


def judged(items: int = 2) -> dict[str, str]:
    """What a reviewer chooses who finds nothing: every check of every item."""
    checks = load_law().words.secrecy_checks
    return {f"items__{n}__{check}": "none" for n in range(1, items + 1) for check in checks}


SEARCHED = {"sources": "档案室\n财务系统", "keywords": "验收单\n验收记录", "hits": "0", "item": "2"}
"""A search for the second item in two places that found nothing."""
