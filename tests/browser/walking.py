"""Somebody at a browser: what is filled in, pressed and seen, and what the console said meanwhile."""

import re
from typing import Any

from playwright.sync_api import ConsoleMessage, Locator, Page, Response, expect

WIDE, PHONE = 1280, 390
CITIZEN = {
    "agency": "panlong",
    "name": "张三",
    "id_number": "11010519491231002X",
    "phone": "13800000000",
    "items": "2023年度农村公路养护合同\n竣工验收单",
}


class Walker:
    """One window. `complaints` gathers errors of scripts and refusals of the security policy; `answer` is the page that
    stands there, as it was served."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.complaints: list[str] = []
        self.answer: Response | None = None
        page.on("console", self._heard)
        page.on("response", self._answered)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _heard(self, message: ConsoleMessage) -> None:
        # That a page was answered 404, 409 or 422 is also told here, and is no fault.
        answered = message.location.get("url") == self.page.url and "status of 4" in message.text
        if message.type in ("error", "warning") and not answered:
            self.complaints.append(message.text)

    def _answered(self, answer: Response) -> None:
        if answer.request.is_navigation_request() and answer.frame == self.page.main_frame:
            self.answer = answer

    # -- portal ---------------------------------------------------------------------------------

    def fill_in(self, **changed: str) -> None:
        """Fill in the applicant's form as a citizen would."""
        page, typed = self.page, {**CITIZEN, **changed}
        page.goto("/apply")
        page.locator(f"input[name=agency][value={typed['agency']}]").check()
        page.get_by_label("公民", exact=True).check()
        page.get_by_label("姓名", exact=True).fill(typed["name"])
        page.get_by_label("证件号码", exact=True).fill(typed["id_number"])
        page.get_by_label("联系电话", exact=True).fill(typed["phone"])
        page.get_by_label("要公开的信息").fill(typed["items"])
        page.locator("input[name=delivery][value=pickup]").check()
        page.locator("input[name=medium][value=paper]").check()

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def send(self, button: str | Locator) -> None:
        """Press what leads to another page, and wait for that page: a click alone may come back before the old one
        has gone."""
        if isinstance(button, str):
            button = self.page.get_by_role("button", name=button, exact=True)
        with self.page.expect_navigation():
            button.click()

    def file(self, **changed: str) -> tuple[str, str]:
        """File an application through all pages; number and query code from the receipt."""
        self.fill_in(**changed)
        self.press("下一步：检查一遍")
        expect(self.page.get_by_role("heading", level=1)).to_have_text("检查一遍，再提交")
        self.press("提交申请")
        return self.slip()

    def slip(self) -> tuple[str, str]:
        expect(self.page.get_by_role("heading", level=1)).to_have_text("申请已经提交")
        number, code = self.page.locator("dd.code").all_inner_texts()
        return number, code

    # -- desk -----------------------------------------------------------------------------------

    def log_in(self, name: str, password: str) -> None:
        self.page.goto("/desk/login")
        self.page.get_by_label("用户名").fill(name)
        self.page.get_by_label("密码").fill(password)
        self.send("登录")
        expect(self.page.get_by_role("heading", level=1)).to_have_text(
            re.compile("待办|人员和机关")
        )

    def act(self, number: str, event: str, **typed: Any) -> None:
        """Apply an event on the page of a case, filling in its form. `__` in a name stands for `-`."""
        if event == "approve":
            self.page.goto(f"/desk/cases/{number}/sign")
            self.send(self.page.get_by_role("button", name="签发"))
            self.say_yes()
            return
        if event == "pass_secrecy_review":
            self.page.goto(f"/desk/cases/{number}/review")
            for name, value in typed.items():
                self.page.locator(f"input[name='{name.replace('__', '-')}'][value={value}]").check()
            self.send("审查通过")
            return
        self.page.goto(f"/desk/cases/{number}")
        part = self.page.locator(f"#act-{event}")
        outer = part.locator("xpath=ancestor::details")
        if outer.count() and outer.get_attribute("open") is None:
            outer.locator("> summary").click()
        if part.get_attribute("open") is None:
            part.locator("> summary").click()
        for name, value in typed.items():
            if name == "proof_file":  # it is chosen on the page that asks once more
                continue
            field = part.locator(f"[name='{name.replace('__', '-')}']")
            for closed in field.locator("xpath=ancestor::details[not(@open)]").all():
                closed.locator("> summary").click()
            if field.get_attribute("type") == "file":
                field.set_input_files({"name": value[1], "mimeType": "application/pdf", "buffer": value[0].read()})  # fmt: skip
            elif field.evaluate("field => field.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)
        self.send(part.locator("form .button:not([formaction])"))
        self.say_yes(typed.get("proof_file"))

    def say_yes(self, proof: Any = None) -> None:
        """Where the page asks once more before what cannot be taken back: say yes, with the proof it takes."""
        yes = self.page.locator("button[name=confirmed][value=yes]")
        if not yes.count():
            return
        if proof is not None:
            self.page.locator("[name=proof_file]").set_input_files({"name": proof[1], "mimeType": "application/pdf", "buffer": proof[0].read()})  # fmt: skip
        self.send(yes)

    def text(self) -> str:
        return self.page.locator("main").inner_text()
