"""The heads of the chains go out once a day: a file into the folder of the operator, its check value to who reads the
audit, in the system and by mail, so that nobody can exchange the file afterwards."""

from collections.abc import Iterator
from pathlib import Path

from config.channels import ChannelKind
from workflow.dates import in_words
from workflow.refusal import BadInput
from workflow.service.audit import ACTION
from workflow.service.heads import file_of, mark_of, read_head, take_head
from workflow.service.messages.contacts import address_for
from workflow.service.messages.recipients import holders_of
from workflow.service.messages.to_staff import tell_person
from workflow.service.office import Office
from workflow.store import channels as channel_queries
from workflow.store import messages as message_queries
from workflow.store.models import UserRow
from workflow.store.retried import retried
from workflow.store.unit import Unit

MOMENT = "head_of_chains"
MAIL = "mail"
WHY = "每天一次，留作日后核验的凭据"


def send_daily(office: Office, folder: Path) -> bool:
    """Let the head of today go out, where it has not; whether it went."""
    today = office.today()
    path = file_of(folder, today)
    if path.exists():
        return False
    folder.mkdir(parents=True, exist_ok=True)
    making = path.with_suffix(".part")
    content = _begun(making)
    if content is None:
        content = take_head(office).text().encode()
        making.write_bytes(content)
    _tell(
        office, f"{in_words(today)}的链头已生成，校验码 {mark_of(content)}。请保存本消息或者打印。"
    )
    making.replace(path)
    return True


def _begun(making: Path) -> bytes | None:
    """The head of a day that was cut off between its file and its message: perhaps it was told of already."""
    if not making.exists():
        return None
    content = making.read_bytes()
    try:
        read_head(content)
    except BadInput:
        return None
    return content


@retried
def _tell(office: Office, text: str) -> None:
    now = office.now()
    with office.store.write() as unit:
        for user, agency_id in _readers(office, unit):
            tell_person(
                office, unit, user.id, agency_id, moment=MOMENT, text=text, why=WHY, what=MOMENT,
                at=now, level="info",
            )  # fmt: skip
            for kind in _mails(office, unit, user):
                message_queries.add_message(
                    unit,
                    key=message_queries.key_of(MOMENT, f"user {user.id}", kind.name, now.date()),
                    kind="notice", channel=kind.name, user_id=user.id, agency_id=agency_id, moment=MOMENT,
                    level="info", text=text, why=WHY, day=now.date(), created_at=now, not_before=now,
                )  # fmt: skip


def _readers(office: Office, unit: Unit) -> Iterator[tuple[UserRow, int]]:
    """Everybody who reads the audit of a body above which there is none, once, with that body."""
    roles = tuple(office.law.permissions.actions[ACTION].may)
    known = set[int]()
    for agency in unit.agencies():
        for user, _ in holders_of(unit, agency, roles) if agency.parent_id is None else ():
            if user.id not in known:
                known.add(user.id)
                yield user, agency.id


def _mails(office: Office, unit: Unit, user: UserRow) -> Iterator[ChannelKind]:
    contact = channel_queries.contact(unit, user.id)
    for kind in office.channels:
        if (
            contact
            and kind.follows == MAIL
            and kind.to == "person"
            and address_for(office, contact, kind)
        ):
            yield kind
