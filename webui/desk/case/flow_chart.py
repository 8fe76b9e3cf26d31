"""The picture of the whole way, with the place where this case stands."""

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from config.law import load_law
from webui.desk.case.address import of_case
from webui.here import gongkai
from workflow.diagram import Way, svg_text, way_of
from workflow.people import Staff
from workflow.service.cases.views import CaseFile


@of_case("/flow.svg")
def flow_picture(staff: Staff, number: str) -> ResponseReturnValue:
    """The diagram of the machine, the present state and the steps taken marked."""
    way = way_of_case(gongkai().reading.case(staff, number))
    return Response(svg_text(load_law(), way), mimetype="image/svg+xml")


@of_case("/flow")
def flow(staff: Staff, number: str) -> ResponseReturnValue:
    """The same picture on a sheet of its own, for printing."""
    file = gongkai().reading.case(staff, number)
    return render_template("desk/flow.html", file=file, passed=passed(file))


def way_of_case(file: CaseFile) -> Way:
    """Among the lines of the log stand moved due days, which are no events."""
    law = load_law()
    return way_of(law, (line.event for line in file.holding if line.event in law.transitions))


def passed(file: CaseFile) -> list[str]:
    """Labels of the states that the case has been in before, in the order of the table."""
    way = way_of_case(file)
    return [state.label for name, state in load_law().states.items() if name in way.passed]
