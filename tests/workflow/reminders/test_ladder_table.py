"""config/reminders/ladder.toml: one row per moment, checked when it is loaded."""

from pathlib import Path
from string import Formatter

import pytest

from config.reminders import FOLDER, LadderError, load_ladder
from workflow.reminders.watched import KINDS

LADDER = load_ladder()
OF_BODIES = {
    "document", "annual_report", "reports_below", "calendar_missing", "calendar_now", "re_evaluation",
    "parcel",
}  # fmt: skip
SOUND = """
[told]
nobody_holds_the_role = ["clerk"]
channel_failing = ["system_admin"]
applicant_not_reached = ["clerk"]
group_not_reached = ["system_admin"]

[days]
reply = "答复期限"

[[moment]]
name = "reply_5"
label = "还有 5 个工作日"
of = "reply"
left = 5
to = ["clerk"]
channels = ["in_app", "sms"]
level = "yellow"
words = "{number} 还有 {days_left} 个工作日"
basis = "条例33(2)"

[[at_once]]
name = "assigned"
label = "申请交办给您"
events = ["assign"]
to = ["handler"]
channels = ["in_app"]
level = "info"
words = "申请 {number} 交您承办"
basis = "条例45"
"""


def test_every_day_that_a_case_can_bear_has_its_moment_and_no_other() -> None:
    assert set(LADDER.days) == set(KINDS) | OF_BODIES


def test_timers_of_the_law_all_have_a_moment() -> None:
    """T1 to T20 in their order: confirmation … the third party's wait; T17 is the linked case's reply."""
    timers = (
        "confirm", "correction_question", "reply", "extension", "opinion", "opinion", "fee",
        "correction", "publication", "review_answer", "annual_report", "re_evaluation",
        "calendar_missing", "calendar_now", "arrival", "reply_arrival", "reasons", "appeal", "reply", "opinion_report",
        "returned", "service_failed", "release",
    )  # fmt: skip
    assert all(LADDER.by_kind[kind] for kind in (*timers, "suit_answer"))


def test_a_message_holds_number_and_days_only() -> None:
    for moment in LADDER.moments.values():
        names = {name for _, name, _, _ in Formatter().parse(moment.words) if name}
        assert "number" in names or moment.of == "reports_below", moment.name
        assert names <= {"number", "days_left", "due"}, moment.name


def test_everybody_who_works_outside_the_system_sees_it_there_too() -> None:
    assert all("in_app" in moment.channels for moment in LADDER.moments.values())


def test_overdue_reaches_head_leader_and_the_body_above() -> None:
    for name, level in (("reply_red", "red"), ("reply_black", "black")):
        moment = LADDER.moments[name]
        assert moment.level == level
        assert {"office_head", "leader", "above.office_head"} <= set(moment.to)


def test_body_above_hears_of_late_reports_once_and_as_those_of_the_bodies_below() -> None:
    moments = load_ladder().moments
    assert "above.office_head" not in moments["annual_report_late"].to
    assert {"clerk", "office_head"} <= set(moments["reports_below_late"].to)


