"""A key: what it seals and hashes says which key it was, and both kinds are those of the published standards."""

import pickle

import pytest
from cryptography.exceptions import InvalidTag

from workflow.store.key import (
    AES,
    CIPHERS,
    DIGITS,
    HEAD,
    HEADER,
    KEYED,
    LASTING,
    SM,
    Key,
    _sm4,
    gcm,
    hashed,
    key_of,
)
from workflow.store.sealed import CONTENT, PERSONAL, Secrets

SECRET = bytes(range(32))
FIRST = Key(0, SECRET)
each_cipher = pytest.mark.parametrize("cipher", CIPHERS)


# -- the published vectors --------------------------------------------------------------------------


def test_sm3_gives_the_values_of_its_standard() -> None:
    """GB/T 32905-2016, appendix A; HMAC as RFC 2104 builds it of them."""
    from cryptography.hazmat.primitives import hashes

    for text, value in (
        (b"abc", "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"),
        (b"abcd" * 16, "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"),
    ):
        made = hashes.Hash(hashes.SM3())
        made.update(text)
        assert made.finalize().hex() == value

    def sm3(content: bytes) -> bytes:
        made = hashes.Hash(hashes.SM3())
        made.update(content)
        return made.finalize()

    key = SECRET.ljust(64, b"\0")
    inner = sm3(bytes(one ^ 0x36 for one in key) + b"abc")
    assert hashed(SM, SECRET, b"abc") == sm3(bytes(one ^ 0x5C for one in key) + inner)


def test_sm4_gives_the_value_of_its_standard() -> None:
    """GB/T 32907-2016, appendix A, example 1."""
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    key = bytes.fromhex("0123456789abcdeffedcba9876543210")
    made = Cipher(algorithms.SM4(key), modes.ECB()).encryptor()
    assert (made.update(key) + made.finalize()).hex() == "681edf34d206965e86b3e94f536e4246"


def test_sm4_gcm_gives_the_values_of_rfc_8998() -> None:
    seal, open_ = _sm4(bytes.fromhex("0123456789ABCDEFFEDCBA9876543210"))
    nonce = bytes.fromhex("00001234567800000000ABCD")
    bound = bytes.fromhex("FEEDFACEDEADBEEFFEEDFACEDEADBEEFABADDAD2")
    plain = b"".join(bytes([one]) * 8 for one in b"\xaa\xbb\xcc\xdd\xee\xff\xee\xaa")
    sealed = bytes.fromhex(
        "17F399F08C67D5EE19D0DC9969C4BB7D5FD46FD3756489069157B282BB200735D82710CA5C22F0CCFA7CBF93D496AC15"
        "A56834CBCF98C397B4024A2691233B8D83DE3541E4C2B58177E065A9BF7B62EC"
    )
    assert seal(nonce, plain, bound) == sealed
    assert open_(nonce, sealed, bound) == plain
    with pytest.raises(InvalidTag):
        open_(nonce, sealed[:-1] + b"\0", bound)


# -- sealing ----------------------------------------------------------------------------------------


@each_cipher
@pytest.mark.parametrize("number", [0, 1, 258])
def test_what_a_key_seals_opens_with_it_alone(cipher: str, number: int) -> None:
    key = Key(number, SECRET, cipher)
    sealed = key.seal(PERSONAL, "张三".encode(), "case 1")
    assert key.open(PERSONAL, sealed, "case 1") == "张三".encode()
    for other, purpose, place in (
        (Key(number, SECRET[::-1], cipher), PERSONAL, "case 1"),
        (Key(number + 1, SECRET, cipher), PERSONAL, "case 1"),
        (Key(number, SECRET, SM if cipher == AES else AES), PERSONAL, "case 1"),
        (key, CONTENT, "case 1"),
        (key, PERSONAL, "case 2"),
    ):
        with pytest.raises(InvalidTag):
            other.open(purpose, sealed, place)


