"""The bodies of the province: a tree from the province down to townships, with their staff."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from itertools import cycle, product
from random import Random

from workflow.case.facts import Actor
from workflow.docket.province import rates, words

GOVERNMENTS = ("county", "city", "province")
COURTS = {"county": "人民法院", "city": "中级人民法院", "province": "高级人民法院"}


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who works there. name: the user name; display_name: name and post."""

    name: str
    display_name: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Body:
    """A body that handles cases. place: what its names of places begin with; topic: of words.TOPICS.

    until, successor: its last day, and the code of the body that goes on; charges: it takes fees by page.
    new: it is to be made; else it was there. staff: of a new one. court: for its letters.
    """

    code: str
    name: str
    level: str
    place: str
    parent: str | None = None
    topic: str = "government"
    until: date | None = None
    successor: str | None = None
    charges: bool = False
    new: bool = True
    staff: tuple[Member, ...] = ()
    court: str = ""

    def chosen(self) -> dict[str, str]:
        """The settings of a new body: the words of its letters, and whether it takes fees."""
        found = {
            "court": self.court,
            "court_address": f"{self.place}法院路 1 号",
            "online_review_url": "https://xzfy.moj.gov.cn",
            "contact_unit": "政府信息公开工作机构",
        }
        return {**found, "fee_policy": "by_page"} if self.charges else found

    def actors(self) -> dict[str, tuple[Actor, ...]]:
        """Who acts in each role."""
        found: dict[str, tuple[Actor, ...]] = {}
        for one in self.staff:
            actor = Actor(one.name, frozenset(one.roles))
            for role in one.roles:
                found[role] = (*found.get(role, ()), actor)
        return found


@dataclass(frozen=True, slots=True)
class _Counts:
    """How many bodies of each sort."""

    cities: int
    counties: int
    departments: int
    townships: int


def _counts(number: int) -> _Counts:
    """A province has about 160 bodies to a city and 32 to a county; half of a county's are townships."""
    rest = max(0, number - 1)
    cities = min(rest, max(1, round(number / 160)))
    counties = min(rest - cities, max(1, round(number / 32)))
    rest -= cities + counties
    townships = round(rest * 0.45)
    return _Counts(cities, counties, rest - townships, townships)


