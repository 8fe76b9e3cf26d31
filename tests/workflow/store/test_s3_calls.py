"""What a bucket asks of a server and what it makes of every answer; no server is asked."""

import threading
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta, timezone
from hashlib import md5, sha256
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from requests import ConnectionError, ConnectTimeout, ReadTimeout, Request, RequestException
from requests.exceptions import ChunkedEncodingError

from config.errors import StorageAway
from config.storages import S3Place
from workflow.store import s3
from workflow.store.s3 import Bucket, Server, authorization
from workflow.store.storages import AWAY, UNREAD, Lying, NotThere

BEIJING = timezone(timedelta(hours=8))
AT = datetime(2026, 3, 4, 7, 30, 5, tzinfo=BEIJING)


class Answer:
    """As requests gives it. whole: what content-length says, None where it says nothing."""

    def __init__(
        self, status: int = 200, body: bytes = b"", whole: object = "", broken: Exception | None = None
    ) -> None:  # fmt: skip
        self.status_code, self.body, self.broken, self.closed = status, body, broken, False
        said = str(len(body)) if whole == "" else whole
        self.headers = {} if said is None else {"content-length": said}

    def iter_content(self, size: int) -> Iterator[bytes]:
        for begin in range(0, len(self.body), size):
            yield self.body[begin : begin + size]
        if self.broken:
            raise self.broken

    def close(self) -> None:
        self.closed = True


class Line:
    """In the place of a session: answers with the next of these, or raises it."""

    def __init__(self, *answers: Answer | Exception) -> None:
        self.answers, self.asked = list(answers), list[Any]()

    def request(self, method: str, address: str, **how: Any) -> Answer:
        call = Request(method, address, data=how["data"]).prepare()
        how["auth"](call)
        self.asked.append(SimpleNamespace(**how, call=call, path=urlsplit(address).path,
                                          query=dict(parse_qsl(urlsplit(address).query, True))))  # fmt: skip
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


def bucket_on(
    *answers: Answer | Exception, prefix: str = "town/", **how: Any
) -> tuple[Bucket, Line]:
    server = Server(
        **{"endpoint": "http://s3.cn:9000", "region": "cn", "key": ("id", "secret"), **how}
    )
    bucket, line = Bucket(S3Place("kept", prefix), server, lambda: AT), Line(*answers)
    bucket._own.session = line
    return bucket, line


def why(work: Callable[[], object]) -> StorageAway:
    with pytest.raises(StorageAway) as caught:
        work()
    return caught.value


# -- where ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("endpoint", "by_path", "found"),
    [
        ("http://s3.cn:9000", True, ("http://s3.cn:9000", "s3.cn:9000", "/kept")),
        ("https://s3.cn", False, ("https://kept.s3.cn", "kept.s3.cn", "")),
        ("https://s3.cn/at/", True, ("https://s3.cn", "s3.cn", "/at/kept")),
        ("https://s3.cn/at/", False, ("https://kept.s3.cn", "kept.s3.cn", "/at")),
    ],
)
def test_a_bucket_is_found_by_its_address(
    endpoint: str, by_path: bool, found: tuple[str, str, str]
) -> None:
    bucket = Bucket(S3Place("kept", ""), Server(endpoint, "cn", ("a", "b"), by_path=by_path))
    assert (bucket.base, bucket.host, bucket.root) == found
    assert bucket.address == "s3://kept"
    assert Bucket(S3Place("kept", "town/"), bucket.server).address == "s3://kept/town"
    assert "b'" not in repr(bucket.server) and "key=" not in repr(bucket.server)
    assert abs(bucket._now() - datetime.now(UTC)) < timedelta(minutes=1)


@pytest.mark.parametrize(("by_path", "root"), [(True, "/kept"), (False, "")])
def test_every_call_goes_to_its_object(by_path: bool, root: str) -> None:
    bucket, line = bucket_on(
        Answer(), Answer(body=b"content"), Answer(204), Answer(body=LISTED), by_path=by_path
    )
    bucket.put("a", b"content")
    assert bucket.get("b") == b"content"
    bucket.delete("c")
    assert list(bucket.each()) == [Lying("n-1", 7, datetime(2026, 3, 4, tzinfo=UTC))]
    assert [(one.call.method, one.path) for one in line.asked] == [
        ("PUT", f"{root}/town/a"), ("GET", f"{root}/town/b"), ("DELETE", f"{root}/town/c"), ("GET", f"{root}/"),
    ]  # fmt: skip
    assert line.asked[-1].query == {"list-type": "2", "prefix": "town/", "max-keys": "1000"}
    assert [one.data for one in line.asked] == [b"content", None, None, None]
    for one in line.asked:
        assert one.stream is True and one.allow_redirects is False
        assert one.timeout == (s3.CONNECT_SECONDS, s3.ANSWER_SECONDS)


