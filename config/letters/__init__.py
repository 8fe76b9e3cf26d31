"""What letters say: `load_letters()` reads and checks the templates and their tables once.

A template is a file of this folder (config/letters/template.py): another version of a letter is another file
of the same kind with a later day. values.toml names what a template may ask of a case, answers.toml holds the
sentences of each answer, papers.toml what lies in a file and what it proves.
"""

import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from config.errors import TableError
from config.law import Law, load_law
from config.letters import required as asked
from config.letters.phrases import Phrase, phrase
from config.letters.template import BLIND, HIDDEN, Block, Head, LineSlip, Template, blocks_of
from config.rows import (
    ROW,
    Flag,
    Labels,
    LawDay,
    SomeWords,
    Text,
    Texts,
    Word,
    by_name,
    checked,
    made_from,
    read,
    required,
)
from config.rows import Words as WordList

FOLDER = Path(__file__).parent
RULE = "---"
"""The line between the head of a template and its words."""
ANSWERS_HOW = ("first", "ordered", "replace", "supplement", "correct")


class LetterError(TableError):
    """A template or a table of config/letters that cannot be. Names the file and the line or row."""


Words = Annotated[tuple[Phrase, ...], made_from(Texts, lambda texts: tuple(map(phrase, texts)))]


@dataclass(frozen=True, slots=True)
class ValuesFile:
    """values: what a template may ask of a case, each with what stands in its place while nobody knows it.
    lists: the same for the rows of a list. channels: how an application came, as a letter says it.
    disputes: what ordered a new answer."""

    __pydantic_config__ = ROW
    values: Labels
    lists: Annotated[dict[Word, Labels], Field(min_length=1)]
    channels: Labels
    disputes: Labels


@dataclass(frozen=True, slots=True)
class AnswerWords:
    """What a reply says to an item. code: the outcome, or the result of a case that is no application (kind).
    article: as the file cites it."""

    __pydantic_config__ = ROW
    code: Word
    holds_from: LawDay
    says: Words
    article: Text | None = None
    kind: Word = "application"


@dataclass(frozen=True, slots=True)
class AnswersFile:
    __pydantic_config__ = ROW
    answer: Annotated[tuple[AnswerWords, ...], Field(min_length=1)]


@dataclass(frozen=True, slots=True)
class PaperRow:
    """A paper that an event leaves in the file (practice.md §3.6). place: its order there. group: of the
    list of evidence. by: who made it. proves: what it shows; shows: which needs of an answer (words.toml).
    letters: kinds of the letters that are its pages. together: all its events make one paper. within: the paper
    in whose pages it stands. sealed: why it is closed. standing: drafted from the case as it stands."""

    __pydantic_config__ = ROW
    name: Word
    events: SomeWords
    title: Text
    place: Annotated[int, Field(strict=True, ge=1, le=99)]
    group: Literal["time", "facts"]
    by: Literal["body", "applicant", "other", "court"]
    proves: Text
    shows: WordList = ()
    letters: WordList = ()
    together: Flag = False
    within: Word | None = None
    sealed: Word | None = None
    standing: Flag = False


@dataclass(frozen=True, slots=True)
class UploadRow:
    """What an uploaded file of a kind is in the file of the case. goes_with: papers that it belongs to. late: it is
    evidence also where it came after the reply."""

    __pydantic_config__ = ROW
    kind: Word
    title: Text
    place: Annotated[int, Field(strict=True, ge=1, le=99)]
    group: Literal["time", "facts"]
    by: Literal["body", "applicant", "other", "court"]
    goes_with: WordList = ()
    sealed: Word | None = None
    late: Flag = False


