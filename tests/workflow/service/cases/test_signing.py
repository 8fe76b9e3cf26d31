"""What lies in the file when a reply is signed and served: its annexes, the proofs of this service and of no other."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.proofs import proof
from tests.samples import pdf
from tests.workflow.case.proved import judged
from tests.workflow.service.letters.kept import approved, letters, with_leaders
from tests.workflow.service.town import Town
from workflow.case.checklist import Held
from workflow.files import checked
from workflow.refusal import Refused
from workflow.service.cases.signing import held, reach_of, reply_in_file
from workflow.service.cases.views import Attached
from workflow.service.files import Files
from workflow.store import files
from workflow.store.file_models import FileRow

SAID = {"on": "2024-03-14", "method": "direct"}


@pytest.fixture
def town(tmp_path: Path) -> Town:
    return with_leaders(Town(tmp_path, "2024-03-04"))


@pytest.fixture
def signed(town: Town) -> str:
    """The number of a case whose reply was signed on 12 March."""
    number = town.file().number
    approved(town, number)
    town.is_("2024-03-14")
    return number


def serve(town: Town, number: str, *attached: Attached, **said: object) -> None:
    town.moving.apply(town.staff("lifang"), number, "serve", {**SAID, **said}, attached=attached)


def upload(town: Town, number: str, kind: str, words: str) -> str:
    """The hash of what was uploaded now."""
    found = Files(town.office, most_megabytes=1, most_files=9).upload(
        town.staff("lifang"), number, kind, "a.pdf", pdf(words)
    )
    return found.sha256


def proofs(town: Town, number: str) -> list[str]:
    """The hashes that the service in force names."""
    file = town.reading.case(town.staff("lifang"), number)
    return list(file.log[-1].fields.get("proofs") or ())


def test_a_proof_of_before_the_signature_proves_nothing(town: Town) -> None:
    number = town.file().number
    upload(town, number, "proof_of_service", "补正告知书的回证")
    approved(town, number)
    town.is_("2024-03-14")
    with pytest.raises(Refused, match="没有送达凭证"):
        serve(town, number)
    mine = upload(town, number, "proof_of_service", "答复书的回证")
    serve(town, number)
    assert proofs(town, number) == [mine]


def test_a_proof_of_the_service_that_failed_does_not_prove_the_next(
    town: Town, signed: str
) -> None:
    first = proof()
    serve(town, signed, first)
    assert proofs(town, signed) == [first.checked.sha256]
    town.is_("2024-03-15")
    failed = {"on": "2024-03-15", "reason": "当事人拒收，退回"}
    town.moving.apply(town.staff("lifang"), signed, "service_failed", failed)
    town.now += timedelta(hours=1)
    with pytest.raises(Refused, match="没有送达凭证"):
        serve(town, signed, on="2024-03-15")
    mine = upload(town, signed, "proof_of_service", "第二次的回证")
    serve(town, signed, on="2024-03-15")
    assert proofs(town, signed) == [mine]


def test_nobody_tells_the_proofs_but_the_file(town: Town, signed: str) -> None:
    with pytest.raises(Refused, match="没有送达凭证"):
        serve(town, signed, proofs=["f" * 64])
    serve(town, signed, proof(), proofs=["f" * 64])
    assert proofs(town, signed) == [proof().checked.sha256]


def test_a_proof_that_is_there_already_is_kept_and_named_once(town: Town, signed: str) -> None:
    one = proof()
    Files(town.office, most_megabytes=1, most_files=9).upload(
        town.staff("lifang"), signed, "proof_of_service", "送达回证.pdf", one.content
    )
    serve(town, signed, one)
    assert proofs(town, signed) == [one.checked.sha256]
    with town.office.store.read() as unit:
        kinds = [row.kind for row in unit.session.query(FileRow).all()]
    assert kinds.count("proof_of_service") == 1


def test_the_scan_of_the_signed_form_of_service_is_a_proof(town: Town, signed: str) -> None:
    """送达回证 comes back as the scan of its letter, and needs no second upload."""
    found = letters(town).bring_back(
        town.staff("lifang"), "panlong", signed, "service_record", "reply", "回证.pdf", pdf("签收"),
        scan=True,
    )  # fmt: skip
    serve(town, signed)
    assert proofs(town, signed) == [found.hash]


def test_a_paper_of_another_kind_is_no_proof(town: Town, signed: str) -> None:
    upload(town, signed, "other", "情况说明")
    with pytest.raises(Refused, match="没有送达凭证"):
        serve(town, signed)


def seen(town: Town, number: str, *attached: Attached) -> Held:
    """What lies in the file of the reply that would be signed."""
    service = letters(town)
    with town.office.store.read() as unit:
        row, case = service._case(unit, None, "panlong", number)
        reply = reply_in_file(service.keeping, unit, row, case)
        return held(service.keeping, unit, row, reply, town.office.today(), attached)


def drafted(town: Town) -> str:
    number = town.file().number
    town.act("lifang", number, "assign", "2024-03-06", to="农业中心")
    town.act("lifang", number, "propose_outcome", "2024-03-06", outcome="supplied")
    return number


def test_annexes_are_those_uploaded_as_such_and_those_that_come_along(town: Town) -> None:
    number = drafted(town)
    assert seen(town, number).annexed and seen(town, number).annexes == ()
    upload(town, number, "other", "内部说明")
    content = pdf("养护合同")
    coming = Attached("reply", checked("合同.pdf", content, 1 << 20), content)
    assert [one.ref for one in seen(town, number, coming, proof()).annexes] == [0]
    upload(town, number, "reply", "养护合同")
    (there,) = seen(town, number).annexes
    assert (there.kind, there.words) == ("file", "3 月 6 日上传的附件")
    with town.office.store.read() as unit:
        found = files.file_of(unit, 1, there.ref)
        assert found is not None and found.kind == "reply"


def test_the_short_name_is_open_until_the_number_brings_it(town: Town) -> None:
    number = drafted(town)
    assert "letter_code" not in seen(town, number).open
    with town.office.store.write() as unit:
        body = town.office.found_agency(unit, "panlong")
        unit.set_setting(body, "letter_code", "", town.office.today(), "未定")
    assert "letter_code" in seen(town, number).open


def test_a_letter_without_an_answer_has_open_places_and_no_annexes(town: Town) -> None:
    here = seen(town, town.file().number)
    assert here.letter is not None and (here.letter.ref, here.annexed) == (0, False)
    assert {"answer", "remedy"} <= here.open.keys() and not here.before_templates
    assert here.reach == {"phone"}


def test_who_can_be_reached_is_told_by_what_is_known() -> None:
    assert reach_of({"address": "江那镇", "email": "", "phone": None, "name": "张三"}) == {
        "address"
    }
    assert reach_of({"phone": "13800000000", "email": "a@example.org"}) == {"phone", "email"}
    assert reach_of({}) == frozenset()


def test_no_letter_is_missed_before_the_first_template(town: Town) -> None:
    """What was answered under the old Regulations has its reply elsewhere."""
    number, service = town.file().number, letters(town)
    first = service.letters.templates["reply"][0].holds_from
    assert first > min(rows[0].holds_from for rows in service.letters.templates.values())
    with town.office.store.read() as unit:
        row, _ = service._case(unit, None, "panlong", number)
        before = held(service.keeping, unit, row, None, first - timedelta(days=1))
        since = held(service.keeping, unit, row, None, first)
    assert (before.before_templates, since.before_templates) == (True, False)
    assert before.letter is None and before.reach == {"phone"}


def test_what_cannot_be_signed_yet_is_told_by_the_machine(town: Town) -> None:
    """Not by what the file lacks: nothing is to be signed."""
    number = town.file().number
    with pytest.raises(Refused) as told:
        town.moving.apply(town.staff("lingdao"), number, "approve", {"on": "2024-03-04"})
    assert told.value.refusal.rule == "not_in_this_state"


@pytest.mark.parametrize(("on", "asked"), [("2019-05-14", False), ("2019-05-15", True)])
def test_a_service_needs_its_letter_from_the_first_template_on(
    tmp_path: Path, on: str, asked: bool
) -> None:
    """The Regulations of 2019 brought the letters; what went out before lies elsewhere."""
    town = with_leaders(Town(tmp_path, "2019-05-06"))
    number = town.file().number
    for who, event, said in (
        ("lifang", "assign", {"to": "农业中心"}),
        ("lifang", "propose_outcome", {"outcome": "supplied"}),
        ("lifang", "send_to_secrecy_review", {}),
        ("wang", "pass_secrecy_review", judged()),
        ("falv", "pass_legal_check", {}),
        ("lingdao", "approve", {}),
    ):
        town.act(who, number, event, "2019-05-13", **said)
    town.is_(on)
    if asked:
        with pytest.raises(Refused, match="没有签发的答复书"):
            serve(town, number, proof(), on=on)
    else:
        serve(town, number, proof(), on=on)
        assert proofs(town, number) == [proof().checked.sha256]
