"""What programs rely on: a picture of the document of the API as it was published, in short words (docs/api-promised.txt).

A picture is a set of lines by heading. A line that is gone breaks a program, and so does one more below a heading that begins with
`needs`: what has to be sent. Both are told first, in `gone` of config/api/changes.toml.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

Picture = Mapping[str, frozenset[str]]
Schema = Mapping[str, Any]
PROMISED = "api-promised.txt"
NEEDS = "needs"
NOTHING = ""
"""The line of a heading that stands there even if nothing is below it: what needs nothing must not need something."""
HEAD = """\
# What the API promises, made from its document by `make docs`: heading, then what stands below it. What goes stays here, and a
# test fails by it, until `gone` of a row of config/api/changes.toml tells it.
"""


def picture_of(document: Schema) -> Picture:
    """What the document promises."""
    found: dict[str, set[str]] = {}
    for heading, line in _lines(document):
        found.setdefault(heading, set()).add(line)
    return {heading: frozenset(filter(None, lines)) for heading, lines in found.items()}


def broken(before: Picture, now: Picture) -> list[str]:
    """What a program relied on and is not so any more, as `heading: line`."""
    return sorted(
        f"{heading}: {line}"
        for heading, lines in before.items()
        for line in (
            now.get(heading, frozenset()) - lines
            if heading.startswith(NEEDS)
            else lines - now.get(heading, frozenset())
        )
    )


def told(said: str, changes: Iterable[str]) -> bool:
    """Whether a row of the calendar tells it: by itself, or all of its heading."""
    return any(one in (said, said.partition(": ")[0]) for one in changes)


def kept(before: Picture, now: Picture, changes: Iterable[str]) -> Picture:
    """The picture to keep: of now, with what went and nobody told."""
    changes, found = tuple(changes), dict(now)
    for said in broken(before, now):
        heading, _, line = said.partition(": ")
        if not told(said, changes):
            lines = found.get(heading, frozenset())
            found[heading] = lines - {line} if heading.startswith(NEEDS) else lines | {line}
    return found


def written(picture: Picture) -> str:
    """As it lies in docs/."""
    lines = (f"{heading}: {', '.join(sorted(picture[heading]))}" for heading in sorted(picture))
    return HEAD + "".join(f"{line.strip()}\n" for line in lines)


def read(text: str) -> Picture:
    """The picture of such a file."""
    parts = (line.partition(":") for line in text.splitlines() if not line.startswith("#"))
    return {
        heading: frozenset(filter(None, said.strip().split(", "))) for heading, _, said in parts
    }


# -- the lines --------------------------------------------------------------------------------------


def _lines(document: Schema) -> Iterator[tuple[str, str]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            name = operation["operationId"]
            yield f"call {name}", f"{method.upper()} {path}"
            yield from _asked(name, operation)
            yield from _answered(name, operation)
    for name, methods in document["webhooks"].items():
        for parameter in methods["post"]["parameters"]:
            yield f"delivery {name}", f"{parameter['in']} {parameter['name']}"
        for schema in methods["post"]["requestBody"]["content"].values():
            yield f"delivery {name}", _type(schema["schema"])
    for name, answer in document["components"]["responses"].items():
        yield from ((f"answer {name}", line) for line in _answer(answer))
    sent = _reached(document, (one.get("requestBody", {}) for methods in document["paths"].values() for one in methods.values()))  # fmt: skip
    for name, schema in document["components"]["schemas"].items():
        yield from _model(name, schema, is_sent=name in sent)


def _asked(name: str, operation: Schema) -> Iterator[tuple[str, str]]:
    """Arguments and headers of a call, and what it is sent."""
    yield f"{NEEDS} {name}", NOTHING
    for one in operation["parameters"]:
        argument = f"{one['in']} {one['name']}"
        yield f"takes {name}", f"{argument} {_type(one['schema'])}"
        yield from _choice(f"{name} {argument}", one["schema"])
        if one.get("required"):
            yield f"{NEEDS} {name}", argument
    for kind, content in operation.get("requestBody", {}).get("content", {}).items():
        schema = content["schema"]
        yield f"takes {name}", f"{kind} {_type(schema)}"
        if "properties" in schema:
            yield from _model(name, schema, is_sent=True)


def _answered(name: str, operation: Schema) -> Iterator[tuple[str, str]]:
    for status, answer in operation["responses"].items():
        if "$ref" in answer:
            yield f"answers {name}", f"{status} {answer['$ref'].rpartition('/')[2]}"
        else:
            yield from ((f"answers {name}", f"{status} {line}".strip()) for line in ("", *_answer(answer)))  # fmt: skip


def _answer(answer: Schema) -> Iterator[str]:
    yield from (f"header {header}" for header in answer.get("headers", {}))
    yield from (f"{kind} {_type(content['schema'])}" for kind, content in answer.get("content", {}).items())  # fmt: skip


def _model(name: str, schema: Schema, *, is_sent: bool) -> Iterator[tuple[str, str]]:
    """A model by its fields: of one that is sent those that have to be there, of one that is answered those that always
    are; a choice by its words."""
    yield from _choice(name, schema)
    for word, place in schema.get("discriminator", {}).get("mapping", {}).items():
        yield f"kinds {name}", f"{word} {place.rpartition('/')[2]}"
    needed = schema.get("required", [])
    if is_sent and "properties" in schema:
        yield f"{NEEDS} {name}", NOTHING
    for field, described in schema.get("properties", {}).items():
        yield f"fields {name}", f"{field} {_type(described)}"
        yield from _choice(f"{name}.{field}", described)
        if field in needed:
            yield f"{NEEDS if is_sent else 'always'} {name}", field


def _choice(name: str, schema: Any) -> Iterator[tuple[str, str]]:
    """The words of what can be chosen, wherever it stands in a field."""
    if isinstance(schema, list):
        for inner in schema:
            yield from _choice(name, inner)
    elif isinstance(schema, dict):
        yield from ((f"choice {name}", str(word)) for word in schema.get("enum", ()))
        for key in ("anyOf", "oneOf", "items", "additionalProperties"):
            yield from _choice(name, schema.get(key))


def _type(schema: Any) -> str:
    """A type in a word: one is the other where programs read it alike."""
    if not isinstance(schema, dict):
        return "any"
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    if kinds := schema.get("anyOf") or schema.get("oneOf"):
        return "|".join(sorted({_type(kind) for kind in kinds}))
    if "const" in schema:
        return f"={schema['const']}"
    if "enum" in schema:
        return "choice"
    if schema.get("type") == "array":
        return f"[{_type(schema['items'])}]"
    if isinstance(values := schema.get("additionalProperties"), dict):
        return f"{{{_type(values)}}}"
    return str(schema.get("format") or schema.get("type") or "any")


def _reached(document: Schema, parts: Iterable[Any]) -> set[str]:
    """Models that parts of the document lead to."""
    found: set[str] = set()
    waiting = [name for part in parts for name in _names(part)]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += _names(document["components"]["schemas"][name])
    return found


def _names(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"].rpartition("/")[2]
        for inner in part.values():
            yield from _names(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from _names(inner)
