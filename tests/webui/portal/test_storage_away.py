"""Where contents of files lie cannot be reached: who sends or opens one is told so, and nothing is half there."""

from pathlib import Path

import pytest

from tests.webui.portal.answering import Staff, picked
from tests.webui.portal.own import rows
from tests.webui.visitor import Visitor
from workflow.service import Office
from workflow.service.cases.verify import verify
from workflow.store.file_models import FileContentRow, FileRow
from workflow.store.outside import Contents
from workflow.store.storages import Folder


@pytest.fixture
def place(office: Office, tmp_path: Path) -> Folder:
    office.store.contents = Contents(Folder(tmp_path / "outside"))
    return office.store.contents.now


def test_an_upload_is_refused_whole_and_taken_when_it_is_sent_again(
    visitor: Visitor, filed: tuple[str, str], office: Office, staff: Staff, place: Folder
) -> None:
    visitor.send("/query/case/files", kind="supplement", file=picked())
    page = staff("lifang").get(f"/desk/cases/{filed[0]}")
    (file,) = rows(office, FileRow)
    address = f"/desk/cases/panlong/{filed[0]}/files/{file.id}"
    away = place.folder.rename(place.folder.with_name("away"))
    office.store.contents = Contents(place)
    visitor.get("/query/case").send("/query/case/files", kind="supplement", file=picked("又一份.pdf", "又"))  # fmt: skip
    assert visitor.status == 503
    assert "文件暂时不能存取" in visitor.text and "什么也没有保存" in visitor.text
    assert len(rows(office, FileRow)) == len(rows(office, FileContentRow)) == 1
    page.get(address)
    assert page.status == 503 and "现在读不出来" in page.text
    away.rename(place.folder)
    assert page.get(address).status == 200
    visitor.get("/query/case").send("/query/case/files", kind="supplement", file=picked("又一份.pdf", "又"))  # fmt: skip
    assert "已收到" in visitor.text and len(rows(office, FileContentRow)) == 2
    assert verify(office, full=True) == []
