"""What one table of the law says of another, and what the code asks for: each slip names file and row."""

from collections.abc import Callable
from dataclasses import fields
from string import Formatter

from config.law import required
from config.law.checking_formats import formats_hold
from config.law.checklist import EVERY, PLACES, WHOLE
from config.law.errors import LawTableError
from config.law.grounds import Grounds
from config.law.law import START, Law
from config.law.slips import Said
from config.law.slips import missing as _missing
from config.law.slips import surplus as _surplus
from config.law.slips import unknown as _unknown
from config.law.wizard import TYPED, Wizard
from config.law.words import Words

SAME = "same"
MOST = {"workdays": 400, "days": 400, "months": 24, "hours": 240}


def check(law: Law) -> None:
    """Raises LawTableError for the first contradiction."""
    for look in CHECKS:
        for slip in look(law):
            raise LawTableError(slip)


def _permissions(law: Law) -> Said:
    table = law.permissions
    for role in sorted(table.roles() - {*law.words.roles, *table.others}):
        yield f"permissions.toml: no label for the role {role}"
    staff = table.groups.get("staff", ())
    file = "permissions.toml"
    yield from _missing(file, "group", ["staff", "administering", "handling"], list(table.groups))
    yield from _missing(file, "action", required.ACTIONS, list(table.actions))
    for what, wanted, there in (
        ("scope", required.SCOPES, table.scopes), ("word", required.OTHERS, table.others),
    ):  # fmt: skip
        yield from _missing(file, what, wanted, list(there))
        yield from _surplus(file, what, wanted, list(there))
    for role in sorted({role for group in table.groups.values() for role in group}):
        yield from _unknown("permissions.toml", "role", role, law.words.roles)
    for action in table.actions.values():
        for where in action.may.values():
            yield from _unknown(f"permissions.toml: {action.name}", "scope", where, table.scopes)
        for role in staff:
            if action.may.get(role) == "anywhere":
                yield f"permissions.toml: {action.name}: {role}: staff never anywhere"
        for role, other in action.until.items():
            place = f"permissions.toml: {action.name}: until"
            yield from _unknown(place, "role of may", role, list(action.may))
            yield from _unknown(place, "role of may", other, list(action.may))
            if role == other or other in action.until:
                yield f"{place}: {other}: nobody would ever do it without the other"
    together = set(table.groups.get("administering", ())) & set(table.groups.get("handling", ()))
    for role in sorted(together):
        yield f"permissions.toml: groups: {role}: either administers or handles cases"


def _transitions(law: Law) -> Said:
    file = "transitions.toml"
    for event, row in law.transitions.items():
        place = f"{file}: {event}"
        for state in (*row.sources, row.to):
            yield from _unknown(place, "state", state, (*law.states, START, SAME))
        if SAME in row.sources or row.to == START:
            yield f"{place}: a case comes from a state and goes to one or stays the same"
        for event_named in row.follows:
            yield from _unknown(f"{place}: follows", "event", event_named, law.transitions)
        for step in row.then:
            yield from _unknown(f"{place}: then", "event", step, law.transitions)
            if step in law.transitions and row.to not in law.transitions[step].sources:
                yield f"{place}: then: {step} is not possible afterwards"
        if row.keeps and (row.to == SAME or not set(row.keeps) < set(row.sources)):
            yield f"{place}: keeps: states that the event comes from, and it leads the others on"
        for role in row.by:
            if role not in law.words.roles:
                yield f"{place}: no label for the role {role}"
        yield from _unknown(place, "clock effect", row.clock, law.words.clock_effects)
        yield from _unknown(place, "letter", row.letter, law.words.letters)
        for words in (row.purpose or "", *row.hints.values()):
            yield from _periods_named(place, words, law)
    reached = {START, *(row.to for row in law.transitions.values())}
    unreachable = sorted(set(law.states) - reached)
    if unreachable:
        yield f"{file}: no transition leads to {', '.join(unreachable)}"


