"""What was typed, put back into its form: from a page and values to a page. Knows neither requests nor the store."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from lxml.html import HtmlElement

Pairs = Sequence[tuple[str, str]]
"""Names and values of a form as they were sent, in their order; a name may come several times."""

NOT_TYPED = {"hidden", "file", "password", "submit", "button", "image", "reset"}
WHICH = "seq"
"""The hidden field by which a form says which line of the log it is about: what was typed for one is put into no other's."""
ANCHOR = "kept-form"
"""The id of the form into which it was put."""


def filled(page: str, action: str, sent: Pairs) -> tuple[str, str | None, list[str]]:
    """The page with what was sent standing in its form again, the id of that form, and the texts that found no
    place in it, in their order; the page as it is and None where it has no such form.

    action: path and query of the address that the form is sent to. Of several such forms the one with most of
    the values that are not typed. Hidden values stay those of the page: it shows the case as it is now.
    """
    from lxml import html  # not loaded before somebody comes back to a form

    tree = html.document_fromstring(page)
    about = dict(sent).get(WHICH)
    forms = [
        form
        for form in tree.iter("form")
        if _same(form.get("action"), action) and about in (None, _about(form))
    ]
    if not forms:
        return page, None, texts(sent)
    form = max(forms, key=lambda one: _alike(one, sent))
    left = _fill(form, sent)
    anchor = form.get("id") or ANCHOR
    form.set("id", anchor)
    part = form
    while (part := part.getparent()) is not None:
        if part.tag == "details":
            _open(tree, part)
    whole = html.tostring(tree, encoding="unicode", doctype="<!doctype html>")
    return whole, anchor, texts(left)


def texts(sent: Pairs) -> list[str]:
    """The values that somebody wrote, without the marks that a page sends along."""
    return [value.strip() for _, value in sent if re.search(r"[^\x00-\x7f]|\w\s+\w", value)]


def _same(action: str | None, wanted: str) -> bool:
    if action is None:
        return False
    one, other = urlsplit(action), urlsplit(wanted)
    return (one.path, one.query) == (other.path, other.query)


def _open(tree: "HtmlElement", part: "HtmlElement") -> None:
    """Of several of one name a browser keeps the first open one open alone."""
    for other in tree.iter("details"):
        if part.get("name") and other.get("name") == part.get("name"):
            other.attrib.pop("open", None)
    part.set("open", "open")


def _about(form: "HtmlElement") -> str | None:
    """Which line of the log the form is about; None where it says none."""
    return next((one.get("value") for one in form.iter("input") if one.get("name") == WHICH), None)


def _alike(form: "HtmlElement", sent: Pairs) -> int:
    pairs, names = set(sent), {name for name, _ in sent}
    score = 0
    for field in form.iter("input", "button", "select", "textarea"):
        name = field.get("name")
        if name in names:
            score += 1
            if field.get("type") in ("hidden", "submit") or field.tag == "button":
                score += 3 * ((name, field.get("value", "")) in pairs)
    return score


def _fill(form: "HtmlElement", sent: Pairs) -> list[tuple[str, str]]:
    """Put the values into the fields of their names; the ones for which there was no field."""
    waiting: dict[str, list[str]] = {}
    for name, value in sent:
        waiting.setdefault(name, []).append(_plain(value))
    known = set()
    for field in form.iter("input", "select", "textarea", "button"):
        name, kind = field.get("name"), field.get("type", "").lower()
        if name is None:
            continue
        values = waiting.get(name, [])
        if field.tag == "button" or (field.tag == "input" and kind in NOT_TYPED):
            known.add(name)
        elif kind in ("checkbox", "radio"):
            _mark(field, "checked", field.get("value", "on") in values)
            known.add(name)
        elif field.tag == "select":
            for option in field.iter("option"):
                _mark(option, "selected", option.get("value", option.text or "") in values)
            known.add(name)
        elif values:
            value = values.pop(0)
            if field.tag == "textarea":
                # A line break right behind the tag is none of the text.
                field.text = "\n" + value
            else:
                field.set("value", value)
    return [
        (name, value) for name, values in waiting.items() if name not in known for value in values
    ]


def _mark(field: "HtmlElement", mark: str, on: bool) -> None:
    field.attrib.pop(mark, None)
    if on:
        field.set(mark, mark)


def _plain(value: str) -> str:
    """Without what no page can hold: of the marks below the space only line breaks and tabs."""
    lines = value.replace("\r\n", "\n").replace("\r", "\n")
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]", "", lines)
