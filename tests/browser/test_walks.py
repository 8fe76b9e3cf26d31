"""What each role does on an ordinary day, at a desk and on a phone, in no more steps than it ought to take.

`Steps` says what a step is and what is looked at on every page. The numbers stand where somebody who knows the work,
not the program, would put them; a walk that grows longer is a page that got worse. Each walk has the
demonstration as it is in the morning, for itself.
"""

import re
import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect
from waitress.server import create_server

from config.settings import load
from tests.browser.conftest import TODAY
from tests.browser.steps import Steps
from tests.browser.walking import PHONE, WIDE
from tests.workflow.service.sampling import PASSWORD, sample_office
from webui.app import create_app, open_doors
from workflow.dates import SHANGHAI
from workflow.service import Office

NOON = datetime(TODAY.year, TODAY.month, TODAY.day, 12, 0, tzinfo=SHANGHAI)
YEAR = TODAY.year
Walking = Callable[..., Steps]


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The application, put together once for all walks."""
    office = sample_office(tmp_path_factory.mktemp("walks") / "store.db", NOON)
    app = create_app(office, load({}))
    app.config["RATELIMIT_ENABLED"] = False
    office.store.close()
    return app


@pytest.fixture
def morning(program: Flask, tmp_path: Path) -> Iterator[Office]:
    """The demonstration for this walk alone."""
    office = sample_office(tmp_path / "store.db", NOON)
    open_doors(program, office, load({}))
    yield office
    office.store.close()


@pytest.fixture
def walking(
    request: pytest.FixtureRequest, program: Flask, morning: Office, chromium: Browser
) -> Iterator[Walking]:
    """A window of somebody who has just logged in: three steps."""
    server = create_server(program, host="127.0.0.1", port=0, ident=None)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    opened = []

    def begin(name: str, width: int, *, closely: bool = True) -> Steps:
        context = chromium.new_context(
            base_url=f"http://127.0.0.1:{server.effective_port}",
            viewport={"width": width, "height": 844},
            has_touch=width == PHONE,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
        )
        context.set_default_timeout(10_000)
        opened.append(context)
        kept = request.config.getoption("--screenshots")
        place = Path(kept) / f"{name}-{request.node.originalname}-{width}" if kept else None
        if place:
            place.mkdir(parents=True, exist_ok=True)
        steps = Steps(context.new_page(), width, place, closely=closely)
        steps.log_in(name, PASSWORD)
        return steps

    yield begin
    for context in opened:
        context.close()
    server.close()
    thread.join(5)


LONG = pytest.mark.long(
    reason="every walk there is, each page closely; a leader's stands for them in every run"
)
both = pytest.mark.parametrize("width", [pytest.param(w, marks=LONG) for w in (WIDE, PHONE)])


def case(steps: Steps, title: str) -> None:
    """Open a case from the list by its title."""
    steps.press(title)
    expect(steps.page.get_by_role("heading", level=1)).to_contain_text(title)


def next_step(steps: Steps, number: str) -> None:
    """Take the step that the list says is one's own, where it leads to a page of its own."""
    row = steps.page.get_by_role("row").filter(has_text=number)
    steps.press(row.get_by_role("link", name=re.compile("^您：")))


def done(steps: Steps, *words: str) -> None:
    """The page says that it was done, and how it stands now."""
    text = steps.text()
    for word in words:
        assert word in text, text[:600]


