"""The panel of filters of the worklist: from the address to what is asked for, and what is in force in words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from config.law import load_law
from webui.wording import SOON_WORKDAYS
from workflow.dates import EVER, Days, month_day, parse_day
from workflow.service.cases.desk_list import ALL, MINE, OFFICE, Filters, Somebody

VIEWS = {MINE: "我的", OFFICE: "本机关", ALL: "全部"}
NOBODY = "-"
"""In an address: given to nobody yet."""
RANGES = {"received": "收到", "due": "期限", "answered": "答复"}
YEARS = 10
"""So many years may be chosen, the running one first."""
NAMES = (
    "state", "to", "year", "kind", "outcome", "soon", "late", "new",
    *(f"{name}_{end}" for name in RANGES for end in ("from", "until")),
)  # fmt: skip
LONGEST = 200


@dataclass(frozen=True)
class Chosen:
    """What an address says of the list. said: the filters as they stand in an address; errors: by their name what is
    wrong with one, which then is not asked for."""

    view: str
    filters: Filters
    said: dict[str, str]
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def address(self) -> dict[str, str]:
        """What a link to this view carries."""
        view = {} if self.view == MINE else {"view": self.view}
        return {**view, **self.said}

    @property
    def filtered(self) -> bool:
        return bool(self.said)


def chosen(args: Mapping[str, str], this_year: int) -> Chosen:
    """What is asked for. Unknown words are as nothing; of all cases those of one year are shown."""
    law = load_law()
    view = args.get("view", "")
    view = view if view in VIEWS else MINE
    said = {name: args[name].strip()[:LONGEST] for name in NAMES if args.get(name, "").strip()}
    known: dict[str, Any] = {
        "state": law.states, "kind": law.words.kinds, "outcome": law.outcomes,
        "year": years(this_year), "soon": ("1",), "late": ("1",), "new": ("1",),
    }  # fmt: skip
    said = {name: text for name, text in said.items() if text in known.get(name, (text,))}
    if view == ALL and "year" not in said:
        said["year"] = str(this_year)
    errors: dict[str, str] = {}
    ranges = {name: _range(name, said, errors) for name in RANGES}
    filters = Filters(
        state=said.get("state", ""),
        given=None if "to" not in said else "" if said["to"] == NOBODY else said["to"],
        year=int(said["year"]) if "year" in said else None,
        kind=said.get("kind", ""),
        outcome=said.get("outcome", ""),
        soon=SOON_WORKDAYS if "soon" in said else None,
        late="late" in said,
        fresh="new" in said,
        **ranges,
    )
    return Chosen(view, filters, said, errors)


def years(this_year: int) -> tuple[str, ...]:
    return tuple(str(this_year - n) for n in range(YEARS))


def _range(name: str, said: Mapping[str, str], errors: dict[str, str]) -> Days:
    ends = []
    for end in ("from", "until"):
        try:
            text = said.get(f"{name}_{end}")
            ends.append(parse_day(text) if text else None)
        except ValueError as error:
            errors[f"{name}_{end}"] = str(error)
            ends.append(None)
    first, last = ends
    if first is not None and last is not None and first > last:
        errors[f"{name}_until"] = "不能早于开始的一天"
        return EVER
    return Days(first, last)


def in_force(found: Chosen, given: list[Somebody]) -> str:
    """What the filters say, in words: 2026 年、未办结、本机关."""
    law, said, filters = load_law(), found.said, found.filters
    parts = [f"{said['year']} 年"] if "year" in said else []
    if "state" in said:
        parts.append(law.states[said["state"]].label)
    elif found.view != ALL:
        parts.append("未办结")
    parts.append(VIEWS[found.view] if found.view != ALL else "全部申请")
    if filters.given is not None:
        names = {one.name: one.shown for one in given}
        parts.append(
            f"交给{names.get(filters.given, filters.given)}" if filters.given else "还没有交给人"
        )
    if "kind" in said:
        parts.append(law.words.kinds[said["kind"]]["label"])
    if "outcome" in said:
        parts.append(law.outcomes[said["outcome"]].label)
    for name, label in RANGES.items():
        days: Days = getattr(filters, name)
        if days:
            parts.append(f"{label}{_in_words(days)}")
    if "soon" in said:
        parts.append(f"{SOON_WORKDAYS} 个工作日内到期")
    if "late" in said:
        parts.append("已逾期")
    if "new" in said:
        parts.append("新的")
    return "、".join(parts)


def _in_words(days: Days) -> str:
    first = f"{days.first.year}年{month_day(days.first)}" if days.first else ""
    last = f"{days.last.year}年{month_day(days.last)}" if days.last else ""
    if first and last:
        return f"从{first}到{last}"
    return f"从{first}起" if first else f"到{last}"
