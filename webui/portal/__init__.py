"""The portal: what an applicant sees, from the notice to the answer, and the public pages of each body."""

from webui.portal.sites import Portal

portal = Portal("portal", __name__)

from webui.portal import (  # noqa: E402  (they hang their pages on it)
    answers,  # noqa: F401
    applying,  # noqa: F401
    calculator,  # noqa: F401
    files,  # noqa: F401
    guide,  # noqa: F401
    home,  # noqa: F401
    published,  # noqa: F401
    querying,  # noqa: F401
    telling,  # noqa: F401
)
