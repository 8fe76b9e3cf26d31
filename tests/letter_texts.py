"""What a body has set so that its letters can be signed: organ of review, court, the address on the net. What goes
with a reply lies on paper here, and stops no signature but where a test says so."""

from datetime import date

from config.law import load_law
from workflow.store.models import AgencyRow
from workflow.store.unit import Unit

TEXTS = {
    "review_organ": "砚山县人民政府",
    "court": "砚山县人民法院",
    "online_review_url": "https://xzfy.example.org",
    "contact_phone": "0876-3120000",
    "letter_code": "盘政",
}


def with_texts(unit: Unit, agency: AgencyRow, *names: str) -> AgencyRow:
    """The body, with all or some of these texts set since long ago."""
    for name in names or TEXTS:
        unit.set_setting(agency, name, TEXTS[name], date(2000, 1, 1), "文书用语")
    unit.set_setting(agency, "signature_stops", stops_but("annexes"), date(2000, 1, 1), "附件另存")
    return agency


def stops_but(*names: str) -> list[str]:
    """The lines of the checklist that stop a signature by default, without some."""
    return [name for name in load_law().settings["signature_stops"].default if name not in names]
