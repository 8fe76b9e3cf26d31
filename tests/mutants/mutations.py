"""Every small change that a test should notice, found in the syntax tree of a module.

Left alone: texts for people (Chinese, f-strings, patterns), docstrings, annotations, decorators, imports,
asserts (`strict=` of zip is one) and what only a type checker or nobody reads (`__all__`, Literal, cast).
"""

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
CALLS = {"min": "max", "max": "min", "any": "all", "all": "any"}
WORD = re.compile(r"[A-Za-z0-9_./:-]*[A-Za-z][A-Za-z0-9_./:-]*")
"""A word of the machine: a rule, a field, a setting, an event, a format."""
SKIPPED = (ast.Import, ast.ImportFrom, ast.Assert, ast.JoinedStr, ast.Global, ast.Nonlocal)
NO_CODE = {"annotation", "returns", "decorator_list", "type_comment", "type_params"}
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


@dataclass(frozen=True)
class Mutant:
    """One change. number: which of its module's changes it is. statement: line of the
    statement that a test must reach to notice it. at_import: it happens while the module is loaded, not in a function."""

    path: str
    number: int
    line: int
    statement: int
    before: str
    after: str
    at_import: bool

    def __str__(self) -> str:
        return f"{self.path}:{self.line}  {self.before} → {self.after}"


@dataclass(frozen=True)
class Change:
    """A mutant with the means to make it in the tree in which it was found."""

    node: ast.AST
    after: ast.AST
    make: Callable[[], None]
    statement: ast.stmt
    at_import: bool


def mutants(path: Path, root: Path) -> list[Mutant]:
    """All mutants of a module, in the order of its tree."""
    name = path.relative_to(root).as_posix()
    return [
        Mutant(
            name,
            number,
            getattr(change.node, "lineno", change.statement.lineno),
            change.statement.lineno,
            shown(change.node),
            shown(change.after),
            change.at_import,
        )
        for number, change in enumerate(changes(ast.parse(path.read_text("utf-8"))))
    ]


def mutated(source: str, number: int) -> ast.Module:
    """The module's tree with one of its changes made."""
    tree = ast.parse(source)
    next(change for n, change in enumerate(changes(tree)) if n == number).make()
    return ast.fix_missing_locations(tree)


def changes(tree: ast.Module) -> list[Change]:
    return list(_Finder().below(tree))


def shown(node: ast.AST) -> str:
    """The code on one line, cut in the middle when it is long."""
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= 90 else f"{text[:60]} … {text[-25:]}"


class _Finder:
    """Walks down, knowing in which statement and in which function it is."""

    def __init__(self) -> None:
        self.statement: ast.stmt | None = None
        self.functions = 0

    def below(self, node: ast.AST) -> Iterator[Change]:
        """The changes of everything under the node."""
        for field, value in ast.iter_fields(node):
            if field in NO_CODE:
                continue
            inside = isinstance(node, FUNCTIONS) and field == "body"
            self.functions += inside
            children = value if isinstance(value, list) else [value]
            for index, child in enumerate(children):
                if isinstance(child, ast.AST) and not _left_alone(node, field, index, child):
                    put = _putting(node, field, index if isinstance(value, list) else None)
                    yield from self._at(node, field, child, put)
            self.functions -= inside

    def _at(
        self, parent: ast.AST, field: str, node: ast.AST, put: Callable[[ast.AST], None]
    ) -> Iterator[Change]:
        outer = self.statement
        if isinstance(node, ast.stmt):
            self.statement = node
        assert self.statement is not None
        for after in _instead(parent, field, node, self.functions > 0):
            before = node
            if isinstance(node, ast.AugAssign) and isinstance(after, ast.operator):
                after = ast.AugAssign(node.target, after, node.value)
            yield Change(before, after, _later(put, after), self.statement, self.functions == 0)
        yield from self.below(node)
        self.statement = outer