def _periods_named(place: str, words: str, law: Law) -> Said:
    """A {name} in a text for people is the number of a period."""
    try:
        names = [name for _, name, _, _ in Formatter().parse(words) if name is not None]
    except ValueError as error:
        yield f"{place}: {words}: {error}"
        return
    for name in names:
        yield from _unknown(place, "period", name, law.periods)


def _usual(law: Law) -> Said:
    """From every state from which a way leads on, a usual one is named, and it is a way from there.
    Whether there is such an event, the machine asks."""
    file = "transitions.toml: usual"
    for state, events in law.usual.items():
        yield from _unknown(file, "state", state, law.states)
        for event in events:
            if event in law.transitions and state not in law.transitions[event].sources:
                yield f"{file}: {state}: {event} is not possible from there"
    rows = [row for row in law.transitions.values() if row.to != SAME and not row.seldom]
    onward = {state for row in rows for state in row.sources} - {START}
    yield from _missing(file, "state", onward, law.usual)


def _states(law: Law) -> Said:
    for name, state in law.states.items():
        yield from _unknown(f"states.toml: {name}", "stage", state.stage, law.words.stages)
        if name in (START, SAME):
            yield f"states.toml: {name}: the name has another meaning"


def _outcomes(law: Law) -> Said:
    for code, outcome in law.outcomes.items():
        place = f"outcomes.toml: {code}"
        yield from _unknown(place, "row", outcome.row, law.formats.result_rows("2021"))
        yield from _unknown(place, "class", outcome.cls, law.words.outcome_classes)
        for _, remedy in outcome.remedy.versions:
            yield from _unknown(place, "remedy", remedy, law.words.remedies)
        for need in (*outcome.needs, *outcome.also):
            if need not in law.words.needs:
                yield f"{place}: no words for the need {need}"
        yield from _unknown(place, "setting", outcome.setting, law.settings)
        yield from _unknown(place, "event", outcome.set_by, law.transitions)
    for (proceeding, code), result in law.results.items():
        place = f"outcomes.toml: {proceeding}/{code}"
        yield from _unknown(place, "setting", result.setting, law.settings)
        yield from _unknown(place, "cell", result.cell, (*law.formats.cells, "not_counted"))
        yield from _unknown(place, "period", result.appeal, law.periods)


def _remedies(law: Law) -> Said:
    file = "remedies.toml"
    for of, way in law.remedies.items():
        for _, remedy in way.values.versions:
            yield from _unknown(f"{file}: {of}", "remedy", remedy, law.words.remedies)
    for body, government in law.above.items():
        for level in (body, government):
            yield from _unknown(f"{file}: above", "level", level, law.words.levels)
    kinds = {row.kind for row in law.organs}
    yield from _missing(f"{file}: organ", "kind", required.REVIEW_ORGANS, kinds)
    yield from _surplus(f"{file}: organ", "kind", required.REVIEW_ORGANS, kinds)
    led = {level for row in law.organs for level in row.levels}
    yield from _missing(f"{file}: above", "level", set(law.words.levels) - led, law.above)
    for row in law.organs:
        place = f"{file}: {row.kind}"
        if (row.name is None) == (not row.levels):
            yield f"{place}: a row has either a name or levels"
        for level in row.levels:
            yield from _unknown(place, "level", level, law.words.levels)


def _periods(law: Law) -> Said:
    for name, period in law.periods.items():
        unit = required.PERIODS.get(name)
        if unit is not None and period.unit != unit:
            yield f"periods.toml: {name}: unit: the program counts it in {unit}, not {period.unit}"
        for day, number in period.values.versions:
            if number > MOST[period.unit]:
                yield f"periods.toml: {name}: from {day}: at most {MOST[period.unit]} {period.unit}"


