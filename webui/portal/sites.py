"""The site of a body: every page of the portal also stands below `/b/CODE`, where that body stays chosen."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, g

from webui.here import gongkai, site_code


class Portal(Blueprint):
    """A blueprint whose pages stand at their own address and below the address of each body, under one
    name: links of a page below `/b/CODE` lead to pages below it (DESIGN.md, addresses of pages)."""

    def __init__(self, name: str, import_name: str) -> None:
        super().__init__(name, import_name)
        self.url_value_preprocessor(_take_site)
        self.url_defaults(_keep_site)

    def add_url_rule(
        self,
        rule: str,
        endpoint: str | None = None,
        view_func: Callable[..., Any] | None = None,
        provide_automatic_options: bool | None = None,
        **options: Any,
    ) -> None:
        below = "/b/<site>" + ("" if rule == "/" else rule)
        for address in (rule, below):
            super().add_url_rule(address, endpoint, view_func, provide_automatic_options, **options)


def _take_site(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Note which body's site is asked for; 404 where there is no such body."""
    code = (values or {}).pop("site", None)
    if code is not None:
        g.site = next((one for one in gongkai().office.listing().readers if one.code == code), None)
        if g.site is None:
            abort(404)


def _keep_site(endpoint: str, values: dict[str, Any]) -> None:
    values.setdefault("site", site_code())
