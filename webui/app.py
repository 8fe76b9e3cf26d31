"""The web application over an office: every blueprint, and what guards and furnishes all pages."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from apiflask import APIFlask
from flask import Flask

from config.settings import load
from webui import (
    errors,
    headers,
    health,
    permitted,
    script,
    security,
    security_contact,
    site,
    static_files,
    texts,
    typed,
    uploads,
)
from webui.api import api, document, problems
from webui.desk import desk
from webui.numbers import bound_numbers
from webui.portal import portal, sites
from webui.reports import reports
from webui.serving.counted import count_requests
from webui.serving.figures import Figures
from webui.serving.lanes import refuse_when_full
from webui.serving.told import tell_no_secrets
from webui.signed import SignedSessions
from workflow.service import Office
from workflow.service.doors import doors_of
from workflow.service.installation import start_office
from workflow.service.logs import without_values

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

MAX_BODY_BYTES = 2 * 1024 * 1024


def create_app(
    office: Office | None = None,
    settings: Mapping[str, Any] | None = None,
    figures: Figures | None = None,
) -> Flask:
    """The web application over an office. Without one, the store of the settings in force is opened. figures: of all
    processes of the server; without them this one counts for itself."""
    settings = settings if settings is not None else load()
    office = office if office is not None else start_office(settings)
    without_values()
    app = APIFlask(
        "webui",
        title="公开 Gongkai",
        version="1",
        docs_path=None,
        spec_path=None,
        json_errors=False,
    )
    headers.complete(app)
    script.speak_both(app)
    document.configure(app)
    refuse_when_full(app)
    static_files.serve_static(app)
    bound_numbers(app)
    app.config.update(
        MAX_CONTENT_LENGTH=MAX_BODY_BYTES,
        MAX_FORM_MEMORY_SIZE=MAX_BODY_BYTES,
    )
    app.extensions[health.FIGURES] = figures = figures or Figures()
    open_doors(app, office, settings)
    security_contact.contact_of(settings)  # one that nobody could use stops the start
    uploads.take_uploads(app)
    texts.refuse_no_texts(app)
    sites.let_embed(app)
    sites.without_stroke(app)
    talisman = security.protect(app, settings)
    security.csrf.exempt(api)
    typed.put_back(app)
    site.add_to_pages(app)
    permitted.hold_to_the_table(app)
    errors.register(app, calls=problems.of_call)
    app.wsgi_app = in_one_view(app, app.wsgi_app)  # type: ignore[method-assign]  # Flask's way
    count_requests(app, figures, addresses=settings["access_log"] == "addresses")
    tell_no_secrets(app)
    for blueprint in (site.display, portal, desk, reports, api):
        app.register_blueprint(blueprint)
    health.let_ask(app, talisman)
    return app


def in_one_view(app: Flask, serve: "WSGIApplication") -> "WSGIApplication":
    """What a request reads it reads in one transaction; what it writes it sees."""

    def served(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        office: Office = app.extensions["gongkai"].office
        with office.store.one_view():
            return serve(environ, start_response)

    return served


def open_doors(app: Flask, office: Office, settings: Mapping[str, Any]) -> None:
    """Let the application serve this office: all of it that hangs on one."""
    app.config["SECRET_KEY"] = office.keys.key("session").hex()
    app.config["WTF_CSRF_SECRET_KEY"] = office.keys.lasting_key("forms").hex()
    app.session_interface = SignedSessions(office)
    app.extensions["gongkai"] = doors_of(office, settings)
    office.store.after_writing = app.extensions[health.FIGURES].wrote
