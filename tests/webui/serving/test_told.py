"""What the server around the application is told of an address, and may write into its logs."""

from typing import Any

from flask import Flask

from tests.webui.api.program import Program


def asked(app: Flask, path: str, query: str = "") -> tuple[int, dict[str, Any]]:
    """The answer's code, and what the server knows of the request afterwards."""
    line = f"{path}?{query}" if query else path
    environ = app.test_request_context(path, query_string=query).request.environ
    seen = {
        name: value for name, value in environ.items() if not name.startswith(("werkzeug", "flask"))
    }
    seen |= {"RAW_URI": line, "REQUEST_URI": line, "HTTP_REFERER": f"http://localhost{line}"}
    answered: list[str] = []
    b"".join(app.wsgi_app(seen, lambda status, headers, *_: answered.append(status)))  # type: ignore[arg-type, func-returns-value]
    return int(answered[0].split()[0]), seen


def test_a_code_in_an_address_is_answered_and_cut_out_of_every_log(
    app: Flask, program: Any
) -> None:
    one: Program = program()
    number, code = one.file()
    path = f"/api/v1/applications/{number}"
    status, seen = asked(app, path, f"query_code={code}")
    assert status == 200
    told = {name: str(value) for name, value in seen.items() if name.isupper()}
    assert not [name for name, value in told.items() if code in value]
    assert told["RAW_URI"] == told["REQUEST_URI"] == told["PATH_INFO"] == path
    assert told["QUERY_STRING"] == "" and told["HTTP_REFERER"] == "http://localhost/"


def test_an_address_that_is_itself_a_secret_is_told_as_its_page(app: Flask) -> None:
    status, seen = asked(app, "/feed/1-verysecret.ics")
    assert status == 404 and "verysecret" not in str(
        [value for name, value in seen.items() if name.isupper()]
    )
    assert seen["RAW_URI"] == seen["PATH_INFO"] == "/feed/<token>.ics"


def test_an_ordinary_address_stays_as_it_is(app: Flask) -> None:
    status, seen = asked(app, "/guide")
    assert status == 200 and seen["PATH_INFO"] == seen["RAW_URI"] == "/guide"
