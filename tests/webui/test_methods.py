"""Only POST writes: HEAD reads as GET does, whatever body it carries."""

import ast

import pytest

from tests.examples import ROOT
from tests.webui.filing import CITIZEN, review


@pytest.mark.parametrize("method", ["HEAD", "GET"])
def test_a_form_sent_with_another_method_files_nothing(visitor, counted, method):
    review(visitor)
    fields = {**visitor.form("/apply").fields, "step": "submit"}
    fields.pop("csrf_token", None)
    answer = visitor.client.open("/apply", method=method, data=fields)
    assert answer.status_code == 200
    assert counted() == 0


def test_a_letter_typed_in_and_sent_as_head_registers_nothing(staff, counted):
    page = staff("lifang").get("/desk/register")
    fields = {**page.form("/desk/register").fields, **CITIZEN, "channel": "in_person"}
    fields.pop("csrf_token", None)
    answer = page.client.open("/desk/register", method="HEAD", data=fields)
    assert answer.status_code == 200
    assert counted() == 0


def test_a_password_sent_as_head_logs_nobody_in(app):
    client = app.test_client()
    client.open("/desk/login", method="HEAD", data={"user": "lifang", "password": "Blue-Paper-42"})
    assert client.get("/desk/").status_code in (302, 303)


def test_every_view_asks_for_post_and_not_for_what_is_not_get():
    """A condition on GET takes HEAD for a form."""
    for file in (ROOT / "webui").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Compare) and ast.unparse(node.left) == "request.method":
                wanted = ast.unparse(node.comparators[0])
                alone = wanted == "'GET'" and file.name != "site.py"
                assert not alone, f"{file.relative_to(ROOT)}:{node.lineno}"
