"""Wrong passwords of staff: who guesses is slowed, and nobody else.

Failures are counted for the user name as it was typed, whether there is one or not, and for the source from which they
came: the address, or a device on which the person has logged in before. Keyed hashes alone are kept, and no longer than
they count. So a guesser keeps nobody out: whoever is right from an address that has not failed comes in at once, and who
is known at their device does not even notice that others guess from the same address.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from workflow.service.limits import TooOften
from workflow.service.office import Office
from workflow.store import sessions as queries
from workflow.store.unit import Unit

FROM_HERE = 5
"""Wrong passwords for one account from one source; then it waits (GB/T 22239: a limit of tries)."""
FROM_ADDRESS = 40
"""From one address for whatever account: a whole office may sit behind it."""
FOR_ACCOUNT = 30
"""For one account from everywhere; beyond it an address that has failed once waits as well."""
WAIT = timedelta(minutes=20)
TOO_OFTEN = (
    f"输错的次数过多，请 {int(WAIT.total_seconds() // 60)} 分钟后再试；忘记密码的，请系统管理员重设"
)


@dataclass(frozen=True, slots=True)
class Source:
    """From where somebody logs in. place: the address on the net; device: the id of a device on which this account has
    logged in before, None for any other."""

    place: str = ""
    device: str | None = None

    @property
    def key(self) -> str:
        return f"place {self.place}" if self.device is None else f"device {self.device}"


class WrongPasswords:
    """What is counted. Each function works in the caller's transaction."""

    def __init__(self, office: Office) -> None:
        self.office = office

    def ask(self, unit: Unit, name: str, source: Source) -> None:
        """Raises TooOften for who has been wrong too often."""
        known = source.device is not None
        found = queries.wrong(unit, *self._hashes(name, source), self.office.now())
        worn_out = found.here > 0 and found.account >= FOR_ACCOUNT
        if found.here >= FROM_HERE or (not known and (found.source >= FROM_ADDRESS or worn_out)):
            raise TooOften(TOO_OFTEN)

    def count(self, unit: Unit, name: str, source: Source) -> bool:
        """One more. True if this is the first source of the account that has to wait now."""
        now, (account, place) = self.office.now(), self._hashes(name, source)
        times = queries.count_wrong(unit, account, place, now, now + WAIT)
        return times == FROM_HERE and self.slowed(unit, [name])[name] == 1

    def right(self, unit: Unit, name: str, source: Source) -> None:
        """Who was right begins anew, here."""
        queries.forgive(unit, *self._hashes(name, source))

    def slowed(self, unit: Unit, names: Collection[str]) -> dict[str, int]:
        """From how many sources each of the accounts cannot be tried just now."""
        known = {name: self._account(name) for name in names}
        found = queries.slowed(unit, known.values(), FROM_HERE, self.office.now())
        return {name: found.get(account, 0) for name, account in known.items()}

    def forgive(self, unit: Unit, name: str) -> int:
        """All sources of the account begin anew; how many had to wait."""
        slowed = self.slowed(unit, [name])[name]
        queries.forgive(unit, self._account(name))
        return slowed

    def _hashes(self, name: str, source: Source) -> tuple[str, str]:
        return self._account(name), self.office.keys.digest("rate", f"login {source.key}")

    def _account(self, name: str) -> str:
        return self.office.keys.digest("rate", f"login of {name}")
