"""What somebody with bad intentions gets at the portal: nothing that they did not know, and nobody else's way is closed."""

import re
import time
import zipfile
from io import BytesIO
from math import sqrt

import pytest
from PIL import Image

from tests.counting import work
from tests.webui.filing import CITIZEN, COMPANY, file, review, slip
from webui.application_form import ApplyForm
from workflow.service import Missing

SCRIPT = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"


def asks(visitor, number, code):
    visitor.get("/query").send("/query", number=number, code=code)
    return visitor


def test_numbers_in_a_row_tell_nothing(visitor, app):
    """Numbers follow each other; without its code each is answered like one that was never given."""
    for _ in range(3):
        file(type(visitor)(app))
    answers = {
        re.sub(r'value="[^"]*"', "", asks(visitor, f"2024-{n:04d}", "ABCDEFGHJK").html)
        for n in range(1, 7)
    }
    assert len(answers) == 1 and visitor.status == 404


def test_a_wrong_number_and_a_wrong_code_take_the_same_statements(visitor, app, program):
    app.config["RATELIMIT_ENABLED"] = True
    number, code = file(visitor)
    visitor.get("/query")
    fields = visitor.form("/query").fields

    def statements(number, code):
        with work() as done:
            visitor.post("/query", {**fields, "number": number, "code": code})
        with work() as of_program:
            program().get(f"/applications/{number}", x_query_code=code)
        return done.statements, of_program.statements

    statements("2024-5555", "AAAAAAAAAA")
    assert (
        statements(number, "AAAAAAAAAA")
        == statements("2024-9999", code)
        == statements("no number", "no code")
    )


def effect(first, second):
    """How well a guess tells one sample from the other beyond chance, 0 to 0.5: Mann and Whitney's U as a share of all
    pairs, less a half."""
    ranked = sorted([(value, 0) for value in first] + [(value, 1) for value in second])
    below, u, place = 0, 0.0, 0
    while place < len(ranked):
        end = place
        while end < len(ranked) and ranked[end][0] == ranked[place][0]:
            end += 1
        group = [which for _, which in ranked[place:end]]
        ones = sum(group)
        u += ones * below + ones * (len(group) - ones) / 2
        below += len(group) - ones
        place = end
    return abs(u / (len(first) * len(second)) - 0.5)


def test_the_rank_test_sees_a_difference():
    assert effect([1, 2, 3], [1, 2, 3]) == 0 and effect([1, 2], [3, 4]) == 0.5
    assert effect([5, 5], [5, 5]) == 0 and effect([3, 4], [1, 2]) == 0.5
    assert round(effect([1, 3, 5], [2, 4, 6]), 4) == 0.1667


@pytest.mark.long(reason="two thousand pairs, each measured")
def test_a_wrong_number_and_a_wrong_code_take_the_same_time(visitor, app):
    """A two-sided rank test of 1,000 pairs, in CPU time, tells them apart no better than two equal samples: the control
    measures the same question twice. Three standard deviations of chance are 0.039."""
    number, code = file(visitor)
    for_applicant = app.extensions["gongkai"].for_applicant

    def seconds(number, code):
        began = time.process_time_ns()
        try:
            for_applicant.view(number, code)
        except Missing:
            return time.process_time_ns() - began
        raise AssertionError("it was found")

    wrong = {
        "number": lambda n: seconds(f"2024-{9000 + n % 900}", code),
        "code": lambda n: seconds(number, f"ABCDEFG{n % 7 + 2}HJ"),
        "same": lambda n: seconds(f"2024-{9000 + (n + 450) % 900}", code),
    }
    for one in wrong.values():
        [one(n) for n in range(50)]
    found = {name: [] for name in wrong}
    for n in range(1000):
        names = list(wrong) if n % 2 else list(reversed(wrong))
        for name in names:
            found[name].append(wrong[name](n))
    control = effect(found["number"], found["same"])
    chance = 3 * sqrt((2 * 1000 + 1) / (12 * 1000**2))
    assert effect(found["number"], found["code"]) <= max(control, chance)


@pytest.mark.long(reason="sends megabytes to every form")
@pytest.mark.parametrize("path", ["/apply", "/query", "/drafts/open", "/drafts/drop", "/query/new-code", "/leave", "/apply/done"])  # fmt: skip
def test_a_huge_form_is_refused_and_writes_nothing(visitor, counted, path):
    visitor.get("/apply")
    token = visitor.form("/apply").fields["csrf_token"]
    answer = visitor.client.post(path, data={"csrf_token": token, "items": "长" * 1_000_000})
    assert answer.status_code == 413 and "提交的内容太大" in answer.get_data(as_text=True)
    assert counted() == 0


@pytest.mark.long(reason="sends megabytes")
def test_a_huge_draft_is_refused(visitor):
    visitor.get("/apply")
    token = visitor.form("/apply").fields["csrf_token"]
    answer = visitor.client.post("/drafts", data={"csrf_token": token, "items": "长" * 1_000_000})
    assert answer.status_code in (413, 422)


