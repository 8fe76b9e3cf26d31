"""A call: who makes it, what it says, whether it came before, whether the caller has it already."""

import hashlib
import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from ipaddress import ip_network
from typing import Any, TypeVar
from urllib.parse import unquote

from flask import Response, g, json, request
from pydantic import BaseModel, ValidationError
from werkzeug.exceptions import (
    BadRequest,
    TooManyRequests,
    Unauthorized,
    UnsupportedMediaType,
)

from config.errors import Unavailable
from webui.api.asked import CODE_MOST, ByCode
from webui.api.problems import Forbidden
from webui.here import gongkai
from webui.limits import address, guessed_wrong, seconds_to_wait
from webui.permitted import ask_route
from workflow.events import field_errors
from workflow.people import Staff
from workflow.refusal import BadInput, Denied, FieldError, Refusal
from workflow.service import Missing

DEPTH_MOST = 12
ERRORS_MOST = 50
KEY_PATTERN = "^[!-~]{8,200}$"
# What no text may hold, and no letter or ledger could show: control characters but tab and line
# breaks; and halves of characters (lone surrogates).
CONTROLS = r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f"
_NOT_TEXT = re.compile(f"[{CONTROLS}\ud800-\udfff]")
_TAG = re.compile(r'(?:W/)?"(\d{1,9})-[0-9a-f]+"')

CODE_HEADER = "X-Query-Code"
LOOK_REASON, LOOK_WORDS = "X-Look-Reason", "X-Look-Words"

Query = TypeVar("Query", bound=BaseModel)
Found = TypeVar("Found")
Spoken = tuple[BaseModel, int, dict[str, str]]
"""What a call is answered with: the body, the status, and headers."""


FIRST_PASSWORD = Refusal(
    "not_your_role",
    "GB/T 22239",
    "这个账号的一次性密码还没有修改，令牌暂时不能使用",
    "登录工作台换成自己的密码之后",
)


# -- who --------------------------------------------------------------------------------------------


def caller(scope: str) -> Staff:
    """The member of staff whose token came along.

    Ends the call with 401 without a good token. Raises Forbidden if it lacks the scope, Denied if none
    of the person's roles opens the call or their one-time password still stands. Asked before anything else of a call is looked at;
    that the token was used is noted.
    """
    header = request.headers.get("Authorization", "")
    kind, _, token = header.partition(" ")
    token = token.strip()
    found = None
    if kind.lower() == "bearer" and 0 < len(token) <= 200:
        found = gongkai().accounts.bearer(token)
    if found is None:
        raise Unauthorized()
    if found.staff.must_change_password:
        raise Denied(FIRST_PASSWORD)
    if scope not in found.token.scopes:
        raise Forbidden(scope)
    ask_route(found.staff)
    g.bearer = found
    # A store that takes no note may still be read; what is to be written says it by itself.
    with suppress(Unavailable):
        gongkai().accounts.token_used(found.token, _network, writing=scope == "write")
    return found.staff


def _network() -> str:
    """From where the call comes, to its last number."""
    place = address()
    try:
        return str(ip_network(f"{place}/24", strict=False)) if "." in place else place
    except ValueError:
        return ""


def in_body(staff: Staff, agency: str | None) -> Staff:
    """The person in the one body, if one is named. Raises Missing if it is none of theirs."""
    if agency is not None and agency not in staff.roles:
        raise Missing(f"没有代码为“{agency}”的机关，或者您不能查看")
    return staff.within(agency)


# -- what was said ----------------------------------------------------------------------------------


def body() -> dict[str, Any]:
    """The JSON object that was sent.

    Ends the call with 400 for broken JSON, 413 for too much, 415 for another type. Raises BadInput
    for what is no object, is nested too deep, says a field twice or holds characters that are no text.
    """
    if not request.is_json:
        raise UnsupportedMediaType()
    sent = request.get_data(cache=True)
    twice: list[FieldError] = []
    try:
        data = json.loads(
            sent,
            parse_constant=_no_number,
            parse_float=_number,
            object_pairs_hook=lambda pairs: _object(pairs, twice),
        )
    except (ValueError, RecursionError) as error:
        raise BadRequest() from error
    if twice:
        raise BadInput(twice[:ERRORS_MOST])
    if not isinstance(data, dict):
        raise BadInput([FieldError("", "须为一个 JSON 对象")])
    errors = list(_not_text(data))
    if errors:
        raise BadInput(errors[:ERRORS_MOST])
    return data


def _no_number(word: str) -> None:
    raise ValueError(f"{word} is no JSON")


def _number(word: str) -> float | int:
    """5.0 is a whole number to JSON Schema, and so to whoever holds a call to the document."""
    number = float(word)
    return int(number) if number.is_integer() else number


def _object(pairs: list[tuple[str, Any]], twice: list[FieldError]) -> dict[str, Any]:
    """The object; programs differ in which of two fields of one name they take."""
    found = dict(pairs)
    if len(found) < len(pairs):
        seen = [name for name, _ in pairs]
        twice += [
            FieldError(name[:64], "同一个字段写了两次") for name in found if seen.count(name) > 1
        ]
    return found


