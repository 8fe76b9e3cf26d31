"""A slip in any kind of field of any table stops the load, and its message names file and row."""

import copy
import datetime
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.config.tables import LOADERS, ROOT, SOUND, Way, at, files, kinds, names, told

MISSPELT = "misspelt_word"
TEXTS = re.compile(
    r"(label|question|ask|defect|basis|article|why|says|message|title|source|derived|account|words|words_no_due|region)$"
    r"|^words\.toml: (channels|clock_effects|correction_grounds|delivery|id_types|letters|levels|medium"
    r"|methods|opinions|outcome_classes|remedies|roles|duties|audit|records|login_ways|look_reasons|code_reasons|secrecy_answers|secrecy_checks|secrecy_questions|stages|subtypes|kinds|needs"
    r"|carriers|parcel_ways)\b.*"
    r"|^tables\.toml: (sections|table3\.|table4\.|meanings\.).*|^settings\.toml: (groups|setting\.\*\.values).*"
    r"|^(ladder\.toml: days|applicants\.toml: (own_name|sole_trader|bodies|rule\.\*\.words)).*|^fees\.toml: .*\.unit$"
    r"|^answers\.toml: answer\.\*\.says\.\*$|^values\.toml: .*\.\*$|^papers\.toml: (groups|makers|sealed)\.\*$"
    r"|^papers\.toml: paper\.\*\.(proves|name)$|^sentences\.toml: sentence\.\*\.text$|^(told\.toml: \w+\.\*|year\.toml: (kinds|topics)\.\*\.\*)$"
    r"|^wizard\.toml: (question\.\*\.(text|hint|answers\.\*\.says)|explained\.\*\.(?!outcome).*)$"
    r"|^terms\.toml: .*|^supervision\.toml: hasten\.words\.\*$|^hints\.toml: .*(hits|passes)$|^public\.toml: page\.\*\.words\.\*$"
    r"|^columns\.toml: (column\.\*\.(head|meaning|also\.\*)|words\..*)$|^channels\.toml: \w+\.(lacks|settings\.\w+\.\*)$|^(spoken|pages|fields|calls)\.toml: .*|^changes\.toml: change\.\*\.(what|names\.\*|gone\.\*)$|^tour\.toml: step\.\*\.(title|says)$|^permissions\.toml: (scopes|others)\.\*$"
    r"|^transitions\.toml: (fields\.\*|transition\.\*\.(button|doing|purpose|confirm|awaited|mark|news|(public|fields|hints)\..*))$"
)
"""Fields that hold what people read or search for: another word is a word."""
ACCEPTED = {
    r"(outdated|bare|named|no_consultation|classifier|rank)\.\*\.(pattern|only|within|right|shape|ending|told|article) (another word|a letter lost)":
        "another expression is one",
    r"rank\.\*\.titles\.\* (another word|a letter lost)": "another title is one",
    r"(outdated|no_consultation|classifier|rank)\.\*\.(only|within|right|shape|ending|told|article|also|levels|titles|says) removed":
        "the column may be left out",
    r"(outcome\.\*\.also) (empty|removed)": "nothing more is asked for",
    r"outdated\.\*\.(pattern|name) another word|account_shape (another word|a letter lost)":
        "another expression is one, and nobody asks for its name",
    r"outdated\.\*\.(pattern|name) a letter lost": "the same",
    r"organ\.\*\.name (another word|a letter lost)": "another expression is one",
    r"^changes\.toml: change\.\*\.calls (removed|empty)": "of all calls",
    r"^changes\.toml: change\.\*\.gone (removed|empty)": "nothing goes; held to the document of the API (tests/webui/api/test_promised.py)",
    r"^(spoken|pages|fields|calls)\.toml: .* (removed|a key nobody knows)": "a further name; held to pages, commands and the document of the API",
    r"class (another word|a letter lost)": "looked for where the channel is opened: config imports nobody",
    r"settings\.\w+\.\* (empty|another word|a letter lost)": "a default, empty for none",
    r"\.\* removed": "a list may be shorter: the law asks for less",
    r"^channels\.toml: \w+ removed": "an office without the channel",
    r"answer\.\*\.(article|kind) removed": "an application, and nothing is cited",
    r"paper\.\*\.shows (removed|empty)": "of no ground",
    r"paper\.\*\.letters (removed|empty)|upload\.\*\.goes_with (removed|empty)":
        "its pages are what is uploaded; the upload is a paper by itself",
    r"(paper|upload)\.\*\.(together|standing|within|sealed|late) removed": "the column may be left out",
    r"^told\.toml: \w+ removed": "applicants are told less often",
    r"(applicants|account|account_shape|then|setting|set_by|holds_from|group|optional|aliases|max_length"
    r"|derived|document\.\*\.title|routine|letter|levels|period|purpose|confirm|awaited|public|hints|seldom|appeal|agreed|draft|most|keeps|follows|free|mark|news|then|asked|transition\.\*\.fields) removed": "the column may be left out",
    r"(outcome\.\*\.needs|item\.\*\.levels|\*\.keeps|\*\.follows|\*\.then) empty": "nothing is asked for, or every body has it",
    r"moment\.\*\.every removed": "daily",
    r"ladder\.toml: own (removed|empty)": "applicants with an account are reminded of nothing",
    r"ladder\.toml: own\.\*\.name (another word|a letter lost)": "another name is one",
    r"moment\.\*\.unit_head removed": "the heads of units are not told of it",
    r"at_once\.\*\.by_applicant removed": "whoever did it",
    r"at_once\.\*\.words_no_due (removed|empty)": "the same words where there is no day",
    r"^columns\.toml: column\.\*\.read_only removed": "the column may be left out",
    r"(explained\.\*\.\w+|question\.\*\.hint) removed": "no words to begin with, no hint",
    r"question\.\*\.name (another word|a letter lost)": "the first question, to which no answer leads",
    r"festival\.\*\.around removed": "the day alone",
    r"^statutory\.toml: notice(\.\*\.days)? (empty|removed)": "a number that nobody knows is not printed; the whole year",
    r"^permissions\.toml: action\.\*\.(carries|commands)\.\* (another word|a letter lost)":
        "the pages and the command line are held to the table where they start: config imports nobody",
    r"^permissions\.toml: (groups|action\.\*\.name) a key": "a further name",
    r"action\.\*\.(carries|commands|may|by_row) (removed|empty)": "carried by the other alone",
    r"action\.\*\.until(\.\w+)? (removed|empty)": "each of them does it, whoever else is there",
    r"^words\.toml: (roles|duties|letters|carriers|secrecy_checks|correction_grounds|subtypes|needs|parcel_ways) a key":
        "a table to which a row may be added",
}  # fmt: skip
"""What is no slip, by file, field and what is tried, with the reason."""


