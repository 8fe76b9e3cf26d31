"""When the law or a setting says no: a value with the rule, its article and what would help."""

from dataclasses import asdict, dataclass

RULES = frozenset(
    (
        "unknown_event",
        "bad_field",
        "not_in_this_state",
        "not_your_role",
        "same_person",
        "too_late",
        "too_early",
        "already_done",
        "missing_evidence",
        "open_consultation",
        "setting_forbids",
        "frozen_year",
        "state_secret_content",
    )
)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an event is not allowed. message and allowed_when are sentences for the user."""

    rule: str
    article: str
    message: str
    allowed_when: str
    field: str | None = None

    def __post_init__(self) -> None:
        if self.rule not in RULES:
            raise ValueError(f"no rule of refusal named {self.rule}")

    def as_dict(self) -> dict[str, str]:
        return {key: value for key, value in asdict(self).items() if value is not None}


class Refused(Exception):
    """Carries a refusal out of a transaction, so that the whole of it is rolled back."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.message)
        self.refusal = refusal


class Denied(Exception):
    """It is none of the person's business, whatever the state of things: carries the refusal
    (not_your_role) out of a transaction. Told with 403 everywhere."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.message)
        self.refusal = refusal


@dataclass(frozen=True, slots=True)
class FieldError:
    """One wrong field of a form, an event or a call: its dotted name and a message in Chinese."""

    field: str
    message: str


class BadInput(ValueError):
    """Fields that cannot be understood. Nothing was written."""

    def __init__(self, errors: list[FieldError]) -> None:
        super().__init__("；".join(f"{error.field}：{error.message}" for error in errors))
        self.errors = errors

    @classmethod
    def of(cls, field: str, message: str) -> "BadInput":
        """One field that cannot be understood."""
        return cls([FieldError(field, message)])
