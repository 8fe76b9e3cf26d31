"""What the tests of files share: papers to send, the people of the body, and how a case is answered."""

from sqlalchemy import func, select

from tests import samples
from tests.proofs import proofs_for
from tests.workflow.case.proved import judged
from workflow.service import Office
from workflow.service.cases.moving import Moving
from workflow.store.file_models import FileContentRow, FileRow, FileViewRow

TEXT = "关于农村公路养护的答复"
PDF = samples.pdf(TEXT)
WORD = samples.docx(TEXT, author="李方")
PNG = samples.png()
FORM = {
    "agency": "panlong",
    "applicant": {"kind": "citizen", "name": "张三", "id_type": "resident_id",
                  "id_number": "11010519491231002X", "phone": "13800000000"},
    "request": "养护合同", "delivery": ["pickup"], "medium": ["paper"],
}  # fmt: skip
PEOPLE = {
    "clerk": ("panlong", ("clerk",)),
    "handler": ("panlong", ("handler",)),
    "other_handler": ("panlong", ("handler",)),
    "head": ("panlong", ("office_head", "leader")),
    "secrecy": ("panlong", ("secrecy_reviewer",)),
    "legal": ("panlong", ("legal_reviewer",)),
    "cashier": ("panlong", ("cashier",)),
    "archivist": ("panlong", ("archivist",)),
    "system_admin": ("panlong", ("system_admin",)),
    "stranger": ("jiangna", ("clerk", "handler", "office_head")),
}


def serve(cases: Moving, person, number: str) -> None:
    """Take the case to its answer."""
    steps = (
        ("clerk", "assign", {}),
        ("handler", "propose_outcome", {"outcome": "supplied"}),
        ("handler", "send_to_secrecy_review", {}),
        ("secrecy", "pass_secrecy_review", judged()),
        ("legal", "pass_legal_check", {}),
        ("head", "approve", {}),
        ("clerk", "serve", {"method": "direct"}),
    )
    for who, event, fields in steps:
        said = {"on": "2024-05-06", **fields}
        cases.apply(person(who), number, event, said, attached=proofs_for(event))


def counts(office: Office) -> tuple[int, int, int]:
    with office.store.read() as unit:
        return tuple(
            unit.session.scalar(select(func.count()).select_from(table)) or 0
            for table in (FileRow, FileContentRow, FileViewRow)
        )
