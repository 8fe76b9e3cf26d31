"""The rows of words.toml: words for people."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, NotRequired

from pydantic import AfterValidator, Field
from typing_extensions import TypedDict

from config.rows import ROW, Labels, Text, Word, made_from, once


class _Channel(TypedDict):
    __pydantic_config__ = ROW  # type: ignore[misc]  # pydantic looks for it there
    label: Text
    receipt: Literal["confirmation", "confirmed_on_arrival", "signature", "handover"]


class _ParcelWay(TypedDict):
    __pydantic_config__ = ROW  # type: ignore[misc]  # pydantic looks for it there
    label: Text
    channel: Literal["ems", "ordinary_mail", "in_person"]


class _KindOfCase(TypedDict):
    __pydantic_config__ = ROW  # type: ignore[misc]  # pydantic looks for it there
    label: Text
    article: Text
    results: NotRequired[Labels]


class _Need(TypedDict):
    __pydantic_config__ = ROW  # type: ignore[misc]  # pydantic looks for it there
    label: Text
    article: Text


_SomeTexts = Annotated[list[Text], Field(min_length=1), AfterValidator(once)]


class _AuditGroup(TypedDict):
    __pydantic_config__ = ROW  # type: ignore[misc]  # pydantic looks for it there
    label: Text
    of: _SomeTexts


@dataclass(frozen=True, slots=True)
class Words:
    """Labels for people: the only source of the Chinese names of machine words. duties: what each role of
    staff does, in a sentence. role_aliases: words that roles had before, as old logs and dockets say them."""

    __pydantic_config__ = ROW
    channels: Annotated[Mapping[str, Mapping[str, str]], made_from(dict[Word, _Channel])]
    channel_aliases: dict[Word, Word]
    roles: Labels
    role_aliases: dict[Word, Word]
    duties: Labels
    audit: Labels
    audit_groups: Annotated[Mapping[str, Mapping[str, Any]], made_from(dict[Word, _AuditGroup])]
    records: Labels
    login_ways: Labels
    look_reasons: Labels
    code_reasons: Labels
    stages: Labels
    clock_effects: Labels
    letters: Labels
    outcome_classes: Labels
    remedies: Labels
    methods: Labels
    opinions: Labels
    levels: Labels
    subtypes: dict[Word, Labels]
    id_types: Labels
    delivery: Labels
    medium: Labels
    carriers: Annotated[Mapping[str, list[str]], made_from(dict[Word, _SomeTexts])]
    parcel_ways: Annotated[Mapping[str, Mapping[str, str]], made_from(dict[Word, _ParcelWay])]
    kinds: Annotated[Mapping[str, Mapping[str, Any]], made_from(dict[Word, _KindOfCase])]
    secrecy_checks: Labels
    secrecy_questions: Labels
    secrecy_answers: Labels
    correction_grounds: Labels
    needs: Annotated[Mapping[str, Mapping[str, str]], made_from(dict[Word, _Need])]

    def audit_group(self, action: str) -> str | None:
        """The group of an action of the audit; None: it is about the handling of cases."""
        return next((g for g, row in self.audit_groups.items() if action in row["of"]), None)

    def role_now(self, word: str) -> str:
        """The word of today for a role; any other word as it is."""
        return self.role_aliases.get(word, word)

    def role(self, word: str) -> str:
        """The label of a role, by its word of today or of before. Raises KeyError."""
        return self.roles[self.role_now(word)]
