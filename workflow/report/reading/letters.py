"""Letters that look like those of a report and are none: the parts of characters that programs which make PDF put for
the characters themselves (⽔ for 水, ⺠ for 民), and what was copied from such a paper."""

import unicodedata

_SUPPLEMENT = (
    "⺁厂⺎兀⺓幺⺕彐⺝月⺟母⺠民⺥爪⺧牛⺩王⺫目⺬示⺮竹⺴网⺶羊⺼肉⻁虎⻄西⻅见⻆角⻉贝⻋车⻑長⻓长⻔门⻗雨⻘青⻙韦⻚页⻛风⻜飞"
    "⻝食⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻪黾⻬齐⻮齿⻰龙⻳龟"
)
"""Pairs that Unicode names alike without making them one (Equivalent_Unified_Ideograph)."""
RADICALS = {
    code: unicodedata.normalize("NFKC", chr(code)) for code in range(0x2F00, 0x2FD6)
} | dict(zip(map(ord, _SUPPLEMENT[::2]), _SUPPLEMENT[1::2], strict=True))
"""What is printed for what is meant, for str.translate."""
