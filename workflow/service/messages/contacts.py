"""Where a person is reached: addresses under seal, accounts by channel, and their row of choices."""

from typing import Any

from config.channels import ChannelKind
from workflow.service.office import Office
from workflow.store import channels as channel_queries
from workflow.store.message_models import ContactRow
from workflow.store.unit import Unit


def contact_row(unit: Unit, user_id: int) -> ContactRow:
    """The addresses and choices of a person, to be changed; new and empty where there are none."""
    row = channel_queries.contact(unit, user_id)
    if row is None:
        row = ContactRow(user_id=user_id, muted=[])
        unit.session.add(row)
    return row


def contact_of(office: Office, contact: ContactRow) -> dict[str, Any]:
    """A person's addresses in the clear: email, phone, and accounts by the channel that needs them."""
    return office.keys.open(contact.sealed, f"contact {contact.user_id}")


def address_for(office: Office, contact: ContactRow, kind: ChannelKind) -> str:
    """Where a person is reached through a channel; empty if they gave nothing, or nothing is needed."""
    if kind.address == "account":
        return account_for(office, contact, kind.name)
    return str(contact_of(office, contact).get(kind.address, "")) if kind.address else ""


def account_for(office: Office, contact: ContactRow, channel: str) -> str:
    """The account that a person gave for a channel."""
    accounts: dict[str, str] = contact_of(office, contact).get("accounts", {})
    return accounts.get(channel, "")
