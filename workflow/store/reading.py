"""Reading in one view: everything that is read for one request is read in one transaction."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session


class Reading:
    """A session that several readers share, one within another or one after the other. Once it has
    ended it is closed as soon as the last of them is done."""

    def __init__(self, engine: Engine) -> None:
        self.session = reading_session(engine)
        self._readers = 0
        self._ended = False

    @contextmanager
    def joined(self) -> Iterator[Session]:
        self._readers += 1
        try:
            yield self.session
        finally:
            self._readers -= 1
            self._close_if_over()

    def end(self) -> None:
        self._ended = True
        self._close_if_over()

    def _close_if_over(self) -> None:
        if self._ended and not self._readers:
            self.session.close()


class View:
    """What one request sees of a store. It begins with the first who reads; what is written meanwhile
    ends it, and who reads afterwards sees what was written."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._reading: Reading | None = None

    @contextmanager
    def session(self) -> Iterator[Session]:
        if self._reading is None:
            self._reading = Reading(self.engine)
        with self._reading.joined() as session:
            try:
                yield session
            except SQLAlchemyError:
                self.end()
                raise

    def end(self) -> None:
        known, self._reading = self._reading, None
        if known is not None:
            known.end()


def reading_session(engine: Engine) -> Session:
    """A session that writes nothing. What follows from rows that were read in it may be kept beside them."""
    return Session(engine, expire_on_commit=False, autoflush=False, info={KEPT: {}})


KEPT = "kept"
"""Where a session that writes nothing keeps what was made of its rows."""


_view: ContextVar[View | None] = ContextVar("view", default=None)


def view_of(engine: Engine) -> View | None:
    """The view of the store behind the engine that is open here, if one is."""
    found = _view.get()
    return found if found is not None and found.engine is engine else None


@contextmanager
def one_view(engine: Engine) -> Iterator[None]:
    """Whoever reads over the engine within shares one session."""
    view = View(engine)
    token = _view.set(view)
    try:
        yield
    finally:
        _view.reset(token)
        view.end()
