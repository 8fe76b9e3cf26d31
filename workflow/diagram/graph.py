"""What is to be drawn: the table sorted into a main line, states beside it, arrows and lists."""

from collections.abc import Iterable
from dataclasses import dataclass

from config.law import Law, LawTableError, Transition
from workflow.case.machine import START


@dataclass(frozen=True, slots=True)
class Arrow:
    """All events that lead from one state to another."""

    source: str
    target: str
    events: tuple[str, ...]
    label: str


@dataclass(frozen=True, slots=True)
class Graph:
    """The table of transitions, sorted for drawing.

    main: the usual line of a case, from its start. left: states of the applicant's turn that may end
    the case, and those endings. right: the other states.
    within: per state the labels of the events that do not leave it.
    everywhere: events possible in at least half of all states; they are listed, not drawn.
    """

    law: Law
    main: tuple[str, ...]
    left: tuple[str, ...]
    right: tuple[str, ...]
    arrows: tuple[Arrow, ...]
    within: dict[str, tuple[str, ...]]
    everywhere: tuple[Transition, ...]

    def label(self, state: str) -> str:
        return "开始" if state == START else self.law.states[state].label

    def where(self, row: Transition) -> str:
        """The states of an event of nearly everywhere, said the shorter way."""
        inside = [state for state in self.law.states if state in row.sources]
        outside = [state for state in self.law.states if state not in row.sources]
        if len(outside) < len(inside):
            return f"除{self._named(outside)}以外的各状态" if outside else "各状态"
        return self._named(inside)

    def kept(self, row: Transition) -> str:
        """Which states the event leaves as they are, in brackets; empty where it leads all to one."""
        return f"（{self._named(row.keeps)}时状态不变）" if row.keeps else ""

    def _named(self, states: Iterable[str]) -> str:
        return "、".join(f"“{self.label(state)}”" for state in states)


@dataclass(frozen=True, slots=True)
class Way:
    """The way of one case: where it stands, and the steps (from, to) that led there."""

    present: str | None = None
    steps: frozenset[tuple[str, str]] = frozenset()

    @property
    def passed(self) -> frozenset[str]:
        """States that the case has been in before and is not in now."""
        return frozenset(source for source, _ in self.steps) - {self.present}


def way_of(law: Law, events: Iterable[str]) -> Way:
    """The way of a case whose log holds these events, oldest first."""
    here, steps = START, set()
    for event in events:
        to = law.transitions[event].leads(here)
        if to != here:
            steps.add((here, to))
            here = to
    return Way(None if here == START else here, frozenset(steps))


def graph_of(law: Law) -> Graph:
    """Sort the table for drawing."""
    rows = list(law.transitions.values())
    everywhere = tuple(row for row in rows if len(row.sources) * 2 >= len(law.states))
    local = [row for row in rows if row not in everywhere]
    pairs: dict[tuple[str, str], list[Transition]] = {}
    within: dict[str, list[str]] = {}
    for row in local:
        for source in row.sources:
            if row.leads(source) == source:
                within.setdefault(source, []).append(row.label)
            else:
                pairs.setdefault((source, row.to), []).append(row)
    main, left, right = _places(law, pairs)
    return Graph(
        law,
        main,
        left,
        right,
        tuple(
            Arrow(
                source,
                target,
                tuple(row.event for row in found),
                "、".join(row.label for row in found),
            )
            for (source, target), found in pairs.items()
        ),
        {state: tuple(labels) for state, labels in within.items()},
        everywhere,
    )


def _places(
    law: Law, pairs: dict[tuple[str, str], list[Transition]]
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Main line, left and right, each in the order of states.toml."""
    ended = [name for name, state in law.states.items() if state.stage in ("done", "void")]
    beside = [
        name
        for name, state in law.states.items()
        if state.stage == "waiting" or (name not in ended and _applicant_acts(name, pairs))
    ]
    main = [START, *(name for name in law.states if name not in ended and name not in beside)]
    for name in ended:
        if law.stage(name) == "done" and any((source, name) in pairs for source in main):
            main.append(name)
    left = [name for name in beside if any((name, end) in pairs for end in ended)]
    left += [
        name
        for name in ended
        if name not in main and any((source, name) in pairs for source in left)
    ]
    right = [name for name in law.states if name not in main and name not in left]
    return tuple(main), tuple(left), tuple(right)


def _applicant_acts(state: str, pairs: dict[tuple[str, str], list[Transition]]) -> bool:
    """The case waits in this state for the applicant, also where the period goes on."""
    return any(
        source == state and "applicant" in row.by
        for (source, _), rows in pairs.items()
        for row in rows
    )


def known_state(law: Law, name: str | None) -> str | None:
    """The state's name if the table has it. Raises LawTableError otherwise."""
    if name is not None and name not in law.states:
        raise LawTableError(f"states.toml: no state named {name}")
    return name