@both
def test_a_clerk_registers_asks_drafts_and_hands_on(walking: Walking, width: int) -> None:
    """李芳 is alone: a request on paper that is unclear, its correction, and a draft that goes to the review."""
    clerk = walking("lifang", width)
    assert "1 件今天到期或者已经逾期，请先办" in clerk.text()

    clerk.press("登记线下申请")
    with clerk.stumbling():
        clerk.fill("联系电话", "12")
        clerk.press("登记")
        clerk.told_at("channel")
    clerk.choose("提交方式", "in_person")
    clerk.fill("姓名", "张秀英")
    clerk.fill("证件号码", "11010519491231002X")
    clerk.fill("联系电话", "13800000000")
    clerk.fill("要公开的信息", "有关低保的材料")
    clerk.tick("申请内容不明确，需要补正")
    clerk.tick("当面领取")
    clerk.tick("纸质")
    clerk.press("登记")
    done(clerk, "登记回执", f"{YEAR}-0024", "2026 年 6 月 9 日")

    clerk.press("写补正告知书")
    clerk.press("看看信怎么写")
    assert "【" not in clerk.page.locator(".sheet-paper").inner_text()
    clerk.press("通知补正，给信编号")
    done(clerk, "已经编号存档", "现在是“待补正”", f"盘政公开补〔{YEAR}〕1号")

    clerk.press("待办")
    case(clerk, "乡人民政府2023年部门决算")
    clerk.choose("答复类型", "supplied")
    clerk.press("提交拟办意见")
    clerk.press("送保密审查")
    done(clerk, "现在是“保密审查”", "回到待办")
    assert clerk.taken <= 21


@both
def test_a_clerk_serves_what_is_late(walking: Walking, width: int) -> None:
    """What is late stands on top; its paper is handed over with its proof."""
    clerk = walking("lifang", width)
    case(clerk, "2022年度农村低保对象公示名单")
    method = clerk.page.locator("#serve-method")
    assert clerk.page.locator("#serve-signed_on").is_visible()
    assert not clerk.page.locator("#serve-posted_on").is_visible(), "it is handed over, not posted"
    with clerk.stumbling():
        method.select_option("mail")
        assert clerk.page.locator("#serve-posted_on").is_visible()
        assert not clerk.page.locator("#serve-signed_on").is_visible()
        method.select_option("direct")
    clerk.press("送达答复")
    with clerk.stumbling():
        clerk.press("确认送达答复")
        expect(clerk.page.get_by_role("alert").first).to_contain_text("没有送达凭证")
    clerk.choose_file("送达凭证文件", "送达回证.pdf")
    clerk.press("确认送达答复")
    done(clerk, "现在是“已答复”", "轮到您：归档")
    assert clerk.taken <= 7


@both
def test_a_handler_searches_and_drafts(walking: Walking, width: int) -> None:
    """赵明 finds nothing: where he looked, whom he asked, the answer, and on to the check."""
    handler = walking("zhaoming", width)
    case(handler, "土地利用总体规划调整方案")
    with handler.stumbling():
        handler.press("提交拟办意见")
        handler.told_at("propose_outcome-items-1-outcome")
    handler.press("检索记录")
    handler.fill("查了哪些系统和场所（一行一处）", "综合档案室\n办公系统")
    assert handler.page.locator("#search-keywords").input_value() == "土地利用总体规划调整方案"
    handler.fill("查到几件", "0")
    for part, said in (
        ("unit", "规划股"),
        ("by", "王某"),
        ("on", f"{YEAR}-05-11"),
        ("answer", "没有编制过"),
    ):
        handler.fill(handler.page.locator(f"#search-asked-0-{part}"), said)
    handler.press("保存检索记录")
    handler.press("回到这件申请")
    handler.choose("答复类型", "not_existing")
    proof = handler.page.locator(".grid.proof").first
    assert proof.evaluate("part => getComputedStyle(part).display") == "grid"
    handler.press("提交拟办意见")
    done(handler, "已登记“拟办意见”", "轮到")
    assert handler.taken <= 15


@both
def test_a_head_finds_what_is_due_and_lengthens_the_period(walking: Walking, width: int) -> None:
    """刘洁 has nothing of her own to do: she looks at the office and decides what only she decides."""
    head = walking("liujie", width)
    head.press("看本机关的")
    case(head, "土地利用总体规划调整方案")
    head.press("延长答复期限")
    head.press("连同延期答复告知书一起办")
    with head.stumbling():
        head.press("看看信怎么写")
        head.told_at("extend-days")
    head.fill("延长天数（工作日）", "10")
    head.fill("延期理由", "须向三个单位调取方案")
    head.press("看看信怎么写")
    head.press("延长答复期限，给信编号")
    done(head, "已经编号存档", "延期答复告知书")
    head.press("办理情况")
    done(head, "办理情况")
    assert head.taken <= 12


