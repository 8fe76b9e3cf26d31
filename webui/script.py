"""The portal in traditional script, below `/zh-hant`: what the house says is converted, what people wrote never.

Templates are converted when they are compiled. Of what they print, a text is converted where it is one of the
house's own: the very object of a table of `config` or of a constant in the code. Whatever came out of the store or
from a form is another object, so that no name, no typed text, no number and no file name is ever touched,
marked or not (decision 34).
"""

import dataclasses
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache, partial, wraps
from types import CodeType, FunctionType, MethodType, ModuleType
from typing import TYPE_CHECKING, Any, cast

from flask import Flask, g, has_request_context, request
from flask.templating import Environment
from jinja2 import Template, nodes
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

from config.channels import load_channels
from config.help import load_help
from config.law import load_law
from config.portal import load_hints, load_pages
from config.script import load_terms
from webui.here import gongkai, site_body

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

PREFIX = "/zh-hant"
NOT_BELOW = ("/desk", "/api", "/static")
HAN = re.compile("[㐀-鿿]")
QUOTED = re.compile("(“.*”)", re.S)
OPTION = re.compile("(?<=>)([^<>]*)</option>")
ROOMS = ("webui", "workflow", "config", "notifications")
SAME_WORDS = ("replace", "trim")
"""Filters that make a text of the house out of one."""
HOUSE_WORDS = ("actors", "arrival", "basis", "stance", "weekday")
"""Filters that say something in words of the house."""
MOST_KEPT = 20_000


# -- the address -------------------------------------------------------------------------------------