def slips(value: Any) -> Iterator[tuple[str, Any]]:
    """Wrong values for a field that now has this one, by what is wrong."""
    yield "a table", {"a": {"b": 1}}
    match value:
        case bool():
            yield from (("a word", "true"), ("a number", 1), ("a list", [True]))
        case int():
            yield from (("negative", -20), ("a fraction", 2.5), ("huge", 10**9), ("a flag", True))
            yield "a text", str(value)
        case str():
            yield from (("a number", 5), ("a list", [value]), ("a flag", True), ("empty", ""))
            yield from (("blank", "  "), ("another word", MISSPELT), ("a letter lost", value[:-1]))
        case datetime.date():
            yield from (("a text", value.isoformat()), ("a number", 2019))
            yield from ((f"year {y}", datetime.date(y, 1, 1)) for y in (1066, 2219))
        case list():
            yield from (
                ("a text", "text"),
                ("a number", 5),
                ("an item of another kind", [*value, 5.5]),
            )
            if value:
                yield from (("twice the same", [*value, value[0]]), ("empty", []))
        case dict():
            yield from (("a text", "text"), ("a list", []), ("empty", {}))
            yield "a key nobody knows", {**value, MISSPELT: "x"}


def tried() -> Iterator[tuple[Path, str, Way, str, Any]]:
    for file, data in SOUND.items():
        for kind, way in kinds(data):
            for what, wrong in slips(at(data, way)):
                if wrong != at(data, way):
                    yield file, kind, way, what, wrong
            yield file, kind, way, "removed", None


def spoilt(file: Path, way: Way, what: str, wrong: Any) -> dict[str, Any]:
    """The file with this one field so; only what leads there is copied."""
    data = holder = copy.copy(SOUND[file])
    for step in way[:-1]:
        holder[step] = copy.copy(holder[step])
        holder = holder[step]
    if what == "removed":
        del holder[way[-1]]
    else:
        holder[way[-1]] = wrong
    return data


def accepted(file: Path, kind: str, what: str) -> bool:
    place = f"{file.name}: {kind}"
    if what in ("another word", "a letter lost") and TEXTS.search(place):
        return True
    return any(re.search(one, f"{place} {what}") for one in ACCEPTED)


