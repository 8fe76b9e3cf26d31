"""The JSON API under /api/v1: the same use cases as the pages, for other programs.

Staff come with a bearer token; applicants with number and query code. Problems are RFC 9457 details.
What can be called is described by /api/v1/openapi.json, made from the models that check each call.
"""

from webui.api import dockets, files, paper  # noqa: F401  (hang their calls on it)
from webui.api.views import api

__all__ = ["api"]