@each_cipher
def test_what_is_sealed_says_its_key(cipher: str) -> None:
    for number in (1, 258, 65535):
        sealed = Key(number, SECRET, cipher).seal(PERSONAL, b"", "x")
        assert key_of(sealed) == number
        assert len(sealed) == HEADER + 12 + 16
        for place in range(HEADER):
            changed = bytearray(sealed)
            changed[place] ^= 1
            with pytest.raises(InvalidTag):
                Key(number, SECRET, cipher).open(PERSONAL, bytes(changed), "x")


def test_the_first_key_seals_as_it_always_did() -> None:
    sealed = FIRST.seal(PERSONAL, b"content", "x")
    assert len(sealed) == 12 + 7 + 16 and key_of(sealed) is None
    _, open_ = gcm(AES, FIRST.key(PERSONAL))
    assert open_(sealed[:12], sealed[12:], b"x") == b"content"
    assert key_of(Key(0, SECRET, SM).seal(PERSONAL, b"", "x")) == 0


@pytest.mark.parametrize("cut", [0, 5, 27])
def test_what_was_cut_off_does_not_open(cut: int) -> None:
    for key in (FIRST, Key(3, SECRET)):
        with pytest.raises(InvalidTag):
            key.open(PERSONAL, key.seal(PERSONAL, b"", "x")[: len(key.header) + cut], "x")


def test_an_old_value_that_looks_like_a_later_one_opens_with_the_first_key() -> None:
    """Its nonce was drawn by chance: it may begin as what names a key does."""
    seal, _ = gcm(AES, FIRST.key(PERSONAL))
    nonce = HEAD + b"a\x00\x01" + b"x"
    old = nonce + seal(nonce, b'{"a": 1}', b"x")
    assert key_of(old) == 1
    assert Secrets([FIRST.next(AES), FIRST]).open(old, "x") == {"a": 1}


# -- keyed hashes -----------------------------------------------------------------------------------


def test_a_keyed_hash_says_its_key_and_kind() -> None:
    plain = FIRST.digest("x", "content")
    assert len(plain) == DIGITS and ":" not in plain
    assert FIRST.digest("x", "content") == FIRST.hashed("x", "content")
    for key, prefix in (
        (Key(0, SECRET, SM), "sm3:"), (Key(2, SECRET), "2:"), (Key(17, SECRET, SM), "17:sm3:"),
    ):  # fmt: skip
        made = key.digest("x", "content")
        assert made.startswith(prefix) and len(made) == DIGITS and made != plain
        assert made == (prefix + key.hashed("x", "content"))[:DIGITS]
        assert made != key.digest("y", "content") != key.digest("y", "contents")


def test_a_kept_hash_is_proved_by_the_key_that_made_it() -> None:
    first = Secrets([FIRST])
    old = first.digest("chain", "line")
    second = FIRST.next(SM)
    both = Secrets([second, FIRST])
    new = both.digest("chain", "line")
    assert new.startswith("1:sm3:")
    for keys, kept, right in (
        (both, old, True), (both, new, True), (first, old, True), (first, new, False),
        (both, "", False), (both, "x" + old[1:], False), (both, "0:" + old, False), (both, "1:" + old, False),
        (both, new.replace("1:sm3:", "1:"), False), (both, new[:-1], False), (both, "2:" + old, False),
    ):  # fmt: skip
        assert keys.proves("chain", "line", kept) is right, kept
    assert not both.proves("chain", "lines", new) and not both.proves("other", "line", new)


def test_terms_of_the_index_are_short_and_without_signs() -> None:
    for key in (FIRST, FIRST.next(AES), FIRST.next(SM)):
        assert len(key.term("合同")) == 11 and len(key.number_term("13800000000")) == 17
        assert key.term("合同") == key.term("合同") != key.term("合")
        assert (KEYED + key.term("合同")[1:]).isalnum() is False and key.term("合同")[1:].isalnum()
        assert key.number_term("1")[0] == KEYED and key.number_term("1")[1:].isalnum()


def test_terms_are_remembered_up_to_a_number_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workflow.store.key.TERMS_KEPT", 2)
    key = Key(0, SECRET)
    terms = [key.term(text) for text in ("a", "b", "c", "a")]
    assert terms[0] == terms[3] and len(set(terms)) == 3
    assert set(key._terms) == {"c", "a"}


