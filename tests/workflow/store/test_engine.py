"""What people wrote stands in no message of a database fault."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from workflow.service import Office


def test_a_fault_of_the_database_names_nobody(office: Office) -> None:
    wrong = text("INSERT INTO nowhere (name, request) VALUES (:name, :request)")
    with pytest.raises(SQLAlchemyError) as fault, office.store.write() as unit:
        unit.session.execute(wrong, {"name": "张三丰", "request": "征地补偿"})
    assert "nowhere" in str(fault.value)
    assert "张三丰" not in str(fault.value) and "征地补偿" not in str(fault.value)


def test_nor_does_a_broken_constraint(office: Office) -> None:
    twice = text("INSERT INTO stamp (name, value) VALUES (:name, :value)")
    with pytest.raises(SQLAlchemyError) as fault, office.store.write() as unit:
        for _ in range(2):
            unit.session.execute(twice, {"name": "张三丰", "value": "征地补偿"})
    assert "张三丰" not in str(fault.value) and "征地补偿" not in str(fault.value)
