"""Service needs its paper: letter, recipient, proof (国办公开办函〔2016〕235号)."""

from dataclasses import replace
from typing import Any

import pytest

from tests.workflow.case.walk import READY, Walk
from workflow import events as ev
from workflow.case.serving import Sent, is_proved_by_us, unserved
from workflow.reminders.watched import watched_days

SIGNED = Sent(signed=True)


def serve(**fields: Any) -> ev.Serve:
    event = ev.parse("serve", {"on": "2024-03-18", "method": "direct", **fields})
    assert isinstance(event, ev.Serve)
    return event


def why(sent: Sent, walk: Walk | None = None, **fields: Any) -> str:
    refusal = unserved((walk or Walk().must(*READY)).case, serve(**fields), sent)
    assert refusal is None or refusal.rule == "missing_evidence"
    return refusal.message if refusal else ""


def test_a_reply_that_is_not_in_the_file_cannot_be_served() -> None:
    assert "没有签发的答复书" in why(replace(SIGNED, signed=False, proofs=1))
    assert why(replace(SIGNED, signed=False, letter=False, proofs=1)) == ""


def test_an_agent_needs_a_power_of_attorney() -> None:
    assert "授权委托书" in why(replace(SIGNED, agent=True, proofs=1))
    assert why(replace(SIGNED, agent=True, power=True, proofs=1)) == ""


@pytest.mark.parametrize(
    ("method", "proof"),
    [
        ("mail", "收寄凭证"),
        ("direct", "送达回证"),
        ("entrusted", "送达回证"),
        ("electronic", "发送记录"),
    ],
)
def test_every_way_has_its_proof(method: str, proof: str) -> None:
    assert proof in why(SIGNED, method=method)
    assert why(replace(SIGNED, proofs=1), method=method) == ""


def test_nothing_is_posted_to_who_left_no_address() -> None:
    """Unless the clerk says to which one, and how it came to be known."""
    nowhere = replace(SIGNED, proofs=1, address=False)
    assert "没有留下通信地址" in why(nowhere, method="mail")
    assert why(nowhere, method="mail", note="电话告知：砚山县江那镇建设路 1 号") == ""
    assert why(nowhere, method="direct") == why(nowhere, method="entrusted") == ""


@pytest.mark.parametrize(
    ("channel", "delivery", "ours"),
    [
        ("portal", ("pickup",), True),
        ("portal", ("email",), False),
        ("in_person", ("portal",), True),
        ("in_person", ("email",), False),
    ],
)
def test_what_is_fetched_on_our_site_is_proved_by_our_record(
    channel: str, delivery: tuple[str, ...], ours: bool
) -> None:
    walk = Walk().must(*READY)
    walk.case.facts.channel = channel
    walk.case.header = replace(walk.case.header, delivery=delivery)
    assert is_proved_by_us(walk.case, serve(method="electronic")) == ours
    assert not is_proved_by_us(walk.case, serve())
    assert (why(SIGNED, walk, method="electronic") == "") == ours


def test_the_setting_lets_the_proof_come_later_and_its_day_is_watched() -> None:
    walk = Walk(service_proof="scan_later").must(*READY)
    assert why(SIGNED, walk) == ""
    walk.must(("serve", 14, {"method": "direct", "signed_on": 14}))
    days = [one.day.isoformat() for one in watched_days(walk.case) if one.kind == "scan"]
    assert days == ["2024-03-25"], "five working days from Monday the 18th"


@pytest.mark.parametrize(
    ("settings", "fields"),
    [
        ({}, {}),
        ({"service_proof": "scan_later"}, {"proofs": ["a" * 64]}),
    ],
)
def test_what_has_its_proof_is_not_watched(
    settings: dict[str, Any], fields: dict[str, Any]
) -> None:
    walk = Walk(**settings).must(
        *READY, ("serve", 14, {"method": "direct", "signed_on": 14, **fields})
    )
    assert [one for one in watched_days(walk.case) if one.kind == "scan"] == []
