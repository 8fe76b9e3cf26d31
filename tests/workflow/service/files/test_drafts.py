"""Registrations that somebody began, without pages: whose they are, how much they hold, how long, and what of a mail."""

from datetime import timedelta

import pytest

from tests import samples
from tests.workflow.files.mails import mail
from tests.workflow.service.files.papers import PDF, PNG
from workflow.refusal import BadInput, Refused
from workflow.service import Missing, drafts
from workflow.service.drafts import Drafts, forget_old_drafts, take_draft
from workflow.service.incoming import Judge, Sent

LONG = pytest.mark.long(reason="pages hold the same in the short run (tests/webui/desk/test_registering.py)")  # fmt: skip
TYPED = {"name": ["张三"], "items": ["养护合同"]}


@pytest.fixture
def begun(office):
    return Drafts(office, Judge(most_bytes=10 * 2**20))


def fields(call, *given):
    with pytest.raises(BadInput) as caught:
        call(*given)
    return [error.field for error in caught.value.errors]


def test_a_draft_is_of_its_person_alone_and_keeps_no_mark(begun, person, office):
    clerk, other = person("clerk"), person("handler")
    which, errors = begun.keep(clerk, None, {**TYPED, "note": ["机密★10年", "好"]}, [("id_proof", Sent("证.png", PNG))])  # fmt: skip
    assert errors == []
    found = begun.open(clerk, which)
    assert found.fields == {**TYPED, "note": ["好"]} and found.mail is None
    ((file,), at) = found.files, found.updated_at
    assert (file.kind, file.kind_label, file.name, file.size) == ("id_proof", "身份证明", "证.png", len(PNG))  # fmt: skip
    assert at == office.now() and begun.mine(other) == []
    for call in (
        lambda: begun.open(other, which),
        lambda: begun.drop(other, which),
        lambda: begun.keep(other, which, TYPED),
        lambda: begun.open(clerk, which + 1),
    ):
        with pytest.raises(Missing, match="没有登记完"):
            call()
    begun.drop(clerk, which)
    assert begun.mine(clerk) == []


@LONG
def test_files_are_added_left_out_and_kept_once(begun, person):
    clerk = person("clerk")
    which, _ = begun.keep(clerk, None, TYPED, [("application", Sent("a.pdf", PDF)), ("other", Sent("b.png", PNG))])  # fmt: skip
    same, errors = begun.keep(clerk, which, {"items": ["二"]}, [("other", Sent("c.png", PNG))])
    assert (same, errors) == (which, [])
    first, second = begun.open(clerk, which).files
    assert (first.name, second.name) == ("a.pdf", "b.png")
    assert begun.open(clerk, which).fields == {"items": ["二"]}
    begun.keep(clerk, which, TYPED, [("id_proof", Sent("d.png", PNG))], [first.id])
    assert [one.kind for one in begun.open(clerk, which).files] == ["other", "id_proof"]
    _, errors = begun.keep(clerk, which, TYPED, [("other", Sent("x.pdf", PNG))])
    assert [one.field for one in errors] == ["file_other"]
    (line,) = begun.mine(clerk)
    assert (line.title, line.files) == ("张三，养护合同", 2)


@LONG
def test_drafts_and_files_have_their_most(begun, person, monkeypatch):
    assert (drafts.MOST, drafts.MOST_FILES, drafts.TOGETHER, drafts.KEPT_DAYS) == (20, 20, 3, 30)
    monkeypatch.setattr(drafts, "MOST", 2)
    monkeypatch.setattr(drafts, "MOST_FILES", 2)
    clerk = person("clerk")
    sent = [("other", Sent(f"{n}.pdf", samples.pdf(str(n)))) for n in range(3)]
    which, errors = begun.keep(clerk, None, TYPED, sent)
    assert len(begun.open(clerk, which).files) == 2
    ((field, words),) = [(one.field, one.message) for one in errors]
    assert field == "file_other" and "“2.pdf”没有保存" in words and "30 MB" in words
    begun.keep(clerk, None, {})
    assert fields(begun.keep, clerk, None, {}) == ["draft"]
    assert begun.keep(clerk, which, {"who": ["李四"]})[0] == which
    assert {one.title for one in begun.mine(clerk)} == {"李四", "还没有填写"}


