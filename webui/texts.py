"""What no text may hold: a zero byte, which one database keeps and the other refuses, and halves of
characters; and fields without a name. No browser sends them by itself."""

import re
from collections.abc import Iterator

from flask import Flask, abort, request

NO_TEXT = re.compile("[\x00\ud800-\udfff]")
NO_ADDRESS = re.compile("[\x00-\x1f\x7f]")
"""In an address no line ends: none could be led on to."""


def refuse_no_texts(app: Flask) -> None:
    """Answer 400 to a page's form or address with such characters, before anything of it is looked at.
    Calls of the API say which field it is."""

    def look() -> None:
        if request.path.startswith("/api/"):
            return
        if NO_ADDRESS.search(request.path) or any(map(_is_no_text, _said())):
            abort(400)

    app.before_request(look)


def _is_no_text(said: str | None) -> bool:
    return said is None or NO_TEXT.search(said) is not None


def _said() -> Iterator[str | None]:
    """What was sent; None for the name of a part of a form that has none."""
    yield request.path
    for given in (request.args, request.form):
        for name, values in given.lists():
            yield name
            yield from values
    for name, file in request.files.items():
        yield name
        yield file.filename or ""
