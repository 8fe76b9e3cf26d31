"""Who acts for an applicant: a power of attorney ends, a minor has a guardian (law.md §7A, 民法典17)."""

import pytest

from workflow.case.application import OfflineForm, read_form
from workflow.service.cases.intake import Intake

CHILD = {"kind": "citizen", "name": "张小三", "id_type": "resident_id",
         "id_number": "532622201203040019", "phone": "13800138000"}  # fmt: skip
AGENT = {"name": "王律师", "id_type": "passport", "id_number": "E1", "phone": "13900139000"}


def registered(office, applicant, agent):
    """The number of a request on paper of 6 May 2024."""
    form = read_form(
        {"agency": "panlong", "applicant": applicant, "agent": agent, "items": ["养护合同"],
         "channel": "in_person", "delivery": ["pickup"], "medium": ["paper"], "on": "2024-05-06"},
        OfflineForm, today=office.today(),
    )  # fmt: skip
    clerk = office.staff("lifang")
    return Intake(office).register(form, clerk).number


@pytest.mark.parametrize(
    ("until", "words"),
    [("2024-06-30", "授权至 2024-06-30"), ("2024-05-05", "授权已满 文书直接送申请人")],
)
def test_papers_go_to_the_principal_once_the_power_of_attorney_has_ended(
    until, words, office, staff
):
    number = registered(
        office, {**CHILD, "id_number": "53262219800101001X"}, {**AGENT, "until": until}
    )
    assert words in staff("lifang").get(f"/desk/cases/{number}").text


def test_a_minor_without_a_guardian_is_told(office, staff):
    alone = registered(office, CHILD, None)
    clerk = staff("lifang")
    assert "申请人未满 18 周岁" in clerk.get(f"/desk/cases/{alone}").text
    led = registered(office, CHILD, {**AGENT, "relation": "guardian"})
    page = clerk.get(f"/desk/cases/{led}").text
    assert "（监护人）" in page and "申请人未满 18 周岁" not in page