@dataclass(frozen=True, slots=True)
class PapersFile:
    __pydantic_config__ = ROW
    groups: Labels
    makers: Labels
    sealed: Labels
    paper: Annotated[tuple[PaperRow, ...], Field(min_length=1)]
    upload: Annotated[tuple[UploadRow, ...], Field(min_length=1)]


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence that decides cases, offered beside a field of an event. label: what it is for; within { } of its
    text stands what is to be written by hand."""

    __pydantic_config__ = ROW
    event: Word
    field: Word
    label: Text
    text: Text


@dataclass(frozen=True, slots=True)
class SentencesFile:
    __pydantic_config__ = ROW
    sentence: Annotated[tuple[Sentence, ...], Field(min_length=1)]


@dataclass(frozen=True)
class Letters:
    """All templates by kind in the order of practice.md §2.2, of each kind the oldest version first, and the
    tables beside them."""

    templates: Mapping[str, tuple[Template, ...]]
    values: ValuesFile
    answers: tuple[AnswerWords, ...]
    papers: PapersFile
    sentences: tuple[Sentence, ...] = ()

    def at(self, kind: str, day: date) -> Template | None:
        """The template of a kind that holds on the day; None where there was none yet."""
        versions = [one for one in self.templates[kind] if one.holds_from <= day]
        return versions[-1] if versions else None

    def latest(self, kind: str) -> Template:
        return self.templates[kind][-1]

    def answer(self, kind: str, code: str, day: date) -> AnswerWords | None:
        """What is said to an item that is answered so on the day."""
        rows = [row for row in self.answers if (row.kind, row.code) == (kind, code)]
        known = [row for row in rows if row.holds_from <= day]
        return max(known, key=lambda row: row.holds_from, default=None)


@cache
def load_letters(folder: Path = FOLDER) -> Letters:
    """Read and check all of them. Raises LetterError with the file and the line or row that is wrong."""
    values = read(folder / "values.toml", ValuesFile, LetterError)
    answers = read(folder / "answers.toml", AnswersFile, LetterError).answer
    papers = read(folder / "papers.toml", PapersFile, LetterError)
    by_name(
        answers,
        lambda row: (row.kind, row.code, row.holds_from.isoformat()),
        "answers.toml",
        LetterError,
    )
    sentences = read(folder / "sentences.toml", SentencesFile, LetterError).sentence
    by_name(
        sentences,
        lambda row: (row.event, row.field, row.label),
        "sentences.toml",
        LetterError,
    )
    by_name(papers.paper, lambda row: row.name, "papers.toml", LetterError)
    by_name(papers.upload, lambda row: row.kind, "papers.toml", LetterError)
    templates: dict[str, tuple[Template, ...]] = {}
    for path in sorted(folder.glob("*.txt")):
        template = template_of(path.name, _text(path))
        templates[template.head.kind] = (*templates.get(template.head.kind, ()), template)
    in_order = sorted(templates.items(), key=lambda named: (named[1][-1].head.place, named[0]))
    letters = Letters(
        {kind: tuple(sorted(found, key=lambda one: one.holds_from)) for kind, found in in_order},
        values, answers, papers, sentences,
    )  # fmt: skip
    for slip in _slips(letters, load_law()):
        raise LetterError(slip)
    return letters


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as slip:
        raise LetterError(f"{path.name}: {slip}") from slip


def template_of(file: str, text: str) -> Template:
    """A template read. Raises LetterError with the file and the line."""
    head, rule, words = text.partition(f"\n{RULE}\n")
    if not rule:
        raise LetterError(f"{file}: no line {RULE} between its head and its words")
    try:
        data = tomllib.loads(head)
    except tomllib.TOMLDecodeError as slip:
        raise LetterError(f"{file}: {slip}") from slip
    made = checked(data, Head, file, LetterError)
    try:
        blocks = blocks_of(words, head.count("\n") + 3)
    except LineSlip as slip:
        raise LetterError(f"{file}: {slip}") from slip
    if not blocks:
        raise LetterError(f"{file}: it says nothing")
    return Template(made, blocks, file)


Said = Iterator[str]


def _slips(letters: Letters, law: Law) -> Said:
    """What a template or a table says of the others and of the law."""
    yield from _named(letters, law)
    required("letters", "letter", law.words.letters, letters.templates, LetterError)
    for versions in letters.templates.values():
        days = [one.holds_from for one in versions]
        for one in versions:
            if days.count(one.holds_from) > 1:
                yield f"{one.file}: holds_from: another version holds from the same day"
            yield from _of_head(one, law)
            yield from _of_headings(one)
            for block in one.blocks:
                yield from _of_block(one, block, letters)
    for event, row in law.transitions.items():
        if row.letter and event not in _events_of(letters.templates[row.letter]):
            file = letters.latest(row.letter).file
            yield f"{file}: made_by: {event} has this letter in transitions.toml"
    yield from _of_answers(letters, law)
    for offered in letters.sentences:
        if offered.event not in law.transitions:
            yield f"sentences.toml: {offered.label}: no event named {offered.event}"
        if offered.field not in asked.SENTENCE_FIELDS:
            yield f"sentences.toml: {offered.label}: no field named {offered.field} takes sentences"
    yield from _of_papers(letters, law)


def _of_papers(letters: Letters, law: Law) -> Said:
    papers = letters.papers
    names = {row.name for row in papers.paper}
    for paper in papers.paper:
        place = f"papers.toml: {paper.name}"
        wanted: list[tuple[str, Collection[str], Collection[str]]] = [
            ("event", paper.events, law.transitions),
            ("need", paper.shows, law.words.needs),
            ("letter", paper.letters, letters.templates),
            ("paper", (paper.within,) if paper.within else (), names),
            ("reason to seal", (paper.sealed,) if paper.sealed else (), papers.sealed),
        ]
        for what, said, known in wanted:
            for word in said:
                if word not in known:
                    yield f"{place}: no {what} named {word}"
    for upload in papers.upload:
        for word in upload.goes_with:
            if word not in names:
                yield f"papers.toml: {upload.kind}: no paper named {word}"
        if upload.sealed and upload.sealed not in papers.sealed:
            yield f"papers.toml: {upload.kind}: no reason to seal named {upload.sealed}"


def _named(letters: Letters, law: Law) -> Said:
    """What the program says or asks for by its name."""
    values, papers = letters.values, letters.papers
    known: list[tuple[str, Collection[str], frozenset[str]]] = [
        ("values.toml: values", values.values, asked.VALUES),
        ("values.toml: lists", values.lists, frozenset(asked.LISTS)),
        ("values.toml: channels", values.channels, frozenset(law.words.channels)),
        ("values.toml: disputes", values.disputes, asked.DISPUTES),
        ("papers.toml: groups", papers.groups, asked.GROUPS),
        ("papers.toml: makers", papers.makers, asked.MAKERS),
        ("papers.toml: sealed", papers.sealed, asked.SEALED),
        ("papers.toml: upload", [row.kind for row in papers.upload], asked.UPLOADS),
    ]
    for name, columns in asked.LISTS.items():
        known.append((f"values.toml: lists: {name}", values.lists.get(name, {}), columns))
    for place, there, wanted in known:
        for word in sorted(wanted - set(there)):
            yield f"{place}: {word}: the program says this, and it is missing"
        for word in sorted(set(there) - wanted):
            yield f"{place}: {word}: the program knows nothing of it"


def _events_of(versions: tuple[Template, ...]) -> set[str]:
    return {event for one in versions for event in (*one.head.made_by, *one.head.follows)}


def _of_head(one: Template, law: Law) -> Said:
    head, place = one.head, one.file
    for event in (*head.made_by, *head.follows):
        if event not in law.transitions:
            yield f"{place}: no event named {event}"
    for stage in head.stages:
        if stage not in law.words.stages:
            yield f"{place}: stages: no stage named {stage}"
    for kind in head.cases:
        if kind not in law.words.kinds:
            yield f"{place}: cases: no kind of case named {kind}"
    for how in head.answers:
        if how not in ANSWERS_HOW:
            yield f"{place}: answers: one of {', '.join(ANSWERS_HOW)}, not {how}"
    if not (head.made_by or head.follows or head.stages):
        yield f"{place}: nothing says when it can be written: made_by, follows or stages"
    written = any(block.kind == "insert" and block.list == "remedy" for block in one.blocks)
    if written != (head.remedy != "none"):
        yield f"{place}: remedy: the head and the line * remedy must agree"
    if head.kind in law.words.letters and head.label != law.words.letters[head.kind]:
        yield f"{place}: label: words.toml calls it {law.words.letters[head.kind]}"


def _of_headings(one: Template) -> Said:
    """A screen reader goes from heading to heading: none is left out."""
    first = next((block for block in one.blocks if block.kind in ("heading", "subheading")), None)
    if first is not None and first.kind == "subheading":
        yield f"{one.file}: line {first.line}: a heading (##) below no heading (#)"


def _of_block(one: Template, block: Block, letters: Letters) -> Said:
    place = f"{one.file}: line {block.line}"
    known = set(letters.values.values)
    if block.kind in ("each", "table"):
        if block.list not in letters.values.lists:
            yield f"{place}: no list named {block.list} in values.toml"
            return
        known |= set(letters.values.lists[block.list])
    for line, name in block.placed():
        if name not in known:
            yield f"{one.file}: line {line}: no value named {name} in values.toml"
    if one.head.to in BLIND:
        hidden = HIDDEN if one.head.to == "reviewer" else HIDDEN | {"reviewed"}
        for name in (block.list, *block.names()):
            if name in hidden:
                yield f"{place}: {name} would tell another party who applies"


def _of_answers(letters: Letters, law: Law) -> Said:
    file, columns = "answers.toml", letters.values.lists.get("answers", {})
    wanted = {("application", code) for code in law.outcomes}
    for kind, about in law.words.kinds.items():
        wanted |= {(kind, code) for code in about.get("results", {})}
    there = {(row.kind, row.code) for row in letters.answers}
    for kind, code in sorted(wanted - there):
        yield f"{file}: {kind}/{code}: no words for this answer"
    for kind, code in sorted(there - wanted):
        yield f"{file}: {kind}/{code}: there is no such answer"
    for row in letters.answers:
        for name in (name for said in row.says for name in said.names):
            if name not in columns and name not in letters.values.values:
                yield f"{file}: {row.kind}/{row.code}: no value named {name} in values.toml"
