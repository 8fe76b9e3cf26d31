"""Earlier answers beside a case: which are alike, what became of them, and a proposal begun from one."""

import re

import pytest

from tests.bench.test_event_work import filled
from tests.proofs import upload
from tests.webui.filing import CITIZEN, SEARCHED, file, judged

HE = {**CITIZEN, "name": "何秀兰", "id_number": "110105194912310038"}
QUARRY = "青石采石场矿山地质环境保护与土地复垦方案"


def _answer(staff, visitor, today, form, items: str, **proposal) -> str:
    """An application of one item, answered."""
    number, _ = file(visitor, form, items=items)
    steps = (
        ("lifang", "assign", {"to": "农业中心"}),
        ("zhaoming", "record_search", {**SEARCHED, "item": "1"}),
        ("zhaoming", "propose_outcome", {f"items__1__{name}": said for name, said in proposal.items()}),
        ("zhaoming", "send_to_secrecy_review", {}),
        ("wangqiang", "pass_secrecy_review", judged(1)),
        ("falv", "pass_legal_check", {}),
        ("chen", "approve", {}),
        ("lifang", "serve", {"method": "direct", "proof_file": upload}),
    )  # fmt: skip
    for who, event, typed in steps:
        page = staff(who).act(f"panlong/{number}", event, **filled(typed))
        assert "已登记“" in page.text, (event, page.text[:600])
    return number


@pytest.fixture
def near(visitor, staff, today) -> dict[str, str]:
    """Two answered cases that are alike, one of another matter, and one under way."""
    found = {
        "same": _answer(staff, visitor, today, HE, "北山采石场土地复垦方案及验收材料",
                        outcome="needs_creation", reason="北山采石场的验收材料要另行汇总制作"),
        "other": _answer(staff, visitor, today, CITIZEN, "农村公路养护合同", outcome="supplied"),
        "fallen": _answer(staff, visitor, today, CITIZEN, "南沟采石场复垦方案", outcome="supplied"),
    }  # fmt: skip
    found["mine"], _ = file(visitor, HE, items=f"{QUARRY}\n养护合同")
    staff("lifang").act(found["mine"], "assign", to="农业中心")
    return found


def _cards(page) -> dict[str, str]:
    """The cards of earlier answers by their numbers, as words."""
    found = re.findall(
        r'<section class="card[^"]*" aria-labelledby="near-.*?</section>', page.html, re.S
    )
    said = [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", one)).strip() for one in found]
    return {one.split()[0]: one for one in said}


def test_alike_answers_stand_beside_the_case_with_reasons_and_what_became_of_them(
    staff, near
) -> None:
    page = staff("zhaoming").get(f"/desk/cases/panlong/{near['mine']}")
    link = re.search(r'href="([^"]+)">以前相像的申请和答复', page.html)
    assert link
    cards = _cards(page.get(link[1]))
    assert next(iter(cards)) == near["same"], "of the same applicant, and alike"
    assert set(cards) == {near["same"], near["fallen"], near["other"]}
    assert "同一申请人" in cards[near["same"]] and "同一申请人" not in cards[near["fallen"]]
    assert "要另行汇总制作" in cards[near["same"]] and "需加工、分析" in cards[near["same"]]
    assert "何某" in cards[near["same"]] and "何秀兰" not in page.text
    assert all("后来没有登记复议或者诉讼" in said for said in cards.values())
    assert "还没有拟办意见" in page.text and f"这一件：{near['mine']}" in page.text


@pytest.mark.long(reason="three answered cases; every run looks at them")
def test_a_proposal_begins_from_an_old_reason_and_nothing_is_written(staff, near) -> None:
    handler = staff("zhaoming").get(f"/desk/cases/panlong/{near['mine']}/similar")
    log = staff("lifang").get(f"/desk/cases/panlong/{near['mine']}").html.count('id="line-')
    handler.send("/similar", number=near["same"])
    form = handler.form("/events/propose_outcome").fields
    assert form["items-1-outcome"] == ["needs_creation"] and form["items-2-outcome"] == [
        "needs_creation"
    ]
    assert form["items-1-reason"] == ["北山采石场的验收材料要另行汇总制作"]
    assert form["on"] == ["2024-05-06"]
    assert "还没有登记" in handler.text and f"已按 {near['same']} 号" in handler.text
    assert staff("lifang").get(f"/desk/cases/panlong/{near['mine']}").html.count('id="line-') == log
    handler.send("/events/propose_outcome")
    assert "已登记“" in handler.text, handler.alert
    assert "北山采石场的验收材料要另行汇总制作" in handler.text


@pytest.mark.long(reason="three answered cases; every run looks at them")
def test_what_did_not_stand_is_marked_and_not_followed(staff, near) -> None:
    clerk = staff("lifang")
    clerk.act(near["fallen"], "file_review", by="applicant")
    clerk.act(near["fallen"], "conclude_review", result="quashed")
    clerk.act(near["fallen"], "order_redo", due="2024-06-20")
    handler = staff("zhaoming").get(f"/desk/cases/panlong/{near['mine']}/similar")
    said = _cards(handler)[near["fallen"]]
    assert "不宜照用" in said and "撤销" in said and "用它的理由起草" not in said
    assert re.search(r'/desk/cases/panlong/2024-0005">看重新答复', handler.html)
    token = handler.form("/similar").fields
    refused = handler.client.post(
        f"/desk/cases/panlong/{near['mine']}/similar",
        data={"csrf_token": token["csrf_token"][0], "number": near["fallen"]},
    )
    assert refused.status_code == 409 and "不宜照用" in refused.get_data(as_text=True)


def test_who_cannot_propose_has_no_button_and_who_reviews_sees_no_name(staff, near) -> None:
    leader = staff("falv").get(f"/desk/cases/panlong/{near['mine']}/similar")
    assert near["same"] in leader.text and "用它的理由起草" not in leader.text
    reviewer = staff("wangqiang").get(f"/desk/cases/panlong/{near['mine']}/similar")
    assert near["same"] in reviewer.text and "何" not in re.sub(r"如何|任何", "", reviewer.text)
    assert "同一申请人" not in reviewer.text.replace("用词和申请人", "")


def test_of_other_bodies_nothing_is_shown_or_followed(visitor, staff, near) -> None:
    number, _ = file(visitor, items=QUARRY, agency="jiangna")
    page = staff("sunli").get(f"/desk/cases/jiangna/{number}/similar")
    assert "没有找到相像的" in page.text and _cards(page) == {}
    assert staff("county").get(f"/desk/cases/panlong/{near['mine']}/similar").status == 404
    handler = staff("zhaoming").get(f"/desk/cases/panlong/{near['mine']}/similar")
    for unknown in ("2024-9999", near["mine"]):
        handler.get(f"/desk/cases/panlong/{near['mine']}/similar").send("/similar", number=unknown)
        assert handler.status == 404, unknown
