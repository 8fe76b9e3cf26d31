"""The list of bodies to choose from: thousands of lines in a province, the same for everybody, made once."""

from collections.abc import Callable, Sequence
from typing import Any

from markupsafe import Markup, escape
from wtforms import Field
from wtforms.widgets import html_params

from workflow.service import Reader

FEW = 50
_made: dict[str, tuple[Sequence[Reader], str]] = {}


def _once(name: str, bodies: Sequence[Reader], make: Callable[[Sequence[Reader]], str]) -> str:
    """What is made of these very bodies; made again for others. Of a few it is not worth keeping."""
    if len(bodies) < FEW:
        return make(bodies)
    known = _made.get(name)
    if known is None or known[0] is not bodies:
        known = _made[name] = bodies, make(bodies)
    return known[1]


def _option(code: str, name: str) -> str:
    return f'<option value="{escape(code)}">{escape(name)}</option>'


class BodyList:
    """A `select` of bodies, as WTForms would write it."""

    def __init__(self, bodies: Sequence[Reader], *, none_first: bool) -> None:
        self.bodies = bodies
        self.none_first = none_first

    def __call__(self, field: Field, **attributes: Any) -> Markup:
        attributes.setdefault("id", field.id)
        options = _once("options", self.bodies, _options)
        if self.none_first:
            options = _option("", "请选择") + options
        if field.data is not None:
            chosen = f'<option value="{escape(field.data)}">'
            options = options.replace(chosen, chosen.replace("<option ", "<option selected "), 1)
        return Markup(f"<select {html_params(name=field.name, **attributes)}>{options}</select>")


def _options(bodies: Sequence[Reader]) -> str:
    return "".join(_option(body.code, body.name) for body in bodies)
