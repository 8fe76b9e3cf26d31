"""Guards of service, voiding, reviews and suits."""

import unicodedata
from datetime import date

from workflow import clock
from workflow import events as ev
from workflow.case.facts import Consultation
from workflow.case.guards.registry import Question, guard
from workflow.dates import in_words
from workflow.refusal import Refusal

ARRIVALS = {"mail": ("reached_on", "signed_on"), "electronic": ("reached_on",)}
"""The days on which a reply that was sent may reach the applicant, by the way of service."""


@guard
def postal_enterprise_only(q: Question) -> Refusal | None:
    """公文只能交邮政企业寄递。"""
    if not isinstance(q.event, ev.Serve) or not q.event.carrier:
        return None
    carriers = q.case.rules.law.words.carriers
    known = {_plain(word) for code, words in carriers.items() for word in (code, *words)}
    if _plain(q.event.carrier) in known:
        return None
    return Refusal(
        "bad_field",
        "邮政法55；国办公开办函〔2016〕235号",
        f"“{q.event.carrier}”不是邮政企业，不得寄递国家机关公文",
        f"交中国邮政寄递：{'、'.join(words[0] for words in carriers.values())}",
        "carrier",
    )


def _plain(text: str) -> str:
    """A word without differences of writing: full-width, capitals, further blanks."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


@guard
def dated_after_receipt(q: Question) -> Refusal | None:
    """落款日期不早于收到申请之日。"""
    if isinstance(q.event, ev.Serve):
        dated, received = q.event.document_date, q.case.received_on
        if dated and received and dated < received:
            return Refusal(
                "bad_field", "条例45", "落款日期早于收到申请之日", "请检查落款日期", "document_date"
            )
    return None


@guard
def reached_after_dispatch(q: Question) -> Refusal | None:
    """申请人收到答复不早于交邮、发送之日。"""
    if not isinstance(q.event, ev.Serve):
        return None
    sent = clock.effective_service(q.event)
    for field in ARRIVALS.get(q.event.method, ()):
        day = getattr(q.event, field)
        if day and day < sent:
            return Refusal(
                "bad_field",
                q.article,
                f"申请人收到之日早于发出答复的 {in_words(sent)}",
                "请检查两个日期",
                field,
            )
    return None


@guard
def third_party_was_told(q: Question) -> Refusal | None:
    """第三方不同意而仍然公开的，须先书面告知第三方，告知送到、等待的天数届满之后才能公开。"""
    if not _releases_what_a_third_party_keeps(q):
        return None
    released = clock.effective_service(q.event) if isinstance(q.event, ev.Serve) else q.on
    for number, found in q.case.facts.consultations.items():
        if found.kind != "consult_third_party" or found.opinion != "objects":
            continue
        if found.overridden_on is None or found.overridden_on > released:
            return Refusal(
                "missing_evidence",
                "条例32",
                f"第 {number} 次征求意见中第三方不同意公开，还没有书面告知决定公开的内容和理由",
                "“决定公开并告知第三方”之后",
            )
        waiting = _notice_is_waited_for(q, number, found, released)
        if waiting is not None:
            return waiting
    return None


def _notice_is_waited_for(
    q: Question, number: int, asked: Consultation, released: date
) -> Refusal | None:
    """Rule: release waits until the notice reached the third party and the setting's days are over, so that
    a court can still be asked to stop it (条例32; law.md §3.7A)."""
    reached = asked.notice_reached_on
    if reached is None:
        return Refusal(
            "missing_evidence",
            "条例32",
            f"第 {number} 次征求意见的第三方收到公开告知之日还没有登记",
            "登记告知书的送达情况之后；被退回的，再次告知",
        )
    wait = int(q.case.rules["third_party_wait_days"])
    first = q.case.rules.calendar.add(reached, wait) if wait else reached
    if released < first:
        return Refusal(
            "too_early",
            "条例32；法释〔2025〕8号",
            f"第三方 {in_words(reached)}收到公开告知，{in_words(first)}以前不能公开",
            f"{in_words(first)}或者以后；设置“告知第三方之后多久才能公开”现为 {wait} 个工作日",
            "on",
        )
    return None


def _releases_what_a_third_party_keeps(q: Question) -> bool:
    """Something is given and nothing withheld for a third party's sake. A partial disclosure that is
    not told item by item withholds the third party's part."""
    answer = q.case.facts.answer
    if answer is None:
        return False
    codes = {code for code, _ in answer.parts()}
    classes = {q.case.rules.law.outcomes[code].cls for code in codes}
    return "disclose" in classes and "third_party_rights" not in codes


@guard
def reply_went_out(q: Question) -> Refusal | None:
    """答复送出或者正在送出的，才有送达未成。"""
    if q.case.state == "ready" or q.case.facts.served is not None:
        return None
    return Refusal("not_in_this_state", q.article, "没有送达过答复", "送达答复之后")


