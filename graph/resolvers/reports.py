"""Verbs about reports: tell staff about a message."""

from typing import Annotated

import strawberry

from chat.reports import Complaint
from core.ids import key_of
from db.reports import ReportRow
from graph.context import Context
from graph.declarations import Outcome
from graph.fields import Noun, column
from graph.given import given
from graph.schema.errors import UserError, errors
from graph.schema.reports import Report, ReportReason


@strawberry.input(
    description="What to tell staff. A message is reported once by each person: a repeat changes nothing."
)
class ReportMessageInput:
    """A complaint."""

    message_id: strawberry.ID = strawberry.field(description="The message: one that the viewer sees and did not send.")
    reason: ReportReason = strawberry.field(description="Why.")
    note: str | None = strawberry.field(
        default=strawberry.UNSET, description="The same in the viewer's own words; at most 1,000 characters."
    )


@strawberry.type(description="What was told to staff.")
class ReportMessagePayload(Noun):
    """The report."""

    row: strawberry.Private[Outcome]
    report: Report | None = column("value", of=Report.of, description="The report, also when it was made before.")
    errors: list[UserError] = errors("Why nothing was told; empty otherwise.")


async def report_message(
    context: Context, *, input: Annotated[ReportMessageInput, strawberry.argument(description="What to tell staff.")]
) -> ReportRow:
    """Tell staff about a message."""
    complaint = Complaint(key_of(input.message_id, "Message"), input.reason.name, given(input.note))
    return await context.palaver.complaints.report(context.viewer, complaint)
