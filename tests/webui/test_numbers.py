"""No number is too large for a page: it names nothing, or the default holds."""

from urllib.parse import quote

import pytest
from click.testing import CliRunner
from flask import Flask
from werkzeug.routing import Rule

from gongkai import main
from tests.webui.test_permissions import House, blank, house
from webui.numbers import MOST, figures, whole

__all__ = ["blank", "house"]
LARGE = (2**31, 2**63, 2**64, 10**40)
ODD = (
    *map(str, LARGE),
    "9" * 5000,
    "-1",
    "0",
    "007",
    "00000000000",
    "²",
    "１２",
    "٣",
    "1.5",
    "1e9",
    "+1",
    " 1",
    "",
)
"""Numbers as somebody writes them into an address."""
ASKED = (
    "page", "year", "after", "limit", "version", "edit", "draft", "item", "tour", "applicant", "replaces", "until", "cursor",
    "due_before",
)  # fmt: skip
"""Numbers and places that a query names, wherever it does."""
WITH_NUMBERS = [
    "/desk/reports/panlong/{}",
    "/desk/reports/panlong/{}/report",
    "/desk/reports/panlong/{}/register",
    "/desk/reports/panlong/{}/plots",
    "/desk/reports/panlong/{}/below",
    "/desk/reports/panlong/{}/cells/total/total",
    "/desk/reports/panlong/{}/download/xlsx",
    "/desk/reports/panlong/2024/report?version={}",
    "/desk/reports/panlong/2024/register?edit={}",
    "/desk/reports/?agency=panlong&year={}",
    "/desk/reports/sums?year={}",
    "/desk/calendar?year={}",
    "/desk/cases?page={}",
    "/desk/record?page={}",
    "/desk/cases/panlong/2024-0001/files/{}",
    "/api/v1/reports/panlong/{}/tables",
    "/api/v1/cases/2024-0001/files/{}",
]


@pytest.mark.parametrize("address", WITH_NUMBERS)
def test_a_large_number_is_no_fault(staff, program, address):
    api = program("lifang")
    for number in LARGE:
        path = address.format(number)
        if path.startswith("/api/"):
            assert api.get(path.removeprefix("/api/v1")).status_code < 500
        else:
            assert staff("lifang").get(path).status < 500


@pytest.mark.parametrize(
    ("page", "action", "field"),
    [("/desk/inbox", "/inbox/read", "last"), ("/desk/inbox", "/inbox/read", "only")],
)
def test_a_large_number_in_a_form_is_no_fault(staff, page, action, field):
    visitor = staff("lifang").get(page)
    token = {"csrf_token": csrf_of(visitor)}
    for number in LARGE:
        assert visitor.post(f"/desk{action}", {**token, field: str(number)}).status < 500


def csrf_of(visitor) -> str:
    return visitor.form("/desk/logout").fields["csrf_token"][0]


# -- every route --------------------------------------------------------------------------------------------


def _parts(rule: Rule) -> list[str]:
    return [name for name in rule.arguments if name not in ("site", "filename", "token", "digest")]


EVERY = pytest.mark.long(
    reason="fourteen writings in every part of every address; every run has two of numbers"
)


@pytest.mark.parametrize(
    ("people", "odd_ones", "every"),
    [
        (("clerk",), (str(2**63), "0"), False),
        pytest.param(("clerk", "leader"), ODD, True, marks=EVERY),
    ],
    ids=["usual", "every"],
)
def test_no_number_in_an_address_is_a_fault(
    house: House, people: tuple[str, ...], odd_ones: tuple[str, ...], every: bool
) -> None:
    wrong = []
    for rule in house.app.url_map.iter_rules():
        if "site" in rule.arguments or not _parts(rule) or "GET" not in (rule.methods or ()):
            continue
        for name in _parts(rule):
            for odd in odd_ones if every or f"int:{name}" in str(rule) else ():
                path = _with(house, rule, name, odd)
                for who in people if path else ():
                    status = house.ask(who, "GET", path).status_code
                    if status >= 500:
                        wrong.append(f"{path[:80]} by {who}: {status}")
    assert not wrong, "\n".join(wrong)


def _with(house: House, rule: Rule, name: str, odd: str) -> str:
    """The address of a rule with one part exchanged; empty where a part is."""
    known = dict(house.known)
    try:
        house.known[name] = 123456789 if f"int:{name}" in str(rule) else "part-to-exchange"
        return house.path(rule).replace(str(house.known[name]), quote(odd, safe="")) if odd else ""
    finally:
        house.known.clear()
        house.known.update(known)


@pytest.mark.parametrize(
    "odd_ones",
    [(str(2**63),), pytest.param(("9" * 5000, "-1", "²"), marks=EVERY)],
    ids=["usual", "every"],
)
def test_no_number_in_a_query_is_a_fault(
    house: House, blank: None, odd_ones: tuple[str, ...]
) -> None:
    wrong = []
    for rule in house.app.url_map.iter_rules():
        if "site" in rule.arguments or "GET" not in (rule.methods or ()):
            continue
        path = house.path(rule)
        for odd in odd_ones:
            status = house.ask(
                "clerk", "GET", path, query_string=dict.fromkeys(ASKED, odd)
            ).status_code
            if status >= 500:
                wrong.append(f"{path}?…={odd[:20]}: {status}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("odd", ["99999999999999999999", "-1", "x"])
@pytest.mark.parametrize(
    "given",
    [
        ("tally", "--agency", "panlong", "--year"), ("report", "--agency", "panlong", "--format", "json", "-o", "-", "--year"),
        ("calendar", "list", "--year"), ("export-ledger", "--agency", "panlong", "-o", "-", "--year"), ("simulate", "--cases"),
    ],
    ids=lambda given: given[0],
)  # fmt: skip
def test_no_number_of_a_command_is_a_fault(tmp_path, given, odd):
    found = CliRunner(env={"GONGKAI_DATA_DIR": str(tmp_path)}).invoke(main, [*given, odd])
    assert found.exit_code in (1, 2) and isinstance(found.exception, SystemExit), found.exception


def test_an_address_beyond_the_largest_number_names_nothing(app: Flask) -> None:
    address = app.url_map.bind("localhost")
    for said, number in ((str(MOST), MOST), (str(MOST + 1), MOST), ("9" * 5000, MOST), ("007", 7)):
        _, parts = address.match(f"/desk/reports/panlong/{said}", method="GET")
        assert parts["year"] == number


@pytest.mark.parametrize(("text", "number"), [("0", 0), ("007", 7), (str(MOST), MOST), (str(MOST + 1), None), ("²", None), ("１", None), ("-1", None), ("", None), ("9" * 5000, None)])  # fmt: skip
def test_figures_are_plain_and_not_too_large(text, number):
    assert figures(text) == number


def test_a_number_of_a_query_may_be_negative_and_no_larger_than_the_largest():
    assert (whole(str(MOST)), whole(f"-{MOST}")) == (MOST, -MOST)
    for said in (str(MOST + 1), f"-{MOST + 1}", "9" * 5000, "x"):
        with pytest.raises(ValueError):
            whole(said)
