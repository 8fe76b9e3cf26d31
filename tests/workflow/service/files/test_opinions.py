"""How satisfied an applicant was: said after the answer, the last word holds, counted by year and body."""

from datetime import datetime

import pytest

from tests.workflow.service.files.papers import serve
from workflow.dates import SHANGHAI
from workflow.refusal import BadInput, Refused
from workflow.service import Missing
from workflow.service.cases.finding import by_code
from workflow.service.cases.opinions import Opinions


@pytest.mark.long(
    reason="takes a case to its answer; tests/webui/portal/test_following.py has it too"
)
def test_the_last_word_after_the_answer_holds(office, filed, cases, person):
    opinions = Opinions(office)

    def said():
        with office.store.read() as unit:
            return opinions.of(unit, by_code(office, unit, *filed))

    def counted(agency, year):
        with office.store.read() as unit:
            return opinions.in_year(unit, unit.agency(agency).id, year)

    with pytest.raises(Refused) as early:
        opinions.give(*filed, 5, "")
    assert early.value.refusal.rule == "not_in_this_state" and said() is None
    serve(cases, person, filed[0])
    with pytest.raises(Missing):
        opinions.give(filed[0], "AAAAAAAAAA", 5, "")
    for degree, text, field in ((None, "", "degree"), (0, "", "degree"), (6, "", "degree"), (5, "字" * 501, "words")):  # fmt: skip
        with pytest.raises(BadInput) as caught:
            opinions.give(*filed, degree, text)
        assert [one.field for one in caught.value.errors] == [field]
    with pytest.raises(Refused) as marked:
        opinions.give(*filed, 5, "绝密★长期")
    assert marked.value.refusal.field == "words" and said() is None
    opinions.give(*filed, 1, "字" * 500)
    opinions.give(*filed, 4, " 还行\r\n谢谢 ")
    assert said() == (4, "还行\n谢谢") == opinions.beside(1)
    assert opinions.beside(999) is None
    assert list(counted("panlong", 2024)) == [5, 4, 3, 2, 1]
    assert counted("panlong", 2024) == {5: 0, 4: 1, 3: 0, 2: 0, 1: 0}
    for other in (counted("jiangna", 2024), counted("panlong", 2023), counted("panlong", 2025)):
        assert set(other.values()) == {0}
    moment = datetime(2024, 12, 31, 23, 59, tzinfo=SHANGHAI)
    office.now = lambda: moment
    opinions.give(*filed, 3, "")
    assert counted("panlong", 2024)[3] == 1 and said() == (3, "")
    moment = datetime(2025, 1, 1, tzinfo=SHANGHAI)
    opinions.give(*filed, 2, "")
    assert counted("panlong", 2025)[2] == 1 and not any(counted("panlong", 2024).values())
