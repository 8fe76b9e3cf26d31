"""An entry of the register of parcels: what it must say, and from which day its period runs."""

from datetime import date

import pytest

from config.law import load_law
from workflow.case.parcel import DueAlready, due_already, read_parcel
from workflow.refusal import BadInput
from workflow.rules.calendar import national
from workflow.rules.rulebook import Rulebook

TODAY = date(2024, 5, 13)
GOOD = {"way": "ems", "tracking": " ea123cn ", "arrived_on": "2024-05-06", "signed_by": "门卫"}


def wrong(**said):
    with pytest.raises(BadInput) as found:
        read_parcel(load_law(), {**GOOD, **said}, TODAY)
    return {error.field: error.message for error in found.value.errors}


def test_what_is_typed_is_kept_in_its_form():
    form = read_parcel(load_law(), {**GOOD, "handed_on": " ", "sender": " 张三 "}, TODAY)
    assert (form.tracking, form.arrived_on, form.sender) == ("EA123CN", date(2024, 5, 6), "张三")
    assert form.handed_on is None and form.postmarked_on is None and form.handed_to == ""
    whole = {**GOOD, "postmarked_on": "2024-05-06", "handed_to": "李芳", "handed_on": "2024-05-13"}
    assert read_parcel(load_law(), whole, TODAY).handed_on == TODAY


@pytest.mark.parametrize("way", ["ordinary", "by_hand"])
def test_what_nobody_signs_for_needs_no_number(way):
    said = {"way": way, "arrived_on": "2024-05-13"}
    assert read_parcel(load_law(), said, TODAY).tracking == ""


@pytest.mark.parametrize("way", ["ems", "registered", "postal_parcel", "courier"])
def test_what_is_signed_for_has_a_number_and_who_signed(way):
    assert set(wrong(way=way, tracking=" ", signed_by="")) == {"tracking", "signed_by"}


@pytest.mark.parametrize(
    ("said", "fields"),
    [
        ({"way": "pigeon"}, {"way"}),
        ({"arrived_on": "2024-05-14"}, {"arrived_on"}),
        ({"arrived_on": "2019-05-14"}, {"arrived_on"}),
        ({"arrived_on": "06.05.2024"}, {"arrived_on"}),
        ({"postmarked_on": "2024-05-07"}, {"postmarked_on"}),
        ({"handed_on": "2024-05-07"}, {"handed_to"}),
        ({"handed_to": "李芳"}, {"handed_on"}),
        ({"handed_to": "李芳", "handed_on": "2024-05-05"}, {"handed_on"}),
        ({"handed_to": "李芳", "handed_on": "2024-05-14"}, {"handed_on"}),
        ({"tracking": "1" * 41}, {"tracking"}),
        ({"sender": "长" * 201}, {"sender"}),
        ({"addressed_to": "机密★10年"}, {"addressed_to"}),
        ({"colour": "red"}, {"colour"}),
    ],
)
def test_every_wrong_field_is_told(said, fields):
    assert set(wrong(**said)) == fields


def test_the_first_day_of_the_law_is_still_taken():
    assert read_parcel(load_law(), {**GOOD, "arrived_on": "2019-05-15"}, TODAY)


def rules(**settings):
    law = load_law()
    return Rulebook(law, {**law.defaults(), **settings}, national())


@pytest.mark.parametrize("way", load_law().words.parcel_ways)
def test_the_period_runs_from_the_day_of_arrival_whatever_the_way(way):
    assert due_already(way, date(2024, 5, 6), TODAY, rules()) == DueAlready(date(2024, 5, 31), 6, 14)


def test_days_before_on_and_after_the_last_one():
    came = date(2024, 5, 6)
    said = [
        (day, due_already("ems", came, date.fromisoformat(day), rules()))
        for day in ("2024-05-06", "2024-05-31", "2024-06-03", "2024-06-08")
    ]
    assert [(due.workdays, due.left) for _, due in said] == [(0, 20), (20, 0), (21, -1), (25, -5)]


def test_a_rest_day_counts_by_the_setting():
    came = date(2024, 5, 12)
    days = [due_already("ems", came, came, rules(receipt_on_rest_day=how)).due
            for how in ("keep_date", "next_workday")]  # fmt: skip
    assert days == [date(2024, 6, 7), date(2024, 6, 11)]
