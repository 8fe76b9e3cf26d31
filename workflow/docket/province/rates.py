"""How often things happen in the province: what was counted of published reports (practice.md §6), and
where nothing was published, a guess that keeps within it.

Shares are of 1, of the applications of a body unless it says otherwise.
"""

# -- how much, and when -----------------------------------------------------------------------------

A_YEAR = {
    "township": 5, "county_department": 14, "county": 130, "city_department": 60, "city": 420,
    "province_department": 90, "province": 1000,
}  # fmt: skip
"""Applications of one body in a year: townships 0 to 11, departments of a district mostly below 30, offices
of counties some hundred, of a city up to a thousand, of a province about a thousand."""
UNEVEN = 0.6
"""How far bodies of one level lie apart: the deviation of the logarithm."""
GROWTH = 1.12
"""From one year to the next."""
MONTHS = (0.9, 0.55, 1.15, 1.05, 1.0, 1.05, 1.0, 1.05, 1.1, 0.85, 1.15, 1.15)
"""How busy January to December are: quiet around the Spring Festival and the National Day."""
BURST = 0.25
"""Share of the body's years with a land acquisition, which bring SURGE times the applications for weeks."""
SURGE, SURGE_DAYS = 4, 35

# -- who, and how -----------------------------------------------------------------------------------

CHANNELS = {
    "portal": 0.58, "email": 0.035, "fax": 0.005, "ordinary_mail": 0.08, "ems": 0.2, "in_person": 0.085,
    "oral": 0.015,
}  # fmt: skip
"""Over the net 52 % (a province, 2018) to 87 % (a district, 2022), by letter 31 and 11.5 %."""
PERSONS = 0.945
"""Natural persons: 91 to 100 % of a report."""
ORGANISATIONS = {
    "business": 0.55, "legal_service": 0.2, "public_welfare": 0.07, "research_institute": 0.05,
    "other_organization": 0.13,
}  # fmt: skip
KNOWN_APPLICANT = 0.22
"""Applications of somebody who has applied to the body before: single applicants make peaks."""
JOINT = 0.015
SEVERAL_ITEMS = 0.1
OTHER_KINDS = {"record_correction": 0.008, "publication_suggestion": 0.006, "enquiry": 0.01}

# -- what comes of it -------------------------------------------------------------------------------

OUTCOMES = {
    "supplied": 0.245, "already_public": 0.105,
    "partial": 0.13,
    "state_secret": 0.002, "forbidden_by_law": 0.004, "security_stability": 0.003, "third_party_rights": 0.018,
    "internal_affairs": 0.01, "deliberative": 0.016, "enforcement_file": 0.022, "administrative_query": 0.015,
    "not_existing": 0.2, "not_responsible": 0.105, "needs_creation": 0.012, "unclear_after_correction": 0.008,
    "petition": 0.02, "repeat": 0.014, "publication": 0.003, "excessive": 0.003, "reconfirmation": 0.002,
    "not_government_information": 0.018, "consultation": 0.02, "in_state_archive": 0.015, "public_enterprise": 0.01,
}  # fmt: skip
"""The answers, before what ends without one: given 22 to 45 %, in part 7 to 26 %, refused 3 to 18 %, unable
16 to 49 % (almost all not held), not processed up to 12 %, others 1 to 22 %."""
WITHDRAWN, VOIDED, REROUTED = 0.018, 0.003, 0.03
"""The last: of ordinary mail that is not confirmed yet."""
CORRECTED_ROUND, LAPSES = 0.08, 0.28
"""A correction is asked for; the second: of those that are, how many never come."""
EXTENDED, OVERDUE = 0.085, 0.012
SLOW_DRAFT = 0.04
"""Drafts that the leader or the legal reviewer sends back once."""
ASKS_THIRD_PARTY, ASKS_OTHER_BODY = 0.02, 0.02
"""Consultations besides those that an outcome needs."""
RELEASED_AGAINST_OBJECTION = 0.15
CHARGING_BODIES, CHARGED, PAYS = 0.1, 0.05, 0.6
"""Bodies that charge; of their applications, how many are charged; of these, how many pay."""
NOT_SERVED = 0.006
ARRIVAL_TOLD, ARCHIVED = 0.6, 0.5

# -- disputes ---------------------------------------------------------------------------------------

REVIEWED, SUED_DIRECTLY, SUED_AFTER_REVIEW = 0.05, 0.006, 0.17
"""Reviews of 4 to 10 % of the answers, suits of 1.2 to 1.7 %; the last: of the reviews that upheld."""
REVIEWS = {
    "upheld": 0.42, "claim_rejected": 0.12, "quashed": 0.06, "partly_quashed": 0.01, "changed": 0.005,
    "declared_unlawful": 0.045, "ordered_to_perform": 0.03, "dismissed_inadmissible": 0.1, "terminated": 0.07,
    "withdrawn": 0.08, "settled": 0.02, "mediated": 0.04,
}  # fmt: skip
"""Corrected: 13 % (18 of 134), 20 % (64 of 314), 22 % (10 of 46)."""
SUITS = {
    "claim_dismissed": 0.6, "quashed": 0.015, "declared_unlawful": 0.02, "ordered_to_redo": 0.015,
    "dismissed_inadmissible": 0.2, "withdrawn": 0.13, "terminated": 0.02,
}  # fmt: skip
"""Corrected: none of 57, 5 of 39, none of 12."""
APPEALED = 0.3
REDONE = {"quashed": 1.0, "partly_quashed": 1.0, "ordered_to_perform": 0.6, "ordered_to_redo": 1.0}
"""Results after which a new reply is ordered, and how often."""
REVISED = 0.004
"""Replies that the body mends of itself."""
