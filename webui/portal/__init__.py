"""The portal: what an applicant sees, from the notice to the answer."""

from flask import Blueprint

portal = Blueprint("portal", __name__)

from webui.portal import applying, files, querying, telling  # noqa: E402, F401  (they hang their pages on it)
