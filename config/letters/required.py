"""What the program knows to say of a case, by name: values.toml has a word for each, and no other.

The values are computed in workflow/letters (values.py, of_answer.py, of_papers.py, of_file.py).
"""

from collections.abc import Mapping


def _names(words: str) -> frozenset[str]:
    return frozenset(words.split())


SENTENCE_FIELDS = _names("defects reason note")
"""The fields of events beside which sentences may be offered."""
VALUES = _names(
    """
    body number applicant applicant_id applicant_contact applicant_agent applicant_reach
    applicant_address assistance kind_of_request only_item item_count channel channel_name submitted
    received delivery medium gaps_on_receipt registered_by state due due_before due_national
    safe_due counted_from period_workdays excluded_workdays in_time count_evidence correction_notice_due
    correction_sent_on correction_reached_on correction_due correction_days corrected_on unmoved_due
    correction_lapsed_due reasons_due reasons_given_on requests_from requests_to requests_count
    requests_items delay_reason delayed_until extension_reason approved_by extended_on
    extension_days extended_due party subject consulted_on third_party_asked_on opinion_days
    joint_opinion_days other_opinion_days opinion_due objected_on release_reason release_wait
    third_party_was_asked agency_was_asked unit internal_due charged_on fee_pages fee_steps fee_yuan
    fee_workdays fee_due fee_reached_on fee_lapsed_due fee_clock paid_on pay_how pages_supplied
    fee_due_yuan refund_yuan refund_how withdrawn_on forwarded_to successor successor_contact
    transfer_reason moved_on first_received first_number first_served_on first_letter order_source
    order_case_number order_result redo_due revision_reason outcome remedy_kind searched consulted
    consulted_unnamed
    supplied_items redactions review_asked_on proposed_by review_opinion opinion_of_unit
    legal_opinion signed_by ruling closed_on served_on retention paper_title paper_to paper_address
    paper_postcode paper_method paper_sent_on paper_reached_on paper_returned paper_tracking
    paper_proof carrier contact_unit contact_person contact_phone contact_address review_organ court
    court_case_number head_of_body agent_of_body dispute_by dispute_case_number dispute_filed_on
    dispute_organ copy_received_on answer_due points_answered requested own_letter revised_on
    revised_for revised_how new_letter
    """
)
LISTS: Mapping[str, frozenset[str]] = {
    "asked": _names(
        """
    n item
        """
    ),
    "several_items": _names(
        """
    n item
        """
    ),
    "defects": _names(
        """
    n defect
        """
    ),
    "earlier_requests": _names(
        """
    number on request items result
        """
    ),
    "items": _names(
        """
    n item outcome article ground evidence
        """
    ),
    "reviewed": _names(
        """
    n item maker outcome state_secret work_secret security_stability commercial_secret privacy
    internal aggregation note
        """
    ),
    "searches": _names(
        """
    n item sources keywords scope period hits asked mentions why_not by
        """
    ),
    "steps": _names(
        """
    on text article
        """
    ),
    "days": _names(
        """
    on weekday counts n why
        """
    ),
    "papers": _names(
        """
    n reference maker title on page note
        """
    ),
    "proofs_time": _names(
        """
    n title on maker proves page copies
        """
    ),
    "proofs_facts": _names(
        """
    n title on maker proves page copies
        """
    ),
    "proofs_law": _names(
        """
    n title proves page
        """
    ),
    "course": _names(
        """
    on text
        """
    ),
    "posted": _names(
        """
    n to address title on tracking
        """
    ),
    "answers": _names(
        """
    n item annex delivery medium address ground citation subtype redaction reason assessment level
    classified_by classified_on derived_from third_party_objected third_party_silent
    no_consultation_reason window sources keywords search_period unit_answers hits why_not
    right_body right_contact way_to_get earlier_reply earlier_request earlier_on count_requests
    count_items count_from count_to tries archive archived_on clarification
        """
    ),
}
"""The columns of each list."""
DISPUTES = _names("review suit order")
GROUPS = _names("time facts law")
MAKERS = _names("body applicant other court")
SEALED = _names("identity third_party")
UPLOADS = _names(
    "application envelope id_proof power_of_attorney supplement reply proof_of_service payment opinion court letter other"
)
"""Kinds of uploaded files (workflow/service/files.py)."""
