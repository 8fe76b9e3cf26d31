"""Every event with its fields: the words of contracts/events.json, as models that validate.

`on` is the day on which it happened (what the law looks at); when it was recorded stands in the log.
Days are YYYY-MM-DD; working-day counts are whole numbers; money is yuan. The titles of
the fields stand in config/law/transitions.toml.
"""

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    model_validator,
)

from workflow.dates import Day
from workflow.events import records as records  # so that its events are always known
from workflow.events.base import Channel, CorrectionGround, Event, Number, Text
from workflow.events.facts import (
    Classification,
    Counts,
    Fact,
    FilePair,
    Redaction,
    RightBody,
    StateArchive,
    Try,
    UnitAnswer,
)


class Submit(Event):
    name = "submit"
    channel: Channel
    after_hours: bool | None = None


class Receive(Event):
    name = "receive"
    channel: Channel
    confirmed_on: Day | None = None
    tried_on: tuple[Day, ...] | None = None
    after_hours: bool | None = None


class Reroute(Event):
    name = "reroute"
    to: Text


class Notice(Event):
    """A paper that goes out: sent_on the day on which it was posted or sent (else `on`), reached_on the day
    on which it reached the addressee, often known later (`record_delivery`)."""

    sent_on: Day | None = None
    reached_on: Day | None = None


class RequireCorrection(Notice):
    name = "require_correction"
    period_days: int | None = Field(None, strict=True, ge=1, le=60)
    deadline_on: Day | None = None
    defects: tuple[Text, ...] | None = None
    grounds: tuple[CorrectionGround, ...] | None = None


class Correct(Event):
    name = "correct"
    text: Text | None = None


class LapseCorrection(Event):
    name = "lapse_correction"


class Assign(Event):
    name = "assign"
    to: Text | None = None
    due: Day | None = None
    unclear_items: tuple[Number, ...] | None = None


class AskReasons(Event):
    name = "ask_reasons"
    deadline_on: Day | None = None


class GiveReasons(Event):
    name = "give_reasons"
    accepted: bool | None = None


class DelayReply(Event):
    name = "delay_reply"
    until: Day


class Consultation(Notice):
    """A letter that asks for an opinion. consultation: its number within the case, given by the engine
    where left out; to: the addressee; subject: what is asked about (the applicant's name never goes out)."""

    consultation: Number | None = None
    to: Text | None = None
    subject: Text | None = None


class ConsultThirdParty(Consultation):
    name = "consult_third_party"
    address: Text | None = None


class ConsultJointAgency(Consultation):
    name = "consult_joint_agency"


class ConsultOtherAgency(Consultation):
    name = "consult_other_agency"


class RecordOpinion(Event):
    name = "record_opinion"
    consultation: Number
    opinion: Literal["agrees", "objects", "none"] | None = None


class OverrideThirdParty(Notice):
    name = "override_third_party"
    consultation: Number
    reason: Text | None = None


class AskRuling(Event):
    name = "ask_ruling"


class RecordRuling(Event):
    name = "record_ruling"
    ruling: Text


class Extend(Notice):
    name = "extend"
    days: int = Field(strict=True, ge=1, le=400)
    reason: Text | None = None
    approved_by: Text | None = None


class ChargeFee(Notice):
    name = "charge_fee"
    mode: Literal["by_item", "by_page"] | None = None
    pages: int | None = Field(None, strict=True, ge=0, le=100_000)
    units: int | None = Field(None, strict=True, ge=1, le=20)
    amount: Decimal | None = Field(None, ge=0, le=10_000_000)


class PayFee(Event):
    name = "pay_fee"
    amount: Decimal | None = Field(None, ge=0, le=10_000_000)


class LapseFee(Event):
    name = "lapse_fee"


class RecordSearch(Event):
    """keywords: as the applicant wrote it; synonyms: the other words and official terms that were tried.
    scope: whether titles or whole texts were searched. asked: units with their answers; logs of before
    hold them in one text each."""

    name = "record_search"
    sources: tuple[Text, ...] = Field(min_length=1)
    keywords: tuple[Text, ...] = Field(min_length=1)
    hits: int = Field(strict=True, ge=0, le=1_000_000)
    scope: Literal["title", "full_text"] | None = None
    asked: tuple[UnitAnswer, ...] | None = None
    mentions: tuple[Text, ...] | None = None
    item: Number | None = None
    period: Text | None = None
    why_not_these: Text | None = None
    synonyms: tuple[Text, ...] | None = None
    searched_by: Text | None = None

    @property
    def words(self) -> tuple[str, ...]:
        """Every word by which it was looked for."""
        return tuple(dict.fromkeys((*self.keywords, *(self.synonyms or ()))))

    @property
    def answers(self) -> tuple[str, ...]:
        """What each unit that was asked said, in a line."""
        return tuple(one if isinstance(one, str) else one.told for one in self.asked or ())

    @property
    def unit_answers(self) -> tuple[str, ...]:
        """The same without who answered and when, for letters that leave the house."""
        return tuple(one if isinstance(one, str) else one.brief for one in self.asked or ())


