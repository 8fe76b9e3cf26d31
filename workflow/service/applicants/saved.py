"""Applicants whom the holder of an account keeps, to fill in the form: themselves, or clients for whom they act. Sealed;
numbers of identity only where the holder wants them kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from workflow.case.application import wrong_contacts, wrong_numbers
from workflow.refusal import BadInput, FieldError
from workflow.service.applicants.addresses import of_account, seal_of
from workflow.service.applicants.entry import Holder
from workflow.service.office import Missing, Office
from workflow.store.account_models import AccountRow
from workflow.store.retried import retried
from workflow.store.unit import Unit

MOST = 50
LONGEST = 200
PERSON = (
    "kind", "name", "id_type", "id_number", "org_name", "credit_code", "legal_representative", "contact",
    "phone", "email", "address", "postcode", "agent_name", "agent_id_type", "agent_id_number", "agent_phone",
    "agent_relation", "agent_until",
)  # fmt: skip
"""The fields of the form that are kept, by their names there."""
NUMBERS = ("id_number", "credit_code", "agent_id_number")
"""Of them those that are kept only where the holder asks for it."""


@dataclass(frozen=True, slots=True)
class Saved:
    """An applicant who is kept: by which it is asked for, how it is called, and what was kept."""

    which: int
    title: str
    fields: Mapping[str, str]


class SavedApplicants:
    """The use cases around them."""

    def __init__(self, office: Office) -> None:
        self.office = office

    def all(self, holder: Holder) -> list[Saved]:
        """In the order in which they were added."""
        with self.office.store.read() as unit:
            return [
                Saved(one["which"], _title(one), {k: one.get(k, "") for k in PERSON})
                for one in self._kept(unit.session.get_one(AccountRow, holder.id))
            ]

    def one(self, holder: Holder, which: int) -> Saved:
        """Raises Missing."""
        for saved in self.all(holder):
            if saved.which == which:
                return saved
        raise Missing("没有保存这位申请人")

    def own_contact(self, holder: Holder) -> dict[str, str]:
        """What the form begins with where nobody is kept: the addresses of the account."""
        with self.office.store.read() as unit:
            known = of_account(self.office, unit, holder.id)
            return {kind: one.text for kind, one in known.items()}

    @retried
    def keep(
        self, holder: Holder, which: int | None, fields: Mapping[str, str], numbers: bool
    ) -> int:
        """Keep an applicant, or change one. numbers: those of identity too. Raises BadInput at the fields, Missing."""
        said = {name: " ".join(fields.get(name, "").split()) for name in PERSON}
        if not numbers:
            said |= dict.fromkeys(NUMBERS, "")
        self._check(said)
        with self.office.store.write() as unit:
            row = unit.session.get_one(AccountRow, holder.id, with_for_update=True)
            kept = self._kept(row)
            if which is None:
                if len(kept) >= MOST:
                    raise BadInput(
                        [FieldError("name", f"最多保存 {MOST} 位申请人，请先去掉不用的")]
                    )
                which = max((one["which"] for one in kept), default=0) + 1
                kept.append({"which": which, **said})
            elif all(one["which"] != which for one in kept):
                raise Missing("没有保存这位申请人")
            else:
                kept = [{"which": which, **said} if one["which"] == which else one for one in kept]
            self._put(unit, row, kept)
        return which

    @retried
    def drop(self, holder: Holder, which: int) -> None:
        with self.office.store.write() as unit:
            row = unit.session.get_one(AccountRow, holder.id, with_for_update=True)
            self._put(unit, row, [one for one in self._kept(row) if one["which"] != which])

    def _kept(self, row: AccountRow) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.office.keys.open(row.sealed, seal_of(row.id)).get(
            "people", []
        )
        return found

    def _put(self, unit: Unit, row: AccountRow, kept: list[dict[str, Any]]) -> None:
        row.sealed = self.office.keys.seal({"people": kept}, seal_of(row.id)) if kept else None

    def _check(self, said: Mapping[str, str]) -> None:
        name = "org_name" if said["kind"] == "organisation" else "name"
        errors = [
            FieldError(field, f"最多 {LONGEST} 个字")
            for field, text in said.items()
            if len(text) > LONGEST
        ]
        if said["kind"] not in ("citizen", "organisation"):
            errors.append(FieldError("kind", "请选择"))
        elif not said[name]:
            errors.append(FieldError(name, "请填写"))
        agent = {
            field.removeprefix("agent_"): text
            for field, text in said.items()
            if field.startswith("agent_")
        }
        own = {field: text for field, text in said.items() if not field.startswith("agent_")}
        data = {"applicant": own, "agent": agent}
        for error in (*wrong_numbers(data, self.office.today()), *wrong_contacts(data)):
            errors.append(
                FieldError(
                    error.field.removeprefix("applicant.").replace("agent.", "agent_"),
                    error.message,
                )
            )
        if errors:
            raise BadInput(errors)


def _title(kept: Mapping[str, str]) -> str:
    name = kept["org_name"] if kept["kind"] == "organisation" else kept["name"]
    return f"{name}（代理人 {kept['agent_name']}）" if kept.get("agent_name") else name
