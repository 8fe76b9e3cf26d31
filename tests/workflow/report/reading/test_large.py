"""Files made to take long: they are given up soon, or read in the time that their length asks for."""

from time import process_time

import pytest

from tests.workflow.report.reading.test_reading import reading
from workflow.report.reading import Unreadable

CSV = b"a,1,2,3\n" * 9
MANY = 120_000
SECONDS_MOST = 5.0


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"1\n" * MANY, "太大"),
        ("一、本年新收\n1\n".encode() * 2000, "没有找到"),
        (CSV + b"(," * MANY, "太大"),
        (b" " * MANY + b"x", "没有找到"),
        (b"|" + b" " * MANY + b"x", "没有找到"),
        (b"1 " * MANY, "没有找到"),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n" + b"--x\r\n\r\na\r\n" * 20_000, "太复杂"),
        (b"<table><tr><td>" + b"<b>" * MANY, "没有找到|太深"),
    ],
    ids=["numbers", "labels", "brackets", "blanks", "stroke and blanks", "numbers on a line", "parts", "depth"],
)  # fmt: skip
def test_what_grows_without_end_takes_no_more_than_its_length(data, words):
    begun = process_time()
    with pytest.raises(Unreadable, match=words):
        reading("a", data)
    assert process_time() - begun < SECONDS_MOST
