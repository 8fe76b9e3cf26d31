"""What the tests of contents outside of the database share."""

from collections.abc import Callable

from sqlalchemy import select

from config.errors import StorageAway
from tests import samples
from tests.workflow.service.files.papers import PDF, WORD
from workflow.service.cases.verify import verify
from workflow.service.files import Files
from workflow.service.office import Office
from workflow.store.file_models import FileContentRow
from workflow.store.storages import MARK, Storage

PNG = samples.png("独一无二的内容".encode())


def names(place: Storage) -> set[str]:
    return {one.name for one in place.each() if one.name != MARK and not one.name.startswith("try-")}  # fmt: skip


def rows(office: Office) -> list[FileContentRow]:
    with office.store.read() as unit:
        return list(unit.session.scalars(select(FileContentRow).order_by(FileContentRow.file_id)))


def broken(office: Office) -> list[str]:
    return [one.message for one in verify(office, full=True)]


class Wrapped:
    """A place that does as its inner one, but for what is set."""

    def __init__(self, inner: Storage) -> None:
        self.inner, self.away = inner, set[str]()

    def __getattr__(self, name: str) -> object:
        if name in self.away:

            def refuse(*_: object) -> None:
                raise StorageAway("away", "不能用")

            return refuse
        return getattr(self.inner, name)


def four(files: Files, person: Callable, number: str) -> dict[int, bytes]:
    sent = {"a.pdf": PDF, "b.docx": WORD, "c.png": PNG, "d.pdf": samples.pdf("另一份")}
    return {
        files.upload(person("clerk"), number, "other", name, content).id: content
        for name, content in sent.items()
    }


def read(files: Files, person: Callable, number: str, sent: dict[int, bytes]) -> bool:
    return all(
        files.open(person("clerk"), number, one).content == content for one, content in sent.items()
    )
