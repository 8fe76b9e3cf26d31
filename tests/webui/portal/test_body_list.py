"""The list of bodies is written as WTForms writes a select, and anew when the bodies change."""

import pytest
from flask import Flask
from wtforms import Form, SelectField

from webui.body_list import FEW, BodyList
from workflow.service import Office, Reader


def _bodies(number: int) -> tuple[Reader, ...]:
    return tuple(
        Reader(f"b{n}", f"第 {n} 局 & <b>", "county_department", True) for n in range(number)
    )


@pytest.mark.parametrize("number", [2, FEW + 1])
@pytest.mark.parametrize("chosen", [None, "", "b1", 'no"body'])
def test_it_is_written_as_wtforms_writes_it(number: int, chosen: str | None) -> None:
    class Choice(Form):
        agency = SelectField("受理机关", validate_choice=False)

    bodies = _bodies(number)
    plain, quick = Choice(), Choice()
    for form in (plain, quick):
        form.agency.data = chosen
    plain.agency.choices = [("", "请选择"), *((body.code, body.name) for body in bodies)]
    quick.agency.widget = BodyList(bodies, none_first=True)
    quick.agency.choices = []
    for _ in range(2):
        assert quick.agency(aria_invalid="true") == plain.agency(aria_invalid="true")


def test_a_new_body_stands_in_the_form_at_once(app: Flask, office: Office, visitor) -> None:
    assert "某某街道办事处" not in visitor.get("/apply").html
    with office.store.write() as unit:
        office.add_agency(unit, code="street", name="某某街道办事处", level="township")
    assert "某某街道办事处" in visitor.get("/apply").text
    assert 'name="agency" id="agency-street" value="street"' in visitor.html
    assert "某某街道办事处" in visitor.get("/").text
