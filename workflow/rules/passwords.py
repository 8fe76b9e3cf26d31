"""What a new password must be: long and mixed enough (GB/T 22239), and nothing that is guessed first."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import pairwise, product

from config.passwords import common_passwords, own_words

LEAST, LONG, MOST = 8, 16, 200
"""Characters: fewer are too few; from LONG on two kinds will do, as in words with blanks between; MOST at most."""
FEWEST_DIFFERENT = 5
LEFT_LEAST = 8
"""Characters that must be left of a password when a word that others know of the person is taken out of it."""
SHORTEST_WORD = 3
"""Shorter words stand in too many passwords to be looked for; Han is looked for from two characters on."""
FEWEST_TURNS = 6
"""Places at which it does not just go on: 12345678 and aaaa have one."""
KINDS = (r"[a-z]", r"[A-Z]", r"\d", r"[^\W\da-zA-Z_]", r"[\W_]")
"""Small and capital letters, digits, Han (and letters beyond ASCII), signs and blanks."""
TOO_SIMPLE = f"至少 {LEAST} 个字符，并且含大写字母、小写字母、数字、符号、汉字中的三种；{LONG} 个字符以上的，含两种就可以"
TOO_COMMON = "太容易猜到（常见密码、姓名、机关名称、年份的简单变化），请换一个；可以用几个不相干的词，中间用符号隔开"
_LEET = (
    str.maketrans("013457@$!", "oleastasi"),
    str.maketrans("013457@$!", "oieastasi"),
    str.maketrans("!@#$%^&*()", "1234567890"),
)
"""Digits and signs for letters that look like them, and signs for the digits on the same keys."""


def weak_password(password: str, user: str, about: Iterable[str] = ()) -> str | None:
    """What is wrong with a new password, in words; None if it will do.

    user: the user name, which may not stand in it at all; about: what else others know of the person (the name in
    full, code and name of the body), in Han or letters.
    """
    kinds = sum(bool(re.search(kind, password)) for kind in KINDS)
    if len(password) > MOST:
        return f"最多 {MOST} 个字符"
    if len(password) < LEAST or kinds < (2 if len(password) >= LONG else 3):
        return TOO_SIMPLE
    if user.lower() in password.lower():
        return "不能包含用户名"
    small = unicodedata.normalize("NFKC", password).lower()
    if len(set(small)) < FEWEST_DIFFERENT or _turns(small) < FEWEST_TURNS or _is_common(small):
        return TOO_COMMON
    known = [*own_words(), *(word for one in about for word in words_of(one))]
    if any(_hangs_on(small, word) for word in known):
        return TOO_COMMON
    return None


def words_of(text: str) -> Iterator[str]:
    """What somebody makes of a name for a password: itself, and Han as pinyin, whole and its first syllables."""
    small = "".join(unicodedata.normalize("NFKC", text).lower().split())
    if not re.search(r"[\u4e00-\u9fff]", small):
        yield small
        return
    yield from {small, small[:2], small[:3]}
    from pypinyin import Style, pinyin  # its tables are loaded where a password is changed

    syllables = pinyin(small, style=Style.NORMAL, heteronym=True)
    first = [each for each in syllables[0] if each]
    for count in {2, 3, len(syllables)}:
        rest = [[one[0]] for one in syllables[1:count]]
        for said in product(first, *rest):
            yield "".join(said)


def _turns(small: str) -> int:
    return 1 + sum(abs(ord(a) - ord(b)) > 1 for a, b in pairwise(small))


def _is_common(small: str) -> bool:
    """One of the most common passwords, also with digits and signs before or behind it, or with digits for letters."""
    known = common_passwords() | own_words()
    bare = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", small)
    tried = {small, bare, re.sub(r"[\W_]+$", "", small)}
    plain = {one.translate(table) for one in tried for table in _LEET}
    plain |= {re.sub(r"[\W\d_]+$", "", one) for one in plain}
    return any(one in known for one in tried | plain if one)


def _hangs_on(small: str, word: str) -> bool:
    """Without the word too little is left."""
    shortest = SHORTEST_WORD if word.isascii() else 2
    if len(word) < shortest or len(small) - len(word) >= LEFT_LEAST:
        return False
    return any(word in one for one in (small, *(small.translate(table) for table in _LEET)))
