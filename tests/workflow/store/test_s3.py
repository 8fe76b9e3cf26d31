"""The bucket of an S3-compatible server: its signatures, held to AWS' own examples; what a true server answers; and what one
that fails answers."""

import itertools
import socket
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest

from config.errors import StorageAway
from config.storages import S3Place
from tests.weed import Weed, running
from workflow.store import s3
from workflow.store.s3 import Bucket, Server, authorization
from workflow.store.storages import NotThere

OF_AWS = ("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
AT = {"host": "examplebucket.s3.amazonaws.com", "x-amz-date": "20130524T000000Z"}
NOTHING = sha256(b"").hexdigest()
WELCOME = sha256(b"Welcome to Amazon S3.").hexdigest()


@pytest.mark.parametrize(
    ("method", "path", "query", "headers", "signature"),
    [
        ("GET", "/test.txt", {}, {"range": "bytes=0-9", "x-amz-content-sha256": NOTHING},
         "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"),
        ("PUT", "/test$file.text", {},
         {"date": "Fri, 24 May 2013 00:00:00 GMT", "x-amz-content-sha256": WELCOME,
          "x-amz-storage-class": "REDUCED_REDUNDANCY"},
         "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"),
        ("GET", "/", {"lifecycle": ""}, {"x-amz-content-sha256": NOTHING},
         "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"),
        ("GET", "/", {"prefix": "J", "max-keys": "2"}, {"x-amz-content-sha256": NOTHING},
         "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"),
    ],
    ids=["get", "put", "lifecycle", "list"],
)  # fmt: skip
def test_a_call_is_signed_as_the_examples_of_aws_are(method, path, query, headers, signature):
    said = authorization(method, path, query, {**AT, **headers}, OF_AWS, "us-east-1")
    assert said.endswith(f"Signature={signature}")
    assert said.startswith(f"AWS4-HMAC-SHA256 Credential={OF_AWS[0]}/20130524/us-east-1/s3/aws4_request,")  # fmt: skip


# -- a true server ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def weed() -> Iterator[Weed]:
    with running() as found:
        yield found


def why(work: Callable[[], object]) -> str:
    with pytest.raises(StorageAway) as caught:
        work()
    return caught.value.why


def test_what_is_put_is_there_is_listed_and_goes(weed, monkeypatch):
    one, other = weed.bucket("one/deep/"), weed.bucket("one/")
    content = bytes(range(256)) * 3000
    one.put("a" * 32, content)
    one.put("empty", b"")
    one.put("a" * 32, content[::-1])
    assert one.get("a" * 32) == content[::-1] and one.get("empty") == b""
    with pytest.raises(NotThere):
        other.get("a" * 32)
    for n in range(5):
        one.put(f"n-{n}", b"x" * n)
    monkeypatch.setattr(s3, "PAGE", 2)
    listed = {found.name: found for found in one.each()}
    assert set(listed) == {"a" * 32, "empty", *(f"n-{n}" for n in range(5))}
    assert listed["n-4"].size == 4 and listed["a" * 32].size == len(content)
    assert abs(listed["n-4"].at - datetime.now(UTC)) < timedelta(minutes=5)
    one.delete("n-4")
    one.delete("n-4")
    with pytest.raises(NotThere):
        one.get("n-4")
    assert len(list(one.each())) == 6


def test_a_server_that_refuses_is_told_by_what_it_says(weed):
    secret = weed.bucket(key=("gongkai", "another"))
    assert "访问密钥（s3_secret_key）不对" in why(lambda: secret.put("x", b"x"))
    nobody = weed.bucket(key=("nobody", "another"))
    assert "s3_access_key" in why(lambda: nobody.get("x"))
    nowhere = Bucket(S3Place("no-such-bucket", ""), weed.server())
    assert "没有这个桶" in why(lambda: nowhere.put("x", b"x"))
    assert "没有这个桶" in why(lambda: nowhere.get("x"))
    hour = Bucket(
        S3Place("kept", ""), weed.server(), lambda: datetime.now(UTC) - timedelta(hours=1)
    )
    assert "时间" in why(lambda: hour.put("x", b"x"))
    for bucket in (secret, nobody, nowhere, hour):
        assert "another" not in why(lambda bucket=bucket: bucket.put("x", b"x"))


def test_a_body_that_was_bent_on_the_way_is_not_taken(weed, monkeypatch):
    bucket = weed.bucket()
    sign = bucket._sign

    def bent(call, path, query, content):
        signed = sign(call, path, query, content)
        signed.body = bytes(content[::-1])
        return signed

    monkeypatch.setattr(bucket, "_sign", bent)
    assert "回答 400" in why(lambda: bucket.put("bent", b"abc"))
    monkeypatch.undo()
    with pytest.raises(NotThere):
        bucket.get("bent")


# -- one that fails -----------------------------------------------------------------------------------


class Failing:
    """Answers every call with the next of these bytes, then hangs up, or holds the line where there are none."""

    def __init__(self, *answers: bytes) -> None:
        self.answers, self.asked = iter(answers), []
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.held: list[socket.socket] = []
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self.listening.accept()
            except OSError:
                return
            self.asked.append(line.recv(65536))
            answer = next(self.answers, None)
            if answer is None:
                self.held.append(line)
            else:
                line.sendall(answer)
                line.close()

    @property
    def bucket(self) -> Bucket:
        port = self.listening.getsockname()[1]
        return Bucket(
            S3Place("kept", "town/"), Server(f"http://127.0.0.1:{port}", "cn", ("a", "b"))
        )

    def close(self) -> None:
        for line in (self.listening, *self.held):
            line.close()


@pytest.fixture
def failing() -> Iterator[Callable[..., Failing]]:
    made: list[Failing] = []

    def answering(*answers: bytes) -> Failing:
        made.append(Failing(*answers))
        return made[-1]

    yield answering
    for one in made:
        one.close()


def http(status: str, body: bytes = b"", more: str = "") -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n{more}\r\n".encode() + body  # fmt: skip


def test_the_environment_says_neither_where_nor_who(failing, monkeypatch, tmp_path):
    server = failing(http("200 OK", b"content"))
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login somebody password else\n")
    (tmp_path / ".netrc").chmod(0o600)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    assert server.bucket.get("name") == b"content"
    (asked,) = server.asked
    assert asked.startswith(b"GET /kept/town/name HTTP/1.1\r\n")
    assert b"uthorization: AWS4-HMAC-SHA256 Credential=a/" in asked and b"Basic" not in asked
    assert b"ccept-encoding: identity\r\n" in asked, "what is sealed comes as it lies there"


def test_the_bucket_stands_before_the_host_where_that_is_set():
    bucket = Bucket(
        S3Place("kept", ""), Server("https://s3.example.cn", "cn", ("a", "b"), by_path=False)
    )
    assert (bucket.base, bucket.host, bucket.root) == (
        "https://kept.s3.example.cn",
        "kept.s3.example.cn",
        "",
    )


@pytest.mark.parametrize(
    "answer",
    [
        http("500 Internal Server Error", b"<Error><Code>InternalError</Code></Error>"),
        http("503 Slow Down"),
        http("307 Temporary Redirect", more="Location: http://127.0.0.1:9/\r\n"),
        http("404 Not Found", b"<Error><Code>NoSuchBucket</Code></Error>"),
        http("200 OK", b"half")[:-2],
        b"not http at all\r\n\r\n",
    ],
    ids=["fault", "busy", "elsewhere", "no bucket", "cut off", "nonsense"],
)
def test_an_answer_that_is_none_is_told_and_nothing_is_taken_for_a_content(failing, answer):
    said = why(lambda: failing(answer, answer).bucket.get("name"))
    assert said.startswith("s3://kept/town（http://127.0.0.1:")


def test_a_page_that_lists_nothing_readable_is_told(failing):
    assert "读不懂" in why(lambda: list(failing(http("200 OK", b"<html>")).bucket.each()))


def test_who_does_not_answer_is_not_waited_for_again_at_once(failing, monkeypatch):
    monkeypatch.setattr(s3, "ANSWER_SECONDS", 0.2)
    server = failing()
    bucket = server.bucket
    assert "连接不上" in why(lambda: bucket.put("name", b"x"))
    asked = len(server.asked)
    assert "刚才连接不上" in why(lambda: bucket.get("name")) and len(server.asked) == asked
    monkeypatch.setattr(s3.time, "monotonic", itertools.count(10**9).__next__)
    server.answers = iter([http("200 OK", b"back")])
    assert bucket.get("name") == b"back"


def test_who_is_hung_up_on_asks_once_more_and_not_for_ever(failing):
    server = failing(b"", http("200 OK", b"content"))
    assert server.bucket.get("name") == b"content" and len(server.asked) == 2
    server = failing(b"", b"", http("200 OK", b"content"))
    assert "连接不上" in why(lambda: server.bucket.get("name")) and len(server.asked) == 2
    kept_open = failing(
        http("200 OK", b"one").replace(b"Connection: close\r\n", b""), http("200 OK", b"two")
    )
    bucket = kept_open.bucket
    assert (bucket.get("name"), bucket.get("name")) == (b"one", b"two")


def test_who_hung_up_late_is_not_asked_again(failing, monkeypatch):
    monkeypatch.setattr(s3, "AGAIN_SECONDS", -1.0)
    server = failing(b"", http("200 OK", b"content"))
    assert "连接不上" in why(lambda: server.bucket.get("name")) and len(server.asked) == 1


def test_who_does_not_answer_in_time_is_asked_once(failing, monkeypatch):
    monkeypatch.setattr(s3, "ANSWER_SECONDS", 0.1)
    server = failing()
    why(lambda: server.bucket.put("name", b"x"))
    assert len(server.asked) == 1


def test_an_answer_that_drips_for_ever_is_left(failing, monkeypatch):
    server = failing(http("200 OK", b"x" * 4000))
    monkeypatch.setattr(s3, "WHOLE_SECONDS", -1.0)
    assert "太慢" in why(lambda: server.bucket.get("name"))
