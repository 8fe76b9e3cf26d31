"""How many of the broken rules the checks tell, and how much of what they tell is right, rule by rule.

`python -m tests.workflow.report.checks.precision` writes the figures into docs/testing.md anew.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.examples import ACCEPTANCE, DOCS, TABLES, read
from tests.workflow.report.checks.corpus import FORMATS, cases
from tests.workflow.report.checks.reports import LAW, published
from tests.workflow.report.checks.test_checks import FIRES, SILENT
from tests.workflow.report.checks.test_sound_and_published import broken
from workflow.report.checks import findings
from workflow.report.reading import read_report

BEGIN, END = "<!-- begin precision -->\n", "<!-- end precision -->\n"
KINDS = {"sides": "V01", "nothing asked": "V08", "row": "V03", "block": "V04"}
INPUTS = {
    "panlong_2019.txt": ({"V12"}, {"V06", "V11", "V40"}),
    "titles_autonumbered.html": ({"V12"}, set()),
    "letter_title.html": (set(), set()),
    "seven_sections.html": (set(), set()),
    "own_fee_section_five.html": ({"V11", "V21"}, set()),
    "old_table2_new_table3.html": ({"V10"}, set()),
    "text_accepted.html": ({"V12"}, set()),
}
"""Files of tests/acceptance → what has to be told of them, and what may be."""
PAIRS = {**FIRES, **SILENT}


@dataclass
class Score:
    """Of one rule: reports that break it, those of which it told; reports of which it told, rightly."""

    broken: int = 0
    found: int = 0
    told: int = 0
    rightly: int = 0

    def add(self, *, broken: bool, may: bool, told: bool) -> None:
        self.broken += broken
        self.found += broken and told
        self.told += told
        self.rightly += told and (broken or may)


@dataclass
class Figures:
    """The scores by rule, and of the sound reports: how many, errors and hints told of them, by report."""

    scores: dict[str, Score] = field(default_factory=dict)
    sound: int = 0
    accused: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def of(self, rule: str) -> Score:
        return self.scores.setdefault(rule, Score())


@dataclass(frozen=True)
class Judged:
    """A whole report: what the checks told, what they have to tell and what they may."""

    name: str
    levels: dict[str, str]
    breaks: frozenset[str]
    also: frozenset[str]


def judged() -> Iterator[Judged]:
    """Every whole report of the repository, read and checked."""
    for case in cases():
        yield Judged(case.name, _levels(case.read()), case.breaks, case.also)
    for path in TABLES:
        data = read(path)
        kinds = {kind for kind, _ in broken(data)}
        breaks = {KINDS[kind] for kind in kinds if kind in KINDS}
        if "results" in kinds:
            breaks.add("V02" if any(data["table3"]["total"].values()) else "V07")
        if data["format"] != FORMATS.format_of(data["year"]):
            breaks.add("V10")
        if any(value is None for cells in data["table3"].values() for value in cells.values()):
            breaks.add("V06")
        yield Judged(path.stem, _levels(published(path.stem)), frozenset(breaks), frozenset())
    for name, (wrong, may) in INPUTS.items():
        folder = "reports" if name.endswith(".txt") else "report_inputs"
        path = ACCEPTANCE / folder / name
        report = read_report(name, path.read_bytes(), FORMATS)
        yield Judged(name, _levels(report), frozenset(wrong), frozenset(may))


def _levels(report: object) -> dict[str, str]:
    worst: dict[str, str] = {}
    for one in findings(report, LAW):  # type: ignore[arg-type]
        worst.setdefault(one.rule, one.level)
    return worst


def measured() -> Figures:
    """The figures over all whole reports and over the pairs of `test_checks`, each asked for its rule."""
    figures = Figures()
    for one in judged():
        for rule in {*one.levels, *one.breaks}:
            figures.of(rule).add(
                broken=rule in one.breaks, may=rule in one.also, told=rule in one.levels
            )
        if not one.breaks:
            figures.sound += 1
            wrong = Counter(level for rule, level in one.levels.items() if rule not in one.also)
            figures.accused += [one.name] * bool(wrong["error"])
            figures.asked += [one.name] * bool(wrong["warn"])
    for rule in PAIRS:
        for pairs, breaks in ((FIRES[rule], True), (SILENT[rule], False)):
            for report, known in pairs:
                figures.of(rule).add(
                    broken=breaks, may=False, told=bool(findings(report, LAW, known, {rule}))
                )
    return figures


def table(figures: Figures) -> str:
    """The figures as they stand in docs/testing.md."""
    lines = [
        f"{figures.sound} sound reports: {len(figures.accused)} with a false error, "
        f"{len(figures.asked)} with a false hint.",
        "",
        "| rule | reports that break it | found | recall | reports told | rightly | precision |",
        "|---|---|---|---|---|---|---|",
    ]
    for rule, s in sorted(figures.scores.items()):
        lines.append(
            f"| {rule} | {s.broken} | {s.found} | {_share(s.found, s.broken)} "
            f"| {s.told} | {s.rightly} | {_share(s.rightly, s.told)} |"
        )
    return "\n".join(lines) + "\n"


def _share(part: int, whole: int) -> str:
    return f"{part * 100 // whole} %" if whole else "–"


if __name__ == "__main__":
    page = DOCS / "testing.md"
    text = page.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    _, after = rest.split(END)
    page.write_text(before + BEGIN + table(measured()) + END + after, encoding="utf-8")
