"""A program signs what it has read and serves what it can prove, by the API alone (decision 25)."""

import pytest

from config.law import load_law
from tests.proofs import upload
from workflow.service.rules.settings import BodySettings

ON = "2024-05-06"
NONE = dict.fromkeys(load_law().words.secrecy_checks, "none")


@pytest.fixture
def waiting(program):
    """A case of two items that waits for its signature."""
    return brought_to_sign(program)[0]


def brought_to_sign(program):
    """Number and code of such a case."""
    number, code = program().file()
    for who, event, fields in (
        ("lifang", "assign", {}),
        ("lifang", "propose_outcome", {"items": [{"item": n, "outcome": "supplied"} for n in (1, 2)]}),
        ("lifang", "send_to_secrecy_review", {}),
        ("wangqiang", "pass_secrecy_review", {"items": [{"item": n, "checks": NONE} for n in (1, 2)]}),
        ("falv", "pass_legal_check", {}),
    ):  # fmt: skip
        answer = program(who).happen(number, event, ON, **fields)
        assert answer.status_code == 200, answer.json
    return number, code


def paper(program, number, who="chen"):
    return program(who).get(f"/agencies/panlong/cases/{number}/paper")


def test_the_paper_is_read_and_what_was_read_is_signed(program, waiting):
    read = paper(program, waiting).json
    assert (read["kind"], read["signed"], read["version"], read["refusal"]) == ("reply", False, None, None)  # fmt: skip
    assert any("张三" in line for line in [read["addressee"], *read["text"]])
    answer = program("chen").happen(waiting, "approve", ON, paper=read["hash"])
    assert answer.status_code == 200, answer.json
    signed = paper(program, waiting).json
    assert (signed["signed"], signed["version"], signed["hash"]) == (True, 1, read["hash"])
    assert signed["number"] and signed["day"] == ON


def test_a_paper_that_moved_is_412_and_says_so_and_not_that_the_case_moved(
    program, office, waiting
):
    read = paper(program, waiting)
    BodySettings(office).set_setting(None, "panlong", "contact_phone", "0876-9", "2024-01-01", "换")
    stale = program("chen").happen(waiting, "approve", ON, paper=read.json["hash"])
    assert (stale.status_code, [one["field"] for one in stale.json["errors"]]) == (412, ["paper"])
    path, sent = f"/cases/{waiting}/events", {"event": "approve", "on": ON}
    moved = program("chen").post(path, sent, if_match='"1-0"')
    assert (moved.status_code, [one["field"] for one in moved.json["errors"]]) == (412, ["If-Match"])  # fmt: skip
    now = paper(program, waiting).json["hash"]
    assert program("chen").happen(waiting, "approve", ON, paper=now).status_code == 200


def test_what_stops_the_signature_is_told_before_it_is_tried(program, office, waiting):
    BodySettings(office).set_setting(None, "panlong", "contact_phone", "", "2024-01-01", "空")
    read = paper(program, waiting).json
    assert [place["name"] for place in read["open"] if place["name"] == "contact_phone"]
    tried = program("chen").happen(waiting, "approve", ON, paper=read["hash"])
    assert tried.status_code == 409
    assert read["refusal"] == {name: tried.json[name] for name in ("rule", "article", "message", "allowed_when")}  # fmt: skip


def test_a_missing_proof_is_told_as_a_program_can_mend_it(program, waiting):
    """The field of the page's form is none of the API's: it is sent before, as a file."""
    assert program("chen").happen(waiting, "approve", ON).status_code == 200
    tried = program("lifang").happen(waiting, "serve", ON, method="direct")
    assert tried.status_code == 409 and "没有送达凭证" in tried.json["message"]
    assert "proof_file" not in tried.text and "errors" not in tried.json
    assert "proof_of_service" in tried.json["allowed_when"]


def test_who_may_not_see_the_reply_and_where_there_is_none(program, waiting):
    assert paper(program, waiting, "wangqiang").status_code == 403
    assert paper(program, waiting, "sunli").status_code == 404
    other, _ = program().file()
    assert paper(program, other).status_code == 404
    assert program("chen").get(f"/cases/{waiting}/paper").json["kind"] == "reply"


def test_service_asks_for_its_proof_and_takes_the_one_that_was_sent(program, waiting):
    program("chen").happen(waiting, "approve", ON)
    lifang = program("lifang")
    refused = lifang.happen(waiting, "serve", ON, method="direct", signed_on=ON)
    assert (refused.status_code, refused.json["rule"]) == (409, "missing_evidence")
    sent = lifang.client.post(
        f"/api/v1/agencies/panlong/cases/{waiting}/files", headers=lifang.headers,
        data={"kind": "proof_of_service", "file": upload()},
    )  # fmt: skip
    assert sent.status_code == 201, sent.json
    served = lifang.happen(waiting, "serve", ON, method="direct", signed_on=ON)
    assert served.json["state"] == "served"
    assert served.json["log"][-1]["fields"]["proofs"] == [sent.json["sha256"]]