def below_prefix(serve: "WSGIApplication") -> "WSGIApplication":
    """Serve the portal once more below `/zh-hant`: links that pages make stay below it by themselves."""

    def served(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        rest = path.removeprefix(PREFIX) or "/"
        if rest != path and rest.startswith("/") and not _elsewhere(rest):
            environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + PREFIX
            environ["PATH_INFO"] = rest
        return serve(environ, start_response)

    return served


def _elsewhere(path: str) -> bool:
    return any(path == one or path.startswith(f"{one}/") for one in NOT_BELOW)


def in_traditional() -> bool:
    """True while a page below `/zh-hant` is made."""
    return has_request_context() and request.script_root.endswith(PREFIX)


def in_one_script(address: str) -> str:
    """The address of what stands in one script alone (the desk, the programs' door), from a page in either."""
    root = request.script_root
    return root.removesuffix(PREFIX) + address.removeprefix(root) if in_traditional() else address


def other_script() -> str:
    """The address of this page in the other script; of a page that was sent, without what was sent."""
    path = request.full_path.rstrip("?") if request.method in ("GET", "HEAD") else request.path
    root = request.script_root
    return (root.removesuffix(PREFIX) if in_traditional() else root + PREFIX) + path


# -- words ---------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _library() -> Callable[[str], str]:
    from opencc import OpenCC  # forty megabytes: loaded with the first page that needs it

    return cast("Callable[[str], str]", OpenCC("s2tw").convert)


@lru_cache(maxsize=1)
def _terms() -> re.Pattern[str]:
    return re.compile("|".join(sorted(map(re.escape, load_terms()), key=len, reverse=True)))


@lru_cache(maxsize=MOST_KEPT)
def traditional(text: str) -> str:
    """A text of the house in traditional script: words of the table by the table, the rest by the library."""
    if not HAN.search(text):
        return text
    found, at, table = [], 0, load_terms()
    for term in _terms().finditer(text):
        found += [_library()(text[at : term.start()]), table[term[0]]]
        at = term.end()
    return "".join([*found, _library()(text[at:])])


class Own:
    """The texts of the house: every constant of its code and every word of its tables, as objects."""

    def __init__(self) -> None:
        self.known: dict[int, str] = {}
        self._seen: dict[int, object] = {}
        self._modules = 0
        self._sizes: dict[str, int] = {}
        self._law: object = None
        self._words: frozenset[str] = frozenset()

    def words(self, text: str) -> bool:
        """True if one of them reads so: for what people can only choose, not write."""
        self.has("")
        return text in self._words

    def has(self, text: str) -> bool:
        """True if it is one of them, not merely one that reads the same."""
        if len(sys.modules) != self._modules or self._law is not load_law():
            self._modules, self._law = len(sys.modules), load_law()
            self._look()
        return id(text) in self.known

    def _look(self) -> None:
        for found in (load_law(), load_help(), load_hints(), load_pages(), load_channels()):
            self._gather(found)
        for name, module in list(sys.modules.items()):
            ours = name.partition(".")[0] in ROOMS and module is not None
            # Once, and again if it was still being loaded.
            if ours and self._sizes.get(name) != len(vars(module)):
                self._sizes[name] = len(vars(module))
                self._gather(module)
        self._words = frozenset(self.known.values())

    def _gather(self, first: object) -> None:
        waiting = [first]
        while waiting:
            one = waiting.pop()
            if isinstance(one, str):
                if HAN.search(one):
                    self.known[id(one)] = one
            elif id(one) not in self._seen or one is first:
                parts = _parts(one)
                if parts is not None:
                    self._seen[id(one)] = one
                    waiting.extend(parts)


def _parts(one: object) -> Iterable[object] | None:
    """What a value of the code holds; None for what is no part of the house."""
    if isinstance(one, CodeType):
        return one.co_consts
    if isinstance(one, (FunctionType, MethodType)):
        given = (*(one.__defaults__ or ()), *(one.__kwdefaults__ or {}).values())
        return [one.__code__, *given, getattr(one, "__wrapped__", None)]
    if isinstance(one, (property, staticmethod, classmethod, partial)):
        return [
            getattr(one, part, None) for part in ("fget", "__func__", "func", "args", "keywords")
        ]
    if isinstance(one, (type, ModuleType)):
        mine = one.__name__ if isinstance(one, ModuleType) else one.__module__
        return list(vars(one).values()) if mine.partition(".")[0] in ROOMS else None
    if isinstance(one, Mapping):
        return [*one.keys(), *one.values()]
    if isinstance(one, (tuple, list, set, frozenset)):
        return one
    if dataclasses.is_dataclass(one):
        if type(one).__module__.partition(".")[0] not in ("config", *ROOMS):
            return None
        return [getattr(one, part.name) for part in dataclasses.fields(one)]
    if type(one).__name__ == "UnboundField":
        return [one.args, one.kwargs]  # type: ignore[attr-defined]  # of WTForms
    wrapped = getattr(one, "__wrapped__", None)
    return [wrapped] if wrapped is not None else None


own = Own()


def said(value: Any) -> Any:
    """What a template prints: converted if it is the house's own text, else as it is."""
    if type(value) is str:
        return traditional(value) if own.has(value) else value
    if type(value) is Markup and "<option" in value:
        return Markup(OPTION.sub(_option, value))
    return value


def _option(found: re.Match[str]) -> str:
    """What is chosen from a list: a word of the house, or the name of a body."""
    return f"{traditional(found[1])}</option>" if own.words(found[1]) else found[0]


# -- templates -----------------------------------------------------------------------------------------


class _Converted(NodeTransformer):
    """A template with its words in traditional script. What is compared or looked up stays as it is."""

    def visit_TemplateData(self, node: nodes.TemplateData, *_: Any) -> nodes.Node:  # noqa: N802
        node.data = traditional(node.data)
        return node

    def visit_Const(self, node: nodes.Const, *_: Any) -> nodes.Node:  # noqa: N802
        if isinstance(node.value, str):
            node.value = traditional(node.value)
        return node

    def visit_Concat(self, node: nodes.Concat, *_: Any) -> nodes.Node:  # noqa: N802
        self.generic_visit(node)
        node.nodes = [
            one if isinstance(one, nodes.Const) else _filter(one, "said") for one in node.nodes
        ]
        return node

    def visit_Compare(self, node: nodes.Compare, *_: Any) -> nodes.Node:  # noqa: N802
        return node

    def visit_Test(self, node: nodes.Test, *_: Any) -> nodes.Node:  # noqa: N802
        return node

    def visit_Getitem(self, node: nodes.Getitem, *_: Any) -> nodes.Node:  # noqa: N802
        node.node = cast(nodes.Expr, self.visit(node.node))
        return node

    def visit_Filter(self, node: nodes.Filter, *_: Any) -> nodes.Node:  # noqa: N802
        if node.name == "join":
            return self.generic_visit(node)
        if node.node is not None:
            node.node = cast(nodes.Expr, self.visit(node.node))
        return node


def _filter(node: nodes.Expr, name: str) -> nodes.Filter:
    return nodes.Filter(node, name, [], [], None, None, lineno=node.lineno)


def _same_words(make: Callable[..., Any]) -> Callable[..., Any]:
    """A filter that gives a text of the house where it gets one, in traditional script."""

    @wraps(make)
    def made(*given: Any, **named: Any) -> Any:
        ours = any(type(one) is str and own.has(one) for one in given[:2])
        result = make(*given, **named)
        return traditional(result) if type(result) is str and ours else result

    return made


def _house_words(make: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(make)
    def made(*given: Any, **named: Any) -> Any:
        return traditional(make(*given, **named))

    return made


def _joined(join: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(join)
    def joined(context: Any, value: Any, *given: Any, **named: Any) -> Any:
        return join(context, [said(one) for one in value], *given, **named)

    return joined


class TwoScripts(Environment):
    """The templates, and for pages below `/zh-hant` the same once more in traditional script."""

    traditional = False
    _twin: "TwoScripts | None" = None

    @property
    def twin(self) -> "TwoScripts":
        """The environment of the traditional script, made with its first page."""
        if self._twin is None:
            twin = self.overlay(finalize=said)
            twin.traditional, twin.bytecode_cache = True, None
            twin.filters = {**self.filters, "said": said}
            for names, made in ((SAME_WORDS, _same_words), (HOUSE_WORDS, _house_words)):
                twin.filters |= {name: made(self.filters[name]) for name in names}
            twin.filters["join"] = _joined(self.filters["join"])
            self._twin = twin
        return self._twin

    def get_template(self, name: Any, *given: Any, **named: Any) -> Template:
        if not self.traditional and in_traditional() and str(name).endswith(".html"):
            return self.twin.get_template(name, *given, **named)
        return super().get_template(name, *given, **named)

    def _parse(self, *given: Any) -> nodes.Template:
        tree = super()._parse(*given)
        return _Converted().visit(tree) if self.traditional else tree


def sentence(text: str, *names: str, of: str = "") -> str:
    """A sentence that the house composed of its own words and names; below `/zh-hant` converted but for the
    names, and for what the body itself calls the offices around it. Never for what somebody typed.

    names: what in it is nobody's word of the house. of: the code of the body that it speaks of, where that is not
    the one of the site.
    """
    if not in_traditional():
        return text
    held = _called(of) | {one for one in names if HAN.search(one)}
    if not held:
        return traditional(text)
    parts = re.split(f"({'|'.join(sorted(map(re.escape, held), key=len, reverse=True))})", text)
    return "".join(one if at % 2 else traditional(one) for at, one in enumerate(parts))


def _called(code: str) -> frozenset[str]:
    """What the body of the site and the one that is spoken of are called, and what the latter calls the offices around
    it; asked once a request."""
    asked: dict[str, frozenset[str]] = g.setdefault("called", {})
    if code not in asked:
        site = site_body()
        of = code or (site.code if site else "")
        texts = gongkai().body_settings.texts(of).values() if of else ()
        bodies = [gongkai().office.listing().names.get(of, ""), site.name if site else ""]
        kept = [*bodies, *(one for one in texts if not own.has(one))]
        asked[code] = frozenset(one for one in kept if HAN.search(one))
    return asked[code]


def message(text: str) -> str:
    """What was done or is wrong, in words of the house; from the first “ to the last ” it may quote what somebody typed,
    and that stays. A message that quotes nobody is a constant of the code, and is converted whole."""
    if not in_traditional():
        return text
    if own.words(text):
        return traditional(text)
    bodies = [name for name in gongkai().office.listing().names.values() if name in text]
    return "".join(
        one if at % 2 else sentence(one, *bodies)
        for at, one in enumerate(QUOTED.split(text))
        if one
    )


def speak_both(app: Flask) -> None:
    """Let the application have its templates in both scripts. Before the first template is asked for."""
    app.jinja_environment = TwoScripts  # type: ignore[assignment]  # Flask's way
    app.wsgi_app = below_prefix(app.wsgi_app)  # type: ignore[method-assign]  # Flask's way