def test_very_many_fields_are_refused(visitor, counted):
    visitor.get("/apply")
    token = visitor.form("/apply").fields["csrf_token"]
    sent = {"csrf_token": token, **{f"field{n}": "x" for n in range(5_000)}}
    for path in ("/apply", "/drafts"):
        answer = visitor.client.post(path, data=sent, content_type="multipart/form-data")
        assert answer.status_code == 413
    assert counted() == 0


FIELDS = [
    name
    for name in ("name", "id_number", "org_name", "phone", "email", "address", "postcode", "items",
                 "document_number", "other", "assistance", "agent_name", "agent_phone", "contact",
                 "legal_representative", "proof", "credit_code", "agent_until", "kind", "agency",
                 "id_type", "delivery", "medium", "submit_key", "agent_relation")
]  # fmt: skip


def test_every_field_of_the_form_is_tried():
    assert set(FIELDS) >= {
        name
        for name in ApplyForm.__dict__
        if type(getattr(ApplyForm, name)).__name__ == "UnboundField"
        and name not in ("accept_other_form", "agent_id_type", "agent_id_number")
        and not name.startswith("file_")  # below: a file that is not what it says
    }


SHORT = ("name", "items")
"""What is tried in every run; the others in the long one."""


@pytest.mark.parametrize(
    "name",
    [
        name
        if name in SHORT
        else pytest.param(name, marks=pytest.mark.long(reason="field by field"))
        for name in FIELDS
    ],
)
def test_a_script_in_a_field_is_text_wherever_it_stands(visitor, staff, name):
    base = COMPANY if name in ("org_name", "credit_code", "proof", "contact", "legal_representative") else CITIZEN  # fmt: skip
    value = [SCRIPT] if name in ("delivery", "medium") else SCRIPT
    pages = []
    review(visitor, base, **{name: value})
    pages.append(visitor.html)
    fields = visitor.form("/apply").fields
    pages.append(visitor.post("/apply", {**fields, name: value, "step": "submit"}).html)
    if visitor.path == "/apply/done":
        number = slip(visitor)[0]
        pages.append(visitor.get("/query/case").html)
        clerk = staff("lifang")
        pages.append(clerk.get(f"/desk/cases/{number}").html)
        pages.append(clerk.get("/desk/").html)
    visitor.get("/apply")
    pages.append(visitor.post("/drafts", {**visitor.form("/apply").fields, name: value}).html)
    for page in pages:
        assert "<script>alert" not in page and "<img src=x" not in page


@pytest.mark.parametrize("field", ["number", "code", "name", "identity"])
def test_a_script_at_the_other_forms_is_text(visitor, field):
    pages = [
        asks(visitor, SCRIPT, SCRIPT).html,
        visitor.get(
            "/query",
        ).html,
        visitor.client.get("/query", query_string={"number": SCRIPT}).get_data(as_text=True),
        visitor.get("/drafts").send("/drafts/open", code=SCRIPT).html,
    ]
    visitor.get("/query")
    token = visitor.form("/query").fields["csrf_token"]
    given = {"number": "", "name": "", "identity": "", "csrf_token": token, field: SCRIPT}
    pages.append(visitor.post("/query/new-code", given).html)
    for page in pages:
        assert "<script>alert" not in page and "<img src=x" not in page


def _bmp_and_page():
    return b"BM" + b"\x00" * 60 + SCRIPT.encode()


def _picture_and_archive():
    """A picture to the one, an archive to the other."""
    picture, archive = BytesIO(), BytesIO()
    Image.new("RGB", (8, 8), "white").save(picture, "JPEG")
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr("run.js", SCRIPT)
    return picture.getvalue() + archive.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("身份证.jpg", SCRIPT.encode()),
        ("身份证.svg", f'<svg xmlns="http://www.w3.org/2000/svg">{SCRIPT}</svg>'.encode()),
        ("身份证.jpg", _bmp_and_page()),
        ("身份证.jpg", _picture_and_archive()),
        ("身份证.html", SCRIPT.encode()),
        ("身份证.pdf", b"%PDF-1.4\n" + SCRIPT.encode()),
        ("身份证.jpg", b"MZ" + b"\x00" * 200),
        ("身份证.jpg.exe", b"\xff\xd8\xff\xe0" + b"\x00" * 200),
    ],
    ids=["page as picture", "svg", "bitmap and page", "picture and archive", "page", "broken pdf", "program", "two endings"],
)  # fmt: skip
def test_a_file_that_is_not_what_it_says_is_not_kept(visitor, name, content):
    file(visitor)
    visitor.get("/query/case")
    fields = {**visitor.form("/query/case/files").fields, "kind": "id_proof"}
    visitor.post("/query/case/files", {**fields, "file": (BytesIO(content), name)})
    assert visitor.status == 422, visitor.text
