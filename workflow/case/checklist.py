"""The checklist before a signature: each line computed, item by item, from the papers in the file
(practice.md §7). Its questions stand in config/law/checklist.toml; which of them stop a signature is the
setting `signature_stops`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from config.law.checklist import EVERY, ChecklistLine
from workflow import events as ev
from workflow.case.evidence import FEWEST_SOURCES, missing_needs, with_whole
from workflow.case.facts import CaseView, Logged
from workflow.case.guards.reviewing import judgements
from workflow.case.remedies import remedy_of_case
from workflow.case.returned import LEGAL, SECRECY, standing_pass
from workflow.dates import in_words, month_day
from workflow.refusal import Refusal
from workflow.rules import grounds
from workflow.rules.remedy import COURT, ONLINE, ORGAN

THERE, MISSING, NOT_NEEDED = "there", "missing", "not_needed"
GIVEN_BY_SIGNING = frozenset(("letter_number",))
"""Places of the letter that the signature itself fills."""
OF_THE_REMEDY = frozenset((ORGAN, COURT, ONLINE, "remedy"))
NEEDS_OF = {
    "article": frozenset(("citation", "subtype", "classification")),
    "reason": frozenset(
        (
            "address", "ground", "reason", "assessment", "earlier_reply", "window", "channel",
            "counts", "tries", "correction", "reasons_asked",
        )
    ),
}  # fmt: skip
"""The needs of an outcome (outcomes.toml) behind a line; the others have a line of their own."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper that shows something. kind: log (ref: number of its line), file (ref: its id), letter (ref: its
    version, 0 for a draft) or application (ref 0). words: what it is, with its day."""

    kind: str
    ref: int
    words: str


@dataclass(frozen=True, slots=True)
class Held:
    """What lies in the file besides the log. letter: the reply that would be signed, None where none can be drafted;
    open: its open places, name → label; annexed: it names annexes; annexes: what lies there to go with it. reach:
    what is known to reach the applicant by (address, email, phone). before_templates: the day is before every
    template; its reply came from elsewhere."""

    letter: Paper | None = None
    open: dict[str, str] = field(default_factory=dict)
    reach: frozenset[str] = frozenset()
    before_templates: bool = False
    annexed: bool = False
    annexes: tuple[Paper, ...] = ()


@dataclass(frozen=True, slots=True)
class Checked:
    """A line of the checklist for one item (None: the whole reply). state: there, missing or not_needed.
    papers: what shows it; says: what is missing, or a word beside it. elsewhere: where that is mended, if not
    where the line says."""

    line: ChecklistLine
    item: int | None
    state: str
    papers: tuple[Paper, ...] = ()
    says: str = ""
    elsewhere: str = ""

    @property
    def mended(self) -> str:
        """Where what is missing is done: an event, or one of PLACES."""
        return self.elsewhere or self.line.mended


def checklist(
    case: CaseView, today: date, papers: Held, *, without: tuple[str, ...] = ()
) -> list[Checked]:
    """Every line for every item of the drafted reply; nothing while none is drafted.

    without: lines that are left out, where nobody has looked at the letter.
    """
    facts = case.facts
    if facts.answer is None and facts.result is None:
        return []
    look = _Look(case, today, papers)
    found = []
    for line in case.rules.law.checklist.values():
        if line.name in without:
            continue
        judge = _LINES[line.name]
        for part in [_Part(None, None, None)] if line.whole else look.parts:
            if not look.concerned(line, part):
                found.append(Checked(line, part.item, NOT_NEEDED))
                continue
            state, papers_of, says, *elsewhere = judge(look, part)
            found.append(Checked(line, part.item, state, tuple(papers_of), says, *elsewhere))
    return found


def stopped(case: CaseView, lines: list[Checked]) -> Refusal | None:
    """Why the reply cannot be signed yet: each missing line that stops it, and where it is mended."""
    stops = case.rules["signature_stops"]
    missing = [one for one in lines if one.state == MISSING and one.line.name in stops]
    if not missing:
        return None
    said = "；".join(f"{where_of(one, case)}{one.says or one.line.question}" for one in missing)
    places = dict.fromkeys(f"“{place_of(one.mended, case)}”" for one in missing)
    articles = dict.fromkeys(one.line.article for one in missing)
    return Refusal(
        "missing_evidence", "；".join(articles), f"现在不能签发，还缺：{said}",
        f"在{'、'.join(places)}中补上之后，或者把有关的项退回修改",
    )  # fmt: skip


def where_of(one: Checked, case: CaseView) -> str:
    """第 3 项：, where there are several."""
    return f"第 {one.item} 项：" if one.item and len(case.header.items) > 1 else ""


def place_of(mended: str, case: CaseView) -> str:
    """Where something that is missing is done, in words."""
    row = case.rules.law.transitions.get(mended)
    return row.label if row else _PLACES[mended]


_PLACES = {"files": "材料", "settings": "设置", "letter": "文书"}


# -- looking at the file ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Part:
    """An item with its answer, as far as one was proposed."""

    item: int | None
    code: str | None
    evidence: ev.Evidence | None


_Found = tuple[str, list[Paper], str] | tuple[str, list[Paper], str, str]


class _Look:
    """A case with its papers, while the lines are computed."""

    def __init__(self, case: CaseView, today: date, papers: Held) -> None:
        self.case, self.today, self.papers = case, today, papers
        self.law = case.rules.law

    @cached_property
    def parts(self) -> list[_Part]:
        """Every requested item; one part without a number where nothing is asked item by item."""
        answer, asked = self.case.facts.answer, len(self.case.header.items)
        if answer is None:
            return [_Part(None, None, None)]
        if not answer.items:
            numbers = range(1, asked + 1) if asked else [None]
            return [_Part(n, answer.outcome, answer.evidence) for n in numbers]
        by_item = {item.item: item for item in answer.items}
        found = []
        for number in range(1, max(asked, *by_item) + 1):
            item = by_item.get(number)
            merged = with_whole(item, answer.evidence) if item else None
            found.append(_Part(number, item.outcome if item else None, merged))
        return found

    def concerned(self, line: ChecklistLine, part: _Part) -> bool:
        if line.whole or line.concerns == (EVERY,):
            return True
        if part.code is None:
            return False
        outcome = self.law.outcomes[part.code]
        if {part.code, outcome.cls, *outcome.needs} & set(line.concerns):
            return True
        return line.name == "third_party" and bool(self.case.facts.consultations)

    @cached_property
    def draft(self) -> list[Paper]:
        """The draft of the reply that stands."""
        line = self._last(ev.ProposeOutcome)
        return [self.logged(line)] if line else []

    def logged(self, line: Logged) -> Paper:
        label = self.law.transitions[line.event.name].label
        return Paper("log", line.seq, f"{month_day(line.event.on)}{label}")

    def passed(self, name: str) -> Logged | None:
        """The line of a pass that holds for the draft as it stands."""
        return standing_pass(self.case.log, name)

    def _last(self, *kinds: type[ev.Event]) -> Logged | None:
        log = self.case.log
        return next((one for one in reversed(log) if isinstance(one.event, kinds)), None)

    @cached_property
    def lacking(self) -> dict[int | None, set[str]]:
        """The needs that the file does not meet, by item."""
        answer = self.case.facts.answer
        found: dict[int | None, set[str]] = {}
        for number, need in missing_needs(self.case, answer, self.today) if answer else ():
            found.setdefault(number, set()).add(need)
        return found

    def missing(self, part: _Part, needs: frozenset[str]) -> list[str]:
        """Those of the needs that an item lacks, in words."""
        lacking = (self.lacking.get(part.item, set()) | self.lacking.get(None, set())) & needs
        return [
            self.law.words.needs[need]["label"] for need in self.law.words.needs if need in lacking
        ]


# -- the lines ----------------------------------------------------------------------------------------

_Judge = Callable[[_Look, _Part], _Found]
_LINES: dict[str, _Judge] = {}


def _line(judge: _Judge) -> _Judge:
    _LINES[judge.__name__.strip("_")] = judge
    return judge


@_line
def _answered(look: _Look, part: _Part) -> _Found:
    """条例36: each item has an answer of its own; one word for several answers none."""
    answer = look.case.facts.answer
    if answer and not answer.items and len(look.case.header.items) > 1:
        return MISSING, look.draft, "没有逐项答复"
    if part.code or look.case.facts.result:
        return THERE, look.draft, ""
    return MISSING, [], "没有答复"


@_line
def _made_by(look: _Look, part: _Part) -> _Found:
    """Where the body answers that another has it, that one by name (条例36(5))."""
    assert part.evidence is not None
    told = {
        "not_responsible": "right_body" not in look.lacking.get(part.item, set())
        and "right_body" not in look.lacking.get(None, set()),
        "in_state_archive": bool(part.evidence.archive and part.evidence.archive.name)
        or grounds.names("state_archive", look.law, part.evidence.channel, part.evidence.reason),
    }
    if told.get(part.code or "", bool(part.evidence.reason)):
        return THERE, look.draft, ""
    return MISSING, [], "没有写明制作、保存的机关及其联系方式"


@_line
def _searched(look: _Look, part: _Part) -> _Found:
    """条例36(4): a record of the item, of two places at least."""
    several = len(look.case.header.items) > 1
    whole = not look.case.facts.answer or not look.case.facts.answer.items
    records, sources = [], set()
    for line in look.case.log:
        event = line.event
        if not isinstance(event, ev.RecordSearch) or event.on > look.today:
            continue
        if not several or event.item == part.item or (whole and event.item is None):
            records.append(look.logged(line))
            sources |= set(event.sources)
    if len(sources) >= FEWEST_SOURCES:
        return THERE, records, ""
    if records:
        return MISSING, records, f"只查了 {len(sources)} 处，至少查 {FEWEST_SOURCES} 处"
    return MISSING, [], "没有这一项的检索记录"


@_line
def _third_party(look: _Look, part: _Part) -> _Found:
    """条例32, 34: asked and answered, or the lawful reason why not."""
    case = look.case
    waiting = [n for n, one in case.facts.consultations.items() if one.is_open(look.today)]
    letters = [
        look.logged(line)
        for line in case.log
        if isinstance(line.event, ev.Consultation | ev.RecordOpinion | ev.OverrideThirdParty)
    ]
    if waiting:
        return MISSING, letters, f"第 {'、'.join(map(str, waiting))} 次征求意见还没有答复"
    if part.code and "consultation_or_reason" in look.law.outcomes[part.code].needs:
        if look.missing(part, frozenset(("consultation_or_reason",))):
            return MISSING, letters, "没有征求第三方意见，也没有写明不征求的理由"
        asked = any(one.kind == "consult_third_party" for one in case.facts.consultations.values())
        return THERE, letters if asked else look.draft, ""
    return THERE, letters, ""


@_line
def _severable(look: _Look, part: _Part) -> _Found:
    """条例37: what can be separated is given; why nothing can be is told."""
    evidence = part.evidence
    assert evidence is not None
    said = (evidence.ground, evidence.reason, evidence.assessment)
    if evidence.places or (part.code != "partial" and grounds.names("severable", look.law, *said)):
        return THERE, look.draft, ""
    if part.code == "partial":
        return MISSING, [], "没有区分处理记录"
    return MISSING, [], "没有写明能不能区分处理后提供一部分"


@_line
def _article(look: _Look, part: _Part) -> _Found:
    """条例36: of most outcomes the table has the article; some need a law, a kind, a classification."""
    return _written(look, part, NEEDS_OF["article"])


@_line
def _reason(look: _Look, part: _Part) -> _Found:
    """条例36: facts and reasons; whether they are more than a label, the draft was asked."""
    return _written(look, part, NEEDS_OF["reason"])


def _written(look: _Look, part: _Part, needs: frozenset[str]) -> _Found:
    if part.code is None and look.case.facts.result is None:
        return MISSING, [], "没有答复"
    lacking = look.missing(part, needs)
    return (MISSING, [], f"没有写明{'、'.join(lacking)}") if lacking else (THERE, look.draft, "")


@_line
def _remedy(look: _Look, part: _Part) -> _Found:
    """行政复议法20, 23: computed for the type of the answer and the day; the body sets the names."""
    remedy = remedy_of_case(look.case, look.today)
    if remedy.missing:
        settings = look.law.settings
        return MISSING, [], f"还没有设置{'、'.join(settings[n].label for n in remedy.missing)}"
    return THERE, [look.papers.letter] if look.papers.letter else [], ""


@_line
def _letter(look: _Look, part: _Part) -> _Found:
    """A placeholder stops the signature, never the draft."""
    letter = look.papers.letter
    if letter is None and look.papers.before_templates:
        return NOT_NEEDED, [], "当时的答复书没有模板，另行存卷"
    if letter is None:
        return MISSING, [], "还没有答复书"
    left = {
        name: label
        for name, label in look.papers.open.items()
        if name not in GIVEN_BY_SIGNING | OF_THE_REMEDY
    }
    if left:
        says = f"{letter.words}还有空白：{'、'.join(left.values())}"
        if set(left) <= set(look.law.settings):
            return MISSING, [letter], says, "settings"
        return MISSING, [letter], says
    return THERE, [letter], ""


@_line
def _annexes(look: _Look, part: _Part) -> _Found:
    """条例36(2): what the letter says goes with it lies in the file as it goes out (practice.md §3.6)."""
    papers = look.papers
    if not papers.annexed:
        return NOT_NEEDED, [], "答复书没有附件"
    if papers.annexes:
        return THERE, list(papers.annexes), ""
    return MISSING, [], "答复书写了附件，案卷里还没有：请在“材料”中按“答复及附件”上传"


@_line
def _service(look: _Look, part: _Part) -> _Found:
    """条例40: in the way that was asked for, by what is known of the applicant; late replies go out too."""
    case, words = look.case, look.law.words
    ways = case.header.delivery
    for way in ways:
        if _REACH.get(way, way) in look.papers.reach | {"pickup", "on_site", "portal", "fax"}:
            asked = Paper("application", 0, f"申请书：{words.delivery[way]}")
            return THERE, [asked], _until(look)
    if ways:
        named = "、".join(words.delivery[way] for way in ways)
        return MISSING, [], f"要求{named}，没有相应的地址"
    if look.missing(_Part(None, None, None), frozenset(("supply",))):
        return MISSING, [], "申请人没有写明怎样提供，草稿中也没有写明"
    return THERE, look.draft, _until(look)


_REACH = {"mail": "address", "email": "email"}


def _until(look: _Look) -> str:
    due = look.case.deadlines.reply_due
    if due is None:
        return ""
    late = "，已逾期，仍须送达" if look.today > due else ""
    return f"期限 {in_words(due)}{late}"


@_line
def _secrecy(look: _Look, part: _Part) -> _Found:
    """条例17: the reviewer has judged this item, since the draft last changed."""
    line = look.passed(SECRECY)
    if line is None or not look.case.facts.secrecy_passed:
        return MISSING, [], "还没有通过保密审查"
    event = line.event
    assert isinstance(event, ev.PassSecrecyReview)
    by_item = look.case.header.kind == "application" and part.item is not None
    if by_item and part.item not in judgements(look.case, event):
        return MISSING, [look.logged(line)], "保密审查没有对这一项作出判断"
    return THERE, [look.logged(line)], ""


@_line
def _legal(look: _Look, part: _Part) -> _Found:
    line = look.passed(LEGAL)
    return (THERE, [look.logged(line)], "") if line else (MISSING, [], "还没有通过合法性审核")


# -- for showing --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Shown:
    """A line as a page shows it. state: missing if it is of any item, there if of any other. parts: what is
    found, alike items together."""

    line: ChecklistLine
    state: str
    parts: tuple[tuple[tuple[int, ...], Checked], ...]


def shown(lines: list[Checked]) -> list[Shown]:
    """The lines in the order of the table."""
    found = []
    for name in dict.fromkeys(one.line.name for one in lines):
        mine = [one for one in lines if one.line.name == name]
        alike: dict[tuple[Any, ...], list[Checked]] = {}
        for one in mine:
            alike.setdefault((one.state, one.papers, one.says), []).append(one)
        states = {one.state for one in mine}
        state = next(one for one in (MISSING, THERE, NOT_NEEDED) if one in states)
        parts = tuple(
            (tuple(one.item for one in group if one.item is not None), group[0])
            for group in alike.values()
        )
        found.append(Shown(mine[0].line, state, parts))
    return found