def _not_text(data: dict[str, Any]) -> Iterable[FieldError]:
    """Fields that no store could keep."""
    waiting: list[tuple[str, Any, int]] = [("", data, 0)]
    while waiting:
        where, value, depth = waiting.pop()
        if depth > DEPTH_MOST:
            yield FieldError(where, "嵌套过深")
        elif isinstance(value, dict):
            for key, inner in value.items():
                if _NOT_TEXT.search(key):
                    yield FieldError(where, "名称含有无法保存的字符")
                else:
                    waiting.append((f"{where}.{key[:64]}".lstrip("."), inner, depth + 1))
        elif isinstance(value, list):
            waiting.extend((f"{where}.{n}", inner, depth + 1) for n, inner in enumerate(value))
        elif isinstance(value, str) and _NOT_TEXT.search(value):
            yield FieldError(where, "含有无法保存的字符")


def arguments(model: type[Query]) -> Query:
    """The query string, checked. Raises BadInput with every wrong argument."""
    given = {name: ",".join(values) for name, values in request.args.to_dict(flat=False).items()}
    errors = [FieldError("", "参数含有无法识别的字符") for name in given if _NOT_TEXT.search(name)]
    errors += [
        FieldError(name, "含有无法识别的字符")
        for name, value in given.items()
        if _NOT_TEXT.search(value)
    ]
    if errors:
        raise BadInput(errors)
    try:
        return model.model_validate(given)
    except ValidationError as error:
        raise BadInput(field_errors(error)) from error


def by_code(number: str, look: Callable[[str], Found]) -> Found:
    """What is found of an application by its number and the code that came along: in the header, or as before in the
    address. Who guesses has to wait.

    Ends the call with 429 where it is to wait. Raises BadInput for a code that is no text, Missing where they do not fit.
    """
    code = _code()
    wait = seconds_to_wait(number)
    if wait:
        raise TooManyRequests(retry_after=wait)
    try:
        return look(code)
    except Missing:
        guessed_wrong(number)
        raise


def _code() -> str:
    said = _header_in_words(CODE_HEADER)
    in_address = arguments(ByCode).query_code
    if said is None:
        return in_address
    if len(said) > CODE_MOST or _NOT_TEXT.search(said):
        raise BadInput([FieldError(CODE_HEADER, "不是查询码")])
    return said


def _header_in_words(name: str) -> str | None:
    """A header that holds words, which many programs send as UTF-8 although HTTP has it as latin-1; None without it."""
    told = request.headers.get(name)
    if told is None:
        return None
    try:
        return told.encode("latin-1").decode()
    except (UnicodeEncodeError, UnicodeDecodeError):
        return told


def look_words() -> str:
    """What the caller says of why they look at somebody. Raises BadInput for what is no text."""
    said = unquote(_header_in_words(LOOK_WORDS) or "")
    if _NOT_TEXT.search(said):
        raise BadInput([FieldError(LOOK_WORDS, "含有无法保存的字符")])
    return said


def look_at_address(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Before every call: an address with characters that are no text leads nowhere."""
    for value in (values or {}).values():
        if isinstance(value, str) and (len(value) > 64 or _NOT_TEXT.search(value)):
            raise Missing("没有找到：地址中的编号或者代码不正确")


# -- whether it came before -------------------------------------------------------------------------


def once(work: Callable[[str | None], Spoken], said: str | None = None) -> Response:
    """Do the work of a POST, once per Idempotency-Key. said: what tells the call from another, if it
    is no JSON.

    The same key with the same call is answered as the first time; with another call it is refused.
    What was refused or failed leaves the key free. A key belongs to the token, without one to the
    address.
    """
    given = request.headers.get("Idempotency-Key")
    if given is None:
        return say(work(None))
    if not re.fullmatch(KEY_PATTERN, given):
        raise BadInput([FieldError("Idempotency-Key", "须为 8 到 200 个可见的英文字符")])
    owner = f"token {g.bearer.token.id}" if "bearer" in g else f"anyone {request.path}"
    key = _hash(owner, given)
    calls = gongkai().calls
    kept = calls.claim(key, _hash(request.full_path, said or json.dumps(body(), sort_keys=True)))
    if kept is None:
        try:
            answer, status, headers = work(key)
        except Exception:
            calls.forget(key)
            raise
        kept = calls.keep(key, {"text": _text(answer), "status": status, "headers": headers})
    return _response(kept["text"], kept["status"], kept["headers"])


def _hash(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


# -- the answer -------------------------------------------------------------------------------------


def say(spoken: Spoken) -> Response:
    """The answer; to a GET with its ETag, and empty (304) if the caller has it already."""
    answer, status, headers = spoken
    text = _text(answer)
    response = _response(text, status, headers)
    if request.method in ("GET", "HEAD"):
        if "ETag" not in response.headers:
            response.set_etag(_hash(text)[:32])
        response.make_conditional(request)
    return response


def etag_of_case(length: int, answer: BaseModel) -> str:
    """The mark of a case as this caller sees it: the length of its log, and what it says."""
    return f'"{length}-{_hash(_text(answer))[:32]}"'


def lengths_seen() -> list[int] | None:
    """The lengths of the case's log that If-Match names; None if any will do.

    Only the length counts: a due day that came nearer since is no change of the case.
    """
    given = request.headers.get("If-Match")
    if given is None or given.strip() == "*":
        return None
    return [int(length) for length in _TAG.findall(given)]


def _text(answer: BaseModel) -> str:
    return answer.model_dump_json(exclude_unset=True)


def _response(text: str, status: int, headers: dict[str, str]) -> Response:
    return Response(text, status, headers, mimetype="application/json")
