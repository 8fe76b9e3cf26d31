"""Whom the model of an office knows: its people and bodies, their settings, and who asks."""

from datetime import date
from typing import Any

from workflow.people import STAFF_ROLES

PEOPLE: dict[str, tuple[str, tuple[str, ...]]] = {
    **{f"{role}-of-panlong": ("panlong", (role,)) for role in STAFF_ROLES},
    "everybody": ("panlong", STAFF_ROLES),
    "li": ("water", ("clerk", "handler", "office_head", "archivist", "cashier")),
    "wang": ("water", ("secrecy_reviewer", "legal_reviewer", "leader", "system_admin")),
}
BODIES = {
    "panlong": ("盘龙彝族乡人民政府", "township"),
    "water": ("砚山县水务局", "county_department"),
}
VARIANTS: tuple[dict[str, Any], ...] = (
    {"fee_policy": "choose"},
    {"fee_policy": "by_item", "fee_month_counts": "registered_not_withdrawn", "joint_applicants": "per_applicant"},
    {"fee_policy": "by_page", "fee_restart_full": False, "suspension_model": "from_sent_before_reply"},
    {"fee_policy": "choose", "online_confirmation": "confirmation_event", "receipt_on_rest_day": "next_workday",
     "max_correction_rounds": 3, "late_correction": "reject", "closing_date_basis": "dispatch",
     "redo_counting": "as_new_application"},
    {"fee_policy": "by_page", "reasons_effect": "restart", "late_opinion": "until_reply", "ruling_stops_clock": True,
     "other_agency_cap_days": None, "closing_date_basis": "document_date", "count_unit": "item",
     "late_correction_notice": "no_restart", "redo_counting": "replace_result_same_year"},
    {"fee_policy": "choose", "count_unit": "reply_letter", "extension_again_after_restart": False,
     "count_withdrawn_before_acceptance": False, "t4_year_basis": "filing_year_only", "t4_instance_unit": "per_instance",
     "count_not_accepted": True, "count_as_review_codefendant": True, "result_priority": ["officer_choice"]},
)  # fmt: skip
FIRST_DAYS = (
    date(2018, 12, 3),
    date(2019, 5, 6),
    date(2020, 12, 7),
    date(2023, 11, 20),
    date(2024, 9, 2),
)
APPLICANTS: tuple[dict[str, Any], ...] = (
    {"kind": "citizen", "name": "张三", "id_type": "resident_id", "id_number": "11010519491231002X", "phone": "13800138000"},
    {"kind": "citizen", "name": "张三", "id_type": "passport", "id_number": "E00000001", "phone": "13800138001"},
    {"kind": "organisation", "name": "某某律师事务所", "credit_code": "91110000600037341L", "contact": "李律师",
     "phone": "13800138002"},
)  # fmt: skip
CHANNELS = ("email", "fax", "ordinary_mail", "ems", "in_person", "oral")
