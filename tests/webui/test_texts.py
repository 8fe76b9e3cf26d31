"""Characters that are no text, and a database that does not answer: said, on every database alike."""

import pytest

from workflow.service import Unavailable

NO_TEXTS = ["\x00", "甲\x00乙"]


@pytest.mark.parametrize("said", NO_TEXTS)
@pytest.mark.parametrize("field", ["name", "items", "another"])
def test_a_form_with_a_zero_byte_is_answered_with_400(visitor, counted, said, field):
    visitor.get("/apply")
    assert visitor.send("/apply", step="review", **{field: said}).status == 400
    assert counted() == 0


@pytest.mark.parametrize("address", ["/query?number=%00", "/guide?a%00=1", "/desk/search?q=a%00"])
def test_an_address_with_a_zero_byte_is_answered_with_400(visitor, staff, address):
    for person in (visitor, staff("lifang")):
        assert person.get(address).status == 400


def test_a_body_with_a_zero_byte_is_not_there(visitor):
    assert visitor.get("/b/pan%00long/apply").status == 404


def test_a_password_with_a_zero_byte_is_no_password(visitor):
    visitor.get("/desk/login")
    assert visitor.send("/desk/login", name="lifang", password="a\x00").status == 400


@pytest.mark.parametrize(
    "part", [b"form-data", b'form-data; filename="a.txt"', b'form-data; name="\\"']
)
def test_a_part_of_a_form_without_a_name_is_answered_with_400(visitor, part):
    body = b"--x\r\nContent-Disposition: " + part + b"\r\n\r\na\r\n--x--\r\n"
    answer = visitor.client.post(
        "/query", data=body, content_type="multipart/form-data; boundary=x"
    )
    assert answer.status_code == 400


@pytest.mark.parametrize(
    "path", ["/desk/bodies/a%0Ab/end", "/guide%0D%0A/", "/desk/cases/a%09b", "/%7F"]
)
def test_an_address_with_the_end_of_a_line_is_answered_with_400(visitor, path):
    assert visitor.client.get(path).status_code == 400


def test_the_api_says_which_field_it_is(program):
    sent = {"agency": "panlong", "request": "甲\x00"}
    answer = program().post("/applications", sent)
    assert answer.status_code == 422 and answer.json["errors"][0]["field"] == "request"


@pytest.fixture
def away(office, monkeypatch):
    def nobody(*given, **named):
        raise Unavailable

    for door in ("write", "write_cases", "write_rules", "read"):
        monkeypatch.setattr(office.store, door, nobody)


def test_a_page_without_a_database_says_that_it_may_be_tried_later(visitor, away):
    for path in ("/", "/apply", "/desk", "/desk/login"):
        page = visitor.get(path)
        assert page.status == 503 and "系统正忙" in page.text and "已经保存的不会丢失" in page.text


def test_a_call_without_a_database_says_when_to_come_again(program, away):
    answer = program().get("/applications/2024-0001", x_query_code="ABCDEFGHJK")
    assert (answer.status_code, answer.mimetype) == (503, "application/problem+json")
    assert int(answer.headers["Retry-After"]) > 0
