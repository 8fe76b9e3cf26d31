"""Service needs its paper: the letter that was signed, who may receive it, a day and the proof of its way
(国办公开办函〔2016〕235号; practice.md §2.2A). What lies in the file comes in as values."""

from dataclasses import dataclass

from workflow import events as ev
from workflow.case.facts import CaseView
from workflow.refusal import Refusal

ARTICLE = "国办公开办函〔2016〕235号"
STRICT, SCAN_LATER = "strict", "scan_later"
PROOFS = {
    "mail": "邮政企业的收寄凭证",
    "direct": "签收的送达回证",
    "entrusted": "签收的送达回证",
    "electronic": "电子邮件的发送记录",
}
"""What proves each way, in words."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What lies in the file of a reply that is to be served.

    signed: the letter that was signed is kept. letter: the case can have one at all. proofs: how many proofs
    of this service are there: uploaded since the signature and since a service that failed. agent: an agent acts,
    whose power has not ended. power: a power of attorney is in the file. address: something can be posted to the
    applicant, by what is known.
    """

    signed: bool
    letter: bool = True
    proofs: int = 0
    agent: bool = False
    power: bool = False
    address: bool = True


def unserved(case: CaseView, event: ev.Serve, sent: Sent) -> Refusal | None:
    """Why the reply cannot be entered as served yet; None if it can."""
    if sent.letter and not sent.signed:
        return Refusal(
            "missing_evidence", ARTICLE, "案卷里没有签发的答复书，不能登记送达",
            "退回重新签发，答复书随签发存入案卷",
        )  # fmt: skip
    if sent.agent and not sent.power:
        return Refusal(
            "missing_evidence", "民法典165；条例29", "申请人有代理人，案卷里没有授权委托书，不能送达代理人",
            "在“材料”中上传授权委托书之后；授权已经终止的，先登记",
        )  # fmt: skip
    if event.method == "mail" and not sent.address and not event.note:
        return Refusal(
            "missing_evidence", "条例40", "申请人没有留下通信地址，不能登记邮寄送达",
            "按申请人要求的方式送达；后来知道地址的，在“备注”中写明地址和怎样知道的", "note",
        )  # fmt: skip
    if sent.proofs or is_proved_by_us(case, event) or case.rules["service_proof"] == SCAN_LATER:
        return None
    return Refusal(
        "missing_evidence", ARTICLE, f"没有送达凭证：{PROOFS[event.method]}",
        "连同送达一起上传，或者先在“材料”中上传送达凭证；本机关允许以后补传的，在“设置”中改",
        "proofs",
    )  # fmt: skip


def is_proved_by_us(case: CaseView, event: ev.Serve) -> bool:
    """The reply lies ready to be fetched on our own site, which the applicant asked for, or through which it
    came and no e-mail was asked for: our record proves when it could be fetched, and that it was told."""
    if event.method != "electronic":
        return False
    asked = case.header.delivery
    return "portal" in asked or (case.facts.channel == "portal" and "email" not in asked)
