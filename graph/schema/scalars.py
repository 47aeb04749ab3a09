"""The scalars, each with the page that specifies it."""

from typing import Any, NewType

import strawberry
from graphql import GraphQLError
from strawberry.types.scalar import ScalarDefinition

from core.clock import iso_of, ms_of
from core.texts import fault_in_url

#: Milliseconds inside, ISO 8601 outside.
DateTime = NewType("DateTime", int)
URL = NewType("URL", str)
#: A file that came in the same multipart request; see graph/multipart.py.
Upload = NewType("Upload", object)


def _read_time(value: Any) -> int:
    if not isinstance(value, str):
        raise GraphQLError("A DateTime is written as text, such as 2026-11-21T09:30:00.000Z.")
    try:
        return ms_of(value)
    except (ValueError, OverflowError) as error:
        raise GraphQLError("This is no DateTime in ISO 8601 with an offset or Z.") from error


def _read_url(value: Any) -> str:
    if not isinstance(value, str):
        raise GraphQLError("A URL is written as text.")
    fault = fault_in_url(value)
    if fault is not None:
        raise GraphQLError(fault.reason)
    return value


def _never_written(_: Any) -> Any:
    raise GraphQLError("An Upload is never part of an answer.")


scalar_map: dict[object, ScalarDefinition] = {
    DateTime: strawberry.scalar(
        name="DateTime",
        description="A moment in UTC with milliseconds and Z: 2026-11-21T09:30:00.000Z.",
        specified_by_url="https://scalars.graphql.org/andimarek/date-time.html",
        serialize=iso_of,
        parse_value=_read_time,
    ),
    URL: strawberry.scalar(
        name="URL",
        description="A whole address, http or https, of at most 2,000 characters.",
        specified_by_url="https://url.spec.whatwg.org/",
        serialize=str,
        parse_value=_read_url,
    ),
    Upload: strawberry.scalar(
        name="Upload",
        description="A file in the same request, by the GraphQL multipart request specification.",
        specified_by_url="https://github.com/jaydenseric/graphql-multipart-request-spec",
        serialize=_never_written,
        parse_value=lambda value: value,
    ),
}