def test_a_call_is_signed_with_its_time_its_host_and_the_hash_of_its_content() -> None:
    bucket, line = bucket_on(Answer(), Answer(body=b""))
    bucket.put("a b+c~", b"content")
    bucket.get("x")
    sent, read = (one.call for one in line.asked)
    assert sent.url == "http://s3.cn:9000/kept/town/a%20b%2Bc~"
    digest = b64encode(md5(b"content", usedforsecurity=False).digest()).decode()
    headers = {
        "host": "s3.cn:9000", "x-amz-content-sha256": sha256(b"content").hexdigest(),
        "x-amz-date": "20260303T233005Z", "content-md5": digest,
    }  # fmt: skip
    said = authorization("PUT", "/kept/town/a b+c~", {}, headers, ("id", "secret"), "cn")
    for name, value in {**headers, "authorization": said}.items():
        assert sent.headers[name] == value
    assert "content-md5" not in read.headers
    assert read.headers["x-amz-content-sha256"] == sha256(b"").hexdigest()


def test_names_and_blanks_are_signed_in_their_order() -> None:
    """The rules of AWS: headers and queries sorted by name, blanks within a value one."""
    headers = {"x-amz-date": "20260303T233005Z", "x-amz-content-sha256": "0", "host": "h"}

    def signed(query: Mapping[str, str], **more: str) -> str:
        return authorization("GET", "/", query, {**headers, **more}, ("id", "secret"), "cn")

    assert signed({"b": "1", "a": "2"}) == signed({"a": "2", "b": "1"}) != signed({"a": "2"})
    assert signed({}, x="a  b ") == signed({}, x="a b") != signed({}, x="ab")
    assert "SignedHeaders=host;x;x-amz-content-sha256;x-amz-date," in signed({}, x="a")
    assert s3._query({"prefix": "a/b c~", "a": ""}) == "a=&prefix=a%2Fb%20c~"
    assert s3._path("/a/b c~é") == "/a/b%20c~%C3%A9"


# -- how it is asked --------------------------------------------------------------------------------------


def test_each_thread_has_a_line_of_its_own_that_takes_nothing_of_the_environment() -> None:
    server = Server("https://s3.cn", "cn", ("a", "b"), ca="/etc/own.pem")
    bucket = Bucket(S3Place("kept", ""), server)
    session = bucket._session()
    assert session is bucket._session()
    assert (session.trust_env, session.verify) == (False, "/etc/own.pem")
    assert session.headers["accept-encoding"] == "identity"
    adapter = session.get_adapter("https://s3.cn/kept/a")
    assert adapter is not session.get_adapter("https://elsewhere.cn/")
    assert (adapter._pool_connections, adapter._pool_maxsize, adapter.max_retries.total) == (1, 1, 0)  # type: ignore[attr-defined]  # of requests' own adapter  # fmt: skip
    others: list[Any] = []
    thread = threading.Thread(target=lambda: others.append(bucket._session()))
    thread.start()
    thread.join(10)
    assert len(others) == 1 and others[0] is not session
    assert Bucket(S3Place("kept", ""), Server("https://s3.cn", "cn", ("a", "b")))._session().verify is True  # fmt: skip


