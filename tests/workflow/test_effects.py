"""What an event does is said once for every event of the vocabulary, or the program does not start."""

import ast
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from config.law import LawTableError, load_law
from workflow import events as ev
from workflow.case import fold
from workflow.case.machine import CaseMachine
from workflow.clock import CLOCK_EVENTS
from workflow.effects import Effects, EffectsError

ROOT = Path(__file__).parents[2]


def nothing(thing: list[str], event: ev.Event) -> None:
    """An effect that leaves the thing alone."""


@pytest.fixture
def effects() -> Effects[list[str]]:
    return Effects("the thing")


def test_an_event_finds_its_effect_by_name(effects: Effects[list[str]]) -> None:
    @effects.on(ev.Extend)
    def extend(thing: list[str], event: ev.Extend) -> None:
        thing.append(f"{event.days} days more")

    effects.nothing(*(model for model in ev.MODELS.values() if model is not ev.Extend))
    found, thing = effects.complete(), list[str]()
    assert list(found) == ["extend"]
    event = ev.parse("extend", {"on": "2024-03-20", "days": 20})
    found[event.name](thing, event)
    assert thing == ["20 days more"]


def test_a_misspelt_event_does_not_start() -> None:
    """As the rows are written: the name of the event's model."""
    with pytest.raises(AttributeError, match="Extned"):
        exec(
            "effects.on(ev.Extned)(nothing)",
            {"ev": ev, "effects": Effects("x"), "nothing": nothing},
        )


def test_an_event_that_is_not_in_the_vocabulary_is_refused(effects: Effects[list[str]]) -> None:
    class Extned(ev.Event):
        name = "extned"

    for model in (Extned, ev.Consultation):  # of consultations the vocabulary has three
        with pytest.raises(EffectsError, match=f"the thing: there is no event {model.__name__}"):
            effects.on(model)(nothing)
        with pytest.raises(EffectsError, match=model.__name__):
            effects.nothing(model)


def test_two_effects_of_one_event_are_refused(effects: Effects[list[str]]) -> None:
    effects.on(ev.Extend)(nothing)
    with pytest.raises(EffectsError, match="the thing: extend has two effects"):
        effects.on(ev.Archive, ev.Extend)(nothing)
    with pytest.raises(EffectsError, match="extend"):
        effects.nothing(ev.Extend)


def test_an_event_of_which_nothing_is_said_does_not_start(effects: Effects[list[str]]) -> None:
    effects.nothing(*(m for n, m in ev.MODELS.items() if n not in ("extend", "void")))
    with pytest.raises(EffectsError, match="nothing is said of extend, void"):
        effects.complete()


@pytest.mark.parametrize("event", ["assign", "approve", "archive"])
def test_the_table_and_the_clock_agree_on_what_touches_the_period(event: str) -> None:
    """The row of an event says `clock = "stop"`, and the clock would do nothing on it."""
    law = load_law()
    assert event not in CLOCK_EVENTS
    rows = {**law.transitions, event: replace(law.transitions[event], clock="stop")}
    with pytest.raises(LawTableError, match=f"{event}: clock is stop"):
        CaseMachine(replace(law, transitions=rows))


def by_name(file: Path) -> Iterator[str]:
    """Where a module looks a function up by the name of an event: getattr with a made-up name."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        match node:
            case ast.Call(func=ast.Name(id="getattr"), args=[_, ast.JoinedStr(), *_]):
                yield f"{file.relative_to(ROOT)}:{node.lineno}"


def test_no_function_is_looked_up_by_a_name_put_together() -> None:
    rooms = ("workflow", "webui", "notifications", "config")
    assert [
        place for room in rooms for f in (ROOT / room).rglob("*.py") for place in by_name(f)
    ] == []


def test_an_effect_bears_the_name_of_its_event() -> None:
    """Somebody who searches for `extend` finds what it does. Of several events it is another word."""
    shared: dict[Any, list[str]] = {}
    for name, effect in fold.FACTS_AFTER.items():
        shared.setdefault(effect, []).append(name)
    assert [
        names for effect, names in shared.items() if len(names) == 1 and effect.__name__ != names[0]
    ] == []