@both
def test_a_reviewer_judges_item_by_item(walking: Walking, width: int) -> None:
    """王强 answers each question of the item: each is a judgement, none is chosen for him."""
    reviewer = walking("wangqiang", width)
    next_step(reviewer, f"{YEAR}-0013")
    with reviewer.stumbling():
        reviewer.press("审查通过")
        reviewer.told_at("item-1")
    questions = reviewer.page.locator("fieldset.check").all()
    for question in questions:
        reviewer.tick(question.get_by_label("没有", exact=True))
    reviewer.press("审查通过")
    done(reviewer, "已登记“保密审查通过”")
    assert reviewer.taken <= 3 + 1 + len(questions) + 1 and len(questions) == 7


@both
def test_who_checks_the_law_reads_the_letter_and_passes_it(walking: Walking, width: int) -> None:
    lawyer = walking("yangfa", width)
    next_step(lawyer, f"{YEAR}-0014")
    assert "复议" in lawyer.page.locator(".sheet-paper").inner_text()
    with lawyer.stumbling():
        lawyer.press("退回修改")
        lawyer.press("退回")
        lawyer.told_at("reason")
    lawyer.press("合法性审核通过")
    done(lawyer, "已登记“合法性审核通过”", "现在是“待签发”")
    assert lawyer.taken <= 5


@pytest.mark.parametrize(
    ("width", "closely"),
    [
        (PHONE, False),
        pytest.param(PHONE, True, marks=LONG),
        pytest.param(WIDE, True, marks=LONG),
    ],
)
def test_a_leader_reads_and_signs(walking: Walking, width: int, closely: bool) -> None:
    """陈副乡长 on the way to a meeting: the letter, yes, and once more yes."""
    leader = walking("chenxz", width, closely=closely)
    next_step(leader, f"{YEAR}-0011")
    assert "政府信息公开申请答复书" in leader.page.locator(".sheet-paper").inner_text()
    with leader.stumbling():
        leader.press("退回修改")
        leader.press("退回")
        leader.told_at("reason")
    leader.press("签发现在的稿")
    leader.press("确认签发")
    done(leader, "现在是“待送达”")
    leader.press("回到待办，看还有哪些等您办")
    done(leader, "我的 1 件")
    assert leader.taken <= 7


@both
def test_a_cashier_enters_what_was_paid(walking: Walking, width: int) -> None:
    """钱出纳 has one thing to do, and the sum stands there."""
    cashier = walking("qianchu", width)
    case(cashier, "矿山采矿许可证及延续批复")
    assert cashier.page.locator("#pay_fee-amount").input_value() == "270"
    with cashier.stumbling():
        cashier.fill(cashier.page.locator("#pay_fee-amount"), "二百七")
        cashier.press("登记缴费")
        cashier.told_at("pay_fee-amount")
        cashier.fill(cashier.page.locator("#pay_fee-amount"), "270")
    cashier.press("登记缴费")
    done(cashier, "已登记“缴费”", "现在是“办理中”")
    assert cashier.taken <= 5


@both
def test_an_archivist_puts_away_what_is_over(walking: Walking, width: int) -> None:
    """周敏 finds what was answered, puts it away, and takes the package along."""
    archivist = walking("zhoumin", width)
    archivist.press("全部申请")
    archivist.choose("状态", "served")
    archivist.press("查找")
    archivist.press(archivist.page.locator("td.what a").last)
    archivist.press("归档")
    archivist.press("确认归档")
    done(archivist, "已登记“归档”", "保管")
    with archivist.page.expect_download() as fetched:
        archivist.press("下载归档包（ZIP）")
    assert fetched.value.suggested_filename.endswith(".zip")
    assert archivist.taken <= 10


