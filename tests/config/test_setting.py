"""A value of a setting is one of its kind, or told to be none; what a file says may be anything."""

import pytest

from config.law import load_law

SETTINGS = load_law().settings


@pytest.mark.parametrize("name", sorted(SETTINGS))
def test_what_is_of_no_kind_is_told_and_no_fault(name: str) -> None:
    for odd in (
        None,
        5,
        -1,
        1.5,
        True,
        {},
        {"a": 1},
        [],
        [[]],
        [{}],
        ["nothing"],
        "nothing\n",
        "",
        "²",
    ):
        try:
            parsed = SETTINGS[name].parse(odd)
        except ValueError as error:
            assert f"“{SETTINGS[name].label}”" in str(error)
        else:
            assert parsed is None or isinstance(parsed, (str, bool, int, tuple))


@pytest.mark.parametrize("odd", [{"a": 1}, ["keep_date"], 5])
def test_a_choice_is_a_word(odd: object) -> None:
    with pytest.raises(ValueError, match="只能是"):
        SETTINGS["receipt_on_rest_day"].parse(odd)
