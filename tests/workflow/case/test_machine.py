"""The machine: its table says what the contract says, and it refuses with rule and article."""

import re
import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from config.law import Law, LawTableError, load_law
from config.law.load import FOLDER
from tests.examples import contract
from tests.workflow.case.walk import (
    ASSIGNED,
    CHECKED,
    DRAFTED,
    EVERYBODY,
    IN_REVIEW,
    MOMENT,
    MONDAY,
    READY,
    RECEIVED,
    SERVED,
    SIGNING,
    TODAY,
    Step,
    Walk,
)
from workflow import events as ev
from workflow.case import guards
from workflow.case.case import Case
from workflow.case.facts import Actor, Logged
from workflow.case.machine import CaseMachine
from workflow.refusal import RULES, Refusal

EVENTS = contract("events")["events"]

# -- the contract -----------------------------------------------------------------------------------

BEYOND_THE_CONTRACT = {
    "submit": {"after_hours"},
    "receive": {"after_hours"},
    "require_correction": {"grounds"},
    "assign": {"unclear_items"},
    "override_third_party": {"reason"},
    "extend": {"approved_by"},
    "charge_fee": {"units"},
    "record_search": {"scope", "asked", "mentions", "item"},
    "propose_outcome": {
        "address", "redaction", "no_consultation_reason", "reason", "assessment", "clarification",
        "result",
    },
    "serve": {"proof"},
    "file_review": {"summary"},
}  # fmt: skip
"""Optional fields that the engine knows besides those of the contract."""


def test_table_has_exactly_the_events_of_the_contract(law: Law) -> None:
    assert set(law.transitions) == set(EVENTS) == set(ev.MODELS)


@pytest.mark.parametrize("name", EVENTS)
def test_event_has_the_label_and_the_actors_of_the_contract(name: str, law: Law) -> None:
    assert law.transitions[name].label == EVENTS[name]["label"]
    assert list(law.transitions[name].by) == EVENTS[name]["by"]


@pytest.mark.parametrize("name", EVENTS)
def test_event_has_the_fields_of_the_contract(name: str) -> None:
    fields = {key: info for key, info in ev.MODELS[name].model_fields.items() if key != "note"}
    required = {key for key, info in fields.items() if info.is_required()} - {"on"}
    told = EVENTS[name]["fields"]
    assert required == {key for key in told if not key.endswith("?")}
    optional = {key.rstrip("?") for key in told if key.endswith("?")}
    assert set(fields) - required - {"on"} == optional | BEYOND_THE_CONTRACT.get(name, set())


@pytest.mark.parametrize("name", EVENTS)
def test_event_takes_the_words_that_the_contract_lists(name: str) -> None:
    for key, told in EVENTS[name]["fields"].items():
        if re.fullmatch(r"\w+(\|\w+)+", told):
            field = ev.MODELS[name].model_fields[key.rstrip("?")]
            assert list(ev.literal_values(field.annotation)) == told.split("|")


def test_on_line_is_another_word_for_the_portal() -> None:
    event = ev.parse("receive", {"on": "2024-03-04", "channel": "online"})
    assert isinstance(event, ev.Receive)
    assert event.channel == "portal"


def test_states_and_their_labels_are_those_of_the_contract(law: Law) -> None:
    labels = {name: state.label for name, state in law.states.items()}
    assert labels == contract("events")["states"]


def test_kinds_of_refusal_are_those_of_the_contract() -> None:
    listed = contract("events")["refusals"].split("one of: ")[1].rstrip(".")
    assert set(listed.split(", ")) == RULES


def test_table_labels_are_those_of_the_contract(law: Law) -> None:
    told = contract("tables")
    assert dict(law.formats.columns) == told["table3"]["columns"]
    assert {fmt: dict(rows) for fmt, rows in law.formats.rows.items()} == told["table3"]["rows"]
    assert dict(law.formats.groups) == told["table3"]["groups"]
    assert dict(law.formats.blocks) == told["table4"]["blocks"]
    assert dict(law.formats.cells) == told["table4"]["cells"]
    assert [list(rows) for rows in law.formats.rows.values()] == [
        list(rows) for rows in told["table3"]["rows"].values()
    ]


