"""Every alarm: that it fires, and that it stays silent."""

from datetime import timedelta
from typing import Any

import pytest

from tests.workflow.case.walk import (
    ASSIGNED,
    DRAFTED,
    IN_REVIEW,
    MONDAY,
    READY,
    RECEIVED,
    SERVED,
    Step,
    Walk,
)
from tests.workflow.case.warned import (
    AGREED,
    CONSULTED,
    CORRECTION,
    NOT_HELD,
    OBJECTED,
    REFUSED,
    SECRET_PRICE,
    WEIGHED,
    propose,
    search,
    warned,
)
from workflow.case.alarms import RULES, alarms
from workflow.case.ground_alarms import GROUND_ARTICLE

Situation = tuple[list[Step], int]
GONE = [{"on": "2024-03-06", "how": "到户籍地核实"}, {"on": "2024-03-08", "how": "电话无人接听"}]
REVISED = {"mode": "replace", "reason": "漏答第二项"}


def put_right(seq: int, **fields: str) -> Step:
    """A correction of a line, five days after MONDAY."""
    said = {"seq": seq, "fields": fields, "reason": "录错", "second_person": "wangqiang"}
    return ("correct_entry", 5, said)


OVERDUE_SEARCH: Step = (
    "record_search",
    37,
    {"sources": ["档案室"], "keywords": ["合同"], "hits": 0},
)
REVIEWED: list[Step] = [*SERVED, ("file_review", 30, {"copy_received_on": 31})]
JUDGED: list[Step] = [*SERVED, ("file_suit", 30, {"via": "direct", "copy_received_on": 31})]
PAID: list[Step] = [
    *ASSIGNED, ("charge_fee", 3, {"reached_on": 3, "pages": 57}), ("pay_fee", 5, {}),
]  # fmt: skip


def cites(text: str) -> Step:
    return propose("forbidden_by_law", citation=text, ground="表中的单户调查数据")


def secret(body: str, **more: str) -> Step:
    fact = {"level": "秘密", "body": body, "on": "2020-01-02", **more}
    return propose("state_secret", classification=fact)


def part(**more: str) -> Step:
    return propose("partial", ground="身份证号码属于个人隐私", redaction="遮盖身份证号码", **more)