@LONG
def test_together_files_are_no_more_than_three_of_the_largest(office, person):
    begun = Drafts(office, Judge(most_bytes=len(PDF)))
    sent = [(kind, Sent("a.pdf", PDF)) for kind in ("other", "application", "envelope")]
    which, errors = begun.keep(person("clerk"), None, TYPED, sent)
    assert errors == [] and len(begun.open(person("clerk"), which).files) == 3
    _, errors = begun.keep(person("clerk"), which, TYPED, [("other", Sent("b.png", PNG))])
    assert [one.field for one in errors] == ["file_other"]


@LONG
def test_after_thirty_days_untouched_a_draft_is_gone(begun, person, office):
    begun.keep(person("clerk"), None, TYPED, [("other", Sent("a.pdf", PDF))])
    moment = office.now() + timedelta(days=30)
    office.now = lambda: moment - timedelta(seconds=1)
    assert forget_old_drafts(office) == 0
    office.now = lambda: moment + timedelta(seconds=1)
    assert forget_old_drafts(office) == 1 and begun.mine(person("clerk")) == []


@LONG
def test_a_draft_becomes_the_files_of_a_case_and_is_no_more(begun, person, office):
    clerk = person("clerk")
    which, _ = begun.keep(clerk, None, TYPED, [("application", Sent("a.pdf", PDF))])
    with office.store.write() as unit:
        assert take_draft(office, unit, clerk, None) == []
        with pytest.raises(Missing):
            take_draft(office, unit, person("handler"), which)
        (one,) = take_draft(office, unit, clerk, which)
        assert (one.kind, one.checked.name, one.content) == ("application", "a.pdf", PDF)
        assert (one.checked.size, one.checked.media_type) == (len(PDF), "application/pdf")
    assert begun.mine(clerk) == []


@LONG
def test_a_mail_begins_a_form_with_what_it_says_and_what_hangs_on_it(begun, person):
    clerk = person("clerk")
    raw = mail(
        "请公开\n养护合同", hanging=[("张三身份证.png", PNG), ("材料.rar", b"Rar!\x1a\x07\0" * 9)]
    )
    which = begun.take_mail(clerk, Sent("来信.eml", raw))
    found = begun.open(clerk, which)
    said = {name: values[0] for name, values in found.fields.items()}
    assert (
        said["items"] == "请公开 养护合同" and said["email"] == "zhang@example.cn" == said["sender"]
    )
    assert (said["kind"], said["channel"], said["matter"], said["on"]) == (
        "citizen", "email", "application", "2024-05-06",
    )  # fmt: skip
    assert said["name"] == "张三" and "id_type" not in said
    assert [(one.kind, one.name) for one in found.files] == [
        ("envelope", "来信（附件不全）.eml"), ("id_proof", "张三身份证.png"),
    ]  # fmt: skip
    assert found.mail["from_address"] == "zhang@example.cn" and found.mail["subject"] == "申请公开"
    assert found.mail["text"].startswith("请公开\n养护合同")
    assert found.mail["arrived_at"].startswith("2024-05-06T09:00")
    first, second = found.mail["notes"]
    assert "“材料.rar”没有保存" in first and "邮件本身已经保存" in second


@LONG
def test_what_is_no_mail_or_bears_a_mark_begins_nothing(begun, person):
    clerk = person("clerk")
    assert fields(begun.take_mail, clerk, Sent("a.eml", b"")) == ["mail"]
    small = Drafts(begun.office, Judge(most_bytes=100))
    assert fields(small.take_mail, clerk, Sent("a.eml", b"x" * 301)) == ["mail"]
    for raw in (mail("机密★10年"), mail("好", subject="绝密★长期")):
        with pytest.raises(Refused):
            begun.take_mail(clerk, Sent("a.eml", raw))
    assert begun.mine(clerk) == []
