"""Who guesses passwords and codes is slowed; whoever is right from an address that has not failed is never held up.

Failures are counted for the account as it was typed, whether there is one or not, and for the address on the net from
which they came (`workflow.service.limits`, keyed hashes alone are kept).
"""

from dataclasses import dataclass
from datetime import timedelta

from workflow.service.limits import Limits, TooOften
from workflow.service.office import Office

WINDOW = timedelta(minutes=20)
FROM_HERE = 5
"""Failures for one account from one address on the net."""
FROM_ADDRESS = 40
"""Failures from one address on the net, whatever accounts were typed: a whole office may sit behind it."""
FOR_ACCOUNT = 30
"""Failures for one account from everywhere; beyond it an address that has failed once has to wait as well."""
SENDING = timedelta(hours=1)
SENT_HERE, SENT_FROM, SENT_TO = 5, 20, 10
"""Codes in an hour: to one address from one place, from one place in all, to one address from everywhere (beyond it one
more from each place that has not asked)."""
PAUSE = timedelta(minutes=1)
"""Between two codes to the same address from the same place."""


@dataclass(frozen=True, slots=True)
class Guesser:
    """who: the account as it was typed; place: the address on the net from which it came; device: the id of the device,
    where somebody has signed in to the account at it before: then nobody who guesses elsewhere, or behind the same
    address, slows them."""

    who: str
    place: str
    device: str | None = None

    @property
    def here(self) -> str:
        return f"account {self.who} from {self.where}"

    @property
    def where(self) -> str:
        return self.place if self.device is None else f"device {self.device}"


class Guessing:
    """What was counted of guesses and of codes sent."""

    def __init__(self, office: Office) -> None:
        self.office, self._limits = office, Limits(office)

    def ask(self, one: Guesser) -> None:
        """Raises TooOften for who has guessed wrong too often."""
        here, place = self._counted(f"guess {one.here}"), self._counted(f"guess from {one.where}")
        worn_out = here > 0 and self._counted(f"guess for {one.who}") >= FOR_ACCOUNT
        worn_out = worn_out and one.device is None
        if here >= FROM_HERE or place >= FROM_ADDRESS or worn_out:
            minutes = int(WINDOW.total_seconds() // 60)
            raise TooOften(f"输错的次数过多，请 {minutes} 分钟后再试")

    def failed(self, one: Guesser) -> None:
        """Count a wrong guess."""
        for what in (f"guess {one.here}", f"guess from {one.where}", f"guess for {one.who}"):
            self._limits.count(what, WINDOW, self.office.now())

    def ask_to_send(self, one: Guesser) -> None:
        """Count a code that is to be sent. Raises TooOften, and counts nothing."""
        if self._counted(f"pause {one.here}"):
            raise TooOften("刚刚发过验证码，请过一分钟再发")
        here = self._counted(f"send {one.here}")
        worn_out = here > 0 and self._counted(f"send to {one.who}") >= SENT_TO
        if here >= SENT_HERE or self._counted(f"send from {one.place}") >= SENT_FROM or worn_out:
            raise TooOften("验证码发得太多了，请过一小时再试")
        now = self.office.now()
        self._limits.count(f"pause {one.here}", PAUSE, now)
        for what in (f"send {one.here}", f"send from {one.place}", f"send to {one.who}"):
            self._limits.count(what, SENDING, now)

    def _counted(self, what: str) -> int:
        return self._limits.counted(what, self.office.now())[0]