FIRES: dict[str, Situation] = {
    "signed_but_unregistered": ([("submit", 0, {"channel": "ordinary_mail"})], 1),
    "confirmed_late": ([("receive", 0, {"channel": "ordinary_mail", "confirmed_on": 1})], 1),
    "registered_late": (RECEIVED, 1),  # MONDAY's receipt is recorded in 2026
    "correction_notice_was_late": ([*RECEIVED, ("require_correction", 14, {"reached_on": 14})], 15),
    "second_round_of_correction": (
        [*RECEIVED, CORRECTION, ("correct", 4, {}), ("require_correction", 7, {"reached_on": 7})], 8,
    ),
    "overdue": (ASSIGNED, 29),
    "signed_but_unsent": (READY, 12),
    "extension_without_served_notice": ([*ASSIGNED, ("extend", 5, {"days": 10})], 6),
    "answer_to_review_or_court": ([*SERVED, ("file_review", 30, {})], 31),
    "secrecy_review_takes_long": (IN_REVIEW, 14),  # Tuesday to Monday: the fourth working day
    "addressee_is_silent": ([*ASSIGNED, CONSULTED], 24),  # the 15th working day was 27 March
    "searched_in_one_place": ([*ASSIGNED, search(sources=["办公系统", "财务系统"]), NOT_HELD], 8),
    "nobody_was_asked_in_writing": ([*ASSIGNED, search(), NOT_HELD], 8),
    "searched_titles_only": ([*ASSIGNED, search(scope="title"), NOT_HELD], 8),
    "searched_in_the_applicants_words_only": ([*ASSIGNED, search(keywords=["养护合同"]), NOT_HELD], 8),
    "privacy_without_public_interest": ([*ASSIGNED, CONSULTED, OBJECTED, SECRET_PRICE], 8),
    "refused_although_third_party_agreed": ([*ASSIGNED, CONSULTED, AGREED, SECRET_PRICE], 8),
    "remedy_text_is_incomplete": (DRAFTED, 8),
    "outdated_words": (
        [*ASSIGNED, propose("petition", reason="不符合生产、生活、科研等特殊需要")], 8,
    ),
    "petition_without_channel": ([*ASSIGNED, propose("petition", reason="要求查处占道")], 8),
    "citation_rank_as_told": ([*ASSIGNED, cites("《某某规定》（国务院令第123号）第三条")], 8),
    "part_withheld_without_article": ([*ASSIGNED, part()], 8),
    "classified_by_authority": ([*ASSIGNED, secret("砚山县公路局", authority="省国家保密局授权")], 8),
    "fee_to_settle": ([*PAID, ("withdraw", 8, {"by": "clerk"})], 9),
    "withdrawn_without_writing": ([*ASSIGNED, ("withdraw", 8, {"by": "clerk"})], 9),
    "served_without_proof": (SERVED, 15),
    "paper_without_arrival": ([*ASSIGNED, ("consult_third_party", 2, {"consultation": 1})], 24),
    "sued_without_review_first": ([*REFUSED, ("file_suit", 30, {"via": "direct"})], 31),
    "organ_not_told_of_revision": ([*SERVED, ("file_review", 30, {}), ("revise_reply", 32, REVISED)], 33),
    "successors_were_waited_for": ([*ASSIGNED, propose("applicant_gone", reason="村委会书面证明申请人已于二月去世，没有人继续申请", tries=GONE)], 8),
    "entries_not_allowed_any_more": ([*ASSIGNED, put_right(1, on="2024-03-08")], 6),
    "premature": ([*ASSIGNED, ("file_review", 10, {})], 11),  # the last day of reply is the 28th day
    "out_of_time": ([*SERVED, ("file_review", 75, {})], 76),  # 60 days after the 14th day: the 74th, 17 May
    "copy_day_unknown": ([*SERVED, ("file_review", 30, {})], 31),
    "evidence_after_the_copy": ([*ASSIGNED, ("file_review", 35, {"copy_received_on": 36}), OVERDUE_SEARCH], 38),
    "appeal_runs": ([*JUDGED, ("conclude_suit", 60, {"result": "claim_dismissed", "judgment_received_on": 60})], 75),
    "report_on_the_opinion": (
        [*REVIEWED, ("conclude_review", 60, {"result": "upheld", "opinion_received_on": 61})], 62,
    ),
    "redo_without_correction": (
        [*REVIEWED, ("conclude_review", 60, {"result": "upheld"}), ("order_redo", 61, {})], 62,
    ),
}  # fmt: skip
SILENT: dict[str, Situation] = {
    "signed_but_unregistered": ([("submit", 0, {"channel": "ordinary_mail"})], 0),
    "confirmed_late": ([("receive", 0, {"channel": "ordinary_mail", "confirmed_on": 0})], 1),
    "registered_late": (SERVED, 15),  # what is done needs no haste
    "correction_notice_was_late": ([*RECEIVED, ("require_correction", 9, {"reached_on": 9})], 10),
    "second_round_of_correction": ([*RECEIVED, CORRECTION, ("correct", 4, {})], 5),
    "overdue": (ASSIGNED, 28),
    "signed_but_unsent": (READY, 11),  # the day of the signature
    "extension_without_served_notice": ([*ASSIGNED, ("extend", 5, {"days": 10, "reached_on": 6})], 7),
    "answer_to_review_or_court": (
        [*SERVED, ("file_review", 30, {}), ("conclude_review", 60, {"result": "upheld"})], 61,
    ),
    "secrecy_review_takes_long": (IN_REVIEW, 11),
    "addressee_is_silent": ([*ASSIGNED, CONSULTED], 23),
    "searched_in_one_place": ([*ASSIGNED, search(), NOT_HELD], 8),
    "nobody_was_asked_in_writing": ([*ASSIGNED, search(asked=["农业中心：没有制作过"]), NOT_HELD], 8),
    "searched_titles_only": ([*ASSIGNED, search(), NOT_HELD], 8),
    "searched_in_the_applicants_words_only": ([*ASSIGNED, search(), NOT_HELD], 8),
    "privacy_without_public_interest": ([*ASSIGNED, CONSULTED, OBJECTED, WEIGHED], 8),
    "refused_although_third_party_agreed": ([*ASSIGNED, CONSULTED, OBJECTED, WEIGHED], 8),
    "remedy_text_is_incomplete": (SERVED, 15),
    "outdated_words": ([*ASSIGNED, propose("petition", reason="请向县信访局提出")], 8),
    "petition_without_channel": (
        [*ASSIGNED, propose("petition", reason="要求查处占道", channel="县信访局，建设路 3 号")], 8,
    ),
    "citation_rank_as_told": ([*ASSIGNED, cites("《中华人民共和国统计法》第九条")], 8),
    "part_withheld_without_article": ([*ASSIGNED, part(citation="《条例》第十五条")], 8),
    "classified_by_authority": ([*ASSIGNED, secret("文山州公路局")], 8),
    "fee_to_settle": (
        [*PAID, ("withdraw", 8, {"by": "clerk", "note": "已退还 270 元"})], 9,
    ),
    "withdrawn_without_writing": ([*ASSIGNED, ("withdraw", 8, {"by": "applicant"})], 9),
    "served_without_proof": (
        [*READY, ("serve", 14, {"method": "direct", "signed_on": 14, "proof": "送达回证第 3 号"})], 15,
    ),
    "paper_without_arrival": ([*ASSIGNED, ("consult_third_party", 2, {"consultation": 1})], 22),
    "organ_not_told_of_revision": (
        [*SERVED, ("file_review", 30, {}), ("revise_reply", 32, {**REVISED, "told_on": MONDAY + timedelta(32)})], 33,
    ),
    "successors_were_waited_for": ([*ASSIGNED, propose("petition", reason="请向县信访局提出")], 8),
    "entries_not_allowed_any_more": ([*ASSIGNED, put_right(1, on="2024-03-01")], 6),
    "sued_without_review_first": (
        [*REFUSED, ("file_review", 20, {}), ("file_suit", 30, {"via": "after_review"})], 31,
    ),
    "premature": ([*ASSIGNED, ("file_review", 29, {})], 30),
    "out_of_time": ([*SERVED, ("file_review", 74, {})], 76),
    "copy_day_unknown": ([*SERVED, ("file_review", 30, {"copy_received_on": 31})], 32),
    "evidence_after_the_copy": ([*ASSIGNED, ("file_review", 35, {"copy_received_on": 37}), OVERDUE_SEARCH], 38),
    "appeal_runs": ([*JUDGED, ("conclude_suit", 60, {"result": "withdrawn", "judgment_received_on": 60})], 61),
    "report_on_the_opinion": ([*REVIEWED, ("conclude_review", 60, {"result": "upheld"})], 62),
    "redo_without_correction": (
        [*REVIEWED, ("conclude_review", 60, {"result": "mediated"}), ("order_redo", 61, {})], 62,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", RULES)
def test_alarm_is_tested_both_ways(name: str) -> None:
    assert name in FIRES and name in SILENT
    assert FIRES[name] != SILENT[name]
    assert RULES[name].article and RULES[name].level in ("late", "check")


@pytest.mark.parametrize("name", FIRES)
def test_alarm_fires(name: str) -> None:
    steps, day = FIRES[name]
    unset: dict[str, Any] = {"court": ""} if name == "remedy_text_is_incomplete" else {}
    walk = Walk(max_correction_rounds=2, fee_policy="by_page", **unset)
    assert name in warned(walk.must(*steps), day)


@pytest.mark.parametrize("name", SILENT)
def test_alarm_stays_silent(name: str) -> None:
    steps, day = SILENT[name]
    assert name not in warned(Walk(max_correction_rounds=2, fee_policy="by_page").must(*steps), day)


def test_what_is_late_stands_first() -> None:
    found = alarms(Walk().must(*ASSIGNED, ("extend", 5, {"days": 1})).case, MONDAY + timedelta(40))
    assert [alarm.level for alarm in found] == sorted((a.level for a in found), reverse=True)
    assert {"late", "check"} == {alarm.level for alarm in found}


@pytest.mark.parametrize("step", [part(), cites("《某某规定》（国务院令第123号）第三条")])
def test_what_a_draft_lacked_is_not_told_once_the_application_was_withdrawn(step: Step) -> None:
    walk = Walk().must(*ASSIGNED, step)
    told = {"part_withheld_without_article", "citation_rank_as_told"}
    assert told & set(warned(walk, 8))
    assert not told & set(warned(walk.must(("withdraw", 8, {"by": "applicant"})), 9))


@pytest.mark.parametrize(
    ("said", "names_one"),
    [
        ("《条例》第十四、十五条", True),
        ("条例第15条", True),
        ("《条例》第三十六条第七项", True),
        ("第三十六条第（三）、（七）项", True),
        ("条例36（7）", True),
        ("《条例》第三十六条第（三）项", False),
        ("县府办函〔2024〕367号", False),
    ],
)
def test_a_ground_is_known_by_its_article_however_it_is_written(said: str, names_one: bool) -> None:
    assert bool(GROUND_ARTICLE.search(said)) is names_one