# -- the table is checked when it is loaded -----------------------------------------------------------


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    folder = tmp_path / "law"
    shutil.copytree(FOLDER, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    return folder


def change(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


SLIPS = [
    ("transitions.toml", 'to = "served"', 'to = "serevd"', r"transitions\.toml: serve: .*serevd"),
    ("transitions.toml", 'from = ["ready"]', 'from = ["raedy"]', r"transitions\.toml: serve: .*raedy"),
    ("transitions.toml", 'from = "in_hand"', 'from = "inhand"', r"transitions\.toml: .*inhand"),
    ("transitions.toml", 'event = "extend"', 'event = "approve"', r"transitions\.toml: .*approve stands twice"),
    ("transitions.toml", 'by = ["leader"]', 'by = ["laeder"]', r"transitions\.toml: approve: .*laeder"),
    ("transitions.toml", 'clock = "lengthen"', 'clock = "lengthn"', r"transitions\.toml: extend: .*lengthn"),
    ("transitions.toml", 'to = "rerouted"', 'to = "served"', r"transitions\.toml: .*rerouted"),
    ("transitions.toml", "[[transition]]", "[[transition]", r"transitions\.toml"),
    ("outcomes.toml", 'row = "disclosed"', 'row = "disclosd"', r"outcomes\.toml: already_public: .*disclosd"),
    ("outcomes.toml", 'needs = ["address"]', 'needs = ["adress"]', r"outcomes\.toml: already_public: .*adress"),
    ("outcomes.toml", 'code = "supplied"', 'code = "partial"', r"outcomes\.toml: .*partial stands twice"),
    ("outcomes.toml", 'set_by = "lapse_fee"', 'set_by = "laps_fee"', r"outcomes\.toml: fee_unpaid: .*laps_fee"),
    ("applicants.toml", 'column = "legal_service"', 'column = "lawyers"', r"applicants\.toml: .*lawyers"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "told"), SLIPS, ids=[slip[2] for slip in SLIPS])
def test_slip_in_a_table_is_told_with_file_and_row(
    file: str, old: str, new: str, told: str, tables: Path
) -> None:
    change(tables, file, old, new)
    with pytest.raises(LawTableError, match=told):
        load_law(tables)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('"not_yet_extended"', '"not_yet_extendet"', r"transitions\.toml: extend: .*not_yet_extendet"),
        ('event = "archive"', 'event = "archiv"', r"transitions\.toml: archiv: .*events\.py"),
    ],
)  # fmt: skip
def test_slip_that_concerns_the_code_is_told_when_the_machine_is_built(
    old: str, new: str, told: str, tables: Path
) -> None:
    change(tables, "transitions.toml", old, new)
    with pytest.raises(LawTableError, match=told):
        CaseMachine(load_law(tables))


def test_unchanged_copy_of_the_tables_loads(tables: Path) -> None:
    CaseMachine(load_law(tables))


def test_every_guard_has_a_sentence_and_a_place_in_the_table(law: Law) -> None:
    used = {name for row in law.transitions.values() for name in row.guards}
    assert used == set(guards.GUARDS)
    for guard in guards.GUARDS.values():
        assert guard.sentence.endswith("。")


# -- refusals -----------------------------------------------------------------------------------------

WAITING: list[Step] = [
    *ASSIGNED,
    ("consult_third_party", 2, {"consultation": 1, "reached_on": 3}),
]
CORRECTING: list[Step] = [*RECEIVED, ("require_correction", 2, {"reached_on": 2})]
NOT_HELD: list[Step] = [
    *ASSIGNED,
    ("propose_outcome", 7, {"outcome": "not_existing"}),
    ("pass_legal_check", 9, {}),
]

Wrong = tuple[str, list[Step], Step, dict[str, Any]]