def test_who_hung_up_at_once_is_asked_once_more(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [100.0]
    monkeypatch.setattr(s3.time, "monotonic", lambda: clock[0])
    bucket, line = bucket_on(ConnectionError(), Answer(body=b"x"))
    assert bucket.get("a") == b"x" and len(line.asked) == 2

    class Late(Line):
        late = 0.0

        def request(self, method: str, address: str, **how: Any) -> Answer:
            clock[0] += self.late
            return super().request(method, address, **how)

    bucket._own.session = line = Late(ConnectionError(), Answer(body=b"x"))
    line.late = s3.AGAIN_SECONDS
    assert bucket.get("a") == b"x" and len(line.asked) == 2
    bucket._own.session = line = Late(ConnectionError(), Answer(body=b"x"))
    line.late = s3.AGAIN_SECONDS + 0.1
    assert (
        "连接不上（ConnectionError）" in why(lambda: bucket.get("a")).why and len(line.asked) == 1
    )


@pytest.mark.parametrize("error", [ConnectTimeout(), ReadTimeout(), RequestException()])
def test_who_does_not_answer_is_asked_once_and_then_rested_from(
    monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    clock = [100.0]
    monkeypatch.setattr(s3.time, "monotonic", lambda: clock[0])
    bucket, line = bucket_on(error, Answer(), Answer())
    told = why(lambda: bucket.put("a", b"x"))
    assert told.why == f"s3://kept/town（http://s3.cn:9000）：连接不上（{type(error).__name__}）"
    assert str(told) == AWAY and len(line.asked) == 1
    clock[0] += s3.REST_SECONDS - 0.1
    told = why(lambda: bucket.get("a"))
    assert "刚才连接不上" in told.why and str(told) == UNREAD and len(line.asked) == 1
    clock[0] += 0.1
    bucket.put("a", b"x")
    assert len(line.asked) == 2


# -- what it makes of an answer -----------------------------------------------------------------------------


def fault(code: str) -> bytes:
    return f"<Error><Code>{code}</Code></Error>".encode()


@pytest.mark.parametrize("body", [b"", fault("NoSuchKey")])
def test_what_is_not_there_is_not_there(body: bytes) -> None:
    bucket, _ = bucket_on(Answer(404, body), Answer(404, body), Answer(404, body))
    with pytest.raises(NotThere, match="/kept/town/a"):
        bucket.get("a")
    bucket.delete("a")
    with pytest.raises(NotThere):
        bucket.put("a", b"x")


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (404, fault("NoSuchBucket"), "没有这个桶"),
        (403, fault("InvalidAccessKeyId"), "不认识这个访问密钥的编号（s3_access_key）"),
        (403, fault("SignatureDoesNotMatch"), "访问密钥（s3_secret_key）不对"),
        (403, fault("AccessDenied"), "没有权限"),
        (403, fault("RequestTimeTooSkewed"), "本机时间与存储服务器相差太多，请校准"),
        (400, fault("AuthorizationHeaderMalformed"), "区域（s3_region）不对"),
        (507, fault("QuotaExceeded"), "空间已满"),
        (403, fault("NoSuchKey"), "回答 403 NoSuchKey"),
        (404, fault("Other.Code1"), "回答 404 Other.Code1"),
        (500, b"", "回答 500 "),
        (201, b"", "回答 201 "),
        (500, fault("x" * 61), "回答 500 "),
        (500, b"x" * 4096 + fault("TooLate"), "回答 500 "),
        (500, b"x" * 4000 + fault("InTime"), "回答 500 InTime"),
    ],
)
def test_what_a_server_refuses_is_told_by_its_word(status: int, body: bytes, said: str) -> None:
    bucket, _ = bucket_on(Answer(status, body), Answer(status, body))
    assert why(lambda: bucket.put("a", b"x")).why == f"s3://kept/town（http://s3.cn:9000）：{said}"
    assert str(why(lambda: bucket.get("a"))) == UNREAD


def test_a_refusal_that_breaks_off_is_told_by_its_number() -> None:
    answer = Answer(503, fault("SlowDown"), broken=ChunkedEncodingError())
    bucket, _ = bucket_on(answer)
    assert why(lambda: bucket.put("a", b"x")).why.endswith("：回答 503 ") and answer.closed


@pytest.mark.parametrize("whole", ["7", None, "?", ""])
def test_a_content_is_whole_or_none(whole: str | None) -> None:
    """A server that does not say how much it sends is believed that it was all."""
    answer = Answer(body=b"content", whole=whole)
    bucket, _ = bucket_on(answer)
    assert bucket.get("a") == b"content" and answer.closed