def test_what_is_overdue_cannot_be_put_off() -> None:
    from config.law import load_law

    off = set(load_law().settings["reminders_off"].values)
    assert off
    assert not off & {"reply_0", "reply_red", "reply_black", "send_today", "review_0", "suit_0"}


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        ('of = "reply"', 'of = "replies"', "no kind of day named replies"),
        ("left = 5", "", "exactly one of"),
        ("left = 5", "left = 5\nafter = 1", "exactly one of"),
        ("left = 5", "left = -1", "left is a number"),
        ("left = 5", "after = [3, 2]", "after is a number"),
        ("left = 5", 'same_day = "25:00"', "hour must be"),
        ("left = 5", 'each_year = ["02-30"]', "day"),
        ("left = 5", 'left = 5\nperiod = "weeks"', "no period named weeks"),
        ('to = ["clerk"]', "to = []", "nobody to tell"),
        ('to = ["clerk"]', 'to = ["mayor"]', "no label for a role of mayor"),
        ('["in_app", "sms"]', '["sms"]', "channels are in_app"),
        ('["in_app", "sms"]', '["in_app", "pigeon"]', "channels are in_app"),
        ('level = "yellow"', 'level = "green"', "no level named green"),
        ("{number} 还有", "{name} 还有", "words hold more"),
        ('basis = "条例33(2)"', 'basis = ""', "basis are missing"),
        ('label = "还有', 'lable = "还有', "lable"),
    ],
)
def test_a_slip_names_the_file_and_the_row(
    tmp_path: Path, right: str, wrong: str, message: str
) -> None:
    assert right in SOUND
    (tmp_path / "ladder.toml").write_text(SOUND.replace(right, wrong), encoding="utf-8")
    with pytest.raises(LadderError, match=r"ladder\.toml: reply_5: ") as slip:
        load_ladder(tmp_path)
    assert message in str(slip.value)


def test_a_moment_that_stands_twice_is_a_slip(tmp_path: Path) -> None:
    row = SOUND[SOUND.index("[[moment]]") : SOUND.index("[[at_once]]")]
    (tmp_path / "ladder.toml").write_text(SOUND + row, encoding="utf-8")
    with pytest.raises(LadderError, match="reply_5 stands twice"):
        load_ladder(tmp_path)


def test_a_kind_of_day_without_a_moment_is_a_slip(tmp_path: Path) -> None:
    text = SOUND.replace("[days]", '[days]\nfee = "缴费期限"')
    (tmp_path / "ladder.toml").write_text(text, encoding="utf-8")
    with pytest.raises(LadderError, match="no moment for fee"):
        load_ladder(tmp_path)


def test_a_setting_that_puts_off_an_unknown_moment_is_a_slip(tmp_path: Path) -> None:
    (tmp_path / "ladder.toml").write_text(SOUND, encoding="utf-8")
    with pytest.raises(LadderError, match="reminders_off: confirm is not a moment"):
        load_ladder(tmp_path)


def test_a_file_that_is_no_toml_is_a_slip(tmp_path: Path) -> None:
    (tmp_path / "ladder.toml").write_text("[days", encoding="utf-8")
    with pytest.raises(LadderError, match=r"ladder\.toml"):
        load_ladder(tmp_path)
    assert (FOLDER / "ladder.toml").exists()


def own_slip(right: str, wrong: str) -> str:
    """The ladder with a change in its last rung, which is of applicants."""
    whole = (FOLDER / "ladder.toml").read_text(encoding="utf-8")
    before, mark, last = whole.rpartition("[[own]]")
    assert right in last
    return before + mark + last.replace(right, wrong)


def test_what_is_said_to_applicants_stands_beside_what_staff_are_told() -> None:
    ladder = load_ladder()
    over = ladder.own["own_reply_over"]
    assert "own_reply_over" not in ladder.moments and "own_reply_over" not in ladder.labels()
    assert ladder.rung("own_reply_over") is over and ladder.rung("nothing") is None
    assert ladder.rung("reply_5") is ladder.moments["reply_5"]
    assert ladder.for_applicants().by_kind["reply"] == (over,)
    assert set(ladder.for_applicants().moments) == set(ladder.own)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ('to = ["applicant"]', 'to = ["clerk"]'),
        ('of = "reply"', 'of = "draft"'),
        ("own_reply_over", "reply_5"),
        ("after = 1", ""),
    ],
)
def test_a_slip_in_what_is_said_to_applicants_is_named(
    tmp_path: Path, right: str, wrong: str
) -> None:
    (tmp_path / "ladder.toml").write_text(own_slip(right, wrong), encoding="utf-8")
    with pytest.raises(LadderError, match=r"ladder\.toml: (own_reply_over|reply_5): "):
        load_ladder(tmp_path)
