"""The heads of the chains go out once a day: a file into the folder of the operator, its check value to who reads the
audit, in the system and by mail, so that nobody can exchange the file afterwards."""

from collections.abc import Iterator
from pathlib import Path

from workflow.dates import in_words
from workflow.refusal import BadInput
from workflow.service.audit import ACTION
from workflow.service.heads import file_of, mark_of, read_head, take_head
from workflow.service.messages.recipients import holders_of
from workflow.service.messages.to_staff import tell_beside_mail
from workflow.service.office import Office
from workflow.store.models import UserRow
from workflow.store.retried import retried
from workflow.store.unit import Unit

MOMENT = "head_of_chains"
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
    with office.store.write() as unit:
        for user, agency_id in _readers(office, unit):
            tell_beside_mail(
                office, unit, user, agency_id, moment=MOMENT, text=text, why=WHY, level="info"
            )


def _readers(office: Office, unit: Unit) -> Iterator[tuple[UserRow, int]]:
    """Everybody who reads the audit of a body above which there is none, once, with that body."""
    roles = tuple(office.law.permissions.actions[ACTION].may)
    known = set[int]()
    for agency in unit.agencies():
        for user, _ in holders_of(unit, agency, roles) if agency.parent_id is None else ():
            if user.id not in known:
                known.add(user.id)
                yield user, agency.id