def _putting(parent: ast.AST, field: str, index: int | None) -> Callable[[ast.AST], None]:
    def put(node: ast.AST) -> None:
        if index is None:
            setattr(parent, field, node)
        else:
            getattr(parent, field)[index] = node

    return put


def _later(put: Callable[[ast.AST], None], node: ast.AST) -> Callable[[], None]:
    return lambda: put(node)


def _left_alone(parent: ast.AST, field: str, index: int, node: ast.AST) -> bool:
    if isinstance(node, SKIPPED) or is_text(node):
        return True
    match node:
        case ast.Assign(targets=[ast.Name(id="__all__" | "__slots__")]):
            return True
        case ast.If(test=ast.Name(id="TYPE_CHECKING") | ast.Compare(left=ast.Name(id="__name__"))):
            return True
        case ast.Subscript(value=ast.Name(id="Literal")):
            return True
        case ast.keyword(arg="strict"):
            return isinstance(parent, ast.Call) and _name(parent.func) == "zip"
    if isinstance(parent, ast.Call) and (field, index) == ("args", 0):
        return _name(parent.func) in {"cast", "TypeVar", "NewType"}
    return False


def is_text(node: ast.AST) -> bool:
    """A docstring, or a text standing by itself under a constant."""
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else ""


def _instead(parent: ast.AST, field: str, node: ast.AST, in_function: bool) -> Iterator[ast.AST]:
    """What can stand in the node's place, the statement's own changes before those of its value."""
    if isinstance(node, ast.stmt):
        yield from _statements_instead(node)
        return
    if not isinstance(node, ast.expr):
        return
    if field in {"test", "ifs", "guard"}:
        yield ast.UnaryOp(ast.Not(), node)
    valued = isinstance(parent, ast.Return | ast.Assign | ast.AnnAssign) and field == "value"
    if valued and in_function and not _is_none(node):
        yield ast.Constant(None)
    yield from _expressions_instead(node)


def _statements_instead(node: ast.stmt) -> Iterator[ast.AST]:
    match node:
        case ast.Expr(value=ast.Constant(value=value)) if value is ...:
            return
        case ast.Continue():
            yield ast.Break()
        case ast.Break():
            yield ast.Continue()
        case ast.AugAssign(op=ast.Add() | ast.Sub()):
            yield ast.Sub() if isinstance(node.op, ast.Add) else ast.Add()
            yield ast.Pass()
        case ast.Expr() | ast.AugAssign() | ast.Raise() | ast.Delete():
            yield ast.Pass()


def _expressions_instead(node: ast.expr) -> Iterator[ast.expr]:
    match node:
        case ast.Compare(left=left, ops=ops, comparators=others):
            for index, op in enumerate(ops):
                turned = [*ops[:index], COMPARISONS[type(op)](), *ops[index + 1 :]]
                yield ast.Compare(left, turned, others)
        case ast.BoolOp(op=op, values=values):
            yield ast.BoolOp(ast.Or() if isinstance(op, ast.And) else ast.And(), values)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield operand
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            if not (_says(left) or _says(right)):
                yield ast.BinOp(left, ast.Sub(), right)
        case ast.BinOp(left=left, op=ast.Sub(), right=right):
            yield ast.BinOp(left, ast.Add(), right)
        case ast.Call(func=ast.Name(id=name)) if name in CALLS:
            yield ast.Call(ast.Name(CALLS[name], ast.Load()), node.args, node.keywords)
        case ast.Constant(value=bool(value)):
            yield ast.Constant(not value)
        case ast.Constant(value=int(value) | float(value)):
            yield ast.Constant(value + 1)
        case ast.Constant(value=str(value)) if WORD.fullmatch(value):
            yield ast.Constant(f"{value}x")


def _says(node: ast.expr) -> bool:
    """A text: taking one from another is noticed by anybody."""
    return isinstance(node, ast.JoinedStr) or (
        isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None
