"""The names that the program asks the tables for: a row that is missing stops the start.

Each set is what the code, the contract or the official format knows. A test looks through the code for
names that are asked for and do not stand here (tests/config/test_required.py).
"""

from collections.abc import Mapping


def _names(words: str) -> frozenset[str]:
    return frozenset(words.split())


STATES = _names(
    """
    submitted registered awaiting_correction awaiting_reasons processing awaiting_payment
    drafted secrecy_review legal_check approval ready served closed archived rerouted voided
    """
)
"""The states of the contract."""
OUTCOMES = _names(
    """
    already_public supplied partial state_secret forbidden_by_law security_stability
    third_party_rights internal_affairs deliberative enforcement_file administrative_query
    not_existing not_responsible needs_creation unclear_after_correction petition repeat
    publication excessive reconfirmation not_government_information consultation
    in_state_archive public_enterprise applicant_gone correction_lapsed fee_unpaid withdrawn
    """
)
"""The ways of ending that the contract names; a new ground is one row more."""
RESULTS = _names(
    """
    review/upheld review/claim_rejected review/changed review/quashed review/partly_quashed
    review/declared_unlawful review/ordered_to_perform review/declared_void
    review/dismissed_inadmissible review/terminated review/withdrawn review/settled
    review/mediated review/not_accepted suit/claim_dismissed suit/changed suit/quashed
    suit/partly_quashed suit/declared_unlawful suit/declared_void suit/ordered_to_perform
    suit/ordered_to_redo suit/not_filed suit/dismissed_inadmissible suit/withdrawn
    suit/terminated
    """
)
"""The results of reviews and suits."""
REMEDIES = _names("silence third_party record_correction")
"""What has a remedy of its own beside the outcomes."""
REVIEW_ORGANS = _names("ministry vertical justice province")
"""Bodies with an organ of review of their own kind."""
PERIODS = {
    "reply": "workdays",
    "extension_max": "workdays",
    "correction_notice": "workdays",
    "third_party_opinion": "workdays",
    "joint_agency_opinion": "workdays",
    "fee_payment": "workdays",
    "arrival_inquiry": "workdays",
    "publication": "workdays",
    "classification_report": "workdays",
    "classification_ruling": "workdays",
    "leak_report": "hours",
    "review_answer": "workdays",
    "review_answer_calendar": "days",
    "review_answer_summary": "workdays",
    "review_opinion": "days",
    "suit_answer": "days",
    "appeal_judgment": "days",
    "appeal_ruling": "days",
    "review": "days",
    "suit_direct": "months",
    "suit_after_review": "days",
}
"""The numbers of the law and the unit in which the clock counts each."""
CHECKLIST = _names(
    """
    answered made_by searched third_party severable article reason remedy letter annexes service
    secrecy legal
    """
)
"""The lines of the checklist before a signature, each a function of workflow/case/checklist.py."""
SETTINGS: Mapping[str, tuple[str, frozenset[str]]] = {
    "online_confirmation": ("choice", _names("submission confirmation_event")),
    "receipt_on_rest_day": ("choice", _names("keep_date next_workday")),
    "after_hours_next_day": ("flag", frozenset()),
    "misaddressed_mail": ("choice", _names("strict letter_207")),
    "use_local_holidays": ("flag", frozenset()),
    "correction_period_days": ("days", frozenset()),
    "max_correction_rounds": ("days", frozenset()),
    "late_correction_notice": ("choice", _names("restart_and_flag no_restart")),
    "late_correction": ("choice", _names("accept_until_closed reject")),
    "suspension_model": (
        "choice",
        _names("after_sent_through_reply from_sent_before_reply from_sent_through_reply"),
    ),
    "late_opinion": ("choice", _names("stop_at_deadline until_reply")),
    "other_agency_cap_days": ("days", frozenset()),
    "ruling_stops_clock": ("flag", frozenset()),
    "reasons_effect": ("choice", _names("none restart")),
    "fee_policy": ("choice", _names("off by_item by_page choose")),
    "fee_account": ("text", frozenset()),
    "fee_month_counts": ("choice", _names("registered registered_not_withdrawn")),
    "fee_restart_full": ("flag", frozenset()),
    "extension_again_after_restart": ("flag", frozenset()),
    "partial_remedy": ("choice", _names("review_first either")),
    "silence_remedy": ("choice", _names("review_first either")),
    "record_correction_period_days": ("days", frozenset()),
    "revise_days": ("days", frozenset()),
    "substitution_stops_clock": ("flag", frozenset()),
    "successor_wait_days": ("days", frozenset()),
    "count_unit": ("choice", _names("application item reply_letter")),
    "count_withdrawn_before_acceptance": ("flag", frozenset()),
    "closing_date_basis": ("choice", _names("service dispatch document_date")),
    "result_priority": (
        "list",
        _names("partial disclose refuse unable not_processed other officer_choice"),
    ),
    "mixed_given_and_unavailable": ("choice", _names("partially_disclosed disclosed")),
    "archive_transferred_row": (
        "choice",
        _names("other_misc unable_not_held refused_administrative_query"),
    ),
    "not_gov_info_row": ("choice", _names("other_misc unable_not_held not_processed_petition")),
    "consultation_row": ("choice", _names("other_misc unable_not_held not_processed_petition")),
    "sole_trader_col": ("choice", _names("business natural")),
    "joint_applicants": ("choice", _names("one per_applicant")),
    "redo_counting": ("choice", _names("none replace_result_same_year as_new_application")),
    "ended_body_report": ("choice", _names("successor own_last_report")),
    "count_record_correction": ("flag", frozenset()),
    "t4_year_basis": ("choice", _names("concluded_or_pending filing_year_only")),
    "t4_instance_unit": ("choice", _names("dispute per_instance")),
    "review_claim_rejected": ("choice", _names("upheld other")),
    "count_not_accepted": ("flag", frozenset()),
    "count_as_review_codefendant": ("flag", frozenset()),
    "carry_in_source": ("choice", _names("published system")),
    "third_party_wait_days": ("days", frozenset()),
    "secrecy_review_days": ("days", frozenset()),
    "signature_stops": ("set", CHECKLIST),
    "service_proof": ("choice", _names("strict scan_later")),
    "scan_days": ("days", frozenset()),
    "retention_years": ("days", frozenset()),
    "retention_years_unprocessed": ("days", frozenset()),
    "retention_years_disputed": ("days", frozenset()),
    "redo_default_days": ("days", frozenset()),
    "pre_20190515_period_days": ("days", frozenset()),
    "pre_20190515_extension_days": ("days", frozenset()),
    "reasons_days": ("days", frozenset()),
    "extension_notice_counts": ("choice", _names("sent reached")),
    "returned_mail": ("choice", _names("new_service posting_day_stands")),
    "review_organ": ("text", frozenset()),
    "court": ("text", frozenset()),
    "online_review_url": ("url", frozenset()),
    "review_organ_address": ("text", frozenset()),
    "court_address": ("text", frozenset()),
    "complaint_body": ("text", frozenset()),
    "contact_unit": ("text", frozenset()),
    "contact_address": ("text", frozenset()),
    "contact_phone": ("text", frozenset()),
    "letter_code": ("text", frozenset()),
    "letter_number": ("pattern", frozenset()),
    "letter_series": ("choice", _names("by_kind shared")),
    "handlers_see": ("choice", _names("body unit")),
    "contact_hours": ("text", frozenset()),
    "contact_email": ("text", frozenset()),
    "contact_fax": ("text", frozenset()),
    "open_site": ("url", frozenset()),
    "reading_places": ("text", frozenset()),
    "arrangement": ("text", frozenset()),
    "duties": ("text", frozenset()),
    "footer_sponsor": ("text", frozenset()),
    "footer_phone": ("text", frozenset()),
    "footer_icp": ("text", frozenset()),
    "footer_police": ("text", frozenset()),
    "footer_contact": ("text", frozenset()),
    "footer_code": ("text", frozenset()),
    "footer_access": ("url", frozenset()),
    "footer_faults": ("url", frozenset()),
    "site_name": ("text", frozenset()),
    "site_header": ("text", frozenset()),
    "site_colour": ("choice", _names("blue teal green violet brown slate")),
    "site_crest": ("picture", frozenset()),
    "site_embed": ("origins", frozenset()),
    "site_report_check": ("choice", _names("closed open")),
    "report_dates": ("month_day", frozenset()),
    "reminder_hour": ("time", frozenset()),
    "office_opens": ("time", frozenset()),
    "office_closes": ("time", frozenset()),
    "reminders_off": ("set", frozenset()),
}
"""The settings, the type that the code reads and the values it tells apart (of reminders_off the ladder
of reminders says them)."""
ACTIONS = _names(
    "see_destruction propose_destruction decide_destruction answer_person see_site read_public_pages file_application keep_own_draft ask_new_code open_applicant_account own_applicant_account renew_code log_in release_answer "
    "follow_application send_papers fetch_reply write_to_office see_own_application case_event "
    "own_account own_tokens own_messages own_feed read_cases see_reply register_case see_moved_days read_files "
    "read_identity_papers read_applicant see_review judge_step_by_step write_note answer_applicant print_review_form "
    "upload_files draft_letter void_letter_number export_case_file export_archive import_ledger take_over_case export_ledger read_record send_again see_channels look_after_channels see_to_hooks "
    "open_desk see_staff manage_staff grant_rights manage_administrators manage_bodies read_settings change_settings load_national_days read_reports check_reports check_reports_openly keep_register "
    "edit_report confirm_number report_step take_in_report keep_parcels supervise hasten answer_hastening look_over read_audit set_up run try_out watch_server see_upkeep check_law"
)
SCOPES = _names(
    "anywhere own_self own_application own_case own_unit own_body top_body bodies_below"
)
OTHERS = _names("anyone operator")
LADDERS = _names("by_item by_page")
"""The tariffs of 国办函〔2020〕109号."""
CHECKS = _names(
    """
    V01 V02 V03 V04 V05 V06 V07 V08 V09 V10 V11 V12 V13 V14 V15 V16 V17 V18 V19 V20 V21 V22
    V23 V24 V25 V26 V27 V28 V29 V30 V33 V34 V35 V36 V37 V38 V39 V40 V41
    """
)
"""The checks of an annual report, each a function of workflow/report/checks."""
GAPS = _names(
    """
    name identity identity_wrong contact phone phone_wrong address email contact_person delivery
    medium content agent_identity
    """
)
"""What paper may lack, each found by workflow/case/gaps.py."""
WORDS: Mapping[str, frozenset[str]] = {
    "channels": _names("portal email fax ordinary_mail ems in_person oral"),
    "channel_aliases": _names("online"),
    "roles": _names(
        """
    applicant clerk handler office_head secrecy_reviewer legal_reviewer leader cashier
    archivist system_admin security_admin audit_admin system
    """
    ),
    "role_aliases": _names("admin"),
    "duties": _names(
        """
    clerk handler office_head secrecy_reviewer legal_reviewer leader cashier archivist system_admin
    security_admin audit_admin
    """
    ),
    "audit": _names(
        """
    user_created user_renamed user_disabled user_enabled user_locked user_unlocked password_reset sessions_ended
    password_changed role_granted role_revoked stand_in_made stand_in_ended token_created
    token_revoked unit_added unit_changed unit_ended body_added body_renamed body_moved body_ended
    applicant_shown ledger_taken_in case_taken_over code_renewed
    parcel_changed parcel_unrelated parcel_reopened
    answer_released answer_taken_back clock_confirmed law_checked hook_added hook_changed hook_secret_renewed hook_removed
    hook_sent_again destruction_proposed destruction_refused files_destroyed
    applicant_printed names_exported person_looked_up person_put_right name_put_right
    logged_in second_step_stopped factor_added factor_removed factors_reset recovery_codes_made
    recovery_code_used directory_linked directory_unlinked exported journal_begun
    """
    ),
    "records": _names(
        """
    agency user role token stand_in unit unit_member contact hook agency_setting calendar_day national_day picture
    published_year report_version year_entry letter_number letter file file_view case_note case_message
    applicant_opinion applicant_choice released_answer hastening parcel ledger_import taken_over message
    destruction destroyed_case applicant_account account_address account_passkey account_case
    staff_totp staff_passkey recovery_code directory_link journal audit
    """
    ),
    "login_ways": _names("password totp passkey recovery directory"),
    "audit_groups": _names("rights accounts bodies installation logins"),
    "look_reasons": _names("contact verify mail own other"),
    "code_reasons": _names("lost known other"),
    "stages": _names("before_receipt running waiting done void"),
    "clock_effects": _names("none start stop restart lengthen exclude override recount end"),
    "letters": _names(
        """
    receipt correction_notice termination reasons_notice delay_notice
    third_party_consultation agency_consultation third_party_notice extension_notice
    fee_notice reply withdrawal_confirmation
    """
    ),
    "outcome_classes": _names("disclose partial refuse unable not_processed other"),
    "remedies": _names("either review_first none partial_remedy silence_remedy"),
    "methods": _names("direct entrusted mail electronic"),
    "opinions": _names("agrees objects none"),
    "levels": _names(
        """
    township county county_department city city_department province province_department
    """
    ),
    "subtypes": _names("internal_affairs deliberative security_stability"),
    "id_types": _names(
        """
    resident_id hk_macao_taiwan_residence foreign_permanent_resident passport
    hk_macao_permit taiwan_permit credit_code no_credit_code other
    """
    ),
    "delivery": _names("pickup mail email on_site fax portal"),
    "medium": _names("paper electronic"),
    "carriers": _names("ems registered parcel"),
    "parcel_ways": _names("ems registered postal_parcel courier ordinary by_hand"),
    "kinds": _names(
        """
    application record_correction publication_suggestion enquiry test
    """
    ),
    "secrecy_answers": _names("none handled withhold"),
    "secrecy_checks": _names(
        """
    state_secret work_secret security_stability commercial_secret privacy internal
    aggregation
    """
    ),
    "secrecy_questions": _names(
        """
    state_secret work_secret security_stability commercial_secret privacy internal
    aggregation
    """
    ),
    "correction_grounds": _names("content identity contact form authority"),
    "needs": _names(
        """
    address secrecy_review supply redaction_log ground classification citation
    consultation_or_reason subtype search_record reason correction earlier_reply
    reasons_asked proof_of_service assessment window right_body channel counts tries
    """
    ),
}
"""The words of each table of words.toml."""
OPEN_WORDS = _names(
    """
    channel_aliases letters roles duties needs correction_grounds secrecy_checks secrecy_questions
    subtypes carriers parcel_ways
    """
)
"""Tables of words.toml to which a row may be added without a line of code."""
NESTED: Mapping[str, frozenset[str]] = {
    "subtypes: internal_affairs": _names("personnel logistics workflow"),
    "subtypes: security_stability": _names("national public economic social"),
    "subtypes: deliberative": _names("discussion draft consultation_letter request_report"),
    "kinds: record_correction": _names("corrected not_corrected forwarded told_where"),
    "kinds: publication_suggestion": _names("published not_in_scope not_to_publish"),
    "kinds: enquiry": _names("answered"),
}
"""The kinds of internal and deliberative information, and the results of cases that are no applications."""
GROUNDS: Mapping[str, frozenset[str]] = {
    "bare": _names("opening ending label kind not_ours nothing"),
    "named": _names(
        """
    threat money publication severable cannot_be_told state_archive own_archive_room authority day
    reference
    """
    ),
    "no_consultation": _names("cannot_be_found objected_before plainly_private"),
    "classifier": _names("field central county city province"),
    "rank": _names("circular transferred_archive law regulation interpretation local rule"),
}
"""The rows of grounds.toml that the program looks for."""
FORMATS: Mapping[str, frozenset[str]] = {
    "format_of_year": _names("2019 2021"),
    "table3.rows": _names("2019 2021"),
    "table3.columns": _names(
        """
    natural_person business research_institute public_welfare legal_service
    other_organization total
    """
    ),
    "table3.groups": _names("refused unable not_processed other"),
    "table4.blocks": _names("review suit_direct suit_after_review"),
    "table4.cells": _names("upheld corrected other pending total"),
    "sections": _names(
        """
    overview proactive applications disputes problems other_matters
    """
    ),
}
"""The keys of the official tables."""
ROWS_OF_TABLE3: Mapping[str, frozenset[str]] = {
    "2019": _names(
        """
    new_received carried_in disclosed partially_disclosed refused_state_secret
    refused_forbidden_by_law refused_security_stability refused_third_party_rights
    refused_internal_affairs refused_deliberative refused_enforcement_file
    refused_administrative_query unable_not_held unable_needs_creation
    unable_unclear_after_correction not_processed_petition not_processed_repeat
    not_processed_publication not_processed_excessive not_processed_reconfirmation other
    total carried_out
    """
    ),
    "2021": _names(
        """
    new_received carried_in disclosed partially_disclosed refused_state_secret
    refused_forbidden_by_law refused_security_stability refused_third_party_rights
    refused_internal_affairs refused_deliberative refused_enforcement_file
    refused_administrative_query unable_not_held unable_needs_creation
    unable_unclear_after_correction not_processed_petition not_processed_repeat
    not_processed_publication not_processed_excessive not_processed_reconfirmation
    other_correction_lapsed other_fee_unpaid other_misc total carried_out
    """
    ),
}
"""The rows of table 三 in each format."""
CELLS_OF_TABLE2: Mapping[str, frozenset[str]] = {
    "2019": _names(
        """
    regulations.made regulations.opened regulations.open_total normative_documents.made
    normative_documents.opened normative_documents.open_total permits.items_before
    permits.change permits.decisions other_services.items_before other_services.change
    other_services.decisions penalties.items_before penalties.change penalties.decisions
    compulsory_measures.items_before compulsory_measures.change
    compulsory_measures.decisions charges.items_before charges.change procurement.projects
    procurement.amount
    """
    ),
    "2021": _names(
        """
    regulations.made regulations.repealed regulations.in_force normative_documents.made
    normative_documents.repealed normative_documents.in_force permits.decisions
    penalties.decisions compulsory_measures.decisions charges.amount_10k
    """
    ),
}
"""The cells of table 二 in each format."""
YEAR: Mapping[str, frozenset[str]] = {
    "kinds": _names(
        """
    made repealed opened before decisions changed charged purchased
    """
    ),
    "item": _names(
        """
    regulations normative_documents permits other_services penalties compulsory_measures
    charges procurement
    """
    ),
    "topics": _names(
        """
    proactive management platform supervision hotline interpretation proposals problem
    promise other
    """
    ),
    "states": _names(
        """
    draft checked signed submitted returned accepted published
    """
    ),
    "step": _names("check reopen sign submit return accept publish"),
}
"""What the register and the steps of a report are called."""
POINTS = _names("late mended no_record overturned")
"""What a supervising body counts of the bodies below it."""
HASTENED = _names("due late returned")
"""What a body is hastened for."""
HASTEN_CHANNELS = _names("in_app mail sms")
HASTEN_WORDS = frozenset(("number", "due", "days"))
"""What the words of a hastening hold, all of it and nothing else."""