@both
def test_a_supervisor_sees_who_is_late_and_hastens(walking: Walking, width: int) -> None:
    """何刚 at the county: numbers and days of the bodies below, never a name."""
    supervisor = walking("hegang", width)
    assert "登记线下申请" not in supervisor.text(), "the county takes no requests"
    supervisor.press("看下级机关现在怎样")
    supervisor.press(re.compile("^催办这 1 件"))
    done(supervisor, "催办", "还没有答复")
    supervisor.press(supervisor.page.locator(".stats .bad a"))
    done(supervisor, "逾期 1 个工作日", f"{YEAR}-0009")
    assert "普某" not in supervisor.text()
    assert supervisor.taken <= 6


@both
def test_who_administers_makes_an_account_and_gives_a_new_password(
    walking: Walking, width: int
) -> None:
    """管理员: a new colleague in the morning, somebody who forgot a password, and what was changed."""
    admin = walking("guanli", width)
    admin.press("新建一个人")
    with admin.stumbling():
        admin.press("新建，给一次性密码")
        admin.told_at("display_name")
    admin.fill("姓名", "钱小梅")
    admin.fill("用户名", "qianxm")
    admin.tick(admin.page.locator("#roles input[value=handler]"))
    admin.press("新建，给一次性密码")
    done(admin, "一次性密码（只显示这一次）", "qianxm")
    first = admin.page.locator(".big-code").inner_text()

    admin.press(admin.page.locator("main").get_by_role("link", name="人员和机关", exact=True))
    admin.press(re.compile("^修改 ?李芳"))
    admin.press("重设密码")
    done(admin, "一次性密码（只显示这一次）", "lifang")
    assert admin.page.locator(".big-code").inner_text() != first
    assert admin.taken <= 11


@both
def test_who_looks_over_the_audit_finds_a_change(walking: Walking, width: int) -> None:
    """What was done to somebody's account, on which day, by whom; the list to take along."""
    auditor = walking("guanli", width)
    auditor.press("管理员")
    auditor.press("审计记录")
    auditor.fill("谁做的、对谁（用户名）", "lifang")
    auditor.press("查看")
    done(auditor, "李芳（lifang）")
    with auditor.page.expect_download() as fetched:
        auditor.press("下载 Excel")
    assert fetched.value.suggested_filename.endswith(".xlsx")
    assert auditor.taken <= 8


@LONG
def test_a_clerk_needs_no_mouse_from_the_list_to_the_event(walking: Walking) -> None:
    """The skip link, Tab to a case, Enter, Tab to its step, Enter: nothing is out of reach or unseen."""
    clerk = walking("lifang", WIDE)
    keys = clerk.page.keyboard
    keys.press("Tab")
    keys.press("Enter")
    assert clerk.tabbed_to("森林防火应急预案", "A") <= 15
    keys.press("Enter")
    expect(clerk.page.get_by_role("heading", level=1)).to_contain_text("森林防火应急预案")
    clerk.look()
    keys.press("Tab")
    keys.press("Enter")
    assert clerk.tabbed_to("送保密审查", "BUTTON") <= 12
    keys.press("Enter")
    expect(clerk.page.get_by_text("已登记“送保密审查”")).to_be_visible()
    clerk.look()


@LONG
def test_what_somebody_chose_stays_when_they_come_back(walking: Walking) -> None:
    """A filter holds when a case was looked at and the browser went back; a second press applies nothing twice."""
    clerk = walking("lifang", WIDE)
    clerk.press("筛选")
    clerk.tick("只看 5 个工作日内到期")
    clerk.press(clerk.page.locator(".filters").get_by_role("button", name="筛选", exact=True))
    shown = clerk.page.locator("input[name=case]").count()
    assert 0 < shown < 9
    case(clerk, "乡人民政府2023年部门决算")
    clerk.page.go_back()
    assert clerk.page.locator("input[name=case]").count() == shown
    clerk.press("我的")
    case(clerk, "森林防火应急预案")
    clerk.page.locator("#act-send_to_secrecy_review form .button").dblclick()
    expect(clerk.page.get_by_text("已登记“送保密审查”")).to_be_visible()
    assert clerk.page.locator("ol.line li b", has_text="送保密审查").count() == 1
