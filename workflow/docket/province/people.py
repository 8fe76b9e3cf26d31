"""Who applies: invented names with numbers that pass the tests of form, and what they ask for."""

from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Any

from stdnum.cn import ric, uscc

from workflow.case.facts import Applicant
from workflow.dates import FIRST_DAY
from workflow.docket.province import rates, words
from workflow.docket.province.bodies import Body

_CODE_CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@dataclass(frozen=True, slots=True)
class Person:
    """An applicant. private: what is kept sealed of them (workflow/case/application.py)."""

    applicant: Applicant
    private: dict[str, Any]


def chosen(rng: Random, table: dict[str, float]) -> str:
    """One of the words, as often as the table says."""
    return rng.choices(tuple(table), tuple(table.values()))[0]


def person(rng: Random, body: Body, delivery: tuple[str, ...]) -> Person:
    """Somebody new who applies to the body and wants the answer in these ways."""
    private: dict[str, Any] = {"phone": f"1{rng.choice('3578')}{rng.randrange(10**9):09d}"}
    name = _name(rng)
    street = f"{body.place}{rng.choice(words.STREETS)}{rng.randrange(1, 300)}号"
    if "mail" in delivery or rng.random() < 0.4:
        private |= {"address": street, "postcode": f"{rng.randrange(63, 68)}{rng.randrange(10**4):04d}"}  # fmt: skip
    if "email" in delivery:
        private["email"] = f"u{rng.randrange(10**8):08d}@example.com"
    if rng.random() < rates.PERSONS:
        private |= {"id_type": "resident_id", "id_number": _resident_id(rng)}
        return Person(Applicant(name, "natural_person", None, True), private)
    column = chosen(rng, rates.ORGANISATIONS)
    firm = _organisation(rng, body, column)
    private |= {"credit_code": _credit_code(rng), "contact": name}
    return Person(Applicant(firm, None, firm, False), private)


def _name(rng: Random) -> str:
    return rng.choice(words.SURNAMES)[0] + rng.choice(words.GIVEN)[0]


def _resident_id(rng: Random) -> str:
    """Eighteen characters with a true day of birth and check character; the place is none."""
    born = FIRST_DAY - timedelta(rng.randrange(-1500, 365 * 52))
    number = f"{rng.randrange(990000, 999999)}{born:%Y%m%d}{rng.randrange(1000):03d}"
    return number + ric.calc_check_digit(number + "0")


def _credit_code(rng: Random) -> str:
    body = "9199" + "".join(rng.choices(_CODE_CHARACTERS, k=13))
    return body + uscc.calc_check_digit(body)


def firm(rng: Random, place: str) -> str:
    """The name of an invented firm."""
    first = rng.choice(words.PLACE_FIRST) + rng.choice(words.PLACE_SECOND)
    return f"{place}{first}{rng.choice(words.FIRM_SORTS)}有限公司"


def _organisation(rng: Random, body: Body, column: str) -> str:
    place = body.place
    if column == "business":
        return firm(rng, words.PROVINCE)
    if column == "legal_service":
        return f"{words.PROVINCE}{rng.choice(words.LAW_FIRMS)}律师事务所"
    if column == "public_welfare":
        return f"{words.PROVINCE}{rng.choice(('绿水', '青苗', '同行', '护河'))}环保基金会"
    if column == "research_institute":
        return f"{words.PROVINCE}{rng.choice(('农业', '水利', '城乡规划', '经济'))}研究院"
    return f"{place}{village(rng)}村民委员会"


def village(rng: Random) -> str:
    """An invented village."""
    return f"{rng.choice(words.VILLAGE_FIRST)}{rng.choice(words.VILLAGE_SECOND)}村"


def request(rng: Random, body: Body, year: int) -> str:
    """What somebody asks the body for, in the words of an applicant."""
    texts = words.ANYTHING if rng.random() < 0.1 else words.TOPICS[body.topic]
    place = _place(rng, body)
    of = year - rng.choices((0, 1, 2, 3, 5, 8), (6, 10, 6, 3, 2, 1))[0]
    said = rng.choice(texts).format(
        place=place,
        village=village(rng),
        year=of,
        month=rng.randrange(1, 13),
        project=f"{place}{rng.choice(words.PROJECTS)}项目",
        firm=firm(rng, place),
        estate=rng.choice(words.ESTATES),
    )
    if rng.random() < 0.2:
        paper = rng.choice(words.PAPERS).format(place=place[0], year=of, n=rng.randrange(1, 260))
        return f"{said}（{paper}）"
    return said


def _place(rng: Random, body: Body) -> str:
    """Of a township itself, of others mostly a place within their area."""
    within = words.WITHIN.get(body.level.removesuffix("_department"))
    if within is None or rng.random() < 0.3:
        return body.place
    return rng.choice(words.PLACE_FIRST) + rng.choice(words.PLACE_SECOND) + rng.choice(within)