@pytest.mark.parametrize("file", files(), ids=lambda file: file.name)
@pytest.mark.parametrize(
    "step", [2, pytest.param(1, marks=pytest.mark.long(reason="every slip, not every second one"))]
)
def test_slip_of_every_kind_names_the_file_and_the_place(
    file: Path, step: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One try for each kind of field, each way of being wrong and each file."""
    missed, unsaid, count = [], [], 0
    for one, kind, way, what, wrong in tried():
        if one != file:
            continue
        count += 1
        if count % step:
            continue
        message = told(file, spoilt(file, way, what, wrong), monkeypatch)
        if not message and not accepted(file, kind, what):
            missed.append(f"{kind} {what}")
        if message and ".toml: " not in message:
            unsaid.append(f"{kind} {what}: {message}")
    assert count > 10
    assert (missed, unsaid) == ([], [])


@pytest.mark.parametrize("file", files(), ids=lambda file: file.name)
def test_sound_tables_load(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert told(file, SOUND[file], monkeypatch) == ""


def test_no_table_stands_outside_the_walk() -> None:
    assert {path.parts[0] for path in files()} == set(LOADERS)
    assert {path.relative_to(ROOT) for path in ROOT.rglob("*.toml")} == set(SOUND)


OPTIONAL_ROWS = re.compile(
    r"^(outdated\.toml|documents\.toml|guangxi|wenshan|channels\.toml|told\.toml)|^applicants\.toml|^words\.toml.*aliases"
    r"|^permissions\.toml.*'(carries|commands|may|groups|by_row)'|^(papers\.toml: \('paper'|sentences\.toml|statutory\.toml: \('notice')"
    r"|^(spoken|pages|fields|calls|changes|tour|terms|hints|public|questions)\.toml|^ladder\.toml: \('own'"
    r"|^wizard\.toml: \('question', \d+, 'answers'|^wizard\.toml: \('explained', \d+, 'shown'"
    r"|'(steps|remedy)', \d+\)|'aliases', |'values', [012]|'groups', 'other'|'(hints|fields)', '"
)
"""Rows that an office or the law may do without: a step of a tariff, a day of a value, another
word for one. That every page and every command has its words is asked of pages and commands
(tests/config/test_help.py, tests/workflow/commands/test_documented.py), that there is every hint of tests/workflow/case/test_hints.py. What reminders_off holds is asked of the ladder, which may be put off or not."""


@pytest.mark.long(reason="loads the tables once for every row of every table")
@pytest.mark.parametrize("file", files(), ids=lambda file: file.name)
def test_removed_row_is_missed(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every period, setting, state, word, check, moment: what the program asks for cannot go."""
    unmissed = [
        way
        for way in names(SOUND[file])
        if not told(file, spoilt(file, way, "removed", None), monkeypatch)
        and not (way[0] == "setting" and at(SOUND[file], way[:2])["name"] == "reminders_off")
        and not OPTIONAL_ROWS.search(f"{file.name}: {way}")
    ]
    assert unmissed == []


@pytest.mark.parametrize(
    ("file", "way", "wrong", "message"),
    [
        ("law/periods.toml", ("period", 0, "values", 0, "value"), -20, "periods.toml: reply: values"),
        ("law/periods.toml", ("period", 0, "values", 0, "value"), 2.5, "periods.toml: reply: values"),
        ("law/periods.toml", ("period", 0, "unit"), "days", "periods.toml: reply: unit"),
        ("law/fees.toml", ("ladder", 0, "steps", 1, "each"), -100, "fees.toml: by_item: steps"),
        ("law/fees.toml", ("ladder", 0, "mode"), "by_itm", "fees.toml: by_itm: mode"),
        ("law/outcomes.toml", ("outcome", 0, "class"), "disclosed", "outcomes.toml: already_public: class"),
        ("law/outcomes.toml", ("outcome", 0, "remedy", 0, "value"), "eithr", "outcomes.toml: already_public"),
        ("law/outdated.toml", ("outdated", 0, "pattern"), "(", "outdated.toml: three_needs: pattern"),
        ("law/checks.toml", ("check", 3, "id"), "V31", "checks.toml: V04: the program asks for this check"),
        ("law/year.toml", ("step", 0, "name"), "chek", "year.toml: step: check: the program asks"),
        ("law/year.toml", ("step", 0, "by", 0), "mayor", "year.toml: check: no role named mayor"),
        ("law/transitions.toml", ("transition", 1, "guards", 0), "x_y", "transitions.toml: receive"),
        ("law/transitions.toml", ("transition", 1, "letter"), "recept", "transitions.toml: receive"),
        ("reminders/ladder.toml", ("moment", 0, "channels", 1), "pigeon", "ladder.toml: confirm"),
        ("calendars/guangxi.toml", ("holidays", 0), "2024-02-30", "guangxi.toml: holidays"),
    ],
)  # fmt: skip
def test_slip_that_was_once_let_through_is_told(
    file: str, way: Way, wrong: Any, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = Path(file)
    assert message in told(path, spoilt(path, way, "", wrong), monkeypatch)
