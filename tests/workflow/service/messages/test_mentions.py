"""Who is mentioned in a group: those whom a message concerns and who gave their account there."""


def group_message(town, **reminder):
    town.remind(town.file(email=None).number, to=("clerk", "office_head"), **reminder)
    return town.outbox.claim("wecom")


def test_group_mentions_whom_it_concerns_if_they_gave_their_account(street):
    town = street("2024-05-06", "wecom")
    town.contact("lifang", accounts={"wecom": "LiFang", "dingtalk": "other"})
    town.contact("wang", accounts={"wecom": "Wang"})
    assert group_message(town).mentions == ("LiFang",)


def test_who_is_away_is_not_mentioned_but_the_stand_in_is(street):
    town = street("2024-05-06", "wecom")
    today = town.now.date()
    town.contact("lifang", accounts={"wecom": "LiFang"}, stand_in_id=town.user_id("wang"),
                 stand_in_from=today, stand_in_to=today)  # fmt: skip
    town.contact("wang", accounts={"wecom": "Wang"})
    assert group_message(town).mentions == ("Wang",)


def test_people_of_the_body_above_are_not_mentioned_in_the_group_of_the_one_below(street):
    town = street("2024-05-06", "wecom")
    town.contact("county", accounts={"wecom": "County"})
    town.contact("chen", accounts={"wecom": "Chen"})
    town.remind(town.file(email=None).number, to=("office_head", "above.office_head"))
    assert town.outbox.claim("wecom").mentions == ("Chen",)


def test_account_stands_sealed_and_in_no_message(street):
    town = street("2024-05-06", "wecom", "webhook")
    town.contact("lifang", accounts={"wecom": "LiFangAccount", "webhook": "LiFangAccount"})
    group_message(town)
    assert town.outbox.claim("webhook").account == "LiFangAccount"
    stored = b"".join(path.read_bytes() for path in town.folder.glob("store.db*"))
    assert b"LiFangAccount" not in stored
