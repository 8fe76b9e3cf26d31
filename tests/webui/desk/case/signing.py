"""On the way to a signature: what is proposed, who passes it, and the page to sign."""

from tests.webui.filing import judged


def drafted(staff, number, **more):
    given = {"items__1__outcome": "supplied", "items__2__outcome": "supplied", **more}
    page = staff("zhaoming").act(number, "propose_outcome", **given)
    assert page.status == 200, page.alert


def passed(staff, number, items=2):
    staff("zhaoming").act(number, "send_to_secrecy_review")
    staff("wangqiang").act(number, "pass_secrecy_review", **judged(items))
    staff("falv").act(number, "pass_legal_check")


def at(staff, who, number):
    return staff(who).get(f"/desk/cases/panlong/{number}/sign")
