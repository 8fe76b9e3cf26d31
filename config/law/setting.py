"""A point on which sources or practice differ: the row of settings.toml, and how a value is read."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field

from config.rows import ROW, Flag, Labels, Text, Whole, Word, made_from

TEXTS = ("text", "url", "pattern", "origins", "picture")
"""The types whose value is a text. A pattern is that of a number: the year and the running number stand in it.
Origins are sites on the net, parted by spaces; a picture is named by its SHA-256."""
_MONTH_DAY = re.compile(r"(0?[1-9]|1[0-2])-(0?[1-9]|[12][0-9]|3[01])")
_TIME = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])")
_ADDRESS = re.compile(r"https?://[^\s/]+\S*")
_ORIGIN = re.compile(r"https?://[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?")
_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class SettingRule:
    """A point on which sources differ (law.md §11): its type, default, permitted values, reason.

    group: the part of the page 设置; max_length: of a text or url, in characters; derived: what an
    empty text stands for, in words, where it follows from the tree of bodies. most: of days.
    """

    __pydantic_config__ = ROW
    name: Word
    label: Text
    type: Literal[
        "choice", "days", "flag", "list", "set", "time", "month_day",
        "text", "url", "pattern", "origins", "picture",
    ]  # fmt: skip
    default: Any
    why: Text
    values: Annotated[Mapping[str, str], made_from(Labels)] = field(default_factory=dict)
    optional: Flag = False
    aliases: Annotated[Mapping[str, str] | None, made_from(Labels)] = None
    group: Word = "other"
    max_length: Annotated[Whole, Field(ge=1, le=2000)] = 200
    derived: Annotated[str, made_from(Text)] = ""
    most: Annotated[Whole, Field(ge=1, le=400)] = 400

    @property
    def is_text(self) -> bool:
        """Its value is words of the body's own, which a letter or page of today says as they are today."""
        return self.type in TEXTS

    @property
    def shown_only(self) -> bool:
        """Only letters and pages say it: no day, sum or reminder moves with it."""
        return self.is_text or self.group in ("texts", "site", "sight")

    def slip(self) -> str:
        """What is wrong with the row in itself; empty if nothing is."""
        try:
            parsed = self.parse(self.default)
        except (ValueError, TypeError) as error:
            return f"default: {error}"
        written = tuple(self.default) if isinstance(self.default, list) else self.default
        if (parsed is not None and (type(parsed) is not type(written) or parsed != written)) or (
            parsed is None and written != "none"
        ):
            return f"default: {self.default!r} is not written as {self.type}"
        if bool(self.values) != (self.type in ("choice", "list", "set")):
            return f"values: a setting of type {self.type} {'has none' if self.values else 'needs them'}"
        unknown = set((self.aliases or {}).values()) - set(self.values)
        if unknown:
            return f"aliases: no value named {', '.join(sorted(unknown))}"
        if not self.is_text and (self.max_length != 200 or self.derived):
            return f"max_length and derived are for texts, not for {self.type}"
        if self.type != "days" and self.most != 400:
            return f"most is for days, not for {self.type}"
        return ""

    def parse(self, value: Any) -> Any:
        """The value in its own type. Raises ValueError, in Chinese, for one that is not permitted."""
        if value is None or (self.optional and value == "none"):
            if self.optional:
                return None
            raise ValueError(f"设置“{self.label}”不能为空")
        if self.type == "flag":
            if isinstance(value, bool):
                return value
            if str(value).lower() in ("true", "false"):
                return str(value).lower() == "true"
            raise ValueError(f"设置“{self.label}”只能是 true 或 false")
        if self.type == "days":
            return self._whole_number(value)
        if self.type == "list":
            return self._list(value)
        if self.type == "set":
            return self._set(value)
        if self.type == "time":
            return self._time(value)
        if self.type == "month_day":
            return self._month_day(value)
        if self.is_text:
            return self._text(value)
        if not isinstance(value, str) or value not in self.values:
            raise ValueError(f"设置“{self.label}”只能是：{'、'.join(self.values)}")
        return value

    def _whole_number(self, value: Any) -> int:
        digits = str(value).strip()
        if (
            isinstance(value, bool)
            or not re.fullmatch(r"[0-9]{1,4}", digits)
            or int(digits) > self.most
        ):
            raise ValueError(f"设置“{self.label}”须为 0 到 {self.most} 的整数")
        return int(digits)

    def _text(self, value: Any) -> str:
        text = value.strip() if isinstance(value, str) else None
        if text is None or any(ord(char) < 32 for char in text):
            raise ValueError(f"设置“{self.label}”须为一行文字")
        if len(text) > self.max_length:
            raise ValueError(f"设置“{self.label}”最多 {self.max_length} 个字")
        if self.type == "pattern" and any(text.count(place) != 1 for place in ("{year}", "{n}")):
            raise ValueError(f"设置“{self.label}”须写有 {{year}} 和 {{n}} 各一处")
        if self.type == "url" and text and not _ADDRESS.fullmatch(text):
            raise ValueError(f"设置“{self.label}”须为以 http:// 或者 https:// 开头的网址")
        if self.type == "origins":
            return self._origins(text)
        if self.type == "picture" and text and not _DIGEST.fullmatch(text):
            raise ValueError(f"设置“{self.label}”须为上传过的图片")
        return text

    def _origins(self, text: str) -> str:
        origins = [one.removesuffix("/").lower() for one in re.split(r"[\s,，、;；]+", text) if one]
        for one in origins:
            if not _ORIGIN.fullmatch(one):
                raise ValueError(
                    f"设置“{self.label}”中的“{one}”无法识别：只写到域名为止，例如 https://www.example.gov.cn"
                )
        return " ".join(dict.fromkeys(origins))

    def _set(self, value: Any) -> tuple[str, ...]:
        if not isinstance(value, (str, list, tuple)):
            raise ValueError(f"设置“{self.label}”须为名称的列表")
        parts = value.split(",") if isinstance(value, str) else value
        words = {str(part).strip() for part in parts} - {""}
        unknown = sorted(words - set(self.values))
        if unknown:
            raise ValueError(f"设置“{self.label}”中的 {'、'.join(unknown)} 无法识别")
        return tuple(word for word in self.values if word in words)

    def _time(self, value: Any) -> str:
        found = _TIME.fullmatch(value.strip()) if isinstance(value, str) else None
        if found is None:
            raise ValueError(f"设置“{self.label}”须为 09:00 这样的时间")
        return f"{int(found[1]):02}:{found[2]}"

    def _month_day(self, value: Any) -> str:
        found = _MONTH_DAY.fullmatch(value.strip()) if isinstance(value, str) else None
        try:
            day = date(2023, int(found[1]), int(found[2])) if found else None
        except ValueError:
            day = None
        if day is None:
            raise ValueError(f"设置“{self.label}”须为 01-26 这样每年都有的日子")
        return f"{day:%m-%d}"

    def _list(self, value: Any) -> tuple[str, ...]:
        if not isinstance(value, (str, list, tuple)):
            raise ValueError(f"设置“{self.label}”须为名称的列表")
        parts = value.split(",") if isinstance(value, str) else value
        words = tuple(
            (self.aliases or {}).get(str(part).strip(), str(part).strip()) for part in parts
        )
        unknown = [word for word in words if word not in self.values]
        if unknown or not words:
            raise ValueError(f"设置“{self.label}”中的 {'、'.join(unknown)} 无法识别")
        if len(set(words)) < len(words):
            raise ValueError(f"设置“{self.label}”中有重复")
        return words
