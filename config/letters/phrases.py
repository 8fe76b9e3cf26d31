"""The words of a letter as its template writes them: {value}, and [what stands only if its values are known]."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

_NAME = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Value:
    """The place of a value of the case."""

    name: str


@dataclass(frozen=True, slots=True)
class Part:
    """Words that stand only if all their values are known."""

    inside: tuple["str | Value", ...]

    def names(self) -> Iterator[str]:
        return (one.name for one in self.inside if isinstance(one, Value))


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words, places of values and optional parts, in order."""

    tokens: tuple["str | Value | Part", ...]

    def names(self) -> Iterator[str]:
        """Every value that the words name."""
        for token in self.tokens:
            if isinstance(token, Value):
                yield token.name
            elif isinstance(token, Part):
                yield from token.names()

    def needed(self) -> Iterator[str]:
        """The values without which a place in the words stays open."""
        return (token.name for token in self.tokens if isinstance(token, Value))

    def used(self, known: Callable[[str], str | None]) -> Iterator[str]:
        """The values that the words say, as far as they are known."""
        for token in self.tokens:
            if isinstance(token, Value) and known(token.name) is not None:
                yield token.name
            elif isinstance(token, Part) and all(known(name) is not None for name in token.names()):
                yield from token.names()

    def said(self, known: Callable[[str], str | None], gap: Callable[[str], str]) -> str:
        """The words with their values. known: the value of a name, None for one that nobody knows. gap: what
        stands in the place of such a one where it is needed."""
        found = []
        for token in self.tokens:
            if isinstance(token, str):
                found.append(token)
            elif isinstance(token, Value):
                value = known(token.name)
                found.append(gap(token.name) if value is None else value)
            elif all(known(name) is not None for name in token.names()):
                found += [known(one.name) or "" if isinstance(one, Value) else one
                          for one in token.inside]  # fmt: skip
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