def _settings(law: Law) -> Said:
    for name, rule in law.settings.items():
        place = f"settings.toml: {name}"
        slip = rule.slip()
        if slip:
            yield f"{place}: {slip}"
        yield from _unknown(place, "group", rule.group, law.setting_groups)
        if name not in required.SETTINGS:
            continue
        kind, values = required.SETTINGS[name]
        if rule.type != kind:
            yield f"{place}: type: the program reads it as {kind}, not {rule.type}"
        if values:
            yield from _missing(f"{place}: values", "value", values, rule.values)
            yield from _surplus(f"{place}: values", "value", values, rule.values)
    unused = set(law.setting_groups) - {rule.group for rule in law.settings.values()}
    for group in sorted(unused - {"other"}):
        yield f"settings.toml: groups: {group}: no setting stands in it"


def _words(law: Law) -> Said:
    for one in fields(Words):
        table, wanted = getattr(law.words, one.name), required.WORDS.get(one.name, ())
        yield from _missing(f"words.toml: {one.name}", "word", wanted, table)
        if one.name not in required.OPEN_WORDS:
            yield from _surplus(f"words.toml: {one.name}", "word", wanted, table)
    nested = {
        **{f"subtypes: {code}": there for code, there in law.words.subtypes.items()},
        **{f"kinds: {kind}": row.get("results", {}) for kind, row in law.words.kinds.items()},
    }
    for place, there in nested.items():
        wanted = required.NESTED.get(place, frozenset())
        yield from _missing(f"words.toml: {place}", "word", wanted, there)
        yield from _surplus(f"words.toml: {place}", "word", wanted, there)
    staff = law.permissions.groups.get("staff", ())
    yield from _missing("words.toml: duties", "role", staff, law.words.duties)
    for alias, channel in law.words.channel_aliases.items():
        yield from _unknown(f"words.toml: {alias}", "channel", channel, law.words.channels)
    grouped: set[str] = set()
    for group, row in law.words.audit_groups.items():
        for action in row["of"]:
            yield from _unknown(
                f"words.toml: audit_groups: {group}", "action", action, law.words.audit
            )
            if action in grouped:
                yield f"words.toml: audit_groups: {group}: {action} stands twice"
            grouped.add(action)
    for alias, role in law.words.role_aliases.items():
        yield from _unknown(f"words.toml: {alias}", "role", role, law.words.roles)
        if alias in law.words.roles:
            yield f"words.toml: role_aliases: {alias}: is a role of today"
    for name in law.words.secrecy_questions:
        yield from _unknown(
            "words.toml: secrecy_questions", "check", name, law.words.secrecy_checks
        )
    for code in law.words.subtypes:
        yield from _unknown(f"words.toml: subtypes: {code}", "outcome", code, law.outcomes)


def _grounds(law: Law) -> Said:
    """Every row that the program asks for, once; a level and a title say one thing only."""
    file = "grounds.toml"
    for one in fields(Grounds):
        there = [row.name for row in getattr(law.grounds, one.name)]
        yield from _missing(f"{file}: {one.name}", "row", required.GROUNDS[one.name], there)
        yield from _surplus(f"{file}: {one.name}", "row", required.GROUNDS[one.name], there)
        for name in sorted({name for name in there if there.count(name) > 1}):
            yield f"{file}: {one.name}: {name} stands twice"
    named = [row.name for row in law.grounds.named]
    for reason in law.grounds.no_consultation:
        yield from _unknown(f"{file}: {reason.name}", "thing to name", reason.also, named)
    known: set[str] = set()
    for row in law.grounds.classifier:
        for level in row.levels:
            yield from _unknown(f"{file}: {row.name}", "level", level, law.words.levels)
            if level in known:
                yield f"{file}: {row.name}: {level} stands twice"
            known.add(level)
    for level in sorted(set(law.words.levels) - known):
        yield f"{file}: classifier: {level}: nobody says whether it may classify"
    for rank in law.grounds.rank:
        if not (rank.counts or rank.says):
            yield f"{file}: {rank.name}: says is missing: why it does not count"
        if not (rank.titles or rank.shape or rank.ending or rank.told):
            yield f"{file}: {rank.name}: nothing says what is of this rank"
        if rank.article and not rank.titles:
            yield f"{file}: {rank.name}: article: of no title"