REFUSED: dict[str, Wrong] = {
    "outcome nobody knows": ("bad_field", ASSIGNED, ("propose_outcome", 7, {"outcome": "granted"}), {}),
    "outcome that another event brings about": ("bad_field", ASSIGNED, ("propose_outcome", 7, {"outcome": "withdrawn"}), {}),
    "no outcome at all": ("bad_field", ASSIGNED, ("propose_outcome", 7, {}), {}),
    "letter by a courier that is not the post": ("bad_field", READY, ("serve", 14, {"method": "mail", "posted_on": 14, "carrier": "顺丰速运"}), {}),
    "step before the one it follows": ("bad_field", DRAFTED, ("send_to_secrecy_review", 3, {}), {}),
    "notice that arrives before it is sent": ("bad_field", RECEIVED, ("require_correction", 3, {"reached_on": 1}), {}),
    "extension of 21 days": ("bad_field", ASSIGNED, ("extend", 5, {"days": 21}), {}),
    "service of what nobody signed": ("not_in_this_state", ASSIGNED, ("serve", 5, {"method": "direct"}), {}),
    "signature before the legal check": ("not_in_this_state", DRAFTED, ("approve", 8, {}), {}),
    "opinion that nobody asked for": ("bad_field", ASSIGNED, ("record_opinion", 5, {"consultation": 1}), {}),
    "ruling that nobody asked for": ("not_in_this_state", IN_REVIEW, ("record_ruling", 9, {"ruling": "不属于国家秘密"}), {}),
    "override without an objection": ("not_in_this_state", ASSIGNED, ("override_third_party", 5, {"consultation": 1}), {}),
    "end of a review that was not filed": ("not_in_this_state", SERVED, ("conclude_review", 60, {"result": "upheld"}), {}),
    "extension by a clerk": ("not_your_role", ASSIGNED, ("extend", 5, {"days": 10, "by": "clerk"}), {}),
    "secrecy review by a clerk": ("not_your_role", IN_REVIEW, ("pass_secrecy_review", 9, {"by": "clerk"}), {}),
    "signature by the applicant": ("not_your_role", SIGNING, ("approve", 11, {"by": "applicant"}), {}),
    "void with oneself as second person": ("same_person", RECEIVED, ("void", 1, {"reason": "测试", "second_person": "admin"}), {}),
    "extension after the period": ("too_late", ASSIGNED, ("extend", 40, {"days": 10}), {}),
    "extension told after the period": ("too_late", ASSIGNED, ("extend", 25, {"days": 10, "reached_on": 30}), {}),
    "correction asked for after the period": ("too_late", RECEIVED, ("require_correction", 40, {"reached_on": 40}), {}),
    "rerouting what was received": ("too_late", [("submit", 0, {"channel": "portal", "by": "applicant"})], ("reroute", 1, {"to": "县自然资源局"}), {"online_confirmation": "submission"}),
    "late correction where a body takes none": ("too_late", CORRECTING, ("correct", 60, {}), {"late_correction": "reject"}),
    "payment after its period": ("too_late", [*ASSIGNED, ("charge_fee", 3, {"reached_on": 3, "pages": 57})], ("pay_fee", 60, {}), {"fee_policy": "by_page"}),
    "lapse before the correction is due": ("too_early", CORRECTING, ("lapse_correction", 10, {}), {}),
    "lapse before the fee is due": ("too_early", [*ASSIGNED, ("charge_fee", 3, {"reached_on": 3, "pages": 57})], ("lapse_fee", 10, {}), {"fee_policy": "by_page"}),
    "day that is still to come": ("too_early", RECEIVED, ("assign", (TODAY - MONDAY).days + 1, {}), {}),
    "review while the period runs": ("too_early", ASSIGNED, ("file_review", 10, {}), {}),
    "silence before the addressee's deadline": ("too_early", WAITING, ("record_opinion", 8, {"consultation": 1, "opinion": "none"}), {}),
    "service before the signature": ("too_early", READY, ("serve", 11, {"method": "direct", "signed_on": 5}), {}),
    "answer while reasons are awaited": ("too_early", [*RECEIVED, ("ask_reasons", 2, {})], ("propose_outcome", 5, {"outcome": "excessive"}), {}),
    "archive while a suit is open": ("too_early", [*SERVED, ("file_suit", 40, {"via": "direct"})], ("archive", 60, {}), {}),
    "second extension": ("already_done", [*ASSIGNED, ("extend", 5, {"days": 10})], ("extend", 9, {"days": 5}), {}),
    "second receipt": ("already_done", RECEIVED, ("receive", 1, {"channel": "in_person"}), {}),
    "consultation number used twice": ("already_done", WAITING, ("consult_third_party", 4, {"consultation": 1}), {}),
    "reasons asked for twice": ("already_done", [*RECEIVED, ("ask_reasons", 2, {}), ("give_reasons", 4, {"accepted": True})], ("ask_reasons", 6, {}), {}),
    "proceeding number used twice": ("already_done", [*SERVED, ("file_review", 30, {"proceeding": 1})], ("file_review", 31, {"proceeding": 1}), {}),
    "refusal without its ground": ("missing_evidence", ASSIGNED, ("propose_outcome", 7, {"outcome": "security_stability"}), {}),
    "release without secrecy review": ("missing_evidence", DRAFTED, ("pass_legal_check", 8, {}), {}),
    "not found without a search": ("missing_evidence", NOT_HELD, ("approve", 10, {}), {}),
    "delay without accepted reasons": ("missing_evidence", ASSIGNED, ("delay_reply", 5, {"until": 90}), {}),
    "appeal without a judgment": ("missing_evidence", SERVED, ("file_suit", 60, {"via": "direct", "instance": "appeal"}), {}),
    "redo that nobody ordered": ("missing_evidence", SERVED, ("order_redo", 60, {}), {}),
    "draft while an opinion is awaited": ("open_consultation", WAITING, ("propose_outcome", 7, {"outcome": "supplied"}), {}),
    "fee where none is taken": ("setting_forbids", ASSIGNED, ("charge_fee", 3, {"reached_on": 3}), {}),
    "fee in another way than the body's": ("setting_forbids", ASSIGNED, ("charge_fee", 3, {"reached_on": 3, "mode": "by_item"}), {"fee_policy": "by_page"}),
    "second correction round": ("setting_forbids", [*CORRECTING, ("correct", 8, {})], ("require_correction", 10, {"reached_on": 10}), {}),
    "text with a secret mark": ("state_secret_content", RECEIVED, ("assign", 1, {"to": "机密★10年 规划股"}), {}),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_wrong_step_is_refused_with_rule_article_and_way_out(case: str) -> None:
    rule, before, (name, days, fields), chosen = REFUSED[case]
    walk = Walk(**chosen).must(*before)
    known = walk.snapshot()
    refusal = walk.do(name, days, **fields)
    assert isinstance(refusal, Refusal)
    assert refusal.rule == rule
    assert refusal.article
    for sentence in (refusal.message, refusal.allowed_when):
        assert re.search("[\u4e00-\u9fff]", sentence)
    assert set(refusal.as_dict()) - {"field"} == {"rule", "article", "message", "allowed_when"}
    assert walk.snapshot() == known


def test_event_nobody_knows_is_refused() -> None:
    walk = Walk().must(*RECEIVED)
    refusal = walk.case.machine.refusal(walk.case, "recieve", None, None, TODAY)
    assert refusal and refusal.rule == "unknown_event"
    with pytest.raises(ev.UnknownEvent):
        ev.parse("recieve", {"on": MONDAY})


def test_every_kind_of_refusal_is_shown_above() -> None:
    shown = {wrong[0] for wrong in REFUSED.values()} | {"unknown_event"}
    # Nothing publishes a year yet, so that none can be frozen.
    assert shown == RULES - {"frozen_year"}


def test_event_before_its_law_is_refused() -> None:
    """Fees exist since 2021, reasons since May 2019."""
    walk = Walk(fee_policy="by_page")
    walk.do("receive", (date(2020, 6, 1) - MONDAY).days, channel="in_person")
    walk.do("assign", (date(2020, 6, 2) - MONDAY).days)
    days = (date(2020, 6, 3) - MONDAY).days
    refusal = walk.do("charge_fee", days, reached_on=date(2020, 6, 3))
    assert isinstance(refusal, Refusal)
    assert refusal.rule == "too_early"


@pytest.mark.parametrize(
    ("before", "name"), [(IN_REVIEW, "pass_secrecy_review"), (SIGNING, "approve")]
)
def test_who_drafted_neither_reviews_nor_signs(before: list[Step], name: str) -> None:
    """保密审查人和签发人不能是拟稿人, even where one person holds every role."""
    walk = Walk()
    for step, days, fields in before:
        done = walk.do(
            step, days, **{**fields, "by": EVERYBODY} if step == "propose_outcome" else fields
        )
        assert isinstance(done, Logged)
    refusal = walk.do(name, 12, by=EVERYBODY)
    assert isinstance(refusal, Refusal)
    assert refusal.rule == "same_person"
    another = Actor("another", EVERYBODY.roles)
    assert isinstance(walk.do(name, 12, by=another), Logged)


# -- state secrets ------------------------------------------------------------------------------------

MARK = "机密★10年"
ONE_OF_EACH: dict[str, dict[str, Any]] = {
    "submit": {"channel": "fax"}, "receive": {"channel": "fax"},
    "require_correction": {"reached_on": MONDAY}, "extend": {"days": 5},
    "delay_reply": {"until": MONDAY + timedelta(90)}, "charge_fee": {"reached_on": MONDAY},
    "record_search": {"sources": ["档案室"], "keywords": ["合同"], "hits": 0},
    "serve": {"method": "direct"}, "file_suit": {"via": "direct"},
    **{name: {"consultation": 1} for name in (
        "consult_third_party", "consult_joint_agency", "consult_other_agency", "record_opinion",
        "override_third_party")},
    "merge_duplicate": {"into": "2024-0001"}, "reroute": {"to": "县局"}, "record_ruling": {"ruling": "否"}, "service_failed": {"reason": "无人"},
    "return_draft": {"reason": "改"}, "return_from_secrecy_review": {"reason": "改"},
    "void": {"reason": "测试", "second_person": "甲"},
    "conclude_review": {"result": "upheld"}, "conclude_suit": {"result": "withdrawn"},
}  # fmt: skip


def texts_of(model: type[BaseModel]) -> Iterator[tuple[str, Any]]:
    """Every field of a model that can hold free text, with a value that holds the mark."""
    for key, field in model.model_fields.items():
        shape = str(field.annotation)
        if ev.literal_values(field.annotation) or key in ("level", "unclear_items"):
            continue
        if "ItemOutcome" in shape:
            for inner, value in texts_of(ev.ItemOutcome):
                yield key, [{"item": 1, "outcome": "supplied", inner: value}]
        elif "Classification" in shape:
            yield key, {"level": "机密", "body": MARK, "on": MONDAY}
        elif "dict" in shape:
            yield key, {"国家秘密": MARK}
            yield key, {MARK: "无"}
        elif "tuple" in shape:
            yield key, ["合同", MARK]
        elif re.search(r"\bstr\b", shape):
            yield key, MARK


MARKED = [(name, key, value) for name, model in ev.MODELS.items() for key, value in texts_of(model)]


@pytest.mark.parametrize(
    ("name", "key", "value"), MARKED, ids=[f"{name}.{key}.{n}" for n, (name, key, _) in enumerate(MARKED)]
)  # fmt: skip
def test_secret_mark_is_refused_in_every_text_of_every_event(
    name: str, key: str, value: Any
) -> None:
    walk = Walk()
    walk.case.state = walk.case.rules.law.transitions[name].sources[0]
    event = ev.parse(name, {"on": MONDAY, **ONE_OF_EACH.get(name, {}), key: value})
    everyone = Actor("all", EVERYBODY.roles | {"applicant", "system"})
    refusal = walk.case.apply(event, everyone, today=TODAY, recorded_at=MOMENT)
    assert isinstance(refusal, Refusal)
    assert refusal.rule == "state_secret_content"
    assert MARK not in refusal.message + refusal.allowed_when
    assert walk.case.log == []


def test_level_of_a_classification_may_be_kept() -> None:
    walk = Walk().must(*ASSIGNED)
    kept = {"level": "机密", "body": "某机关", "on": "2021-03-02"}
    done = walk.do("propose_outcome", 7, outcome="state_secret", classification=kept)
    assert isinstance(done, Logged)


# -- any sequence -------------------------------------------------------------------------------------

PLAUSIBLE = st.sampled_from(
    [
        (name, {**ONE_OF_EACH.get(name, {}), **more})
        for name in ev.MODELS
        for more in (
            [{"outcome": code} for code in ("supplied", "not_existing", "petition")]
            if name == "propose_outcome"
            else [{"accepted": True}, {"accepted": False}]
            if name == "give_reasons"
            else [{}]
        )
    ]
)


@given(st.integers(0, len(SERVED)), st.lists(st.tuples(PLAUSIBLE, st.integers(0, 9)), max_size=20))
@settings(max_examples=300)
def test_any_sequence_is_either_applied_or_refused_whole(
    gone: int, steps: list[tuple[tuple[str, dict[str, Any]], int]]
) -> None:
    walk = Walk(fee_policy="choose").must(*SERVED[:gone])
    day = max([0, *(days for _, days, _ in SERVED[:gone])])
    for (name, fields), days in steps:
        day += days
        known = walk.snapshot()
        row = walk.case.rules.law.transitions[name]
        done = walk.do(name, day, **{k: day if k == "reached_on" else v for k, v in fields.items()})
        if isinstance(done, Refusal):
            assert walk.snapshot() == known
            continue
        assert known["state"] in row.sources
        assert walk.case.state == (known["state"] if row.to == "same" else row.to)
        assert walk.case.log == [*known["log"], done]
    again = Walk(fee_policy="choose")
    again.case = Case.replayed(walk.case.header, walk.case.rules, walk.case.log)
    assert again.snapshot() == walk.snapshot()


@given(
    st.lists(PLAUSIBLE, max_size=6), st.sampled_from(["clerk", "leader", "office_head", "admin"])
)
@settings(max_examples=60)
def test_what_is_offered_as_possible_is_not_refused_for_its_state_or_role(
    steps: list[tuple[str, dict[str, Any]]], role: str
) -> None:
    walk = Walk().must(*CHECKED)
    for number, (name, fields) in enumerate(steps):
        walk.do(name, 20 + number, **fields)
    person = Actor(role, frozenset((role,)))
    for possible in walk.case.machine.possibilities(walk.case, person, TODAY):
        row = walk.case.rules.law.transitions[possible.event]
        if possible.allowed:
            assert walk.case.state in row.sources
            assert role in row.by
        else:
            assert possible.refusal and possible.refusal.article


def test_served_walk_ends_served_and_may_be_archived() -> None:
    walk = Walk().must(*SERVED, ("archive", 60, {}))
    assert walk.case.state == "archived"
    assert walk.case.row == "disclosed"
    assert walk.case.facts.closed_on == MONDAY + timedelta(14)


# -- the last day ---------------------------------------------------------------------------------------


def after_monday(day: date | None) -> int:
    assert day
    return (day - MONDAY).days


def test_correction_lapses_on_the_day_after_its_last_day_and_closes_then() -> None:
    walk = Walk().must(*CORRECTING)
    last = after_monday(walk.case.deadlines.correction_due)
    refusal = walk.do("lapse_correction", last)
    assert isinstance(refusal, Refusal)
    assert refusal.rule == "too_early"
    assert isinstance(walk.do("lapse_correction", last + 9), Logged)
    assert walk.case.facts.closed_on == MONDAY + timedelta(last + 1)


def test_fee_may_be_paid_on_its_last_day_and_lapses_on_the_next() -> None:
    charged: list[Step] = [*ASSIGNED, ("charge_fee", 3, {"reached_on": 3, "pages": 57})]
    walk = Walk(fee_policy="by_page").must(*charged)
    last = after_monday(walk.case.deadlines.fee_due)
    assert isinstance(walk.do("lapse_fee", last), Refusal)
    assert isinstance(walk.do("lapse_fee", last + 1), Logged)
    assert walk.case.facts.closed_on == MONDAY + timedelta(last + 1)
    paid = Walk(fee_policy="by_page").must(*charged)
    assert isinstance(paid.do("pay_fee", last), Logged)


def test_correction_may_be_asked_for_on_the_last_day_of_the_period() -> None:
    walk = Walk().must(*RECEIVED)
    last = after_monday(walk.case.deadlines.reply_due)
    assert isinstance(walk.do("require_correction", last, reached_on=last), Logged)


def test_nothing_happens_before_the_request_was_sent() -> None:
    walk = Walk(online_confirmation="confirmation_event")
    walk.must(("submit", 5, {"channel": "portal", "by": "applicant"}))
    refusal = walk.do("receive", 2, channel="portal")
    assert isinstance(refusal, Refusal)
    assert (refusal.rule, refusal.field) == ("bad_field", "on")


@pytest.mark.parametrize("name", ["return_draft", "return_from_secrecy_review"])
def test_returned_draft_is_reviewed_again(name: str) -> None:
    before = SIGNING if name == "return_draft" else IN_REVIEW
    walk = Walk().must(*before, (name, 12, {"reason": "补充理由"}))
    assert walk.case.state == "drafted"
    refusal = walk.do("pass_legal_check", 13)
    assert isinstance(refusal, Refusal)
    assert refusal.rule == "missing_evidence"
