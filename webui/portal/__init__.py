"""The portal: what an applicant sees, from the notice to the answer, and the public pages of each body."""

from webui.portal.sites import Portal

portal = Portal("portal", __name__)

from webui.portal import (  # noqa: E402  (they hang their pages on it)
    about,  # noqa: F401
    account,  # noqa: F401
    account_entry,  # noqa: F401
    account_people,  # noqa: F401
    account_settings,  # noqa: F401
    acting,  # noqa: F401
    answers,  # noqa: F401
    applying,  # noqa: F401
    calculator,  # noqa: F401
    checking,  # noqa: F401
    drafts,  # noqa: F401
    files,  # noqa: F401
    forgotten,  # noqa: F401
    guide,  # noqa: F401
    home,  # noqa: F401
    own,  # noqa: F401
    published,  # noqa: F401
    querying,  # noqa: F401
    receipt,  # noqa: F401
    telling,  # noqa: F401
)