def _checklist(law: Law) -> Said:
    file = "checklist.toml"
    yield from _missing(file, "line", required.CHECKLIST, law.checklist)
    yield from _surplus(file, "line", required.CHECKLIST, law.checklist)
    known = {*law.outcomes, *law.words.outcome_classes, *law.words.needs}
    for name, row in law.checklist.items():
        place = f"{file}: {name}"
        yield from _unknown(place, "event or place", row.mended, (*law.transitions, *PLACES))
        for one in row.concerns if row.concerns not in ((EVERY,), (WHOLE,)) else ():
            yield from _unknown(f"{place}: concerns", "outcome, class or need", one, known)


def _supervision(law: Law) -> Said:
    file, table = "supervision.toml", law.supervision
    yield from _missing(file, "point", required.POINTS, table.points)
    yield from _surplus(file, "point", required.POINTS, table.points)
    if len(table.points) < len(table.point):
        yield f"{file}: a point stands twice"
    hasten = table.hasten
    for role in (*hasten.to, *hasten.late):
        yield from _unknown(f"{file}: hasten", "role", role, law.words.roles)
    yield from _surplus(f"{file}: hasten", "channel", required.HASTEN_CHANNELS, hasten.channels)
    yield from _missing(f"{file}: hasten", "channel", ("in_app",), hasten.channels)
    yield from _missing(f"{file}: hasten.words", "matter", required.HASTENED, hasten.words)
    yield from _surplus(f"{file}: hasten.words", "matter", required.HASTENED, hasten.words)
    for name, text in hasten.words.items():
        if _placeholders(text) != required.HASTEN_WORDS:
            yield f"{file}: hasten.words: {name}: it holds number, due and days, and nothing else"


def _placeholders(text: str) -> set[str]:
    """The names between braces; text that is no template counts as one name that nobody knows."""
    try:
        return {name for _, name, _, _ in Formatter().parse(text) if name is not None}
    except ValueError:
        return {text}


def _applicants(law: Law) -> Said:
    columns = law.formats.applicant_columns()
    for column in dict.fromkeys(law.applicants.endings.values()):
        yield from _unknown(f"applicants.toml: {column}", "column", column, columns)
    gaps, grounds = law.applicants.gaps, law.words.correction_grounds
    for name, gap in gaps.items():
        yield from _unknown(f"applicants.toml: gap: {name}", "ground", gap.ground, grounds)
    yield from _missing("applicants.toml: gap", "row", required.GAPS, gaps)
    yield from _surplus("applicants.toml: gap", "row", required.GAPS, gaps)


def _year(law: Law) -> Said:
    file, year = "year.toml", law.year
    for key, item in year.items.items():
        for kind in item.kinds:
            yield from _unknown(f"{file}: {key}", "kind", kind, year.kinds)
        for level in item.levels:
            yield from _unknown(f"{file}: {key}", "level", level, law.words.levels)
    for name, topic in year.topics.items():
        yield from _unknown(
            f"{file}: topics: {name}", "section", topic.section, law.formats.sections
        )
    for name, step in year.steps.items():
        for state in (*step.sources, step.to):
            yield from _unknown(f"{file}: {name}", "state", state, year.states)
        for role in step.by:
            yield from _unknown(f"{file}: {name}", "role", role, law.words.roles)
    for what, there in (
        ("kinds", year.kinds), ("item", year.items), ("topics", year.topics),
        ("states", year.states), ("step", year.steps),
    ):  # fmt: skip
        yield from _missing(f"{file}: {what}", "row", required.YEAR[what], there)
        yield from _surplus(f"{file}: {what}", "row", required.YEAR[what], there)


