"""Drafting: a template filled from a case becomes a letter."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from config.letters import Letters, load_letters
from config.letters.phrases import Phrase, phrase
from config.letters.template import BLIND, Block, Template
from workflow.case.case import Case
from workflow.case.remedies import on_the_net, remedy_of_case
from workflow.case.unnamed import marks_of
from workflow.letters.about import About
from workflow.letters.letter import Choice, Contact, Element, Gap, Letter, Paragraph, Table, tight
from workflow.letters.of_answer import answers, says
from workflow.letters.possible import NotPossible, Standing, as_of, standing
from workflow.letters.said import Row, Values, clean, plain, words_of
from workflow.letters.seen import Seen
from workflow.letters.values import values_of
from workflow.rules.remedy import COURT, ONLINE, ORGAN, Remedy, remedy_text, third_party_remedy

MARKS = {
    ORGAN: ("复议机关", "【复议机关】"),
    COURT: ("有管辖权的人民法院", "【有管辖权的人民法院】"),
    ONLINE: ("网上申请行政复议的网址", "【网上申请行政复议的网址】"),
}
"""What the remedy's words show where a setting of the body is missing."""
NUMERALS = "一二三四五六七八九十"


def draft(
    kind: str,
    case: Case,
    about: About,
    today: date,
    *,
    choice: Choice = Choice(),  # noqa: B008 - frozen
    letters: Letters | None = None,
    found: Standing | None = None,
) -> Letter:
    """The letter of that kind as the case stands; of a paper that went out, as it stood then.

    A place that nobody can fill yet stays open (`Letter.open`). today: the day of what is not dated yet.
    found: how the letter stands, where that was asked already.
    Raises KeyError for a kind that no template has; NotPossible, with what would help, where the case cannot
    have it now.
    """
    letters = letters or load_letters()
    if kind not in letters.templates:
        raise KeyError(kind)
    found = found or standing(kind, case, today, letters, choice)
    if found.refusal is not None:
        raise NotPossible(found.refusal)
    day = found.dated or today
    template = letters.at(kind, day)
    assert template is not None, "it stands"
    giving = "transfer" in (*template.head.made_by, *template.head.follows)
    then = as_of(case, found.made) if found.made else case
    seen = Seen(then, about, letters, day, choice, giving)
    return _Draft(seen, template).letter()


