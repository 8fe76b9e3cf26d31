"""What a check says."""

from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong (error) or to be explained (warn). where: row, column or block in words."""

    rule: str
    level: str
    where: str
    message: str

    def as_dict(self) -> dict[str, str]:
        return asdict(self)
