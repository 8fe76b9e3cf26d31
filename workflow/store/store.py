"""A database with its two engines, and the ways into a transaction over it."""

from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager, contextmanager

from sqlalchemy import Engine

from workflow.store.dialect import gather_statistics, hold_rules, in_line, let_go
from workflow.store.dialect_index import INDEX
from workflow.store.engine import reading_engine, writing_engine
from workflow.store.journal import Journal
from workflow.store.outside import Contents, Hand
from workflow.store.reading import one_view, reading_session, view_of
from workflow.store.retried import Overtaken, told_apart
from workflow.store.sealed import Secrets
from workflow.store.unit import Unit
from workflow.store.words import of_words, written_with


class Store:
    """A database with an engine for writing and one for reading."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._writing: Engine = writing_engine(url)
        self._reading: Engine = reading_engine(url)
        self.journal: Journal | None = None
        """Set by who has the keys (the office); without it no line is written of what is written."""
        self.keys: Secrets | None = None
        """With which names, requests and the words of logs are sealed, where they are; set by the same."""
        self.contents = Contents()
        """Where contents of files lie; set by who knows the settings, else in the database."""
        self._before_writing: Callable[[], None] = _nothing_asked
        self.after_writing: Callable[[], None] = _nothing_asked
        """Called after every transaction that wrote; it must not fail."""

    def ask_before_writing(self, ask: Callable[[], None]) -> None:
        """Ask before every transaction that writes; what it raises refuses the transaction."""
        self._before_writing = ask

    @contextmanager
    def unasked(self) -> Iterator[None]:
        """What brings the store to the shape of this version asks nothing."""
        asked, self._before_writing = self._before_writing, _nothing_asked
        try:
            yield
        finally:
            self._before_writing = asked

    @contextmanager
    def write(self) -> Iterator[Unit]:
        """One transaction: everything or nothing. Raises Overtaken where it would overwrite what it has
        not seen; who calls is `retried`."""
        with self._writing_unit() as unit:
            yield unit

    @contextmanager
    def write_cases(self, ahead: Collection[bytes] = ()) -> Iterator[Unit]:
        """The same, for what many do at once: it waits for the rows that it locks and sees them as they
        stand then. The rules of the house do not change meanwhile. ahead: contents of files that it keeps."""
        with self.laid_ahead(ahead), self._writing_unit(alone=False) as unit:
            yield unit

    @contextmanager
    def write_rules(self) -> Iterator[Unit]:
        """The same, for what changes the rules by which cases are handled: no case moves meanwhile."""
        with self._writing_unit(alone=True) as unit:
            yield unit

    @contextmanager
    def read(self) -> Iterator[Unit]:
        """One state of the store, whatever is written meanwhile. Within `one_view` all readers share a
        transaction."""
        view = view_of(self._reading)
        reading = reading_session(self._reading) if view is None else view.session()
        with told_apart(), reading as session:
            unit = Unit(session)
            unit.hand = Hand(self.contents)
            yield unit

    @contextmanager
    def laid_ahead(
        self, contents: Collection[bytes], *, read_again: bool = False
    ) -> Iterator[None]:
        """Put contents outside before the transaction that keeps them, where they lie there: it holds up nobody while the
        place is slow. read_again: and hold them to what is read there. Raises StorageAway, Lost."""
        if self.contents.now is None or not contents:
            yield
            return
        with self.read() as unit:
            mark = unit.begin_storage()
        with self.contents.ahead(contents, mark, read_again=read_again):
            yield

    def one_view(self) -> AbstractContextManager[None]:
        """What is read within, here and one after the other, is read in one transaction; a new one
        begins where something is written."""
        return one_view(self._reading)

    @contextmanager
    def _writing_unit(self, *, alone: bool | None = None) -> Iterator[Unit]:
        """alone: whether nobody else works by the rules meanwhile; None: it waits for nobody."""
        self._before_writing()
        self._look_anew()
        engine = self._writing if alone is None else in_line(self._writing)
        hand, confirming = Hand(self.contents), False
        try:
            with told_apart(), written_with(self.keys), engine.begin() as connection:
                if alone is not None:
                    hold_rules(connection, alone=alone)
                unit = Unit(connection=connection)
                unit.journal, unit.hand = self.journal, hand
                try:
                    yield unit
                    unit.flush()
                    unit.settle()
                    if unit.journal is not None:
                        unit.journal.write(unit.connection, unit.touched)
                finally:
                    unit.close()
                confirming = True
        except BaseException as error:
            # Where the answer to the confirmation was lost it may have been given: then what was laid may be in use.
            if not confirming or isinstance(error, Overtaken):
                hand.undone()
            raise
        finally:
            self._look_anew()
        hand.kept()
        self.after_writing()

    def _look_anew(self) -> None:
        view = view_of(self._reading)
        if view is not None:
            view.end()

    @property
    def engine(self) -> Engine:
        return self._writing

    def gather_statistics(self) -> None:
        """Let the database look how full its tables are; to be called when they changed much."""
        gather_statistics(self._writing)

    def let_go(self) -> None:
        """Take from the disk what rows and index said before. Nobody writes meanwhile."""
        names = {column.table.name for _, column in of_words()}
        let_go(self._writing, [*sorted(names), INDEX])

    def close(self) -> None:
        self._writing.dispose()
        self._reading.dispose()


def _nothing_asked() -> None:
    pass