@pytest.mark.parametrize("whole", ["6", "8", "0"])
def test_a_content_of_another_length_is_none(whole: str) -> None:
    bucket, _ = bucket_on(Answer(body=b"content", whole=whole))
    told = why(lambda: bucket.get("a"))
    assert told.why.endswith("：回答不完整") and str(told) == UNREAD


def test_a_content_that_breaks_off_is_none() -> None:
    answer = Answer(body=b"cont", whole=None, broken=ChunkedEncodingError())
    bucket, _ = bucket_on(answer)
    told = why(lambda: bucket.get("a"))
    assert told.why.endswith("：回答中断（ChunkedEncodingError）") and str(told) == UNREAD
    assert answer.closed


def test_what_is_too_long_or_too_slow_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([0.0, *(s3.WHOLE_SECONDS,) * 3]).__next__
    monkeypatch.setattr(s3, "_PIECE", 4)
    bucket, line = bucket_on(Answer(body=b"content"), *(Answer(body=b"content") for _ in range(3)))
    monkeypatch.setattr(s3, "ANSWER_MOST", 7)
    assert bucket.get("a") == b"content"
    monkeypatch.setattr(s3, "ANSWER_MOST", 6)
    told = why(lambda: bucket.get("a"))
    assert told.why.endswith("：回答太慢或者太长") and str(told) == UNREAD
    monkeypatch.setattr(s3, "ANSWER_MOST", 7)
    answer = line.answers.pop(0)
    assert isinstance(answer, Answer)
    monkeypatch.setattr(s3.time, "monotonic", clock)
    assert bucket._read(answer) == b"content"  # type: ignore[arg-type]  # an answer of ours
    late = Answer(body=b"content")
    monkeypatch.setattr(s3.time, "monotonic", iter([0.0, s3.WHOLE_SECONDS + 0.1]).__next__)
    assert "太慢" in why(lambda: bucket._read(late)).why and late.closed  # type: ignore[arg-type]  # the same


# -- what lies there ----------------------------------------------------------------------------------------


def page(*names: str, more: str = "", token: str = "") -> bytes:
    listed = "".join(
        f"<Contents><Key>town/{name}</Key><Size>7</Size><LastModified>2026-03-04T00:00:00.000Z</LastModified></Contents>"
        for name in names
    )
    return (
        f'<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><IsTruncated>{more}</IsTruncated>'
        f"<NextContinuationToken>{token}</NextContinuationToken>{listed}</ListBucketResult>"
    ).encode()


LISTED = page("n-1", more="false")


def test_all_pages_are_asked_for_each_by_the_one_before() -> None:
    bucket, line = bucket_on(
        Answer(body=page("a", "b", more="true", token="1+/=")),
        Answer(body=page("c", more="true", token="2")),
        Answer(body=page("d", more="false", token="3")),
    )
    assert [one.name for one in bucket.each()] == ["a", "b", "c", "d"]
    tokens = [one.query.get("continuation-token") for one in line.asked]
    assert tokens == [None, "1+/=", "2"]
    bucket, line = bucket_on(Answer(body=page("a", more="true")))
    assert len(list(bucket.each())) == 1 and len(line.asked) == 1, "no token, no next page"


def test_what_is_listed_without_a_size_is_empty_and_without_a_time_is_unreadable() -> None:
    bucket, _ = bucket_on(Answer(body=LISTED.replace(b"<Size>7</Size>", b"")))
    assert [one.size for one in bucket.each()] == [0]
    for bent in (
        LISTED.replace(b"2026-03-04T", b"x"), LISTED.replace(b"<Size>7", b"<Size>many"), LISTED[:-1], b"",
    ):  # fmt: skip
        bucket, _ = bucket_on(Answer(body=bent))
        assert why(lambda bucket=bucket: list(bucket.each())).why.endswith("：列出的清单读不懂")  # type: ignore[misc]  # a default that binds the loop


def test_a_list_that_names_files_of_this_machine_reads_none(tmp_path: Any) -> None:
    (tmp_path / "own").write_text("secret")
    entity = f'<!DOCTYPE x [<!ENTITY e SYSTEM "file://{tmp_path / "own"}">]>'.encode()
    bucket, _ = bucket_on(Answer(body=entity + LISTED.replace(b"town/n-1", b"town/n-1&e;")))
    assert all("secret" not in one.name for one in bucket.each())
