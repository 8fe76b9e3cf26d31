"""A case whose row holds what no program writes: lists show the others and say that something is left out, and the page
of the case says so in words."""

import pytest
from sqlalchemy import text

from tests.tampering import tampering
from tests.webui.filing import file

DAMAGES = {
    "half a JSON": "UPDATE \"case\" SET items = '[\"x' WHERE number = :number",
    "no such day": "UPDATE \"case\" SET reply_due = 'x', next_due = 'x', received_on = 'x' WHERE number = :number",
    "no day of opening": "UPDATE \"case\" SET opened_on = 'x' WHERE number = :number",
    "no moment": "UPDATE \"case\" SET news_at = 'x' WHERE number = :number",
    "an event that nobody knows": "UPDATE event SET event = 'x' WHERE case_id = (SELECT id FROM \"case\" WHERE number = :number)",
    "half a JSON in a line": "UPDATE event SET fields = '{' WHERE case_id = (SELECT id FROM \"case\" WHERE number = :number)",
}  # fmt: skip
LISTS = ("/desk/", "/desk/cases", "/desk/search?q=合同", "/desk/ledger")
SHOWN_STILL = ("no such day", "no moment")
"""What follows from the log, which the page folds anew."""


@pytest.mark.sqlite(reason="PostgreSQL takes no such value")
@pytest.mark.tampering(reason="rows are damaged on purpose")
@pytest.mark.parametrize("what", DAMAGES)
def test_lists_show_the_others_and_the_page_of_the_case_says_so(what, visitor, staff, office):
    spoilt, _ = file(visitor)
    other, _ = file(visitor, items="养护合同 2")
    with tampering(office.store) as connection:
        connection.execute(text(DAMAGES[what]), {"number": spoilt})
    clerk = staff("lifang")
    for path in LISTS:
        page = clerk.get(path)
        assert page.status == 200, (path, page.text[:300])
    assert other in clerk.get("/desk/cases").text
    assert clerk.get(f"/desk/cases/panlong/{other}").status == 200
    page = clerk.get(f"/desk/cases/panlong/{spoilt}")
    if what in SHOWN_STILL:
        assert page.status == 200
    else:
        assert page.status == 409 and "已经损坏" in page.text and "gongkai verify" in page.text


@pytest.mark.sqlite(reason="PostgreSQL takes no such value")
@pytest.mark.tampering(reason="a row is damaged on purpose")
def test_a_list_from_which_something_is_left_out_says_so(visitor, staff, office):
    spoilt, _ = file(visitor)
    clerk = staff("lifang")
    assert "损坏" not in clerk.get("/desk/cases").text
    with tampering(office.store) as connection:
        connection.execute(text(DAMAGES["no day of opening"]), {"number": spoilt})
    assert "库中有损坏的数据" in clerk.get("/desk/cases").text
