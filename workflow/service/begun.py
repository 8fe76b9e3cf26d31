"""Applications that somebody is filling in at the portal: what was typed and the files that were chosen, sealed.

A form lies for two hours between its pages and is found by browser and key. A draft is a form that was put aside under a
code: it lies for thirty days and is found by its code alone, which is nowhere stored. Who opens it goes on in a form of
their own browser, a copy. A browser that puts it aside again keeps it under the same code; if meanwhile another one has
done so, it gets a code of its own, so that both texts are there.

None of it is a case: no number, no clock. What carries a classification mark is not kept.
"""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from secrets import token_urlsafe

from workflow.case.number import code_given
from workflow.dates import SHANGHAI
from workflow.files import Checked
from workflow.people import APPLICANT
from workflow.refusal import BadInput, FieldError
from workflow.rules.secrecy import bears_secret_mark
from workflow.service.files import APPLICANT_KINDS, KINDS, MEGABYTE, OPEN_STAGES, TOGETHER
from workflow.service.incoming import AT_ONCE, HeldFile, Judge, Sent
from workflow.service.office import Missing, Office
from workflow.store import begun as queries
from workflow.store import files
from workflow.store.begun_models import BegunFileRow, BegunRow
from workflow.store.models import CaseRow
from workflow.store.retried import retried
from workflow.store.unit import Unit

KEPT_FOR = timedelta(hours=2)
"""A form, since it was last sent from one of its pages."""
DRAFT_KEPT_FOR = timedelta(days=30)
"""A draft, since it was last put aside."""
ALL_MOST = 2048 * MEGABYTE
"""Of the files of all forms together: nobody fills the store without filing anything."""
DRAFTS_MOST = ALL_MOST // 2
"""Of those of the drafts: what lies for thirty days leaves room for those who are filing now."""
DRAFT_MOST_BYTES = 300_000
"""Of what is typed into a draft."""
PAPERS = tuple(kind for kind in APPLICANT_KINDS if kind != "supplement")
"""What is sent with an application."""
NONE_THERE = "没有找到这份草稿：草稿码不正确，或者草稿已经提交、已经删除、超过 30 天已经自动删除"
Fields = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class BegunForm:
    """A form as its pages show it. fields: what was typed, by the names of the form; errors: what was wrong with it
    when it was last sent."""

    fields: Fields
    errors: tuple[FieldError, ...]
    files: tuple[HeldFile, ...]

    def first(self, name: str) -> str:
        """What was typed into this field first, else nothing."""
        return next(iter(self.fields.get(name, ())), "")


