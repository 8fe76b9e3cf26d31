"""The fields of forms as the pages write them. What depends on the tables and on the values alone is written
once: a case page has a dozen forms, and most are the same on every case."""

from functools import lru_cache
from typing import Any

from flask import current_app
from markupsafe import Markup, escape

from config.law import load_law
from webui.desk.case.event_form import Input
from webui.desk.case.outcome_form import Row, outcome_groups, subtype_groups

Files = tuple[tuple[str, str, str], ...]
KNOWN = "\x02known\x03"
"""Stands in the fields of an item for how much the applicant asked for."""


def _macros() -> Any:
    template = current_app.jinja_env.get_template("macros/events.html")
    return template.make_module({"law": load_law()})


@lru_cache(maxsize=2000)
def fields_of(event: str, inputs: tuple[Input, ...]) -> Markup:
    """The fields of an event's form without anything wrong; the note stands apart, behind a button."""
    return Markup(_macros().event_fields(event, inputs, {}))


@lru_cache(maxsize=500)
def _proof(
    number: int, values: tuple[tuple[str, str], ...], ways_told: bool, files: Files
) -> Markup:
    row = Row(number, "", dict(values))
    return Markup(
        _macros().item_fields(row, {}, outcome_groups(), subtype_groups(), KNOWN, ways_told, files)
    )


def proof_of(row: Row, known: str, *, ways_told: bool, files: Files = ()) -> Markup:
    """The fields of one item of a proposal without anything wrong. known: how much the applicant asked for;
    ways_told: whether they wrote how they want to have it; files: of the case, (hash, name, kind)."""
    made = _proof(row.number, tuple(row.values.items()), ways_told, files)
    return Markup(made.replace(KNOWN, escape(known)))