class _Draft:
    """One letter while it is written."""

    def __init__(self, seen: Seen, template: Template) -> None:
        self.seen, self.template = seen, template
        values = values_of(seen)
        self.blind = template.head.to in BLIND
        if self.blind:
            values = values.without(_marks(seen))
        self.values: Values = values
        self.open: dict[str, Gap] = {}
        self.facts: dict[str, Any] = {}
        self.words: dict[str, str] = {}
        self.heard: dict[str, str | None] = {}
        self.remedy: tuple[str, ...] = ()

    def letter(self) -> Letter:
        head = self.template.head
        elements: list[Element] = []
        enclosed: list[Element] = []
        target = elements
        for block in self.template.blocks:
            if block.kind == "insert" and block.list == "page":
                target = enclosed
                continue
            target += self._of(block)
        body = str(self.values.values["body"])
        addressee = self._said_text(head.addressee) if head.addressee else ""
        return Letter(
            kind=head.kind,
            label=head.label,
            to=head.to,
            title=(clean(body), head.title),
            number=self._number(),
            addressee=addressee,
            day=self.seen.day,
            elements=tuple(_joined(elements)),
            enclosed=tuple(_joined(enclosed)),
            remedy=self.remedy,
            annexes=self._annexes(),
            signature=clean(body) if head.signed else "",
            contact=self._contact() if head.signed else Contact(),
            facts={**self._always(), **self.facts},
            words=self.words,
            open=tuple(self.open.values()),
            signed=head.signed,
            wide=head.wide,
        )

    def _always(self) -> dict[str, Any]:
        names = ["body", "number"] + ([] if self.blind else ["applicant"])
        found = {name: plain(self.values.values[name]) for name in names}
        return {**found, "day": self.seen.day.isoformat()}

    # -- the head and the foot ------------------------------------------------------------------------

    def _number(self) -> str:
        """〔…〕: the book of numbers gives it (it does not stand in the case)."""
        word = self.template.head.number
        if not word:
            return ""
        gaps = [self._gap("letter_code", "机关代字"), self._gap("letter_number", "序号")]
        return f"{gaps[0]}公开{word}〔{self.seen.day.year}〕{gaps[1]}号"

    def _annexes(self) -> tuple[str, ...]:
        names = list(self.template.head.annexes)
        if any(block.list == "answers" for block in self.template.blocks):
            names += [name for row in answers(self.seen) for name in row["supplied"]]
        if not names:
            return ()
        said = [clean(str(name)) for name in names]
        return (
            tuple(said)
            if len(said) == 1
            else tuple(f"{n}. {name}" for n, name in enumerate(said, 1))
        )

    def _contact(self) -> Contact:
        known = {name: words_of(self.values.values[f"contact_{name}"]) or "" for name in
                 ("unit", "person", "phone", "address")}  # fmt: skip
        if not known["phone"]:
            known["phone"] = self._gap("contact_phone", self._label("contact_phone"))
        return Contact(**known)

    # -- words ----------------------------------------------------------------------------------------

    def _label(self, name: str) -> str:
        table = self.seen.letters.values
        return table.values.get(name) or table.lists["answers"].get(name) or name

    def _gap(self, name: str, label: str, text: str | None = None) -> str:
        gap = Gap(name, label, text or f"【{label}】")
        self.open.setdefault(name, gap)
        return gap.text

    def _said(self, phrase: Phrase, row: Row | None = None, *, blank: bool = False) -> str:
        """A phrase with its values; of a row of a list the row's come first."""

        def of_row(name: str) -> str | None:
            return words_of(row[name]) if row is not None and name in row else self._known(name)

        def gap(name: str) -> str:
            return "" if blank else self._gap(name, self._label_in(name, row))

        used: list[str] = []
        text = phrase.said(self._known if row is None else of_row, gap, used)
        for name in used:
            if name not in self.words and (row is None or name not in row):
                value, words = self.values.values[name], self._known(name) or ""
                self.facts[name] = words if isinstance(value, str) else plain(value)
                self.words[name] = words
        return clean(text)

    def _known(self, name: str) -> str | None:
        """The words of a value of the case; each is said several times."""
        try:
            return self.heard[name]
        except KeyError:
            found = self.heard[name] = words_of(self.values.values[name])
            return found

    def _value(self, name: str, row: Row | None) -> Any:
        return row[name] if row is not None and name in row else self.values.values[name]

    def _label_in(self, name: str, row: Row | None) -> str:
        if row is not None and name in row:
            for columns in self.seen.letters.values.lists.values():
                if name in columns:
                    return columns[name]
        return self._label(name)

    def _said_text(self, text: str) -> str:
        return self._said(phrase(text))

    def _way(self, ways: tuple[Phrase, ...]) -> Phrase:
        """The first way of saying it whose values are all known; else the last."""
        for way in ways:
            for name in way.needed:
                if self._known(name) is None:
                    break
            else:
                return way
        return ways[-1]

    # -- blocks ---------------------------------------------------------------------------------------

    def _of(self, block: Block) -> list[Element]:
        if block.kind == "insert":
            return self._answers() if block.list == "answers" else self._remedy()
        if block.kind == "each":
            rows = self.values.lists[block.list]
            self._note_list(block.list, block.names())
            return [
                Paragraph("text", text) for row in rows if (text := self._said(block.ways[0], row))
            ]
        if block.kind == "table":
            return [self._table(block)]
        if block.kind == "form":
            said = self._said(block.ways[0], blank=True) if block.ways[0].tokens else ""
            return [Table((), ((block.label, said.strip("　 ")),), (4, 9))]
        text = self._said(self._way(block.ways))
        return [Paragraph(block.kind, text)] if text else []

    def _table(self, block: Block) -> Table:
        rows = [
            tuple(self._said(column.words, row, blank=True) for column in block.columns)
            for row in self.values.lists[block.list]
        ]
        self._note_list(block.list, block.names())
        heads = tuple(column.head for column in block.columns)
        blank = tuple("" for _ in heads)
        return Table(
            heads, tuple(rows) or (blank, blank), tuple(column.width for column in block.columns)
        )

    def _note_list(self, name: str, columns: Iterable[str]) -> None:
        wanted = list(dict.fromkeys(columns))
        self.facts[name] = [
            {column: plain(row[column]) for column in wanted if column in row}
            for row in self.values.lists[name]
        ]

    # -- the answer and the remedy --------------------------------------------------------------------

    def _answers(self) -> list[Element]:
        """Item by item: what was asked, and what is said to it."""
        rows = list(answers(self.seen))
        found: list[Element] = []
        told: list[dict[str, Any]] = []
        for place, row in enumerate(rows):
            words = says(self.seen, row)
            if len(rows) > 1:
                found.append(
                    Paragraph(
                        "heading", f"{_numeral(place + 1)}、关于您提出的“{clean(row['item'])}”"
                    )
                )
            if words is None:
                found.append(Paragraph("text", self._gap("answer", "答复")))
                continue
            for said in words.says:
                if text := self._said(said, row):
                    found.append(Paragraph("text", text))
            names = dict.fromkeys(name for phrase in words.says for name in phrase.names)
            told.append(
                {
                    "item": row["number"], "asked": plain(row["asked"]), "outcome": row["code"],
                    "label": row["label"], "article": row["article"],
                    **{n: plain(row[n]) for n in names if n in row and words_of(row[n]) is not None},
                }
            )  # fmt: skip
        if not rows:
            found.append(Paragraph("text", self._gap("answer", "逐项答复的内容、依据和理由")))
        self.facts["answers"] = told
        return found

    def _remedy(self) -> list[Element]:
        remedy = self._remedy_of()
        if remedy is None:
            return [Paragraph("text", self._gap("remedy", "救济途径"))]
        for name in remedy.missing:
            self._gap(name, *MARKS[name])
        called = self.template.head.called
        self.remedy = tuple(
            tight(clean(text)).replace("本答复", called) for text in remedy.paragraphs
        )
        self.facts["remedy"] = list(remedy.kinds)
        return [Paragraph("remedy", text) for text in self.remedy]

    def _remedy_of(self) -> Remedy | None:
        """The ways by the rules of the letter's day; None while nobody knows what is answered."""
        seen, case = self.seen, self.seen.case
        body = str(self.values.values["body"])
        if self.template.head.remedy == "third_party":
            return third_party_remedy(seen.day, case.rules, body)
        if case.facts.outcome or case.facts.result:
            return remedy_of_case(case, seen.day)
        code = _LAPSES.get(case.state)
        if self.template.head.kind == "termination" and code:
            return remedy_text(code, seen.day, case.rules, electronic=on_the_net(case), body=body)
        return None


_LAPSES = {"awaiting_correction": "correction_lapsed", "awaiting_payment": "fee_unpaid"}


def _numeral(n: int) -> str:
    """一 to 九十九."""
    tens, ones = divmod(n, 10)
    if tens == 0:
        return NUMERALS[ones - 1]
    return ("" if tens == 1 else NUMERALS[tens - 1]) + "十" + (NUMERALS[ones - 1] if ones else "")


def _joined(elements: list[Element]) -> list[Element]:
    """Rows of a form that follow one another stand in one table."""
    found: list[Element] = []
    for one in elements:
        last = found[-1] if found else None
        if isinstance(one, Table) and isinstance(last, Table) and not one.heads and not last.heads:
            found[-1] = Table((), (*last.rows, *one.rows), last.widths)
        else:
            found.append(one)
    return found


def _marks(seen: Seen) -> tuple[str, ...]:
    """Everything by which a reader could tell who applies."""
    person = seen.about.person
    private = {
        "contact": person.contact, "legal_representative": person.legal_representative, "phone": person.phone,
        "id_number": person.id_number, "email": person.email, "address": person.address,
        "agent": {"name": person.agent},
    }  # fmt: skip
    return marks_of((one.name for one in seen.case.applicants), private)
