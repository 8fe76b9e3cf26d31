"""What a transaction works over: a connection, and the session over it that is made when it is needed."""

from typing import Any

from sqlalchemy import Connection, bindparam, delete, select
from sqlalchemy.orm import Session

from workflow.store.dialect import hold_rules
from workflow.store.journal import Journal
from workflow.store.models import Base, CaseRow, StampRow
from workflow.store.outside import Contents, Hand, Laid
from workflow.store.prepared import Prepared
from workflow.store.rules_mark import MARK, RULES, new_rules_mark
from workflow.store.touched import TOUCHED, Touched, WritingSession

OWNER = "key"
"""The stamp of the first key (`workflow.store.keyed`): it tells one installation from another, and nothing of the key."""
_STAMP = Prepared(
    select(StampRow.__table__.c.value).where(StampRow.__table__.c.name == bindparam("called"))
)


class Transaction:
    """One transaction. Most of an event is said on the connection; a session costs more than each of the
    statements, so that it is made when something asks for it."""

    def __init__(
        self, session: Session | None = None, *, connection: Connection | None = None
    ) -> None:
        """Over a session, or over a connection."""
        self._session, self._connection = session, connection
        self._loose: list[Base] = []
        self._info: dict[Any, Any] = {TOUCHED: Touched()}
        self.journal: Journal | None = None
        """Of a transaction that writes in an office: with the keys of its chains."""
        self.hand = Hand(Contents())
        """What it puts outside of the database and lets go there."""

    @property
    def session(self) -> Session:
        """That of the transaction, with the case at hand in it."""
        if self._session is None:
            self._session = WritingSession(
                self._connection, expire_on_commit=False, info=self._info
            )
        self._session.add_all(self._loose)
        self._loose.clear()
        return self._session

    @property
    def info(self) -> dict[Any, Any]:
        """What is remembered until the session ends."""
        return self._info if self._session is None else self._session.info

    @property
    def connection(self) -> Connection:
        """That of the session. What it has not flushed, statements here do not see."""
        if self._connection is None:
            self._connection = self.session.connection()
        return self._connection

    @property
    def touched(self) -> Touched:
        """The protected rows that the transaction wrote. Of what is said on the connection they are noted here."""
        touched: Touched = self.info[TOUCHED]
        return touched

    def put_at_hand(self, row: CaseRow) -> None:
        """The row of the case that is moved. It comes into the session when the session is asked for."""
        self._loose += [row.agency, row]
        if row.held_by is not None:
            self.attach()

    def come_along(self, entity: Base | None) -> None:
        """Something that was read without the session comes into it when the session is asked for."""
        if entity is not None:
            self._loose.append(entity)

    def only_at_hand(self, row: CaseRow) -> bool:
        """It is at hand and was never in the session: there is nothing to it but its columns."""
        return row in self._loose

    def attach(self) -> None:
        """Let what hangs on the case at hand be read: its applicants, who holds it. To be called before
        they are asked for where nothing has asked for the session."""
        assert self.session is not None

    def flush(self) -> None:
        """Write what the session has not written yet."""
        if self._session is not None:
            self._session.flush()

    def close(self) -> None:
        """Let go of the session; the transaction ends elsewhere."""
        if self._session is not None:
            self._session.close()

    # -- what the store remembers of itself ----------------------------------------------------------

    def stamp(self, name: str) -> str | None:
        found = _STAMP.rows(self.connection, {"called": name})
        return found[0][0] if found else None

    def set_stamp(self, name: str, value: str) -> None:
        self.session.merge(StampRow(name=name, value=value))
        self.session.flush()

    def begin_storage(self) -> str | None:
        """The mark of the place for new contents, which is begun where it is new; None where they lie in the database.
        Raises StorageAway."""
        contents = self.hand.contents
        if contents.now is None:
            return None
        used = self.stamp(f"files {contents.new_mark(contents.now)}") is not None
        return contents.begin(contents.now, used=used, owner=self.stamp(OWNER) or "")

    def lay(self, content: bytes) -> Laid | None:
        """Put a content outside, where new ones lie; None where that is the database. It is gone again if the transaction
        comes to nothing. Raises StorageAway."""
        contents = self.hand.contents
        laid = contents.taken(content)
        if laid is None:
            mark = self.begin_storage()
            if mark is None:
                return None
            laid = contents.lay(content, mark)
        self.hand.laid.append(laid)
        if self.stamp(f"files {laid.storage}") is None:
            self.set_stamp(f"files {laid.storage}", "begun")
        return laid

    def drop_stamp(self, name: str) -> None:
        self.connection.execute(delete(StampRow).where(StampRow.name == name))

    def rules_changed(self) -> None:
        """Bodies, settings or days changed: what was made of them before does not hold any more. The
        mark is random, so that one of a transaction that was rolled back never comes again. Whoever works
        by the rules is waited for. Changed rows of bodies make a new mark by themselves."""
        hold_rules(self.connection, alone=True)
        new_rules_mark(self.session)
        self.session.flush()

    @property
    def rules_mark(self) -> str:
        """Under which mark may be kept what was made in this transaction of bodies, settings and days;
        asked of the store once."""
        if MARK not in self.info:
            self.info[MARK] = self.stamp(RULES) or ""
        return str(self.info[MARK])
