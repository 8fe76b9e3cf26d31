"""Somebody who reads the portal in traditional script and notes every word that stayed behind in the other."""

import html
import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

from flask import Flask

from tests.webui.visitor import Visitor
from webui.script import PREFIX, traditional
from workflow.service import Office
from workflow.service.rules.settings import BodySettings

SIMPLIFIED = frozenset(
    "与专业东两严丧个为举么义乐习乡书买争产亲从们众优会传体侨倾偿储儿关养内册写军农决况减凭则别剂办务动励劳区医华协单卖卫厅历"
    "县参双发变号吗听员响团园围国图场声处备复够头奖妇学实审对导尽层届属师带帮并庄庆库应庙废开异弃强归当录径态总惯户执抚护报担"
    "拟择损换数断无旧时显暂术机杂权条来构标栏样档检楼残气汇没洁测济浏渔湾滚满灾点烟爱牵独狱献环现电疗盐监盖矿码础硕碍离称税稳"
    "竞签简类粮纠红约级纪纳纷纸线组细织终经结绘给络绝统继续维绿编缴网罚职联脑脚节荣药获营补装见观规视览计订认讨让训议记许论讼"
    "设访证评识诉诊词试话询该语误说请读谁调负财责败账货质购贴贸费资赔车转载辅输辖辩达迁过运还这进违连迟选递遗邮释鉴钱铁银铺链"
    "销锁错键镇长门问间阅队阶际陆险随隐难页项须预领频题额风飞饭饲馈马驳驶驻驾验黄齐"
)
"""Characters of the simplified script; some of them are rare ones of the other as well."""
SPOKEN = re.compile(r' (?:aria-label|title|alt|placeholder|label)="([^"]*)"')


def simplified(text: str) -> bool:
    """True if a character stands in it that the traditional script has not: none of Big5, or one of those above."""
    return any(c in SIMPLIFIED or ("㐀" <= c <= "鿿" and not _in_big5(c)) for c in text)


def _in_big5(char: str) -> bool:
    try:
        return bool(char.encode("big5"))
    except UnicodeEncodeError:
        return False


def words_of(page: str) -> str:
    """What a page says, also to who hears it, a line for each piece."""
    plain = re.sub(r"<(script|style)\b.*?</\1>", "", page, flags=re.S)
    return html.unescape("\n".join([*SPOKEN.findall(plain), re.sub(r"<[^>]+>", "\n", plain)]))


def strip(line: str, texts: Iterable[str]) -> str:
    for text in sorted(texts, key=len, reverse=True):
        line = line.replace(text, "")
    return line


def office_texts(office: Office) -> list[str]:
    """What bodies are called, and what panlong calls itself and the offices around it."""
    own_texts = BodySettings(office).texts("panlong").values()
    return [one for one in (*own_texts, *office.listing().names.values()) if one]


class Reader(Visitor):
    """Goes below /zh-hant. left: lines that were not converted, by the address of their page; written: what people
    typed, which may stand there and must not be changed."""

    def __init__(self, app: Flask, office: Office, *written: str) -> None:
        super().__init__(app)
        self.office, self.written = office, {"简体", *written}
        self.left: dict[str, str] = {}
        self.changed: dict[str, str] = {}
        self.pages: list[str] = []

    def get(self, path: str) -> "Reader":
        self.written |= {one for one in parse_qs(urlsplit(path).query).get("q", ())}
        super().get(path if path.startswith(PREFIX) else PREFIX + path)
        return self._looked_at()

    def post(self, path: str, fields: Mapping[str, Any]) -> "Reader":
        said = [
            one
            for value in fields.values()
            for one in (value if isinstance(value, list) else [value])
        ]
        texts = [one[1] if isinstance(one, tuple) else str(one) for one in said]
        lines = [line.strip() for one in texts for line in one.splitlines()]
        self.written |= {line for line in lines if len(line) > 1 and simplified(line)}
        super().post(path, fields)
        return self._looked_at()

    def _looked_at(self) -> "Reader":
        if self.page.mimetype == "text/html":
            assert '<html lang="zh-Hant"' in self.html, self.path
            self.pages.append(self.path)
            known = {*self.written, *office_texts(self.office)}
            for line in words_of(self.html).splitlines():
                if simplified(strip(line, known)):
                    self.left.setdefault(line.strip(), self.path)
            for one in self.written:
                if traditional(one) != one and len(one) > 4 and traditional(one) in self.html:
                    self.changed.setdefault(one, self.path)
        return self
