"""What the commands share: how they read, show and fail. Exit code 0: done; 1: refused or not sound; 2:
not readable."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import click

from config.errors import in_chinese
from workflow.refusal import BadInput
from workflow.rules.calendar import CalendarGap


def fail(message: str, code: int = 2) -> NoReturn:
    """One clear line, never a traceback."""
    click.echo(message, err=True)
    sys.exit(code)


def show(data: Any) -> None:
    click.echo(json.dumps(data, ensure_ascii=False, indent=1, default=str))


def read_json(path: str) -> Any:
    """The JSON of a file, `-` for standard input; ends with exit code 2 and the place of the fault."""
    return json_of(path, read_file(path))


def read_file(path: str) -> bytes:
    """The bytes of a file, `-` for standard input; ends with exit code 2."""
    try:
        return sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
    except OSError as error:
        fail(f"{path}：无法读取（{in_chinese(error)}）")


def json_of(path: str, content: bytes) -> Any:
    """The JSON in the bytes of a file; ends with exit code 2 and the place of the fault."""
    try:
        data = json.loads(content.decode())
        json.dumps(data, ensure_ascii=False).encode()
        return data
    except UnicodeDecodeError:
        fail(f"{path}：不是 UTF-8 文本")
    except UnicodeEncodeError:
        fail(f"{path}：含有无法保存的字符")
    except json.JSONDecodeError as error:
        fail(f"{path}：不是 JSON，第 {error.lineno} 行第 {error.colno} 列附近有误")
    except RecursionError:
        fail(f"{path}：JSON 嵌套过深")


def reading(path: str, work: Callable[[], Any]) -> Any:
    """Run; a bad input ends with exit code 2 and every place named."""
    try:
        return work()
    except BadInput as error:
        fail("\n".join(f"{path}：{item.field}：{item.message}" for item in error.errors))
    except CalendarGap as error:
        fail(f"{path}：{error}")


as_json = click.option("--json", "as_json", is_flag=True, help="print data as JSON")
