"""The address of a case names its body; the short one leads there, or asks which body is meant."""

import pytest

from tests.webui.filing import COMPANY, file
from workflow.service.accounts import Accounts
from workflow.service.cases.reading import Reading

BELOW = ("", "/flow", "/flow.svg")


@pytest.fixture
def two_bodies(visitor, office) -> str:
    """The number of an application in each of two bodies; lifang works in both."""
    number, _ = file(visitor)
    assert file(visitor, COMPANY, agency="jiangna")[0] == number
    with office.store.write() as unit:
        Accounts(office).add_user(
            unit, name="lifang", agency=unit.agency("jiangna"), roles=("clerk",)
        )
    return number


def length(office, agency: str, number: str) -> int:
    return Reading(office).case(office.staff("lifang").within(agency), number).length


@pytest.mark.parametrize("below", BELOW)
def test_the_short_address_leads_to_the_long_one(visitor, staff, below):
    number, _ = file(visitor)
    page = staff("lifang").get(f"/desk/cases/{number}{below}?once=1")
    assert page.status == 200 and page.path == f"/desk/cases/panlong/{number}{below}"
    assert page.page.request.query_string == b"once=1"


def test_no_word_of_the_query_says_where_the_long_address_leads(visitor, staff):
    number, _ = file(visitor)
    odd = "_scheme=javascript&_external=1&_method=POST&_anchor=x&once=1"
    answer = staff("lifang").client.get(f"/desk/cases/{number}/similar?{odd}")
    assert answer.headers["Location"] == f"/desk/cases/panlong/{number}/similar?once=1"


@pytest.mark.parametrize("below", BELOW)
def test_a_case_of_another_body_is_not_there(visitor, staff, below):
    number, _ = file(visitor)
    for path in (f"panlong/{number}", f"jiangna/{number}", f"nobody/{number}", number, "x"):
        assert staff("sunli").get(f"/desk/cases/{path}{below}").status == 404, path
    assert staff("lifang").get(f"/desk/cases/panlong/2024-9999{below}").status == 404


@pytest.mark.parametrize("below", BELOW)
def test_a_number_of_two_bodies_is_answered_with_the_choice(staff, two_bodies, below):
    page = staff("lifang").get(f"/desk/cases/{two_bodies}{below}")
    assert (
        page.status == 409 and "江那镇人民政府" in page.text and "盘龙彝族乡人民政府" in page.text
    )
    for code in ("panlong", "jiangna"):
        link = f"/desk/cases/{code}/{two_bodies}{below}"
        assert f'href="{link}"' in staff("lifang").get(f"/desk/cases/{two_bodies}{below}").html
        assert staff("lifang").get(link).status == 200
        page = staff("lifang").get(f"/desk/cases/{two_bodies}{below}?at={code}")
        assert page.path == link


def test_what_is_posted_to_the_short_address_is_done_where_the_number_is_clear(visitor, staff):
    number, _ = file(visitor)
    page = staff("lifang").get(f"/desk/cases/{number}")
    fields = {**page.form("/events/assign").fields, "to": "农业中心"}
    page.post(f"/desk/cases/{number}/events/assign", fields)
    assert page.status == 200 and page.path == f"/desk/cases/panlong/{number}"
    assert "已登记" in page.text and "农业中心" in page.text


def test_what_is_posted_to_a_number_of_two_bodies_is_not_done(staff, two_bodies, office):
    page = staff("lifang").get(f"/desk/cases/panlong/{two_bodies}")
    fields = {**page.form("/events/assign").fields, "to": "农业中心"}
    before = [length(office, code, two_bodies) for code in ("panlong", "jiangna")]
    page.post(f"/desk/cases/{two_bodies}/events/assign", fields)
    assert page.status == 409 and "没有保存" in page.text
    assert f'href="/desk/cases/jiangna/{two_bodies}"' in page.html
    page.post(f"/desk/cases/{two_bodies}/files", {"csrf_token": fields["csrf_token"]})
    assert page.status == 409
    assert [length(office, code, two_bodies) for code in ("panlong", "jiangna")] == before
    page.get(f"/desk/cases/jiangna/{two_bodies}").send("/events/assign", to="")
    assert page.path == f"/desk/cases/jiangna/{two_bodies}" and "采矿许可证" in page.text
    assert [length(office, code, two_bodies) for code in ("panlong", "jiangna")] == [
        before[0],
        before[1] + 1,
    ]


def test_every_link_of_a_page_to_a_case_names_the_body(staff, two_bodies):
    for path in ("/desk/", "/desk/cases", f"/desk/cases/panlong/{two_bodies}"):
        page = staff("lifang").get(path)
        assert f'"/desk/cases/{two_bodies}' not in page.html and "?at=" not in page.html
        assert f"/desk/cases/panlong/{two_bodies}" in page.html
