"""The portal: what an applicant sees, from the notice to the answer, and the public pages of each body."""

from webui.portal.sites import Portal

portal = Portal("portal", __name__)

from webui.portal import applying, calculator, files, querying, telling  # noqa: E402, F401  (they hang their pages on it)
