"""What a column of JSON holds where nobody gave anything, and where it was given as nothing."""

from sqlalchemy import text

from workflow.service import Office


def _former_names(office: Office, code: str) -> str | None:
    with office.store.engine.connect() as connection:
        found = connection.scalar(
            text("SELECT CAST(former_names AS TEXT) FROM agency WHERE code = :code"), {"code": code}
        )
    return None if found is None else str(found)


def test_what_nobody_gave_is_null_as_in_rows_that_were_there_before(office: Office) -> None:
    with office.store.write() as unit:
        unit.add_agency(code="new", name="新机关", level="township")
    assert _former_names(office, "new") is None


def test_what_was_given_as_nothing_is_null_of_json(office: Office) -> None:
    with office.store.write() as unit:
        unit.add_agency(code="new", name="新机关", level="township").former_names = None
    assert _former_names(office, "new") == "null"
    with office.store.read() as unit:
        assert unit.agency("new").former_names is None
