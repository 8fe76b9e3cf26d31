"""What a check says."""

from dataclasses import asdict, dataclass

LEVELS = {"error": "错误", "warn": "提示", "note": "没有核对"}
"""The levels of a finding in words, the worst first."""
OF_A_CASE = "申请 "
"""How the place of a finding begins that names a case."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong (error), to be explained (warn) or not checked (note). where: row, column or block in words."""

    rule: str
    level: str
    where: str
    message: str

    @property
    def names_a_case(self) -> bool:
        """Whether the place is a case of the body and no cell or text of the report."""
        return self.where.startswith(OF_A_CASE)

    def as_dict(self) -> dict[str, str]:
        return asdict(self)
