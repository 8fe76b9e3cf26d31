"""Looking up by number and code: as people write them, and slower and slower for who guesses."""

from datetime import timedelta

import pytest

from tests.webui.filing import file
from webui import limits
from workflow.service.limits import FREE_GUESSES, GUESSED_WITHIN, LONGEST_WAIT


def asks(visitor, number, code):
    visitor.get("/query").send("/query", number=number, code=code)
    return visitor.status, visitor.alert


def at(app, address, cls):
    other = cls(app)
    other.client.environ_base["REMOTE_ADDR"] = address
    return other


@pytest.mark.parametrize(
    ("of_number", "of_code"),
    [
        (lambda n: f"编号：{n}", lambda c: f"查询码：{c.lower()}"),
        (lambda n: n.replace("-", " "), lambda c: f"{c[:4]}-{c[4:]}"),
        (lambda n: n.replace("0", "O").replace("1", "l"), lambda c: f" {c[:5]} {c[5:]} "),
        (lambda n: "".join(chr(ord(x) + 0xFEE0) for x in n), lambda c: "".join(chr(ord(x) + 0xFEE0) for x in c)),
    ],
)  # fmt: skip
def test_number_and_code_are_taken_as_people_write_them(visitor, app, program, of_number, of_code):
    number, code = file(visitor)
    other = type(visitor)(app)
    asks(other, of_number(number), of_code(code))
    assert other.path == "/query/case"
    written = of_code(code).encode().decode("latin-1")
    answer = program().get(f"/applications/{of_number(number)}", x_query_code=written)
    assert answer.status_code == 200 and answer.json["number"] == number
    assert "Deprecation" not in answer.headers


def test_the_printed_address_has_the_number_and_never_the_code(visitor):
    assert visitor.get("/query?number=2024-0001").form("/query").fields["number"] == ["2024-0001"]
    assert visitor.form("/query").fields["code"] == [""]
    visitor.get("/query?number=2024-0001&code=ABC")
    assert visitor.form("/query").fields["code"] == [""]


def test_what_stands_in_no_code_is_said(visitor):
    file(visitor)
    _, alert = asks(visitor, "2024-0001", "ABCDEFGH0O")
    assert "查询码里没有“0”“O”" in alert
    assert "查询码里没有" not in asks(visitor, "2024-0001", "ABCDEFGH22")[1]
    assert asks(visitor, "2024-7777", "ABCDEFGH0O")[1] == alert


@pytest.fixture
def clock(app, monkeypatch):
    """Limits are on; the moment by which they count is moved by hand."""
    app.config["RATELIMIT_ENABLED"] = True
    moved = [timedelta()]
    real = limits.now
    monkeypatch.setattr(limits, "now", lambda: real() + moved[0])

    def on(step):
        moved[0] += step

    return on


@pytest.mark.parametrize("number", ["2024-0001", "2024-9999"], ids=["there", "not there"])
def test_guessing_from_many_addresses_waits_longer_and_longer(visitor, app, clock, number):
    """A delay for the number as it was typed, whether it exists or not."""
    file(visitor)
    for n in range(FREE_GUESSES + 1):
        assert asks(at(app, f"198.51.100.{n}", type(visitor)), number, "AAAAAAAAAA")[0] == 404
    waits = []
    again = at(app, "198.51.100.1", type(visitor))
    for _ in range(4):
        status, alert = asks(again, f"编号 {number}", "AAAAAAAAAB")
        assert status == 429 and "秒再试" in alert
        waits.append(int("".join(filter(str.isdigit, alert.split("请过")[1]))))
        clock(timedelta(seconds=waits[-1] + 1))
        assert asks(again, number, "AAAAAAAAAB")[0] == 404
    assert waits == [2, 4, 8, 16]
    clock(GUESSED_WITHIN)
    assert asks(again, number, "AAAAAAAAAB")[0] == 404
    assert asks(again, number, "AAAAAAAAAB")[0] == 404


def test_the_right_code_of_somebody_who_has_not_failed_is_never_kept_out(visitor, app, clock):
    number, code = file(visitor)
    for n in range(40):
        asks(at(app, f"198.51.100.{n}", type(visitor)), number, "AAAAAAAAAA")
    own = at(app, "203.0.113.9", type(visitor))
    asks(own, number, code)
    assert own.path == "/query/case"
    guesser = at(app, "198.51.100.3", type(visitor))
    assert asks(guesser, number, code)[0] == 429
    assert asks(guesser, "2024-0002", code)[0] == 404
    clock(LONGEST_WAIT)
    asks(guesser, number, code)
    assert guesser.path == "/query/case"


def test_a_program_that_guesses_waits_as_well(visitor, program, clock):
    number, code = file(visitor)
    for _ in range(FREE_GUESSES + 1):
        answer = program().get(f"/applications/{number}", x_query_code="AAAAAAAAAA")
        assert answer.status_code == 404
    answer = program().get(f"/applications/{number}", x_query_code=code)
    assert answer.status_code == 429 and answer.headers["Retry-After"] == "2"
    clock(timedelta(seconds=3))
    assert program().get(f"/applications/{number}", x_query_code=code).status_code == 200


def test_the_code_in_an_address_is_answered_and_called_old(visitor, program):
    number, code = file(visitor)
    answer = program().get(f"/applications/{number}?query_code={code}")
    assert answer.status_code == 200 and answer.headers["Deprecation"] == "@1796054400"
    assert answer.headers["Sunset"] == "Fri, 31 Dec 2027 16:00:00 GMT"
    answer = program().get(f"/applications/{number}?query_code={code}", x_query_code="AAAAAAAAAA")
    assert answer.status_code == 404
    assert (
        program().get(f"/applications/{number}", x_query_code="A" * 101).json["errors"][0]["field"]
        == "X-Query-Code"
    )
