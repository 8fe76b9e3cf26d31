"""The pages: portal for applicants, desk for staff, reports, and the JSON API.

`create_app` puts them together; everything they do goes through `workflow.service`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from apiflask import APIFlask
from flask import Flask

from config.settings import load
from webui import errors, security, site, uploads
from workflow.service import Office
from workflow.service.cases.calls import Calls
from workflow.service.cases.casework import Casework
from workflow.service.files import Files
from workflow.service.installation import start_office
from workflow.service.messages.inbox import Inbox
from workflow.service.report.annual import AnnualReports
from workflow.service.report.from_files import HandingIn
from workflow.service.report.overrides import Overrides
from workflow.service.report.register import YearRegister
from workflow.service.report.sums import AddingUp
from workflow.service.report.tables import Reports
from workflow.service.report.year_end import YearEnd
from workflow.service.rules.calendar import BodyDays
from workflow.service.rules.due_changes import DueChanges
from workflow.service.rules.settings import BodySettings

MAX_BODY_BYTES = 2 * 1024 * 1024


@dataclass(frozen=True)
class Gongkai:
    """What every page needs; `current_app.extensions["gongkai"]`."""

    office: Office
    cases: Casework
    files: Files
    reports: Reports
    calls: Calls
    settings: Mapping[str, Any]
    body_settings: BodySettings
    body_days: BodyDays
    due_changes: DueChanges
    annual: AnnualReports
    overrides: Overrides
    handing_in: HandingIn
    register: YearRegister
    inbox: Inbox
    adding_up: AddingUp
    year_end: YearEnd


def create_app(office: Office | None = None, settings: Mapping[str, Any] | None = None) -> Flask:
    """The web application over an office. Without one, the store of the settings in force is opened."""
    from webui.api import api, document
    from webui.desk import desk
    from webui.portal import portal
    from webui.reports import reports

    settings = settings if settings is not None else load()
    office = office if office is not None else start_office(settings)
    app = APIFlask(
        __name__,
        title="公开 Gongkai",
        version="1",
        docs_path=None,
        spec_path=None,
        json_errors=False,
    )
    document.configure(app)
    app.config.update(
        SECRET_KEY=office.keys.key("session").hex(),
        MAX_CONTENT_LENGTH=MAX_BODY_BYTES,
        MAX_FORM_MEMORY_SIZE=MAX_BODY_BYTES,
    )
    cases = Casework(office)
    files = Files(
        office,
        cases,
        most_megabytes=settings["upload_megabytes"],
        most_files=settings["upload_files"],
    )
    annual = AnnualReports(office)
    app.extensions["gongkai"] = Gongkai(
        office,
        cases,
        files,
        Reports(office),
        Calls(office),
        settings,
        BodySettings(office),
        BodyDays(office),
        DueChanges(office),
        annual,
        Overrides(annual),
        HandingIn(annual),
        YearRegister(office),
        Inbox(office),
        AddingUp(office),
        YearEnd(office),
    )
    uploads.take_uploads(app)
    security.protect(app, settings)
    security.csrf.exempt(api)
    site.furnish(app)
    errors.register(app)
    app.register_blueprint(site.display)
    app.register_blueprint(portal)
    app.register_blueprint(desk)
    app.register_blueprint(reports)
    app.register_blueprint(api)
    return app