def tree(
    number: int, seed: int, first: date, last: date, taken: Collection[str] = ()
) -> list[Body]:
    """So many new bodies, the superior ones first. taken: codes that are given away already.

    A few of them end between the first and the last day, their duties going to a neighbour.
    """
    if number <= 0:
        return []
    rng = Random(f"bodies {seed}")
    prefix = next(p for p in ("jy", *(f"jy{n}x" for n in range(1, 1000))) if not _in(p, taken))
    wanted = _counts(number)
    pairs = [a + b for a, b in product(words.PLACE_FIRST, words.PLACE_SECOND)]
    rng.shuffle(pairs)
    names = cycle(pairs)
    province = Body(
        prefix, f"{words.PROVINCE}人民政府", "province", words.PROVINCE, court=f"{words.PROVINCE}高级人民法院"
    )  # fmt: skip
    cities = [
        _government(f"{prefix}{n:02d}", f"{next(names)}市", "city", province)
        for n in range(1, wanted.cities + 1)
    ]
    counties = []
    for n in range(wanted.counties):
        above = cities[n % len(cities)]
        kind = rng.choice(("县", "县", "县", "区"))
        code = f"{above.code}{n // len(cities) + 1:02d}"
        counties.append(_government(code, f"{next(names)}{kind}", "county", above))
    departments = _departments(wanted.departments, province, cities, counties)
    townships = [
        _township(counties[n % len(counties)] if counties else province, n // max(1, len(counties)), next(names), rng)
        for n in range(wanted.townships)
    ]  # fmt: skip
    bodies = [province, *cities, *counties, *departments, *townships]
    bodies = _some_end(bodies, rng, first, last)
    return [_furnished(body, rng) for body in bodies]


def _in(prefix: str, taken: Collection[str]) -> bool:
    return any(code.startswith(prefix) for code in taken)


def _government(code: str, place: str, level: str, above: Body) -> Body:
    return Body(code, f"{place}人民政府", level, place, above.code, court=f"{place}{COURTS[level]}")


def _departments(
    number: int, province: Body, cities: list[Body], counties: list[Body]
) -> list[Body]:
    """Departments, one after the other at every government: the larger the government, the earlier."""
    found: list[Body] = []
    for sort, (name, topic) in enumerate(words.DEPARTMENTS * 3, 1):
        for above in (province, *cities, *counties):
            if len(found) == number:
                return found
            again = (sort - 1) // len(words.DEPARTMENTS)
            office = ("", "执法", "服务")[again]
            ending = "厅" if above.level == "province" else "局"
            found.append(
                Body(
                    f"{above.code}-d{sort:02d}", f"{above.place}{name}{office}{ending}",
                    f"{above.level}_department", above.place, above.code, topic, court=above.court,
                )
            )  # fmt: skip
    return found


def _township(above: Body, place: int, name: str, rng: Random) -> Body:
    kind = rng.choice(("镇", "镇", "乡", "街道"))
    office = "办事处" if kind == "街道" else "人民政府"
    return Body(
        f"{above.code}-t{place + 1:02d}", f"{above.place}{name}{kind}{office}", "township", f"{name}{kind}",
        above.code, "township", court=above.court,
    )  # fmt: skip


def _some_end(bodies: list[Body], rng: Random, first: date, last: date) -> list[Body]:
    """One small body in a hundred and twenty goes up in a neighbour, at the end of a quarter."""
    ends = [
        day
        for year in range(first.year, last.year + 1)
        for day in (date(year, 3, 31), date(year, 6, 30), date(year, 9, 30), date(year, 12, 31))
        if first < day < last
    ]
    small = [body for body in bodies if body.level in ("township", "county_department")]
    siblings: dict[tuple[str | None, str], list[Body]] = {}
    for body in small:
        siblings.setdefault((body.parent, body.level), []).append(body)
    ended: dict[str, Body] = {}
    goes_on: set[str] = set()
    for body in rng.sample(small, len(small)):
        enough = len(ended) >= max(1, len(bodies) // 120)
        if enough or len(bodies) < 20 or not ends or body.code in goes_on:
            continue
        near = [b for b in siblings[body.parent, body.level] if b.code not in (body.code, *ended)]
        if near:
            to = rng.choice(near)
            goes_on.add(to.code)
            ended[body.code] = replace(body, until=rng.choice(ends), successor=to.code)
    return [ended.get(body.code, body) for body in bodies]


def _furnished(body: Body, rng: Random) -> Body:
    """The body with its people, and whether it takes fees."""
    posts = words.STAFF_OF_A_TOWNSHIP if body.level == "township" else words.STAFF_OF_A_DEPARTMENT
    staff, seen = [], set()
    for post, roles in posts:
        while True:
            (surname, latin), (given, spelt) = rng.choice(words.SURNAMES), rng.choice(words.GIVEN)
            name = f"{latin}{spelt}.{body.code}"
            if name not in seen:
                break
        seen.add(name)
        staff.append(Member(name, f"{surname}{given}（{post}）", roles))
    charges = rng.random() < rates.CHARGING_BODIES
    return replace(body, staff=tuple(staff), charges=charges)


def shares(bodies: list[Body], cases: int, seed: int) -> list[int]:
    """How many cases each body has: every one at least one where there are enough, the rest by level and
    by chance; they add up to `cases`."""
    rng = Random(f"shares {seed}")
    weights = [
        rates.A_YEAR[body.level] * rng.lognormvariate(0, rates.UNEVEN)
        * (0.6 if body.until else 1.0)
        for body in bodies
    ]  # fmt: skip
    each = [1 if place < cases else 0 for place in range(len(bodies))]
    rest = cases - sum(each)
    whole = sum(weights)
    exact = [rest * weight / whole for weight in weights]
    found = [least + int(part) for least, part in zip(each, exact, strict=True)]
    by_fraction = sorted(range(len(bodies)), key=lambda n: (int(exact[n]) - exact[n], n))
    for place in by_fraction[: cases - sum(found)]:
        found[place] += 1
    return found
