"""Files of an applicant: what is taken, and what is read back."""

import pytest
from sqlalchemy import select

from tests import samples
from tests.workflow.service.files.papers import PDF, PNG, WORD, counts, serve
from workflow.refusal import BadInput, Refused
from workflow.service import Missing
from workflow.service.fetching import Fetching
from workflow.store.models import CaseRow


def test_an_applicant_sends_papers_while_the_case_is_open(files, filed, office):
    found = files.upload_as_applicant(*filed, "id_proof", "身份证.png", PNG)
    assert (found.name, found.size, found.kind_label) == ("身份证.png", len(PNG), "身份证明")
    assert files.upload_as_applicant(*filed, "power_of_attorney", "委托书.pdf", PDF).id != found.id
    assert files.for_applicant(*filed).left == 3
    assert counts(office) == (2, 2, 0)


@pytest.mark.parametrize("kind", ["reply", "proof_of_service", "other", "nonsense", ""])
def test_an_applicant_sends_no_other_kinds(files, filed, office, kind):
    with pytest.raises(BadInput) as caught:
        files.upload_as_applicant(*filed, kind, "a.pdf", PDF)
    assert [error.field for error in caught.value.errors] == ["kind"]
    assert counts(office) == (0, 0, 0)


def test_wrong_number_and_wrong_code_get_the_same_answer(files, filed, office):
    number, code = filed
    for wrong in ((number, "AAAAAAAAAA"), ("2024-9999", code)):
        for use in (
            lambda wrong=wrong: files.upload_as_applicant(*wrong, "id_proof", "a.pdf", PDF),
            lambda wrong=wrong: files.for_applicant(*wrong),
            lambda wrong=wrong: Fetching(files).fetch(*wrong, "002X", 1),
        ):
            with pytest.raises(Missing, match="申请编号或者查询码不正确"):
                use()
    assert counts(office) == (0, 0, 0)


def test_five_files_are_the_most_and_the_same_one_counts_once(files, filed, office):
    for number in range(5):
        files.upload_as_applicant(*filed, "supplement", f"{number}.pdf", samples.pdf(str(number)))
    again = files.upload_as_applicant(*filed, "supplement", "0.pdf", samples.pdf("0"))
    assert again.name == "0.pdf" and counts(office)[0] == 5
    with pytest.raises(BadInput, match="最多上传 5 个文件"):
        files.upload_as_applicant(*filed, "supplement", "6.pdf", PDF)
    assert counts(office) == (5, 5, 0)
    shelf = files.for_applicant(*filed)
    assert (shelf.left, shelf.kinds) == (0, ()) and "最多上传 5 个" in shelf.reason


def test_a_withdrawn_case_takes_nothing_more_from_the_applicant(
    files, cases, filed, person, office
):
    number, code = filed
    cases.apply_as_applicant(number, code, "withdraw", {"on": "2024-05-06"})
    with pytest.raises(Refused) as caught:
        files.upload_as_applicant(number, code, "supplement", "a.pdf", PDF)
    assert caught.value.refusal.rule == "not_in_this_state"
    assert files.upload(person("clerk"), number, "other", "撤回申请书.pdf", PDF)
    assert counts(office)[0] == 1


def test_a_void_case_takes_nothing_and_keeps_what_it_has(files, cases, filed, person):
    number, _ = filed
    kept = files.upload(person("clerk"), number, "other", "a.pdf", PDF)
    fields = {"on": "2024-05-06", "reason": "重复登记", "second_person": "head"}
    cases.apply(person("head"), number, "void", {**fields, "second_person": "clerk"})
    with pytest.raises(Refused):
        files.upload(person("clerk"), number, "other", "b.pdf", WORD)
    assert files.open(person("clerk"), number, kept.id).content == PDF


def test_an_applicant_reads_back_served_replies_only(files, cases, filed, person):
    number, code = filed
    own = files.upload_as_applicant(number, code, "id_proof", "身份证.png", PNG)
    reply = files.upload(person("clerk"), number, "reply", "答复.pdf", PDF)
    assert files.for_applicant(number, code).files == ()
    with pytest.raises(Missing):
        Fetching(files).fetch(number, code, "002X", reply.id)
    serve(cases, person, number)
    assert [one.id for one in files.for_applicant(number, code).files] == [0, reply.id]
    assert Fetching(files).fetch(number, code, "002x", reply.id).content == PDF
    for wrong in ("", "0020", "1002X", "X"):
        with pytest.raises(BadInput, match="核对的内容不正确"):
            Fetching(files).fetch(number, code, wrong, reply.id)
    with pytest.raises(Missing):
        Fetching(files).fetch(number, code, "002X", own.id)


def test_who_has_no_number_of_identity_opens_a_reply_with_the_telephone(
    files, cases, filed, person, office
):
    """A body without a credit code, or a letter without a number."""
    number, code = filed
    with office.store.write() as unit:
        row = unit.session.scalar(select(CaseRow))
        private = {"phone": "0876-3123456转801", "id_type": "no_credit_code", "proof": "村委会证明"}
        row.applicants[0].sealed = office.keys.seal(private, f"case {row.id}")
    reply = files.upload(person("clerk"), number, "reply", "答复.pdf", PDF)
    serve(cases, person, number)
    with pytest.raises(BadInput):
        Fetching(files).fetch(number, code, "002X", reply.id)
    assert Fetching(files).fetch(number, code, "6801", reply.id).content == PDF


def test_without_a_known_identity_number_no_four_characters_open_a_reply(
    files, cases, filed, office
):
    number, code = filed
    with office.store.write() as unit:
        row = unit.session.scalar(select(CaseRow))
        row.applicants[0].sealed = None
    with pytest.raises(BadInput):
        Fetching(files).fetch(number, code, "", 1)
