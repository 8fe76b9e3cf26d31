"""What no text may hold: a zero byte, which one database keeps and the other refuses, and halves of
characters. No browser sends them by itself."""

import re
from collections.abc import Iterator

from flask import Flask, abort, request

NO_TEXT = re.compile("[\x00\ud800-\udfff]")


def refuse_no_texts(app: Flask) -> None:
    """Answer 400 to a page's form or address with such characters, before anything of it is looked at.
    Calls of the API say which field it is."""

    def look() -> None:
        if not request.path.startswith("/api/") and any(NO_TEXT.search(said) for said in _said()):
            abort(400)

    app.before_request(look)


def _said() -> Iterator[str]:
    yield request.path
    for given in (request.args, request.form):
        for name, values in given.lists():
            yield name
            yield from values
    yield from (file.filename or "" for file in request.files.values())
