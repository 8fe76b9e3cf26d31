"""The words of a letter as its template writes them: {value}, and [what stands only if its values are known]."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache

_NAME = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Value:
    """The place of a value of the case."""

    name: str


@dataclass(frozen=True)
class Part:
    """Words that stand only if all their values are known."""

    inside: tuple["str | Value", ...]

    @cached_property
    def names(self) -> tuple[str, ...]:
        return tuple(one.name for one in self.inside if isinstance(one, Value))


@dataclass(frozen=True)
class Phrase:
    """Words, places of values and optional parts, in order."""

    tokens: tuple["str | Value | Part", ...]

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Every value that the words name."""
        found: list[str] = []
        for token in self.tokens:
            if isinstance(token, Value):
                found.append(token.name)
            elif isinstance(token, Part):
                found += token.names
        return tuple(found)

    @cached_property
    def needed(self) -> tuple[str, ...]:
        """The values without which a place in the words stays open."""
        return tuple(token.name for token in self.tokens if isinstance(token, Value))

    def said(
        self, known: Callable[[str], str | None], gap: Callable[[str], str], used: list[str] | None = None
    ) -> str:  # fmt: skip
        """The words with their values. known: the value of a name, None for one that nobody knows. gap: what
        stands in the place of such a one where it is needed. used: takes the names of the values that are said."""
        found: list[str] = []
        names = [] if used is None else used
        for token in self.tokens:
            if isinstance(token, str):
                found.append(token)
            elif isinstance(token, Value):
                value = known(token.name)
                if value is None:
                    found.append(gap(token.name))
                else:
                    found.append(value)
                    names.append(token.name)
            elif None not in (of := {name: known(name) for name in token.names}).values():
                found += [
                    of[one.name] or "" if isinstance(one, Value) else one for one in token.inside
                ]
                names += token.names
        return "".join(found)


@lru_cache(maxsize=4096)
def phrase(text: str) -> Phrase:
    """The words read. Raises ValueError for a bracket that is not closed, a part within a part, a part
    without a value, and a place without a name."""
    tokens: list[str | Value | Part] = []
    inside: list[str | Value] | None = None
    for piece in re.split(r"(\{[^{}]*\}|[\[\]{}])", text):
        if piece == "[":
            if inside is not None:
                raise ValueError("a part in [ ] stands within another one")
            inside = []
        elif piece == "]":
            if inside is None:
                raise ValueError("a ] without its [")
            if not any(isinstance(one, Value) for one in inside):
                raise ValueError("a part in [ ] names no {value}")
            tokens.append(Part(tuple(inside)))
            inside = None
        elif piece in ("{", "}"):
            raise ValueError("a { or } without its other half")
        elif piece.startswith("{"):
            if not _NAME.fullmatch(piece[1:-1]):
                raise ValueError(f"{piece} names no value")
            (tokens if inside is None else inside).append(Value(piece[1:-1]))
        elif piece:
            (tokens if inside is None else inside).append(piece)
    if inside is not None:
        raise ValueError("a [ without its ]")
    return Phrase(tuple(tokens))
