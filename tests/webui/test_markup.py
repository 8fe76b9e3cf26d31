"""The markup of every page: read by a strict reader of HTML5, and held to what it does not look at.

`make pages` puts all pages of tests/browser/test_pages.py through the checkers of others as well (docs/testing.md).
"""

import re
from collections import Counter
from collections.abc import Iterator
from xml.etree.ElementTree import Element

import html5lib
import pytest
from html5lib.html5parser import ParseError

from tests.webui.every_route import addresses
from tests.webui.test_permissions import NOBODY, PEOPLE, House, house

__all__ = ["house"]  # the application and its people, as the table of permissions is tried on them
NAMED_BY = ("aria-labelledby", "aria-describedby", "aria-controls", "headers")
GENERIC = {"p", "div", "span", "b", "small", "strong"}
"""Elements that take a name only with a role (ARIA in HTML)."""
WORKS = {"a", "button", "input", "select", "textarea", "summary"}
"""Where something happens; none stands within another."""
HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
LARGEST = (
    "desk.worklist",
    "desk.case",
    "desk.register",
    "desk.channels",
    "desk.ledger",
    "reports.report",
)
LONG = pytest.mark.long(reason="every page as every role; every run has some")
DESCRIBED = {
    f"portal.{name}"
    for name in (
        "start", "apply", "query", "guide", "directory", "answers", "annual_reports", "calculator", "complaint",
        "easy_read", "english",
    )
}  # fmt: skip
"""Pages for everybody, which search engines show with a sentence."""


def wrong_in(page: bytes) -> Iterator[str]:
    """What is not right with a page."""
    try:
        tree = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page)
    except ParseError as error:
        yield f"no HTML: {error}"
        return
    told = re.findall(rb"<meta[^>]*charset", page)
    if len(told) != 1 or b"charset" not in page[:1024]:
        yield f"its charset is told {len(told)} times"
    ids = Counter(part.get("id") for part in tree.iter() if part.get("id"))
    yield from (f"id {name} {number} times" for name, number in ids.items() if number > 1)
    for part in tree.iter():
        yield from _wrong_at(part, ids)


def _wrong_at(part: Element, ids: Counter[str | None]) -> Iterator[str]:
    tag = str(part.tag)
    named = [one for name in NAMED_BY for one in part.get(name, "").split()]
    named += [part.get("for", "")] if tag == "label" and part.get("for") else []
    yield from (f"{tag} names {one}, which is nowhere" for one in named if one not in ids)
    if tag in GENERIC and part.get("aria-label") and not part.get("role"):
        yield f"{tag} has a name and no role"
    if tag in WORKS:
        within = [str(one.tag) for one in part.iter() if one is not part and str(one.tag) in WORKS]
        if tag != "select" and within:
            yield f"{within[0]} within {tag}"
    if tag in ("ul", "ol") and (odd := {str(one.tag) for one in part} - {"li"}):
        yield f"{odd} within {tag}"
    headed = part.get("aria-label") or HEADINGS & {str(one.tag) for one in part.iter()}
    if tag in ("section", "article") and not headed:
        yield f"{tag} without a heading"
    if tag == "th" and part.get("scope") not in ("row", "col", "rowgroup", "colgroup"):
        yield "th without a scope"
    if tag == "img" and part.get("alt") is None:
        yield "img without alt"
    if tag == "input" and part.get("autocomplete") == "street-address":
        yield "an address of several lines in a field of one"


@pytest.mark.parametrize(
    "people", [("clerk",), pytest.param((NOBODY, *PEOPLE), marks=LONG)], ids=["some", "every"]
)
def test_pages_are_right(house: House, people: tuple[str, ...]) -> None:
    """In every run those of the portal and the largest of the desk, in the long one all as everybody."""
    wrong: dict[str, str] = {}
    seen, some = 0, len(people) == 1
    for who in people:
        for endpoint, path, methods in addresses(house):
            if "GET" not in methods or endpoint.startswith(("api.", "static")):
                continue
            if some and not endpoint.startswith("portal.") and endpoint not in LARGEST:
                continue
            answer = house.ask(who, "GET", path)
            if answer.mimetype != "text/html" or 300 <= answer.status_code < 400:
                continue
            seen += 1
            wrong |= {f"{endpoint}: {what}": who for what in wrong_in(answer.data)}
            described = re.search(
                r'<meta name="description" content="[^"<>]{10,160}">', answer.text
            )
            if endpoint in DESCRIBED and answer.status_code == 200 and not described:
                wrong[f"{endpoint}: not described"] = who
    assert not wrong, "\n".join(wrong)
    assert seen > 30


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("<p>a<p id=x><b id=x>c</b>", "id x 2 times"),
        ("<a href=/><button>c</button></a>", "button within a"),
        ("<label for=x>c</label>", "label names x, which is nowhere"),
        ("<p aria-label=x>c", "p has a name and no role"),
        ("<table><tr><th>c<td>d</table>", "th without a scope"),
        ("<ul><p>c</ul>", "{'p'} within ul"),
        ("<div><p>c</div></p>", "no HTML"),
        (
            "<meta http-equiv=content-type content='text/html; charset=utf-8'>",
            "its charset is told 2 times",
        ),
        ("<input autocomplete=street-address>", "an address of several lines"),
        ("<img src=x>", "img without alt"),
        ("<section><p>c</section>", "section without a heading"),
    ],
)
def test_what_is_wrong_is_seen(page: str, said: str) -> None:
    head = "<!doctype html><html lang=zh-CN><head><meta charset=utf-8><title>t</title>"
    found = list(wrong_in(f"{head}{page}".encode()))
    assert found and all(one.startswith(said) for one in found), found
    assert list(wrong_in(f"{head}<p>c".encode())) == []
