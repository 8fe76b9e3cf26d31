"""The pages of docs/ that say what can be called: docs/api-reference.zh.md, the list of calls in docs/api.md, and what is promised,
made from the document (`gongkai machine --docs`)."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, cast

from apiflask import APIFlask

from config.api import load_api
from config.settings import load
from webui.api import promised
from webui.api.document import written
from webui.api.words import LABELS
from workflow.events import MODELS
from workflow.service.installation import temporary_office

GUIDE, REFERENCE = "api.md", "api-reference.zh.md"
BEGIN, END = "<!-- calls: made by `make docs` -->", "<!-- end of calls -->"
DOCS = Path(__file__).parents[2] / "docs"
KINDS = {"added": "新增", "changed": "变更", "deprecated": "不再推荐", "removed": "去掉"}
PLACES = {"path": "地址", "query": "参数", "header": "头"}
TYPES = {"string": "文字", "integer": "整数", "number": "数", "boolean": "是否", "object": "对象"}
FORMATS = {"date": "日期", "date-time": "时间", "binary": "文件"}
Schema = Mapping[str, Any]


def api_pages(folder: Path = DOCS) -> dict[str, str]:
    """Name below docs/ → text, over a store that lasts as long as this takes. folder: where the guide and what was promised
    are read."""
    from webui.app import create_app  # which hangs on the rooms of the API

    with temporary_office() as office:
        document = written(cast(APIFlask, create_app(office, load({}))))
    guide = (folder / GUIDE).read_text(encoding="utf-8")
    before, rest = guide.split(BEGIN)
    calls = "\n".join(_calls(document))
    said = promised.read((folder / promised.PROMISED).read_text(encoding="utf-8"))
    told = [line for change in load_api().changes for line in change.gone]
    still = promised.kept(said, promised.picture_of(document), told)
    return {
        GUIDE: f"{before}{BEGIN}\n\n{calls}\n\n{END}{rest.split(END)[1]}",
        REFERENCE: reference_text(document),
        promised.PROMISED: promised.written(still),
    }


def reference_text(document: Schema) -> str:
    """The whole document as Markdown."""
    schemas = document["components"]["schemas"]
    events = [model.__name__ for model in MODELS.values()]
    chosen = [name for name, one in schemas.items() if LABELS in one]
    others = [name for name in schemas if name not in (*events, *chosen)]
    parts = [
        "<!-- Made from the OpenAPI document by `make docs`. -->\n\n# 接口一览",
        "由 `/api/v1/openapi.json` 生成：调用、参数、答复、错误、事项和变更。怎样使用，见 [api.md](api.md)。",
        "## 调用\n\n" + "\n".join(_calls(document)),
        *_each(_operations(document), document),
        "## 数据推送\n\n发给其他系统的，由对方答复；怎样设立、怎样验签，见 [notifications.md](notifications.md#other-systems)。",
        *_each(_deliveries(document), document),
        "## 错误\n\n" + "\n".join(_problems(document)),
        "## 事项\n\n`event` 写明是哪一种；日期写 `on`。",
        *(_model(name, schemas[name]) for name in events),
        "## 模型",
        *(_model(name, schemas[name]) for name in sorted(others)),
        "## 可选的值",
        *(_labels(name, schemas[name]) for name in sorted(chosen)),
        "## 变更\n\n" + "\n".join(_changes(document)),
    ]
    return "\n\n".join(parts) + "\n"


def _operations(document: Schema) -> Iterator[tuple[str, str, Schema]]:
    for path, methods in sorted(document["paths"].items()):
        for method, operation in sorted(methods.items()):
            yield method.upper(), path, operation


def _deliveries(document: Schema) -> Iterator[tuple[str, str, Schema]]:
    """What other systems are sent, as calls that they answer."""
    for methods in document["webhooks"].values():
        for method, operation in methods.items():
            yield method.upper(), "对方的地址", operation


def _calls(document: Schema) -> Iterator[str]:
    yield from ("| 调用 | 地址 | 说明 |", "|---|---|---|")
    for method, path, operation in _operations(document):
        yield f"| `{operation['operationId']}` | `{method} {path}` | {_cell(operation['summary'])} |"


def _each(calls: Iterable[tuple[str, str, Schema]], document: Schema) -> Iterator[str]:
    for method, path, operation in calls:
        yield f"### {operation['operationId']}\n\n`{method} {path}`：{operation['summary']}"
        if more := operation.get("description"):
            yield str(more)
        if rows := [_parameter(one) for one in operation.get("parameters", [])]:
            yield "\n".join(
                ("| 参数 | 位置 | 类型 | 说明 | 例子 |", "|---|---|---|---|---|", *rows)
            )
        for kind, sent in operation.get("requestBody", {}).get("content", {}).items():
            yield f"内容（{kind}）：{_type(sent['schema'])}"
        answers = [f"| {status} | {_answer(document, one)} |" for status, one in operation["responses"].items()]  # fmt: skip
        yield "\n".join(("| 状态 | 答复 |", "|---|---|", *answers))


def _parameter(one: Schema) -> str:
    name = f"`{one['name']}`" + ("（必填）" if one.get("required") else "")
    said = one["description"] + (f"（{KINDS['deprecated']}，{one['x-until-version']} 版之前照常答复）" if one.get("deprecated") else "")  # fmt: skip
    return f"| {name} | {PLACES[one['in']]} | {_type(one['schema'])} | {_cell(said)} | `{_cell(one['example'])}` |"


def _answer(document: Schema, one: Schema) -> str:
    if "$ref" in one:
        one = document["components"]["responses"][one["$ref"].rpartition("/")[2]]
        return _cell(one["description"])
    kinds = [_type(content["schema"]) for content in one.get("content", {}).values()]
    said = one["description"] + (f"：{kinds[0]}" if kinds else "")
    headers = "、".join(f"`{name}`" for name in one.get("headers", {}))
    return _cell(said) + (f"；头 {headers}" if headers else "")


def _problems(document: Schema) -> Iterator[str]:
    yield from ("| 状态 | 什么时候 | 头 |", "|---|---|---|")
    for name, one in document["components"]["responses"].items():
        headers = "、".join(f"`{header}`" for header in one.get("headers", {}))
        yield f"| {name.removeprefix('Problem')} | {_cell(one['description'])} | {headers} |"


def _model(name: str, schema: Schema) -> str:
    lines = [f"### {name}\n\n{schema['description']}"]
    if "properties" in schema:
        needed = schema.get("required", [])
        lines += ["", "| 字段 | 类型 | 说明 | 例子 |", "|---|---|---|---|"]
        for field, one in schema["properties"].items():
            said = f"`{field}`" + ("（必填）" if field in needed else "")
            example = f"`{_cell(one['examples'][0])}`" if "examples" in one else ""
            lines.append(f"| {said} | {_type(one)} | {_cell(one['description'])} | {example} |")
    return "\n".join(lines)


def _labels(name: str, schema: Schema) -> str:
    rows = (f"| `{code}` | {label} |" for code, label in zip(schema["enum"], schema[LABELS], strict=True))  # fmt: skip
    return "\n".join((f"### {name}", "", "| 代码 | 名称 |", "|---|---|", *rows))


def _changes(document: Schema) -> Iterator[str]:
    yield from ("| 日期 | 版本 | | 什么 | 哪些调用 | 用到 |", "|---|---|---|---|---|---|")
    for one in document["info"]["x-changes"]:
        calls = "、".join(f"`{call}`" for call in one.get("calls", ())) or "全部"
        until = f"{one['until']} 版之前" if "until" in one else ""
        yield f"| {one['on']} | {one['version']} | {KINDS[one['kind']]} | {_cell(one['what'])} | {calls} | {until} |"


def _type(schema: Schema) -> str:
    """A type in a word or two."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if kinds := schema.get("anyOf") or schema.get("oneOf"):
        return "或 ".join(_type(kind) for kind in kinds)
    if "const" in schema:
        return f"`{schema['const']}`"
    if "enum" in schema:
        words = zip(schema["enum"], schema[LABELS], strict=True)
        return "、".join(f"`{code}` {label}" for code, label in words)
    if schema.get("type") == "array":
        return f"若干 {_type(schema['items'])}"
    if schema.get("type") == "null":
        return "null"
    return FORMATS.get(schema.get("format", ""), TYPES.get(schema.get("type", ""), ""))


def _cell(value: Any) -> str:
    said = ",".join(map(str, value)) if isinstance(value, list) else str(value)
    return " ".join(said.split()).replace("|", "\\|")
