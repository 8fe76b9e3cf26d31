"""The walk over the page of a case: by links, one part at a time; offered until somebody says no more."""

import re

from config.help import load_tour
from tests.webui.filing import file

OFFER = "第一次看到这一页"


def test_it_is_offered_until_the_person_says_no_more(visitor, staff):
    number, _ = file(visitor)
    clerk = staff("lifang").get(f"/desk/cases/{number}")
    assert OFFER in clerk.text
    clerk.send("/tour/end")
    assert clerk.path.endswith(number) and OFFER not in clerk.text
    assert OFFER not in clerk.get(f"/desk/cases/{number}").text
    assert OFFER in staff("zhaoming").get(f"/desk/cases/{number}").text
    clerk.get("/desk/logout")
    with clerk.client.session_transaction() as session:
        session.clear()
    other = clerk.signed_in(staff("zhaoming").app.extensions["gongkai"].office.staff("zhaoming"))
    assert OFFER in other.get(f"/desk/cases/{number}").text


def test_each_step_stands_at_its_part_and_leads_on(visitor, staff):
    number, _ = file(visitor)
    clerk = staff("lifang").get(f"/desk/cases/{number}?tour=1")
    seen = []
    for place, step in enumerate(load_tour(), 1):
        assert clerk.html.count('id="tour"') == 1, step.part
        assert (
            f"{place} / {len(load_tour())} {step.title}" in clerk.text and step.says in clerk.text
        )
        assert OFFER not in clerk.text
        seen.append(step.part)
        onward = re.search(r'href="(\?tour=\d+)#tour">下一处', clerk.html)
        assert (onward is None) is (place == len(load_tour()))
        if onward:
            clerk.get(f"/desk/cases/{number}{onward[1]}")
    assert len(seen) == len(set(seen)) == 9
    assert "不再提示" in clerk.text


def test_numbers_that_are_no_step_show_the_first_the_last_or_none(visitor, staff):
    number, _ = file(visitor)
    clerk = staff("lifang")
    assert 'id="tour"' not in clerk.get(f"/desk/cases/{number}?tour=0").html
    assert "9 / 9" in clerk.get(f"/desk/cases/{number}?tour=99").text
    assert 'id="tour"' not in clerk.get(f"/desk/cases/{number}?tour=x").html


def test_who_is_led_back_is_led_nowhere_else(visitor, staff):
    number, _ = file(visitor)
    clerk = staff("lifang").get(f"/desk/cases/{number}")
    clerk.send("/tour/end", next="//example.com/")
    assert clerk.path == "/desk/"