@guard
def second_person_is_another(q: Question) -> Refusal | None:
    """作废、更正登记须由另一人复核；更正的复核人也不能是原来的录入人。"""
    if not isinstance(q.event, ev.Void | ev.CorrectEntry):
        return None
    second, when = q.event.second_person, "填写另一位工作人员的用户名"
    if q.actor and second == q.actor.name:
        return Refusal("same_person", "条例45", "复核人不能是自己", when, "second_person")
    if isinstance(q.event, ev.CorrectEntry):
        typed = {line.actor for line in q.case.written if line.seq == q.event.seq}
        if second in typed:
            message = "复核人不能是原来录入这一条的人"
            return Refusal("same_person", "条例45", message, when, "second_person")
    return None


@guard
def proceeding_number_is_free(q: Question) -> Refusal | None:
    """每个复议、诉讼案件有自己的序号。"""
    kind = _proceeding_kind(q.name)
    number = getattr(q.event, "proceeding", None)
    if number is not None and (kind, number) in q.case.facts.proceedings:
        return Refusal(
            "already_done", q.article, f"第 {number} 个案件已经登记", "请换一个序号", "proceeding"
        )
    return None


@guard
def appeal_follows_a_judgment(q: Question) -> Refusal | None:
    """二审之前须有一审结果。"""
    if isinstance(q.event, ev.FileSuit) and q.event.instance == "appeal":
        judged = [
            p for (k, _), p in q.case.facts.proceedings.items() if k == "suit" and p.concluded_on
        ]
        if not judged:
            return Refusal(
                "missing_evidence", "行政诉讼法85", "没有一审的结果", "先登记一审结案", "instance"
            )
    return None


@guard
def review_is_open(q: Question) -> Refusal | None:
    """须有尚未审结的复议，结果须是规定的一种。"""
    return _proceeding_is_open(q, "review", "复议")


@guard
def suit_is_open(q: Question) -> Refusal | None:
    """须有尚未审结的诉讼，结果须是规定的一种。"""
    return _proceeding_is_open(q, "suit", "诉讼")


def _proceeding_is_open(q: Question, kind: str, word: str) -> Refusal | None:
    if q.event is None:
        if any(
            k == kind and p.concluded_on is None for (k, _), p in q.case.facts.proceedings.items()
        ):
            return None
        return Refusal("not_in_this_state", q.article, f"没有尚未审结的{word}", f"先登记{word}")
    assert isinstance(q.event, ev.ConcludeReview | ev.ConcludeSuit)
    if (kind, q.event.result) not in q.case.rules.law.results:
        return Refusal(
            "bad_field",
            q.article,
            f"没有名为“{q.event.result}”的结果",
            "请从列表中选择",
            "result",
        )
    found = q.case.facts.open_proceeding(kind, q.event.proceeding)
    if found is None:
        return Refusal(
            "not_in_this_state",
            q.article,
            f"没有这样一个尚未审结的{word}",
            f"先登记{word}；有几个未审结的，请填写序号",
            "proceeding",
        )
    if q.on < found.filed_on:
        return Refusal(
            "bad_field",
            q.article,
            f"结案早于 {in_words(found.filed_on)}登记的{word}",
            f"{in_words(found.filed_on)}或者以后的日期",
            "on",
        )
    return None


@guard
def a_proceeding_ended_before(q: Question) -> Refusal | None:
    """责令重新答复之前，先登记复议、诉讼的结果；一个结果只责令一次，期限晚于责令之日。"""
    days = sorted(
        found.concluded_on for found in q.case.facts.proceedings.values() if found.concluded_on
    )
    if not days:
        return Refusal(
            "missing_evidence",
            q.article,
            "还没有登记要求重新答复的复议决定、判决、调解或者和解",
            "登记复议或者诉讼的结果之后",
        )
    orders = sum(line.event.name == "order_redo" for line in q.case.log)
    if orders >= len(days):
        return Refusal(
            "already_done", q.article, "已经登记过责令重新答复", "登记另一个复议、诉讼的结果之后"
        )
    if q.on < days[0]:
        return Refusal("bad_field", q.article, "责令重新答复早于结案", "请检查日期", "on")
    if isinstance(q.event, ev.OrderRedo) and q.event.due and q.event.due <= q.event.on:
        return Refusal(
            "bad_field", q.article, "重新答复的期限不晚于责令之日", "请检查两个日期", "due"
        )
    return None


@guard
def no_open_proceeding(q: Question) -> Refusal | None:
    """复议、诉讼审结之后才能归档。"""
    for (kind, number), found in q.case.facts.proceedings.items():
        if found.concluded_on is None:
            word = "复议" if kind == "review" else "诉讼"
            return Refusal("too_early", "条例45", f"第 {number} 个{word}尚未审结", "结案之后")
    return None


def _proceeding_kind(event: str) -> str:
    return "review" if event.endswith("review") else "suit"