class Evidence(BaseModel):
    """What an outcome rests on, for one item or for the whole application."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    ground: Text | None = None
    citation: Text | None = None
    subtype: Text | None = None
    earlier_reply: Text | None = None
    classification: Classification | None = None
    address: Text | None = None
    redaction: Text | None = None
    no_consultation_reason: Text | None = None
    reason: Text | None = None
    assessment: Text | None = None
    clarification: Text | None = None
    right_body: RightBody | None = None
    channel: Text | None = None
    window: Text | None = None
    counts: Counts | None = None
    tries: tuple[Try, ...] | None = None
    archive: StateArchive | None = None
    redactions: tuple[Redaction, ...] | None = None
    pairs: tuple[FilePair, ...] | None = None

    @property
    def places(self) -> tuple[str, ...]:
        """What is withheld and why, place by place, with what was said of it as a whole."""
        whole = (self.redaction,) if self.redaction else ()
        return (*whole, *(one.told for one in self.redactions or ()))


class ItemOutcome(Evidence):
    """The answer to one requested item (1 = the first)."""

    item: Number
    outcome: Text


class ProposeOutcome(Event, Evidence):
    """stands: of a draft that was returned, the passes that still stand as what they judged is the same; given
    by the engine (workflow/case/returned.py)."""

    name = "propose_outcome"
    outcome: Text | None = None
    items: tuple[ItemOutcome, ...] | None = None
    result: Text | None = None
    stands: tuple[Literal["secrecy", "legal"], ...] | None = None


class TakeBackDraft(Event):
    name = "take_back_draft"
    reason: Text | None = None


class SendToSecrecyReview(Event):
    name = "send_to_secrecy_review"


class ItemReview(Fact):
    """The reviewer's judgement of one item: none, handled or withhold for each check (保密法实施条例42)."""

    item: Number
    checks: dict[str, str]
    note: Text | None = None


class PassSecrecyReview(Event):
    """checks: of a case of one item; logs of before hold other words in it."""

    name = "pass_secrecy_review"
    checks: dict[str, str] | None = None
    items: tuple[ItemReview, ...] | None = None


class ReturnFromSecrecyReview(Event):
    name = "return_from_secrecy_review"
    reason: Text


class PassLegalCheck(Event):
    name = "pass_legal_check"


class Approve(Event):
    """paper: the hash of the letter that was shown to who signs (decision 25)."""

    name = "approve"
    paper: Annotated[str | None, Field(max_length=64)] = None


class ReturnedItem(Fact):
    """One item that is returned, and why."""

    item: Number
    reason: Text


class ReturnDraft(Event):
    """items: what is returned, item by item; the other items need not be done again."""

    name = "return_draft"
    reason: Text
    items: tuple[ReturnedItem, ...] | None = None

    @model_validator(mode="before")
    @classmethod
    def _reason_of_items(cls, said: Any) -> Any:
        """Where only the items say why, the reason is theirs."""
        if not isinstance(said, dict) or said.get("reason") or not said.get("items"):
            return said
        told = [one for one in said["items"] if isinstance(one, dict)]
        why = "；".join(f"第 {one.get('item')} 项：{one.get('reason')}" for one in told)
        return {**said, "reason": why[:2000]}


class Serve(Event):
    """proofs: the hashes of the files that prove it, given by the engine."""

    name = "serve"
    method: Literal["direct", "entrusted", "mail", "electronic"]
    posted_on: Day | None = None
    signed_on: Day | None = None
    sent_on: Day | None = None
    document_date: Day | None = None
    carrier: Text | None = None
    proof: Text | None = None
    reached_on: Day | None = None
    proofs: tuple[Text, ...] | None = None


class ServiceFailed(Event):
    """The reply did not reach the applicant. service: which service of the case it was, given by the engine;
    0 for a try before any service, and for a line of a log of before, when it was a remark alone."""

    name = "service_failed"
    reason: Text
    keep_published: bool | None = None
    service: int | None = Field(None, strict=True, ge=0, le=999)


class RecordDelivery(Event):
    """What became of a paper that went out: it reached its addressee, or it came back."""

    name = "record_delivery"
    of: Text
    consultation: Number | None = None
    reached_on: Day | None = None
    returned_on: Day | None = None
    reason: Text | None = None
    tracking: Text | None = None
    keep_published: bool | None = None


class Withdraw(Event):
    name = "withdraw"
    keep_published: bool | None = None


class MergeDuplicate(Event):
    """Not in the contract's vocabulary: law.md §11A lists it (merge_duplicate)."""

    name = "merge_duplicate"
    into: Text


class Archive(Event):
    name = "archive"


class Void(Event):
    name = "void"
    reason: Text
    second_person: Text
    keep_published: bool | None = None


class FileReview(Event):
    """A review against the body. by: who asked for it. copy_received_on: the day on which the copy of the
    application reached the body; its days to answer run from it (行政复议法48, 54)."""

    name = "file_review"
    proceeding: Number | None = None
    case_number: Text | None = None
    by: Literal["applicant", "third_party"] | None = None
    copy_received_on: Day | None = None
    summary: bool | None = None


class ConcludeReview(Event):
    """reached_on: the day on which the decision reached the parties. opinion_received_on: that of a
    行政复议意见书, if there was one (行政复议法76)."""

    name = "conclude_review"
    proceeding: Number | None = None
    result: Text
    reached_on: Day | None = None
    opinion_received_on: Day | None = None


class FileSuit(Event):
    name = "file_suit"
    proceeding: Number | None = None
    via: Literal["direct", "after_review"]
    instance: Literal["first", "appeal"] | None = None
    role: Literal["respondent", "co_defendant"] | None = None
    by: Literal["applicant", "third_party"] | None = None
    copy_received_on: Day | None = None


class ConcludeSuit(Event):
    name = "conclude_suit"
    proceeding: Number | None = None
    result: Text
    judgment_received_on: Day | None = None


class OrderRedo(Event):
    """A review decision, judgment, mediation or settlement demands a new reply. due: the last day that it
    fixes."""

    name = "order_redo"
    due: Day | None = None


def _models(base: type[Event]) -> dict[str, type[Event]]:
    found: dict[str, type[Event]] = {}
    for model in base.__subclasses__():
        if "name" in model.__dict__:
            found[model.name] = model
        found.update(_models(model))
    return found


MODELS: dict[str, type[Event]] = _models(Event)
