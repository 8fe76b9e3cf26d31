"""The evidence of a case as one PDF for review and court: the list, every paper numbered and paged, a sheet to check it.

What is closed (proof of identity, what third parties are concerned with) is numbered and named and bound apart; what
came after the reply is named and left out (law.md §1.1, practice.md §2.5).
"""

from dataclasses import dataclass, replace

from workflow import events as ev
from workflow.bundle.binding import bind
from workflow.bundle.sheets import Press
from workflow.bundle.volume import LACKING, Piece, drafted, in_groups, named, paged, told
from workflow.case.identity import masked_id, masked_phone
from workflow.letters import Choice, Letter, draft, pdf
from workflow.letters.in_file import Exhibit, evidence, left_out, reply_day
from workflow.letters.letter import Element, Paragraph, Table, day_words
from workflow.letters.seen import Seen

LIST, CHECK = "证据目录", "校验清单"
ORIGINS = {"uploaded": "上传", "kept": "留存的文书", "drafted": "按登记起草", "made": "系统生成"}


@dataclass(frozen=True)
class Bundle:
    """The evidence set in pages. listed: the letter in front, numbered as the pieces are. out: what is left out."""

    pieces: tuple[Piece, ...]
    listed: Letter
    out: tuple[Exhibit, ...]
    content: bytes

    def told(self) -> list[str]:
        """What whoever hands it in must know of it."""
        lacking = [one for one in self.pieces if one.page == LACKING]
        closed = [one for one in self.pieces if one.paper.sealed]
        return told(
            (
                ("按登记起草、没有原件的", named(drafted(self.pieces), "证据{}")),
                ("目录列有而案卷中没有的", named(lacking, "证据{}")),
                ("另行装订、密封提交的", named(closed, "证据{}")),
                ("答复以后形成、收到而没有编入的", [one.title for one in self.out]),
            )
        )


def bundle(press: Press, choice: Choice = Choice()) -> Bundle:  # noqa: B008 - frozen
    """The evidence bundle of a case as it stands. Raises NotPossible where the case has no list of evidence yet, BadInput
    for a character of the list that no shipped font can print."""
    seen, press = _seen(press, choice), _for_others(press)
    pieces = paged(press, evidence(seen))
    listed = _listed(press, pieces, choice)
    out = left_out(seen)
    front, back = pdf.write(listed), pdf.write(_checking(press, seen, pieces, out))
    sections = [one.section(f"证据{one.number}") for one in pieces]
    title = f"政府信息公开申请（编号{press.case.header.number}）证据材料"
    content = bind(
        (LIST, front),
        sections,
        (CHECK, back),
        title=title,
        author=listed.title[0],
        dated=press.today,
    )
    return Bundle(pieces, listed, out, content)


def listed(press: Press, choice: Choice) -> Letter:
    """The list of evidence with the pages of the bundle."""
    others = _for_others(press)
    return _listed(others, paged(others, evidence(_seen(press, choice))), choice)


def _listed(press: Press, pieces: tuple[Piece, ...], choice: Choice) -> Letter:
    about = replace(press.about, pages={one.paper.key: one.page for one in pieces})
    return draft(
        "evidence_list", press.case, about, press.today, choice=choice, letters=press.letters
    )


def _seen(press: Press, choice: Choice) -> Seen:
    return Seen(press.case, press.about, press.letters, press.today, choice)


def _for_others(press: Press) -> Press:
    """Whoever reads the bundle needs to know who applied, and not how he lives and is reached (个人信息保护法6); who the
    third parties are stands in the closed part alone."""
    person = press.about.person
    less = replace(
        person, address="", postcode="", email="", contact="", phone=masked_phone(person.phone),
        id_number=masked_id(person.id_number),
    )  # fmt: skip
    asked = [e for e in press.case.events if isinstance(e, ev.ConsultThirdParty)]
    names = {said for one in asked for said in (one.to, one.address) if said and len(said) > 1}
    longest_first = tuple(sorted(names, key=lambda name: (-len(name), name)))
    return replace(press, about=replace(press.about, person=less), veiled=longest_first)


# -- the sheet to check it by -------------------------------------------------------------------------


def _checking(
    press: Press, seen: Seen, pieces: tuple[Piece, ...], out: tuple[Exhibit, ...]
) -> Letter:
    """What the bundle is made of, with hashes; what is closed, what is lacking, what is left out."""
    makers, sealed = press.letters.papers.makers, press.letters.papers.sealed
    said: list[Element] = [
        Paragraph("heading", "一、编入的材料"),
        Table(
            ("证据", "材料", "页数", "来源", "SHA-256", "说明"),
            tuple(
                (str(one.number), sheet.title, str(sheet.pages), ORIGINS[sheet.origin], in_groups(sheet.sha256), sheet.note)
                for one in pieces
                for sheet in one.sheets
            ),
            (2, 6, 2, 3, 9, 4),
        ),
    ]  # fmt: skip
    if any(sheet.origin == "drafted" for one in pieces for sheet in one.sheets):
        said.append(
            Paragraph(
                "flat",
                "“按登记起草”的，由登记的事项生成，不是签发、盖章的原件；有原件的，请以原件替换。",
            )
        )
    closed = [one for one in pieces if one.paper.sealed]
    if closed:
        said += [
            Paragraph("heading", "二、另行装订、密封提交的材料（本册不含）"),
            Table(
                ("证据", "名称", "形成日期", "来源", "不编入的理由"),
                tuple(
                    (str(one.number), one.paper.title, day_words(one.paper.on), makers[one.paper.by],
                     sealed[one.paper.sealed])
                    for one in closed
                ),
                (2, 6, 4, 3, 6),
            ),
        ]  # fmt: skip
    lacking = [one for one in pieces if one.page == LACKING]
    if lacking:
        said += [
            Paragraph("heading", "三、目录列有而案卷中没有的材料（提交以前须附上）"),
            Table(
                ("证据", "名称", "形成日期", "来源"),
                tuple((str(one.number), one.paper.title, day_words(one.paper.on), makers[one.paper.by]) for one in lacking),
                (2, 9, 5, 5),
            ),
        ]  # fmt: skip
    if out:
        day = day_words(reply_day(seen))
        said += [
            Paragraph("heading", f"四、没有编入的材料（{day}以后形成、收到，不作为答复的证据）"),
            Table(
                ("名称", "日期", "来源"),
                tuple((one.title, day_words(one.on), makers[one.by]) for one in out),
                (10, 5, 5),
            ),
        ]  # fmt: skip
    return press.form("证据材料校验清单", numbered(said))


def numbered(said: list[Element]) -> list[Element]:
    """Headings numbered by those that are there."""
    found: list[Element] = []
    numerals = iter("一二三四五六")
    for one in said:
        if isinstance(one, Paragraph) and one.kind == "heading":
            one = Paragraph("heading", next(numerals) + one.text[1:])
        found.append(one)
    return found
