"""What waits for staff."""

import strawberry

from chat.audit import REPORT_READ, REPORTS_LISTED
from db import report_queue
from db.pages import Page
from db.report_queue import QueueRow
from db.reports import ReportRow
from graph.context import Context
from graph.fields import Noun, column, computed, itself
from graph.schema.pages import PageArguments, PageInfo, PlaceOfPage
from graph.schema.reports import Report


def _cursor(row: ReportRow, context: Context) -> str:
    return context.palaver.cursors.of_report(*QueueRow.of(row))


@strawberry.type(description="A report in the queue.")
class ReportEdge(Noun):
    """Relay's edge."""

    row: strawberry.Private[ReportRow]
    cursor: str = computed(_cursor, description="Names the report's place; resolved, it has another one.")
    node: Report = column(itself, of=Report.of, description="The report.")


@strawberry.type(description="A page of the queue: open reports first, oldest first.")
class ReportConnection(Noun):
    """Relay's connection."""

    row: strawberry.Private[Page[ReportRow]]
    edges: list[ReportEdge] = column("items", of=ReportEdge.of, description="The reports of this page.")
    page_info: PageInfo = computed(PlaceOfPage(_cursor), of=PageInfo.of, description="Where the page stands.")


async def load_queue(context: Context, chosen: PageArguments) -> Page[ReportRow]:
    """A page of the queue; that it is read is noted."""
    cursors = context.palaver.cursors
    window = chosen.window(
        None if chosen.after is None else cursors.read_report(chosen.after),
        None if chosen.before is None else cursors.read_report(chosen.before),
    )
    page = await report_queue.page(context.reading, window)
    context.looks.note(REPORTS_LISTED)
    context.looks.note(REPORT_READ, "Report", [row.id for row in page.items])
    return page
