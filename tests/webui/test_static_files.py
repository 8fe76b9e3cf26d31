"""What a page weighs, and how long its files hold."""

import gzip
import re
from pathlib import Path

import pytest

MOST = 60_000
"""Bytes of the first page with everything that it needs, on the way."""
GZIP = {"Accept-Encoding": "gzip, deflate"}


def needs(page):
    """The addresses that a browser fetches for a page by itself: not the page in the other script."""
    tags = re.findall(r'<(?:link|script|img)\b[^>]*?(?:href|src)="[^"]+"', page)
    return [
        re.search(r'(?:href|src)="([^"]+)"', one)[1]
        for one in tags
        if not re.search(r'rel="(?:alternate|canonical)"', one)
    ]


@pytest.mark.parametrize("path", ["/", "/b/panlong", "/apply", "/query", "/drafts"])
def test_a_first_visit_is_small_and_asks_no_other_house(visitor, path):
    page = visitor.client.get(path, headers=GZIP, follow_redirects=True)
    addresses = needs(page.get_data(as_text=True))
    assert len(addresses) >= 3 and all(one.startswith("/static/") for one in addresses)
    bytes_ = len(page.data) + sum(
        len(visitor.client.get(one, headers=GZIP).data) for one in addresses
    )
    assert bytes_ < (MOST if path in ("/", "/b/panlong") else MOST + 15_000)
    style = visitor.client.get(addresses[0]).get_data(as_text=True)
    assert "gongkai.css" in addresses[0] and not re.search(r"url\(|@import", style)


def test_a_file_is_packed_for_who_takes_it_and_is_the_same(visitor):
    plain = visitor.client.get("/static/gongkai.css")
    packed = visitor.client.get("/static/gongkai.css", headers=GZIP)
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip" and packed.mimetype == "text/css"
    assert gzip.decompress(packed.data) == plain.data and len(packed.data) < len(plain.data) / 3
    assert int(packed.headers["Content-Length"]) == len(packed.data)
    assert plain.vary.as_set() == packed.vary.as_set() == {"accept-encoding"}
    for refused in ("gzip;q=0", "identity", "br"):
        answer = visitor.client.get("/static/gongkai.css", headers={"Accept-Encoding": refused})
        assert "Content-Encoding" not in answer.headers


def test_an_address_holds_as_long_as_its_content(visitor, app):
    (address,) = {one for one in needs(visitor.get("/").html) if "gongkai.css" in one}
    assert re.fullmatch(r"/static/gongkai\.css\?v=[0-9a-f]{12}", address)
    kept = visitor.client.get(address, headers=GZIP)
    assert kept.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    for other in ("/static/gongkai.css", "/static/gongkai.css?v=000000000000"):
        assert visitor.client.get(other).headers["Cache-Control"] == "no-cache"
    again = visitor.client.get(address, headers={**GZIP, "If-None-Match": kept.headers["ETag"]})
    assert again.status_code == 304 and again.data == b""
    assert again.headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_another_content_has_another_address(visitor, app, tmp_path, monkeypatch):
    for file in Path(app.static_folder).glob("*.*"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    monkeypatch.setattr(app, "static_folder", str(tmp_path))
    before = needs(visitor.get("/").html)[0]
    (tmp_path / "gongkai.css").write_text("body { color: red }", encoding="utf-8")
    assert needs(visitor.get("/").html)[0] != before


def test_pages_are_neither_kept_nor_packed(visitor):
    answer = visitor.client.get("/", headers=GZIP)
    assert (
        answer.headers["Cache-Control"] == "no-store" and "Content-Encoding" not in answer.headers
    )
    assert visitor.client.get("/static/no-such-file.css").status_code == 404
    assert "Content-Encoding" not in visitor.client.get("/static/../app.py", headers=GZIP).headers


def test_nothing_but_texts_is_packed(visitor, app):
    picture = next(Path(app.static_folder, "manual").glob("*.png"))
    answer = visitor.client.get(f"/static/manual/{picture.name}", headers=GZIP)
    assert answer.status_code == 200 and "Content-Encoding" not in answer.headers


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_a_name_that_no_file_can_have_is_no_fault(visitor, method):
    answer = visitor.client.open("/static/" + "gongkai.css" * 30, method=method)
    assert answer.status_code == (200 if method == "OPTIONS" else 404)
