"""Filing at the portal: several bodies, papers that come along, going back, one form and its key."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from sqlalchemy import func, select

from tests.samples import pdf
from tests.webui.filing import CITIZEN, review, slip
from workflow.service.begun import KEPT_FOR, forget_old_begun
from workflow.store.begun_models import BegunFileRow, BegunRow
from workflow.store.file_models import FileRow
from workflow.store.models import CaseRow

TWO = {"agency": ["panlong", "jiangna"]}


def missing(visitor):
    """What the receipt says is still to be sent."""
    found = re.search(r'class="missing">(.*?)</ul>', visitor.html)
    return re.findall(r"<li>(.*?)</li>", found[1]) if found else []


@pytest.fixture
def begun(office):
    """How many forms and files lie between the pages."""

    def count() -> tuple[int, int]:
        with office.store.read() as unit:
            return tuple(
                unit.session.scalar(select(func.count()).select_from(row)) or 0
                for row in (BegunRow, BegunFileRow)
            )

    return count


@pytest.fixture
def cases(office):
    """The cases as (body, number, kinds of files that came with them)."""

    def found() -> list[tuple[str, str, list[str]]]:
        with office.store.read() as unit:
            rows = unit.session.scalars(select(CaseRow).order_by(CaseRow.id))
            files = select(FileRow.kind, FileRow.role).order_by(FileRow.id)
            return [
                (
                    row.agency.code,
                    row.number,
                    [kind for kind, role in unit.session.execute(files.where(FileRow.case_id == row.id)) if role == "applicant"],
                )
                for row in rows
            ]  # fmt: skip

    return found


def papers(**more):
    """Files as a browser sends them; each can be sent once."""
    return {
        "file_id_proof": [(BytesIO(pdf("身份证")), "身份证.pdf"), (BytesIO(pdf("反面")), "反面.pdf")],
        **more,
    }  # fmt: skip


def slips(visitor) -> list[str]:
    import re

    return re.findall(r'<dd class="code">([^<]+)</dd>', visitor.html)


# -- several bodies ------------------------------------------------------------------------------------


def test_one_form_goes_to_several_bodies_each_with_its_number_and_code(visitor, cases):
    review(visitor, **TWO)
    assert "盘龙彝族乡人民政府、江那镇人民政府" in visitor.text and "2 个机关" in visitor.text
    visitor.send("/apply", step="submit")
    found = slips(visitor)
    assert len(found) == 4 and len(set(found[1::2])) == 2, "a code for each"
    assert [case[:2] for case in cases()] == [("panlong", "2024-0001"), ("jiangna", "2024-0001")]
    for number, code in zip(found[::2], found[1::2], strict=True):
        visitor.get("/query").send("/query", number=number, code=code)
        assert visitor.path == "/query/case"


def test_the_same_form_sent_again_gives_the_same_numbers_and_doubles_none(visitor, counted):
    review(visitor, **TWO)
    fields = {**visitor.form("/apply").fields, "step": "submit"}
    before = visitor.client.get_cookie("gongkai").value
    first = slips(visitor.post("/apply", fields))
    assert slips(visitor.post("/apply", fields)) == first and counted() == 2
    visitor.client.set_cookie("gongkai", before)
    visitor.post("/apply", fields)
    assert counted() == 2 and slips(visitor) == first[::2], "the codes were shown once"
    more = {**fields, "agency": ["panlong", "jiangna", "yanshan"]}
    visitor.post("/apply", more)
    assert visitor.status == 422 and counted() == 2


def test_a_body_that_is_added_later_gets_its_own_and_the_first_is_not_doubled(visitor, counted):
    review(visitor)
    fields = {**visitor.form("/apply").fields, "step": "submit"}
    (number, _) = slips(visitor.post("/apply", fields))
    found = slips(visitor.post("/apply", {**fields, **TWO}))
    assert counted() == 2 and found[0] == number


def test_where_one_body_cannot_take_it_nothing_is_filed_and_it_is_said_there(
    visitor, counted, office
):
    review(visitor, **TWO)
    with office.store.write() as unit:
        unit.agency("jiangna").takes_requests = False
    visitor.send("/apply", step="submit")
    assert visitor.status == 422 and counted() == 0
    assert "江那镇人民政府：这个机关现在不在这里受理申请" in visitor.alert
    assert 'href="#agency-jiangna"' in visitor.html
    assert 'id="agency-jiangna" value="jiangna" checked aria-invalid="true"' in visitor.html
    assert visitor.form("/apply").fields["name"] == ["张三"]


def test_two_bodies_that_have_become_one_get_one(visitor, office, cases):
    review(visitor, **TWO)
    with office.store.write() as unit:
        gone = unit.agency("jiangna")
        gone.until, gone.successor = office.today() - timedelta(1), "panlong"
    visitor.send("/apply", step="submit")
    assert [case[0] for case in cases()] == ["panlong"]


def test_nine_bodies_are_too_many(visitor, office, counted):
    with office.store.write() as unit:
        for n in range(9):
            office.add_agency(unit, code=f"b{n}", name=f"第 {n} 局", level="county_department")
    review(visitor, agency=[f"b{n}" for n in range(9)])
    assert visitor.status == 422 and "一次最多向 8 个机关申请" in visitor.alert
    review(visitor, agency=[f"b{n}" for n in range(8)]).send("/apply", step="submit")
    assert counted() == 8 and len(slips(visitor)) == 16
    visitor.get("/apply/done")
    cookie = visitor.client.get_cookie("gongkai")
    assert len(cookie.value) < 3500, "a browser drops a cookie of more than 4096 bytes"


def test_the_way_of_before_still_files(visitor, counted):
    """One body in the field `agency`, everything in one step, without a key."""
    visitor.get("/apply")
    token = visitor.form("/apply").fields["csrf_token"]
    visitor.post("/apply", {**CITIZEN, "csrf_token": token, "step": "submit"})
    assert slip(visitor)[0] == "2024-0001" and counted() == 1


# -- many bodies ---------------------------------------------------------------------------------------


def test_of_many_bodies_one_is_looked_for_and_the_page_stays_small(visitor, office, cases):
    with office.store.write() as unit:
        for n in range(300):
            office.add_agency(unit, code=f"b{n}", name=f"第{n}局", level="county_department")
    visitor.get("/apply?about=养护合同")
    assert visitor.path == "/apply/bodies" and "302 个机关" in visitor.text
    assert "第7局" not in visitor.text and len(visitor.html) < 20_000
    visitor.get(visitor.page.request.full_path + "&q=第17局&agency=panlong")
    assert "有“第17局”的机关 1 个" in visitor.text and "盘龙彝族乡人民政府" in visitor.text
    visitor.get("/apply?agency=panlong&agency=b17&about=养护合同")
    form = visitor.form("/apply").fields
    assert form["agency"] == ["panlong", "b17"] and form["items"][0].strip() == "养护合同"
    assert len(visitor.html) < 60_000 and "再找一个机关" in visitor.text
    # To look for another one loses nothing.
    visitor.send("/apply", step="bodies", **{**CITIZEN, "agency": ["panlong", "b17"]})
    assert visitor.path == "/apply/bodies" and "已经选的机关" in visitor.text
    key = visitor.page.request.args["form"]
    visitor.get(f"/apply?form={key}&agency=panlong&agency=b17&agency=b18")
    kept = visitor.form("/apply").fields
    assert kept["name"] == ["张三"] and kept["agency"] == ["panlong", "b17", "b18"]
    visitor.send("/apply", step="review").send("/apply", step="submit")
    assert [case[0] for case in cases()] == ["panlong", "b17", "b18"]
    visitor.get(f"/apply/bodies?form={key}&agency=nowhere&agency=<script>")
    main = visitor.html.partition("<main")[2].partition("</main>")[0]
    assert "nowhere" not in main and "<script>" not in main


# -- papers --------------------------------------------------------------------------------------------


def test_papers_come_with_the_application_into_every_case(visitor, cases, begun):
    review(visitor, **TWO, **papers())
    assert "身份证.pdf" in visitor.text and begun() == (1, 2)
    visitor.send("/apply", step="submit")
    assert [case[2] for case in cases()] == [["id_proof", "id_proof"]] * 2
    assert begun() == (0, 0) and missing(visitor) == []


def test_what_is_still_to_be_sent_is_told(visitor):
    agent = {"agent_name": "王五", "agent_id_type": "passport", "agent_id_number": "E1",
             "agent_phone": "13900000000", "agent_relation": "agent"}  # fmt: skip
    review(visitor, **agent).send("/apply", step="submit")
    assert missing(visitor) == ["本人和代理人的身份证明", "授权委托书"]
    review(visitor, **{**agent, "agent_relation": "guardian"}, **papers())
    visitor.send("/apply", step="submit")
    assert missing(visitor) == ["监护关系的证明"]
    review(visitor, kind="organisation", org_name="某某公司", credit_code="91110000600037341L",
           contact="李四", items="甲").send("/apply", step="submit")  # fmt: skip
    assert missing(visitor) == ["营业执照等身份证明"]


def test_files_are_kept_while_another_field_is_wrong_and_can_be_left_out(visitor, begun, cases):
    review(visitor, phone="12", **papers())
    assert visitor.status == 422 and "身份证.pdf" in visitor.text and begun() == (1, 2)
    visitor.send("/apply", step="review", phone="13800000000")
    assert visitor.path == "/apply/check" and "反面.pdf" in visitor.text and begun() == (1, 2)
    visitor.send("/apply", step="edit")
    visitor.send("/apply", step="review", without="1")
    assert "身份证.pdf" not in visitor.text and "反面.pdf" in visitor.text
    visitor.send("/apply", step="submit")
    assert [case[2] for case in cases()] == [["id_proof"]]


def test_each_file_is_held_to_the_checks_of_later(visitor, begun):
    wrong = {"file_id_proof": [(BytesIO(b"MZ"), "身份证.exe"), (BytesIO(pdf("好")), "好.pdf")],
             "file_power_of_attorney": [(BytesIO(pdf("机密★10年")), "内部.pdf")]}  # fmt: skip
    review(visitor, **wrong)
    assert visitor.status == 422 and begun() == (1, 1)
    assert "“身份证.exe”" in visitor.alert and "密级标志" in visitor.alert
    assert "内部.pdf" not in visitor.html, "its name may be as secret"
    for field in ("file_id_proof", "file_power_of_attorney"):
        assert f'href="#{field}"' in visitor.html and f'id="{field}"' in visitor.html
    assert "好.pdf" in visitor.text
    visitor.send("/apply", step="review")
    assert visitor.path == "/apply/check", "what was wrong is told once"


def test_too_many_files_are_told_and_the_rest_kept(visitor, begun):
    many = [(BytesIO(pdf(f"第 {n} 页")), f"{n}.pdf") for n in range(11)]
    review(visitor, file_id_proof=many)
    assert visitor.status == 422 and begun() == (1, 10)
    assert "“10.pdf”没有保存" in visitor.alert and "最多 10 个" in visitor.alert


def test_nobody_fills_the_store_without_filing(visitor, begun, monkeypatch, app):
    monkeypatch.setattr("workflow.service.begun.ALL_MOST", len(pdf("身份证")) + 10)
    review(visitor, **papers())
    assert visitor.status == 422 and "“反面.pdf”没有保存" in visitor.alert and begun() == (1, 1)
    other = review(type(visitor)(app), **papers())
    assert other.status == 422 and begun() == (2, 1)
    other.send("/apply", step="review").send("/apply", step="submit")
    assert other.path == "/apply/done"


def test_files_are_sent_thirty_times_an_hour(visitor, app):
    app.config["RATELIMIT_ENABLED"] = True
    visitor.get("/apply")
    for n in range(31):
        visitor.send("/apply", step="edit", file_id_proof=[(BytesIO(b"x"), f"{n}.bin")])
        if n < 30:
            assert visitor.status == 422
    assert visitor.status == 429


def test_copies_for_many_bodies_have_a_limit(visitor, counted, monkeypatch, begun):
    from workflow.service.cases import intake

    monkeypatch.setattr(intake, "COPIES_MOST", 1000)
    review(visitor, **TWO, **papers()).send("/apply", step="submit")
    assert visitor.status == 422 and counted() == 0 and begun() == (1, 2)
    assert "一次向 2 个机关申请的，随申请提交的文件合计不超过" in visitor.alert


def test_files_that_were_lost_with_the_session_are_asked_for_again(visitor, counted):
    review(visitor, **papers())
    fields = {**visitor.form("/apply").fields, "step": "submit"}
    visitor.client.delete_cookie("gongkai")
    visitor.post("/apply", fields)
    assert visitor.status == 400 and "再提交一次" in visitor.text and counted() == 0
    visitor.send("/apply")
    assert visitor.status == 422 and "刚才选的文件没有保留下来" in visitor.alert
    assert visitor.form("/apply").fields["name"] == ["张三"] and counted() == 0
    visitor.send("/apply", step="review").send("/apply", step="submit")
    assert counted() == 1 and missing(visitor) == ["身份证明"]


def test_a_classification_mark_is_never_kept(visitor, begun):
    review(visitor, items="机密★10年 某文件", **papers())
    assert visitor.status == 422 and "密级标志" in visitor.alert and begun() == (0, 0)
    assert visitor.form("/apply").fields["name"] == ["张三"]
    visitor.send("/apply", step="edit", items="密级：机密")
    assert visitor.status == 422 and begun() == (0, 0)


# -- going back ----------------------------------------------------------------------------------------


def test_every_post_leads_to_a_page_that_can_be_got_again(visitor):
    visitor.get("/apply")
    form = visitor.page.request.full_path
    review_fields = {**CITIZEN, "step": "review"}
    visitor.send("/apply", **review_fields)
    check = visitor.page.request.full_path
    assert check.startswith("/apply/check?form=") and visitor.page.request.method == "GET"
    assert visitor.get(form).form("/apply").fields["name"] == ["张三"], "back"
    assert "竣工验收单" in visitor.get(check).text, "and forward"
    visitor.send("/apply", step="submit")
    number = slip(visitor)
    for address in (check, form, check):
        assert slip(visitor.get(address)) == number, "back from the receipt"


def test_a_wrong_form_can_be_got_again_with_what_is_wrong(visitor):
    review(visitor, phone="12")
    address = visitor.page.request.full_path
    assert visitor.status == 422 and address.startswith("/apply?form=")
    assert visitor.get(address).status == 422 and "请填写 11 位手机号" in visitor.alert
    key = visitor.page.request.args["form"]
    assert visitor.get(f"/apply/check?form={key}").path == "/apply"


def test_a_form_that_is_filed_and_changed_is_another_application_and_says_so_before(
    visitor, counted
):
    review(visitor)
    fields = {**visitor.form("/apply").fields}
    number, _ = slip(visitor.send("/apply", step="submit"))
    visitor.post("/apply", {**fields, "step": "review", "items": "2022年度清雪合同"})
    assert f"这份表已经提交过（编号 {number}）" in visitor.text
    assert "作为另一件申请登记" in visitor.text and counted() == 1
    other = slip(visitor.send("/apply", step="submit"))
    assert other[0] != number and counted() == 2


def test_what_is_kept_is_of_this_browser_alone(visitor, app):
    review(visitor, **papers())
    address = visitor.page.request.full_path
    stranger = type(visitor)(app)
    stranger.get(address)
    assert stranger.path == "/apply" and "张三" not in stranger.html
    assert "内容已经不在了" in stranger.text
    stranger.get(address.replace("/check", ""))
    assert "张三" not in stranger.html and "身份证.pdf" not in stranger.html
    assert stranger.status == 200


def test_what_is_kept_is_sealed_and_goes_after_two_hours(visitor, office, today, begun):
    review(visitor, **papers())
    address = visitor.page.request.full_path
    with office.store.read() as unit:
        (row,), (file, *_) = unit.session.scalars(select(BegunRow)).all(), unit.session.scalars(select(BegunFileRow)).all()  # fmt: skip
        held = row.sealed + file.sealed + file.content
        for secret in ("张三", "11010519491231002X", "身份证", "%PDF"):
            assert secret.encode() not in held
    today.moment += KEPT_FOR - timedelta(seconds=1)
    assert "张三" in visitor.get(address).text and forget_old_begun(office) == 0
    today.moment += timedelta(seconds=1)
    assert "内容已经不在了" in visitor.get(address).text
    assert forget_old_begun(office) == 1 and begun() == (0, 0)


def test_the_next_one_who_types_sweeps_what_is_old(visitor, today, begun):
    review(visitor, **papers())
    today.moment += KEPT_FOR
    review(visitor)
    assert begun() == (1, 0)


def test_who_does_not_go_on_clears_it(visitor, begun, counted):
    review(visitor, **papers()).send("/apply", step="edit")
    visitor.send("/apply", step="drop")
    assert visitor.path == "/" and "已经清除" in visitor.text
    assert begun() == (0, 0) and counted() == 0


def test_after_the_records_were_put_away_nothing_leads_back_to_the_receipt(visitor):
    review(visitor)
    check = visitor.page.request.full_path
    visitor.send("/apply", step="submit").send("/leave")
    visitor.get(check)
    assert visitor.path == "/apply" and "2024-0001" not in visitor.html


@pytest.mark.parametrize(
    "key", ["", "短", "a" * 65, "../../x", "a" * 15, "<script>aaaaaaaaaaaaaaaa"]
)
def test_a_key_that_is_none_opens_an_empty_form(visitor, key):
    visitor.get(f"/apply?form={key}")
    assert visitor.status == 200 and visitor.path == "/apply"
    assert visitor.page.request.args["form"] != key
    assert visitor.get(f"/apply/check?form={key}").path == "/apply"


SCRIPT = '"><script>alert(1)</script><img src=x onerror=alert(1)>'


def test_script_in_every_field_stays_text(visitor, office):
    """On the form with errors, on the page to check it, and where it is looked for a body."""
    names = [name for name in CITIZEN if name not in ("agency", "kind", "delivery", "medium", "id_type")]  # fmt: skip
    others = ("org_name", "credit_code", "proof", "contact", "legal_representative", "email", "address",
              "postcode", "document_number", "other", "assistance", "agent_name", "agent_id_number",
              "agent_phone", "agent_until")  # fmt: skip
    typed = dict.fromkeys((*names, *others), SCRIPT)
    review(visitor, **typed, file_id_proof=[(BytesIO(b"x"), SCRIPT)])
    assert visitor.status == 422
    for page in (visitor, review(visitor, name=SCRIPT, items=SCRIPT, other=SCRIPT, address=SCRIPT)):
        main = page.html.partition("<main")[2]
        assert "<script>alert" not in main and "<img src=x" not in main and "&lt;script&gt;" in main
    assert visitor.path == "/apply/check"
    for address in ("/apply/bodies?q=", "/apply?about=", "/answers?q="):
        visitor.get(address + SCRIPT.replace("&", "%26"))
        main = visitor.html.partition("<main")[2]
        assert "<script>alert" not in main and "<img src=x" not in main
