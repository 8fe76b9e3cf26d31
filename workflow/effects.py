"""One way to say what an event does: a row for every event, or the program does not start.

An event of a case changes its facts (workflow/case/fold.py) and its reply period (workflow/clock/).
Each of the two keeps its rows in an `Effects`; what an event leaves alone is said too:

    PERIOD = Effects[Run]("the reply period")

    @PERIOD.on(ev.Extend)
    def extend(run: Run, event: ev.Extend) -> None: ...

    PERIOD.nothing(ev.Archive)
    effects = PERIOD.complete()
"""

from collections.abc import Callable, Mapping
from typing import Any, Generic, TypeVar

from workflow.events import MODELS, Event

T = TypeVar("T")
E = TypeVar("E", bound=Event)


class EffectsError(Exception):
    """The rows do not fit the vocabulary: an event that does not exist, one with two effects, or one
    of which nothing is said."""


class Effects(Generic[T]):
    """What each event does to one thing. matter: the thing in a word, for messages."""

    def __init__(self, matter: str) -> None:
        self.matter = matter
        self._rows: dict[str, Callable[[T, Any], None] | None] = {}

    def on(self, *events: type[E]) -> Callable[[Callable[[T, E], None]], Callable[[T, E], None]]:
        """Register a function as the effect of these events. Raises EffectsError for an event that is
        not in the vocabulary or has an effect already."""

        def register(effect: Callable[[T, E], None]) -> Callable[[T, E], None]:
            for event in events:
                self._add(event, effect)
            return effect

        return register

    def nothing(self, *events: type[Event]) -> None:
        """Say that these events leave the thing alone. Raises as `on`."""
        for event in events:
            self._add(event, None)

    def complete(self) -> Mapping[str, Callable[[T, Any], None]]:
        """The effects by the name of the event, without those that do nothing. Raises EffectsError
        naming the events of which nothing is said."""
        missing = [name for name in MODELS if name not in self._rows]
        if missing:
            raise EffectsError(f"{self.matter}: nothing is said of {', '.join(missing)}")
        return {name: effect for name, effect in self._rows.items() if effect is not None}

    def _add(self, event: type[Event], effect: Callable[[T, Any], None] | None) -> None:
        name = getattr(event, "name", None)
        if name is None or MODELS.get(name) is not event:
            raise EffectsError(f"{self.matter}: there is no event {event.__name__}")
        if name in self._rows:
            raise EffectsError(f"{self.matter}: {name} has two effects")
        self._rows[name] = effect