def _asked(law: Law) -> Said:
    """What the code asks for by its name."""
    for file, what, wanted, there in (
        ("states.toml", "state", required.STATES, law.states),
        ("outcomes.toml", "outcome", required.OUTCOMES, law.outcomes),
        ("remedies.toml", "remedy", required.REMEDIES, law.remedies),
        ("periods.toml", "period", required.PERIODS, law.periods),
        ("settings.toml", "setting", required.SETTINGS, law.settings),
        ("fees.toml", "ladder", required.LADDERS, law.fees),
        ("checks.toml", "check", required.CHECKS, law.checks),
        ("outcomes.toml", "result", required.RESULTS, ["/".join(key) for key in law.results]),
    ):
        yield from _missing(file, what, wanted, there)
    yield from _surplus("checks.toml", "check", required.CHECKS, law.checks)


def _wizard(law: Law) -> Said:
    """Every answer leads somewhere, no way goes in a circle, and what is explained is at the end of one. An
    outcome that the table does not know yet is chosen by its label alone."""
    file, wizard = "wizard.toml", law.wizard
    for what, named in (("question", wizard.questions), ("explained", wizard.outcomes)):
        if len(named) < len(getattr(wizard, what)):
            yield f"{file}: {what}: a row stands twice"
    yield from _surplus(file, "outcome", law.outcomes, wizard.outcomes)
    for code, outcome in law.outcomes.items():
        if outcome.set_by is None and code in wizard.outcomes:
            wanted = {*outcome.needs} & {*TYPED}
            there = wizard.outcomes[code].typed()
            yield from _missing(f"{file}: explained: {code}", "text", wanted, there)
    reached: set[str] = set()
    for one in wizard.question:
        if len({answer.says for answer in one.answers}) < len(one.answers):
            yield f"{file}: {one.name}: an answer stands twice"
        for answer in one.answers:
            place = f"{file}: {one.name}: {answer.says}"
            if [answer.to, answer.outcome, answer.event].count(None) != 2:
                yield f"{place}: it leads to one of a question, an outcome, an event"
            yield from _unknown(place, "question", answer.to, wizard.questions)
            yield from _unknown(place, "outcome", answer.outcome, law.outcomes)
            yield from _unknown(place, "explained outcome", answer.outcome, wizard.outcomes)
            yield from _unknown(place, "event", answer.event, law.transitions)
            kinds = law.words.subtypes.get(answer.outcome or "", {})
            yield from _unknown(place, "subtype", answer.subtype, kinds)
            if kinds and answer.subtype is None:
                yield f"{place}: {answer.outcome} has subtypes, and none is said"
            reached |= {answer.to} if answer.to else set()
    for name in wizard.questions.keys() - reached - {wizard.question[0].name}:
        yield f"{file}: {name}: no answer leads to this question"
    circle = _circle(wizard, wizard.question[0].name, ())
    if circle:
        yield f"{file}: {circle}: the questions go in a circle"
        return
    asked = {last.outcome for _, last in wizard.paths()}
    for code in sorted(wizard.outcomes.keys() - asked):
        yield f"{file}: explained: {code}: no way leads to this outcome"


def _circle(wizard: Wizard, name: str, before: tuple[str, ...]) -> str | None:
    """A question that leads back to itself."""
    if name in before:
        return name
    question = wizard.questions.get(name)
    for answer in question.answers if question else ():
        found = _circle(wizard, answer.to, (*before, name)) if answer.to else None
        if found:
            return found
    return None


CHECKS: tuple[Callable[[Law], Said], ...] = (
    _permissions, formats_hold, _transitions, _usual, _states, _outcomes, _remedies, _periods, _settings, _applicants,
    _words, _grounds, _year, _wizard, _checklist, _supervision,
    _asked,
)  # fmt: skip
