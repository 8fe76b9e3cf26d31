"""Files of the body: who adds which, and who may look at identity papers."""

from datetime import datetime

import pytest

from tests.workflow.service.files.papers import FORM, PDF, PEOPLE, WORD, counts
from workflow.case.application import read_form
from workflow.dates import SHANGHAI
from workflow.refusal import BadInput, Denied
from workflow.service import Missing, Office
from workflow.service.cases.intake import Intake
from workflow.service.cases.reading import Reading
from workflow.service.cases.verify import verify
from workflow.service.files import KINDS, NAMING_KINDS, STAFF_KINDS

SEE_NO_CASE = ("stranger", "system_admin")


@pytest.mark.parametrize("name", PEOPLE)
@pytest.mark.parametrize("kind", ["reply", "id_proof"])
def test_clerks_and_handlers_of_the_body_add_files(files, filed, person, office, name, kind):
    number, _ = filed
    if name in ("clerk", "handler", "other_handler"):
        found = files.upload(person(name), number, kind, "a.pdf", PDF)
        assert (found.uploaded_by, found.name) == (name, "a.pdf")
        return
    with pytest.raises(Missing if name in SEE_NO_CASE else Denied):
        files.upload(person(name), number, kind, "a.pdf", PDF)
    assert counts(office) == (0, 0, 0)


FEW = ("id_proof", "power_of_attorney", NAMING_KINDS[0], STAFF_KINDS[-1])
MORE = pytest.mark.long(reason="kinds that are handled as others are")


@pytest.mark.parametrize("name", PEOPLE)
@pytest.mark.parametrize(
    "kind", [one if one in FEW else pytest.param(one, marks=MORE) for one in STAFF_KINDS]
)
def test_identity_papers_are_for_clerk_head_and_the_handler_of_the_case(
    files, cases, filed, person, office, name, kind
):
    number, _ = filed
    cases.apply(person("clerk"), number, "assign", {"on": "2024-05-06", "to": "handler"})
    file = files.upload(person("clerk"), number, kind, "张三.pdf", PDF)
    private = kind in ("id_proof", "power_of_attorney")
    if name in SEE_NO_CASE:
        with pytest.raises(Missing):
            files.open(person(name), number, file.id)
        with pytest.raises(Missing):
            files.for_staff(person(name), number)
        assert counts(office)[2] == 0
        return
    (listed,) = files.for_staff(person(name), number).files
    naming = kind in NAMING_KINDS and name == "secrecy"
    if naming or (private and name not in ("clerk", "handler", "head")):
        assert listed.name is None and not listed.readable
        with pytest.raises(Denied) as caught:
            files.open(person(name), number, file.id)
        assert caught.value.refusal.rule == "not_your_role"
        assert counts(office)[2] == 0
        return
    opened, told = files.open(person(name), number, file.id), name != "secrecy"
    assert listed.name == ("张三.pdf" if told else "（申请人）.pdf")
    assert opened.name == f"{number}-{KINDS[kind]}-{file.id}.pdf"
    assert opened.content == PDF
    assert counts(office)[2] == (1 if private else 0)


def test_a_handler_who_acted_in_the_case_may_see_who_asks(files, cases, filed, person):
    number, _ = filed
    cases.apply(person("clerk"), number, "assign", {"on": "2024-05-06", "to": "农业中心"})
    file = files.upload(person("clerk"), number, "id_proof", "a.pdf", PDF)
    with pytest.raises(Denied):
        files.open(person("handler"), number, file.id)
    search = {"on": "2024-05-06", "sources": ["档案室"], "keywords": ["合同"], "hits": 1}
    cases.apply(person("handler"), number, "record_search", search)
    assert files.open(person("handler"), number, file.id).content == PDF


def test_two_handlers_of_one_display_name_do_not_open_each_others_papers(
    files, cases, filed, person, office
):
    """A right hangs on the user name, which is one person's; both are called 李方 on the pages."""
    number, _ = filed
    _call(office, "handler", "other_handler", name="李方")
    file = files.upload(person("clerk"), number, "id_proof", "a.pdf", PDF)
    with pytest.raises(BadInput) as asked_back:
        cases.apply(person("clerk"), number, "assign", {"on": "2024-05-06", "to": "李方"})
    assert "handler、other_handler" in asked_back.value.errors[0].message
    cases.apply(person("clerk"), number, "assign", {"on": "2024-05-06", "to": "handler"})
    assert files.open(person("handler"), number, file.id).content == PDF
    with pytest.raises(Denied):
        files.open(person("other_handler"), number, file.id)
    assert not files.for_staff(person("other_handler"), number).files[0].readable


def test_who_is_named_by_display_name_is_kept_by_user_name(files, cases, filed, person, office):
    """Whoever is called so later gets nothing by it."""
    number, _ = filed
    _call(office, "handler", name="李方")
    file = files.upload(person("clerk"), number, "id_proof", "a.pdf", PDF)
    said = {"on": "2024-05-06", "to": "李方"}
    done = cases.apply_and_read(person("clerk"), number, "assign", said)
    assert done.log[-1].fields["to"] == "handler"
    _call(office, "handler", name="李芳")
    _call(office, "other_handler", name="李方")
    assert files.open(person("handler"), number, file.id).content == PDF
    with pytest.raises(Denied):
        files.open(person("other_handler"), number, file.id)


def test_a_log_of_before_that_names_a_display_name_folds_and_verifies(
    files, cases, filed, person, office, monkeypatch
):
    number, _ = filed
    with monkeypatch.context() as before:
        before.setattr("workflow.service.cases.moving.with_people", lambda unit, event, body: event)
        cases.apply(person("clerk"), number, "assign", {"on": "2024-05-06", "to": "李方"})
    _call(office, "handler", name="李方")
    file = files.upload(person("clerk"), number, "id_proof", "a.pdf", PDF)
    assert Reading(office).case(person("clerk"), number).log[-1].fields["to"] == "李方"
    assert verify(office) == []
    with pytest.raises(Denied):
        files.open(person("handler"), number, file.id)


def _call(office: Office, *users: str, name: str) -> None:
    """Let people be called by a name on the pages."""
    with office.store.write() as unit:
        for user in users:
            row = unit.user(user)
            assert row is not None
            row.display_name = name


def test_every_look_at_identity_papers_is_noted(files, filed, person):
    number, _ = filed
    file = files.upload(person("clerk"), number, "id_proof", "a.pdf", PDF)
    files.open(person("clerk"), number, file.id)
    files.open(person("head"), number, file.id)
    (listed,) = files.for_staff(person("clerk"), number).files
    moment = datetime(2024, 5, 6, 10, tzinfo=SHANGHAI)
    assert listed.views == (("head", moment), ("clerk", moment))


def test_a_file_of_another_case_is_not_there(files, office, filed, person):
    other = Intake(office).file(read_form(FORM, today=office.today())).number
    file = files.upload(person("clerk"), filed[0], "other", "a.pdf", PDF)
    with pytest.raises(Missing):
        files.open(person("clerk"), other, file.id)


def test_a_reply_comes_with_a_hint_at_what_it_betrays(files, filed, person):
    number, _ = filed
    reply = files.upload(person("clerk"), number, "reply", "答复.docx", WORD)
    assert reply.warnings == ("文档属性中的作者：李方",)
    assert files.upload(person("clerk"), number, "other", "答复.docx", WORD).warnings == ()
