"""What an applicant asked and sent, read again behind the second fact; and a paper taken back while nobody worked with it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.workflow.service.files.papers import FORM, PDF, PNG, counts, serve
from workflow.case.application import read_form
from workflow.refusal import BadInput, Refused
from workflow.service import Missing
from workflow.service.cases.intake import Intake
from workflow.service.own_papers import OwnPapers
from workflow.store.file_models import FileRow, FileViewRow
from workflow.store.models import ApplicantRow

FACT = "002X"

LONG = pytest.mark.long(reason="a page holds the same in the short run")


@pytest.fixture
def papers(files):
    return OwnPapers(files)


@pytest.fixture
def sent(files, filed):
    """The number of a paper that the applicant sent."""
    return files.upload_as_applicant(*filed, "supplement", "说明.pdf", PDF).id


def later(office, **step):
    moment = office.now() + timedelta(**step)
    office.now = lambda: moment


def wrong(call, *given):
    with pytest.raises(BadInput) as caught:
        call(*given)
    return [(one.field, one.message) for one in caught.value.errors]


def refused(call, *given):
    with pytest.raises(Refused) as caught:
        call(*given)
    return caught.value.refusal.rule


def test_every_use_asks_for_code_and_second_fact(papers, filed, sent, office):
    number, code = filed
    assert papers.asked_for(number, code).startswith("证件号码的后四位")
    papers.check(number, code, " 002x ")
    uses = (
        papers.check,
        papers.application,
        lambda *known: papers.fetch(*known, sent),
        lambda *known: papers.take_back(*known, sent),
    )
    for use in uses:
        for said in ("", "0000", "0021"):
            assert wrong(use, number, code, said) == [("second", "核对的内容不正确，请核对后再试")]
        for known in ((number, "AAAAAAAAAA"), ("2024-9999", code)):
            with pytest.raises(Missing, match="编号或者查询码不正确"):
                use(*known, FACT)
    with pytest.raises(Missing):
        papers.asked_for(number, "AAAAAAAAAA")
    assert counts(office) == (1, 1, 0)


@LONG
def test_who_is_known_by_nothing_is_told_so(papers, filed, office):
    with office.store.write() as unit:
        for person in unit.session.scalars(select(ApplicantRow)):
            person.sealed = None
    ((field, said),) = wrong(papers.check, *filed, "")
    assert field == "second" and "核对的内容不正确" not in said


@LONG
def test_the_application_stands_there_as_it_was_filed_with_their_own_papers(
    papers, files, filed, sent, person, office
):
    files.upload(person("clerk"), filed[0], "other", "内部.png", PNG)
    found = papers.application(*filed, FACT)
    assert (found.number, found.agency_name, found.submitted_at) == (
        filed[0], "panlong乡人民政府", office.now(),
    )  # fmt: skip
    assert found.medium == ("paper",) and found.header.items
    ((who, private),) = found.people
    assert who.name == "张三" and private["id_number"] == "11010519491231002X"
    (paper,) = found.files
    assert (paper.id, paper.name, paper.may_take_back) == (sent, "说明.pdf", True)


def test_only_own_papers_are_fetched_and_the_look_is_noted_as_theirs(
    papers, files, filed, sent, person, office
):
    inside = files.upload(person("clerk"), filed[0], "other", "内部.pdf", PDF).id
    other = Intake(office).file(read_form({**FORM, "request": "另一件"}, today=office.today()))
    others = files.upload_as_applicant(other.number, other.query_code, "supplement", "x.pdf", PDF)
    for which in (inside, others.id, 999):
        with pytest.raises(Missing, match="没有这份材料"):
            papers.fetch(*filed, FACT, which)
        with pytest.raises(Missing, match="没有这份材料"):
            papers.take_back(*filed, FACT, which)
    opened = papers.fetch(*filed, FACT, sent)
    assert (opened.name, opened.content) == ("说明.pdf", PDF)
    with office.store.read() as unit:
        (view,) = unit.session.scalars(select(FileViewRow))
        assert (view.file_id, view.actor, view.role) == (sent, "applicant", "applicant")
    papers.take_back(*filed, FACT, sent)
    assert counts(office)[0] == 3


@LONG
def test_a_paper_is_taken_back_once_and_again_does_nothing(papers, filed, sent, office):
    for _ in range(2):
        papers.take_back(*filed, FACT, sent)
        later(office, minutes=1)
    with office.store.read() as unit:
        row = unit.session.get_one(FileRow, sent)
        assert row.taken_back_at == office.now() - timedelta(minutes=2)
    (paper,) = papers.application(*filed, FACT).files
    assert (paper.may_take_back, paper.readable) == (False, False)
    assert counts(office)[:2] == (1, 0)


def test_what_somebody_of_the_office_opened_stays(papers, files, filed, sent, person, office):
    files.open(person("clerk"), filed[0], sent)
    assert not papers.application(*filed, FACT).files[0].may_take_back
    assert refused(papers.take_back, *filed, FACT, sent) == "too_late"
    second = files.upload_as_applicant(*filed, "supplement", "二.png", PNG).id
    assert [one.may_take_back for one in papers.application(*filed, FACT).files] == [False, True]
    papers.take_back(*filed, FACT, second)
    assert counts(office)[0] == 2


@LONG
def test_what_the_office_worked_on_with_stays_and_what_came_after_may_go(
    papers, files, filed, sent, cases, person, office
):
    later(office, minutes=1)
    cases.apply(person("clerk"), filed[0], "assign", {"on": "2024-05-06"})
    assert refused(papers.take_back, *filed, FACT, sent) == "too_late"
    second = files.upload_as_applicant(*filed, "supplement", "二.png", PNG).id
    assert [one.may_take_back for one in papers.application(*filed, FACT).files] == [False, True]
    papers.take_back(*filed, FACT, second)


@LONG
def test_after_the_case_has_ended_nothing_is_taken_back(papers, filed, sent, cases, office):
    later(office, minutes=1)
    cases.apply_as_applicant(*filed, "withdraw", {"on": "2024-05-06"})
    assert not papers.application(*filed, FACT).files[0].may_take_back
    assert refused(papers.take_back, *filed, FACT, sent) == "too_late"


@pytest.mark.long(reason="takes a case to its answer; the one that is withdrawn stands for it")
def test_after_the_answer_nothing_is_taken_back(papers, filed, sent, cases, person):
    serve(cases, person, filed[0])
    assert refused(papers.take_back, *filed, FACT, sent) == "too_late"