@dataclass(frozen=True, slots=True)
class Opened:
    """A draft that a browser has put aside or opened. form: the key of its form there; version: of what was kept when
    the browser saw it last."""

    code: str
    form: str
    version: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft as its page shows it. until: the last day on which it is there; version tells what was put aside from
    what is put aside later; elsewhere: another browser has put it aside since."""

    code: str
    form: BegunForm
    kept_at: datetime
    until: date
    version: str
    elsewhere: bool


@dataclass(frozen=True, slots=True)
class Paper:
    """A file on its way from the form into a case, or into another form."""

    kind: str
    checked: Checked
    content: bytes
    warnings: tuple[str, ...]


class Begun:
    """The use cases around forms that are not filed yet. key: of the form, as it is typed nowhere; mark: of the
    browser. Both together find it, neither alone does."""

    def __init__(self, office: Office, judge: Judge) -> None:
        self.office, self.judge = office, judge

    def id_of(self, mark: str, key: str) -> str:
        """Under which the form of a browser is kept."""
        return self.office.keys.mark("begun", f"{mark}\n{key}")

    @retried
    def keep(
        self,
        which: str,
        fields: Fields,
        errors: Sequence[FieldError] = (),
        sent: Sequence[tuple[str, Sent]] = (),
        without: Collection[int] = (),
    ) -> list[FieldError]:
        """Keep what was typed, what is wrong with it, and the files that can be kept. Returns all that is wrong, of each
        file that was not kept which and why, at its field.

        sent: with the kind of each; without: files of the form that go. What carries a classification mark must not be
        among the fields. What nobody has touched for KEPT_FOR goes.
        """
        assert not _marked(fields)
        papers, refused = self._judged(sent)
        with self.office.store.write() as unit:
            _forget_old(self.office, unit)
            row = self._row(unit, which, KEPT_FOR)
            return self._keep(unit, row, fields, [*errors, *refused], papers, without)

    def find(self, which: str) -> BegunForm | None:
        """The form; None where there is none, or it has lain too long."""
        with self.office.store.read() as unit:
            row = queries.begun(unit, which, self.office.now())
            return None if row is None else self._form(unit, row)

    @retried
    def forget(self, which: str) -> None:
        """It is not wanted any more."""
        with self.office.store.write() as unit:
            queries.drop(unit, which)

    # -- drafts ---------------------------------------------------------------------------------------

    @retried
    def put_aside(
        self,
        mark: str,
        key: str,
        fields: Fields,
        sent: Sequence[tuple[str, Sent]] = (),
        without: Collection[int] = (),
        opened: Opened | None = None,
    ) -> Opened:
        """Keep a form, and put it aside with its files: under the code of the draft from which it came (opened), or one
        of its own. The same form sent twice is one draft. What is wrong with its files stands in the draft.

        Raises BadInput (items) for a classification mark and for what is too long.
        """
        if sum(len(one.encode()) for said in fields.values() for one in said) > DRAFT_MOST_BYTES:
            raise BadInput([FieldError("items", "内容太长，不能暂存，请删减")])
        if _marked(fields):
            words = "内容带有密级标志，不能暂存：本系统不处理涉密内容，请删去"
            raise BadInput([FieldError("items", words)])
        papers, refused = self._judged(sent)
        with self.office.store.write() as unit:
            _forget_old(self.office, unit)
            row = self._row(unit, self.id_of(mark, key), KEPT_FOR)
            self._keep(unit, row, fields, refused, papers, without)
            code = self._code(unit, row.id, opened)
            draft = self._row(unit, draft_id(self.office, code), DRAFT_KEPT_FOR, kept_by=row.id)
            self._copy(unit, row, draft)
            return Opened(code, key, _version(draft))

    def draft(self, code: str, which: str = "", version: str = "") -> Draft:
        """The draft of a code. which, version: of the form of the browser that asks, and of what it saw last.

        Raises Missing, with one message for a code that never was and one whose draft is gone.
        """
        with self.office.store.read() as unit:
            row = self._draft(unit, code)
            until = row.ends_at.astimezone(SHANGHAI).date()
            elsewhere = bool(version) and not _of(row, which, version)
            form = self._form(unit, row)
            return Draft(code_given(code), form, row.touched_at, until, _version(row), elsewhere)

    @retried
    def go_on(self, mark: str, opened: Opened) -> tuple[Opened, bool]:
        """Go on with a draft in a form of this browser, and whether its files were copied for that. Where the form is
        there, it is that one, with what was typed since; but what another browser has put aside meanwhile goes into a
        new form. Raises Missing."""
        with self.office.store.write() as unit:
            _forget_old(self.office, unit)
            draft = self._draft(unit, opened.code, lock=True)
            which = self.id_of(mark, opened.form)
            now = replace(opened, version=_version(draft))
            if queries.begun(unit, which, self.office.now()) is not None:
                if _of(draft, which, opened.version):
                    return now, False
                now = replace(now, form=token_urlsafe(16))
            self._copy(unit, draft, self._row(unit, self.id_of(mark, now.form), KEPT_FOR))
            return now, bool(queries.files_of(unit, draft.id))

    @retried
    def drop_draft(self, code: str, which: str) -> None:
        """Its owner wants neither it nor the form of this browser any more. Raises Missing."""
        with self.office.store.write() as unit:
            queries.drop(unit, self._draft(unit, code).id)
            queries.drop(unit, which)

    # -- within a transaction -------------------------------------------------------------------------

    def _row(
        self, unit: Unit, id_: str, lasts: timedelta, *, kept_by: str | None = None
    ) -> BegunRow:
        """The row of that id, touched now."""
        now = self.office.now()
        row = queries.begun(unit, id_, now, lock=True)
        if row is None:
            row = BegunRow(id=id_, sealed=b"")
            unit.session.add(row)
        row.touched_at, row.ends_at, row.kept_by = now, now + lasts, kept_by
        unit.session.flush()
        return row

    def _draft(self, unit: Unit, code: str, *, lock: bool = False) -> BegunRow:
        id_ = draft_id(self.office, code)
        row = queries.begun(unit, id_, self.office.now(), lock=lock)
        if row is None:
            raise Missing(NONE_THERE)
        return row

    def _code(self, unit: Unit, which: str, opened: Opened | None) -> str:
        """Under which a form is put aside: that of its draft, unless another browser has put that aside meanwhile."""
        keys, now = self.office.keys, self.office.now()
        version = opened.version if opened is not None else ""
        code = opened.code if opened is not None else ""
        if queries.begun(unit, draft_id(self.office, code), now) is None:
            code = keys.code_for(f"draft {which}")
        while True:
            row = queries.begun(unit, draft_id(self.office, code), now, lock=True)
            if row is None or _of(row, which, version):
                return code
            code = keys.code_for(f"draft {which} beside {code}")

    def _keep(
        self,
        unit: Unit,
        row: BegunRow,
        fields: Fields,
        errors: Sequence[FieldError],
        papers: Sequence[Paper],
        without: Collection[int],
    ) -> list[FieldError]:
        for file in queries.files_of(unit, row.id):
            if file.id in without:
                unit.session.delete(file)
        unit.session.flush()
        found = [*errors, *self._add(unit, row, papers)]
        self._seal(row, fields, found)
        return found

    def _copy(self, unit: Unit, source: BegunRow, target: BegunRow) -> None:
        """All that one holds into the other, sealed for that."""
        form = self._form(unit, source)
        rows = queries.files_of(unit, source.id)
        wanted, there = {(one.kind, one.sha256) for one in rows}, set()
        for file in queries.files_of(unit, target.id):
            if (file.kind, file.sha256) in wanted:
                there.add((file.kind, file.sha256))
            else:
                unit.session.delete(file)
        unit.session.flush()
        papers = [_paper(self.office, one) for one in rows if (one.kind, one.sha256) not in there]
        self._seal(target, form.fields, [*form.errors, *self._add(unit, target, papers)])

    def _seal(self, row: BegunRow, fields: Fields, errors: Sequence[FieldError]) -> None:
        said = {
            "fields": {name: list(values) for name, values in fields.items()},
            "errors": [[one.field, one.message] for one in errors],
        }
        row.sealed = self.office.keys.seal(said, f"begun {row.id}")

    def _form(self, unit: Unit, row: BegunRow) -> BegunForm:
        said = self.office.keys.open(row.sealed, f"begun {row.id}")
        errors = tuple(FieldError(*one) for one in said["errors"])
        rows = queries.files_of(unit, row.id)
        return BegunForm(said["fields"], errors, tuple(map(self._file, rows)))

    def _judged(self, sent: Sequence[tuple[str, Sent]]) -> tuple[list[Paper], list[FieldError]]:
        good, refused = self.judge.each(PAPERS, sent)
        return [Paper(kind, one.checked, one.content, one.warnings) for kind, one in good], refused

    def _add(self, unit: Unit, row: BegunRow, papers: Sequence[Paper]) -> list[FieldError]:
        there = queries.files_of(unit, row.id)
        known = {(one.kind, one.sha256) for one in there}
        room = TOGETHER * self.judge.most_bytes - sum(one.size for one in there)
        if papers:
            room = min(room, ALL_MOST - queries.size_of_all(unit))
        if papers and row.kept_by:
            room = min(room, DRAFTS_MOST - queries.size_of_all(unit, drafts=True))
        errors, number = [], len(there)
        for one in papers:
            if (one.kind, one.checked.sha256) in known:
                continue
            if number >= AT_ONCE or one.checked.size > room:
                most = TOGETHER * self.judge.most_bytes // MEGABYTE
                words = f"没有保存：随申请提交的文件最多 {AT_ONCE} 个，合计不超过 {most} MB；其余的提交之后可以在查询进度的页面补传"
                if row.kept_by:
                    words = (
                        "没有存进草稿：草稿里的文件现在太多，请在提交以前重新选择，或者提交之后补传"
                    )
                errors.append(FieldError(f"file_{one.kind}", f"“{one.checked.name}”{words}"))
                continue
            known.add((one.kind, one.checked.sha256))
            number, room = number + 1, room - one.checked.size
            self._keep_file(unit, row.id, one)
        return errors

    def _keep_file(self, unit: Unit, which: str, one: Paper) -> None:
        checked = one.checked
        file = BegunFileRow(
            begun_id=which, kind=one.kind, size=checked.size, sha256=checked.sha256, sealed=b"",
            content=b"",
        )  # fmt: skip
        unit.session.add(file)
        unit.session.flush()
        keys = self.office.keys
        said = {
            "name": checked.name, "media_type": checked.media_type, "warnings": list(one.warnings),
        }  # fmt: skip
        file.sealed = keys.seal(said, _bound(file))
        file.content = keys.seal_bytes(one.content, f"{_bound(file)} content")
        unit.session.flush()

    def _file(self, row: BegunFileRow) -> HeldFile:
        name = self.office.keys.open(row.sealed, _bound(row))["name"]
        return HeldFile(row.id, row.kind, KINDS[row.kind], name, row.size)


def draft_id(office: Office, code: str) -> str:
    """Under which a draft is kept: a keyed hash of its code."""
    return office.keys.mark("draft code", code_given(code))


def _marked(fields: Fields) -> bool:
    return any(bears_secret_mark(one) for said in fields.values() for one in said)


def _bound(row: BegunFileRow) -> str:
    return f"begun {row.begun_id} file {row.id}"


def _version(row: BegunRow) -> str:
    """No two sealings are alike, even of the same words."""
    return hashlib.sha256(row.sealed).hexdigest()[:16]


def _of(draft: BegunRow, which: str, version: str) -> bool:
    """True if this form put the draft aside last, or has seen what was put aside last."""
    return draft.kept_by == which or _version(draft) == version


def _paper(office: Office, row: BegunFileRow) -> Paper:
    keys, said = office.keys, office.keys.open(row.sealed, _bound(row))
    checked = Checked(said["name"], said["media_type"], row.size, row.sha256)
    content = keys.open_bytes(row.content, f"{_bound(row)} content")
    return Paper(row.kind, checked, content, tuple(said["warnings"]))


def _forget_old(office: Office, unit: Unit) -> int:
    old = queries.ended(unit, office.now())
    for one in old:
        queries.drop(unit, one)
    return len(old)


@retried
def forget_old_begun(office: Office) -> int:
    """Forms and drafts whose time is over go, with all that they hold; how many."""
    with office.store.read() as unit:
        if not queries.ended(unit, office.now()):
            return 0
    with office.store.write() as unit:
        return _forget_old(office, unit)


# -- into the cases that it becomes, in their transaction ---------------------------------------------


def take_begun(
    office: Office, unit: Unit, which: str | None, opened: Opened | None = None
) -> list[Paper]:
    """The files of a form that is filed; the form is no more, nor its draft. What another browser has put aside since
    stays: its text is another one. opened: the draft from which the form came."""
    if which is None:
        return []
    found = [_paper(office, row) for row in queries.files_of(unit, which, content=True)]
    gone = {which, *queries.kept_by(unit, which)}
    if opened is not None:
        draft = queries.begun(unit, draft_id(office, opened.code), office.now())
        if draft is not None and _of(draft, which, opened.version):
            gone.add(draft.id)
    for one in gone:
        queries.drop(unit, one)
    return found


def put_in(office: Office, unit: Unit, row: CaseRow, papers: Sequence[Paper]) -> set[str]:
    """Put the papers into a case that takes some, each once; the kinds that the applicant has sent."""
    role = "applicant"
    if office.law.stage(row.state) in OPEN_STAGES:
        for one in papers:
            if files.same_file(unit, row.id, one.kind, one.checked.sha256, role) is None:
                files.add_file(
                    unit, office.keys, case=row, kind=one.kind, checked=one.checked, content=one.content,
                    warnings=one.warnings, actor=APPLICANT.name, role=role, uploaded_at=office.now(),
                )  # fmt: skip
    return {one.kind for one in files.files_of(unit, row.id) if one.role == role}
