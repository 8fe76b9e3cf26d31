"""Each page of the desk says what it is for and why something cannot be done, and what one's roles are."""

from tests.webui.filing import file


def test_a_page_answers_what_people_ask_there(visitor, staff):
    number, _ = file(visitor)
    clerk = staff("lifang")
    for path, said in (
        ("/desk/", "为什么这里没有某一件"),
        (f"/desk/cases/{number}", "录错了怎么办"),
        (f"/desk/cases/{number}/letters", "文号写错了怎么办"),
        ("/desk/reports/panlong/2024", "为什么不能直接改数"),
        ("/desk/cases/2024-9999", "刚才填写的登记了吗"),
    ):
        page = clerk.get(path)
        assert said in page.help and 'id="help"' in page.html, path
        assert "登记申请、要求补正" in page.help and "审核条款" not in page.help


def test_a_page_that_comes_back_after_a_form_has_it_too(visitor, staff):
    number, _ = file(visitor)
    head = staff("chen").get(f"/desk/cases/{number}")
    head.ask("/events/void", reason="", second_person="lifang")
    assert head.status == 422 and "录错了怎么办" in head.help


def test_the_portal_has_none(visitor):
    assert 'id="help"' not in visitor.get("/").html
