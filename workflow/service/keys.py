"""The keys of the installation: which there are and what hangs on each, a new one, and sealing anew with it.

All of it goes on while cases are handled (docs/decisions/0039).
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from config.errors import BadSetting
from workflow.service.cases.verify import verify
from workflow.service.installation import SEARCH_KEY, complete_search
from workflow.service.office import Office
from workflow.store.key import Key
from workflow.store.key_folder import KeyFolder
from workflow.store.keyed import SEALED, check_name, checks, hanging, stays
from workflow.store.retried import retried
from workflow.store.sealed import Secrets
from workflow.store.sealed_anew import After, Done, addresses_anew, cases_anew, rows_anew
from workflow.store.unit import Unit
from workflow.store.words_anew import AS_IT_LIES, PLAIN, lying_otherwise, words_anew
from workflow.store.words_anew import SEALED as SEALED_WORDS

Step = Callable[[Unit, Secrets, After], Done]
Told = Callable[[str, int], None]
"""Is told of what, and how many rows were sealed anew until now."""
CASES, ADDRESSES, WORDS = "applicant", "account_address.hash", "words"


_LYING = {True: "加密", False: "明文"}


class CannotRotate(BadSetting):
    """No new key was made, and why, in Chinese."""


class NotInOrder(Exception):
    """Something was bent: sealed anew it could not be told any more. The message is in Chinese."""


class WrittenOtherwise(BadSetting):
    """The setting says that words are written in the other way. The message is in Chinese."""


@dataclass(frozen=True)
class OneKey:
    """A key and what hangs on it. to_seal: values that sealing anew takes from it, by table and column; to_prove: values
    that are held to it for ever, as chains are. here: it is at hand. in_force: it seals; coming: it was laid ready."""

    number: int
    cipher: str | None
    here: bool
    in_force: bool
    coming: bool
    to_seal: dict[str, int]
    to_prove: dict[str, int]

    @property
    def needed(self) -> bool:
        """True if something can only be read or proved with it."""
        return self.in_force or self.coming or bool(self.to_seal or self.to_prove)


@dataclass(frozen=True)
class Rotated:
    """A new key. earlier: where the one before it lies; from_environment: that one came from GONGKAI_SECRET, which
    is not needed any more."""

    number: int
    path: Path
    earlier: Path
    from_environment: bool


@dataclass(frozen=True)
class Resealed:
    """What was sealed anew. spoilt: values that open with no key and stay as they are, by table and column."""

    rows: int
    spoilt: dict[str, int]


class InstallationKeys:
    """The use cases of the operator around keys."""

    def __init__(self, office: Office) -> None:
        self.office = office

    @property
    def place(self) -> KeyFolder:
        """Where they lie. Raises CannotRotate for those of a temporary store."""
        if self.office.keys.place is None:
            raise CannotRotate("临时库的密钥不能更换")
        return self.office.keys.place

    def status(self) -> list[OneKey]:
        """Every key that is at hand or that the store knows, the first one first."""
        keys = self.office.keys
        now, there = keys.now.number, set(keys.numbers)
        found = []
        with self.office.store.read() as unit:
            for number in sorted(there | set(checks(unit))):
                counts, key = hanging(unit, number), keys.numbered(number)
                if self._search_key(unit) == number != now:
                    counts["search"] = 1
                found.append(
                    OneKey(
                        number, key.cipher if key else None, key is not None, number == now,
                        number > now and key is not None,
                        {name: count for name, count in counts.items() if not stays(name)},
                        {name: count for name, count in counts.items() if stays(name)},
                    )
                )  # fmt: skip
        return found

    def _search_key(self, unit: Unit) -> int:
        return int(unit.stamp(SEARCH_KEY) or 0)

    # -- a new one ------------------------------------------------------------------------------------

    @retried
    def prepare(self) -> Path:
        """Lay the next key beside the one in force, where every process can open with it already; used from `rotate`
        on. For an installation on several machines, on each of which it must lie before."""
        with self.office.store.write_rules():
            return self._next()[1]

    @retried
    def rotate(self) -> Rotated:
        """Let a new key be in force, the prepared one where there is one; the earlier one stays beside it. Of two that
        do this at once each makes one. Raises CannotRotate."""
        place = self.place
        with self.office.store.write_rules() as unit:
            before = place.read()[0]
            known = checks(unit)
            if before.number not in known:  # an earlier try, of which the store was not told
                unit.set_stamp(check_name(before.number), before.check_value())
            if place.shadowed():
                raise CannotRotate(f"{place.differs()}，再更换密钥")
            key, _ = self._next()
            unit.set_stamp(check_name(key.number), key.check_value())
            earlier = place.take(before, key)
        return Rotated(key.number, place.path, earlier, place.is_given(before))

    def _next(self) -> tuple[Key, Path]:
        place = self.place
        now = place.read()[0]
        prepared = place.prepared(now)
        if prepared is not None and not prepared.follows(now):
            raise CannotRotate(
                f"密钥文件 {place.beside(prepared.number)} 不是接着现在的密钥生成的：请移走这个文件，再更换密钥"
            )
        key = prepared or now.next(place.cipher)
        return key, place.beside(key.number) if prepared else place.prepare(key)

    # -- sealing anew ---------------------------------------------------------------------------------

    def reseal(self, told: Told = lambda *_: None, *, search: bool = True) -> Resealed:
        """Seal everything with the key in force, in small transactions; it may be cut off and called again. search: make
        the index anew as well, while which nobody writes. Raises NotInOrder, and then nothing was changed, where
        `verify` finds something."""
        self._ask_order()
        work: list[tuple[str, Step]] = [(CASES, cases_anew), (ADDRESSES, addresses_anew)]
        work += [(one.name, partial(rows_anew, one)) for one in SEALED if one.table != CASES]
        done = self._done(work, told)
        words = self._done([(WORDS, partial(words_anew, AS_IT_LIES))], told, rules=True)
        if search:
            complete_search(self.office, anew=True)
        return Resealed(done.rows + words.rows, {**done.spoilt, **words.spoilt})

    # -- names, requests and the words of logs --------------------------------------------------------

    def turn_words(
        self, told: Told = lambda *_: None, *, seal: bool, finish: bool = True
    ) -> Resealed:
        """Let what lies otherwise lie as new names, requests and words of logs do: sealed, or plain; in small transactions,
        so that it may be cut off and called again. seal: which of the two, and how this office writes.
        finish: make the index anew, while which nobody writes, and take from the disk what is there no more. Raises
        WrittenOtherwise where it writes otherwise; NotInOrder as `reseal` does."""
        if self.office.keys.seals_words != seal:
            raise WrittenOtherwise(
                f"现在的设置是{_LYING[not seal]}保存，新写入的内容会与已有的不一致：请先改成{_LYING[seal]}保存，重新启动服务，"
                "再运行这个命令"
            )
        self._ask_order()
        step = partial(words_anew, SEALED_WORDS if seal else PLAIN)
        done = self._done([(WORDS, step)], told, rules=True)
        if finish:
            complete_search(self.office, anew=True)
            self.office.store.let_go()
        return done

    def words_otherwise(self) -> int:
        """How many values lie otherwise than this office writes them."""
        with self.office.store.read() as unit:
            return lying_otherwise(unit, sealed=self.office.keys.seals_words)

    # -- piece by piece -------------------------------------------------------------------------------

    def _ask_order(self) -> None:
        broken = verify(self.office)
        if broken:
            raise NotInOrder(
                f"核对不符（共 {len(broken)} 处，第一处：{broken[0].agency} {broken[0].number}：{broken[0].message}），"
                "没有重新保存：请先运行 gongkai verify 查明"
            )

    def _done(self, work: list[tuple[str, Step]], told: Told, *, rules: bool = False) -> Resealed:
        spoilt: dict[str, int] = {}
        rows = 0
        for name, step in work:
            done = 0
            piece = self._piece(step, (), rules)
            while piece.last is not None:
                done += piece.rows
                if piece.spoilt:
                    spoilt[name] = spoilt.get(name, 0) + piece.spoilt
                told(name, done)
                piece = self._piece(step, piece.last, rules)
            rows += done
        return Resealed(rows, spoilt)

    @retried
    def _piece(self, step: Step, after: After, rules: bool) -> Done:
        """rules: no case moves meanwhile."""
        store = self.office.store
        with store.write_rules() if rules else store.write() as unit:
            return step(unit, self.office.keys, after)
