"""What the API says to an applicant: where the application stands, what was answered, which remedy is open."""

from datetime import date

from webui.api.base import Answer
from workflow.case.told import RemedyTold
from workflow.service.cases.views import ApplicantView


class PublicStep(Answer):
    on: date
    text: str


class Letter(Answer):
    """A letter to the applicant."""

    on: date
    title: str


class ItemAnswered(Answer):
    """What was answered to an item; item null: to the application as a whole."""

    item: int | None
    wording: str
    outcome: str
    label: str
    article: str
    said: dict[str, str]
    remedy: str


class RemedyAnswer(Answer):
    """Which way is open against the reply, or against silence, and until when."""

    kinds: list[str]
    paragraphs: list[str]
    organ: str
    court: str
    online: str
    silent_since: date | None
    received_on: date | None
    review_last_day: date | None
    suit_last_day: date | None
    review_not_before: date | None
    suit_not_before: date | None

    @classmethod
    def of(cls, found: RemedyTold) -> "RemedyAnswer":
        days, open_ = found.days, found.days.not_before
        return cls(
            kinds=list(found.kinds),
            paragraphs=list(found.paragraphs),
            organ=found.organ,
            court=found.court,
            online=found.online,
            silent_since=found.silent_since,
            received_on=found.received_on,
            review_last_day=None if open_ else days.review,
            suit_last_day=None if open_ else days.suit,
            review_not_before=days.review if open_ else None,
            suit_not_before=days.suit if open_ else None,
        )


class ApplicationAnswer(Answer):
    """The applicant's view."""

    agency: str
    number: str
    state: str
    state_label: str
    receipt_date: date | None
    reply_due: date | None
    correction_due: date | None
    steps: list[PublicStep]
    answers: list[ItemAnswered]
    remedy: RemedyAnswer | None
    complaint_body: str
    letters: list[Letter]

    @classmethod
    def of(cls, found: ApplicantView) -> "ApplicationAnswer":
        return cls(
            agency=found.agency,
            number=found.number,
            state=found.state,
            state_label=found.state_label,
            receipt_date=found.receipt_date,
            reply_due=found.reply_due,
            correction_due=found.correction_due,
            steps=[PublicStep.model_validate(step) for step in found.steps],
            answers=[
                ItemAnswered(
                    item=one.number,
                    wording=one.wording,
                    outcome=one.outcome,
                    label=one.label,
                    article=one.article,
                    said=dict(one.said),
                    remedy=one.way,
                )
                for one in found.told.answers
            ],
            remedy=RemedyAnswer.of(found.told.remedy) if found.told.remedy else None,
            complaint_body=found.told.complaint,
            letters=[],
        )