# -- from key to key --------------------------------------------------------------------------------


def test_the_next_key_carries_on_what_must_last() -> None:
    keys = [FIRST]
    for cipher in (SM, AES, AES):
        keys.append(keys[-1].next(cipher))
    last = keys[-1]
    assert [key.number for key in keys] == [0, 1, 2, 3]
    assert [key.cipher for key in keys] == [AES, SM, AES, AES]
    assert len({key.secret for key in keys}) == 4 and all(len(key.secret) == 32 for key in keys)
    for key in keys[1:]:
        assert key.mark("submission", "form") == FIRST.digest("submission", "form")
        assert {one: key.lasting_key(one) for one in LASTING} == {
            one: FIRST.key(one) for one in LASTING
        }
    for key in keys:
        made = key.code_key(key.number)
        assert made is not None and made == last.code_key(key.number)
    assert FIRST.code_key(1) is None
    with pytest.raises(KeyError):
        last.mark("identity of somebody", "x")


def test_a_key_knows_which_one_it_follows() -> None:
    second = FIRST.next(AES)
    third = second.next(AES)
    assert second.follows(FIRST) and third.follows(second) and third.follows(FIRST)
    assert not FIRST.follows(second) and not FIRST.follows(FIRST)
    stranger = Key(0, b"another secret of 32 bytes......")
    assert not second.follows(stranger) and not stranger.next(AES).follows(FIRST)
    half = Key(1, second.secret, AES, second.lasting, {})
    assert not half.follows(FIRST)
    mixed = Key(1, second.secret, AES, stranger.next(AES).lasting, second.codes)
    assert not mixed.follows(FIRST)


def test_a_key_is_told_from_another_with_all_that_it_carries() -> None:
    second = FIRST.next(AES)
    assert FIRST.check_value() == FIRST.digest("check value", "")[:16]
    assert second.check_value().startswith("1:") and len(second.check_value()) == 18
    changed = {**second.lasting, "forms": bytes(32)}
    for other in (
        Key(1, SECRET, AES, second.lasting, second.codes),
        Key(1, second.secret, AES, changed, second.codes),
        Key(1, second.secret, AES, second.lasting, {}),
        Key(1, second.secret, SM, second.lasting, second.codes),
    ):
        assert other.check_value() != second.check_value()


def test_a_key_travels_to_another_process_and_shows_nothing() -> None:
    second = FIRST.next(SM)
    second.seal(PERSONAL, b"x", "x")
    there = pickle.loads(pickle.dumps(second))
    assert there == second and there.open(PERSONAL, second.seal(PERSONAL, b"x", "y"), "y") == b"x"
    assert (
        SECRET.hex() not in repr(FIRST)
        and "secret" not in repr(second)
        and "codes" not in repr(second)
    )


# -- codes ------------------------------------------------------------------------------------------


def test_query_codes_stay_valid_through_every_change_of_keys() -> None:
    first = Secrets([FIRST])
    salt = first.new_salt()
    code, again = first.query_code(salt), first.query_code(salt, 2)
    assert ":" not in salt and len(salt) == 32
    second = FIRST.next(SM)
    keys = Secrets([second, FIRST])
    later = keys.new_salt()
    assert later.startswith("1:") and len(later) <= 32
    third = second.next(AES)
    for ring in (keys, Secrets([third, second, FIRST]), Secrets([third])):
        assert (ring.query_code(salt), ring.query_code(salt, 2)) == (code, again)
        assert ring.query_code(later) == keys.query_code(later)
    assert keys.query_code(later) != first.query_code(later.removeprefix("1:"))
    assert keys.code_for("draft 1") == first.code_for("draft 1") != first.code_for("draft 2")


def test_without_the_earlier_key_nobody_computes_the_codes_of_later_cases() -> None:
    """Who got hold of the first key and of the store knows the codes of the cases of that key, and no others."""
    second = FIRST.next(AES)
    salt = Secrets([second, FIRST]).new_salt()
    with pytest.raises(Exception, match="第 1 个密钥"):
        Secrets([FIRST]).query_code(salt)
