"""Reads what a client asks: the JSON of a request or of a frame, and its shape."""

import json
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLError
from starlette.requests import ClientDisconnect, Request

from graph.errors import BAD_REQUEST, PAYLOAD_TOO_LARGE, problem


class Refused(Exception):
    """The request is answered with this error and HTTP status."""

    def __init__(self, error: GraphQLError, status: int = 400) -> None:
        super().__init__(error.message)
        self.error = error
        self.status = status


@dataclass(frozen=True, slots=True)
class Asked:
    """A GraphQL request, well-formed."""

    query: str
    operation_name: str | None
    variables: dict[str, Any] | None


def bad_request(message: str) -> Refused:
    """The request is malformed."""
    return Refused(problem(BAD_REQUEST, message))


def read_json(text: str | bytes) -> Any:
    """JSON of any shape. BAD_REQUEST for what is none, or too deep, or has numbers beyond reason."""
    try:
        return json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise bad_request("The body is no JSON.") from error


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def read_asked(value: Any) -> Asked:
    """The parts of a GraphQL request. BAD_REQUEST when one has another type than the specification says."""
    if isinstance(value, list):
        raise bad_request("Batches are not taken: send one operation a request.")
    if not isinstance(value, dict):
        raise bad_request("The request must be a JSON object.")
    query, name = value.get("query"), value.get("operationName")
    variables, extensions = value.get("variables"), value.get("extensions")
    if not isinstance(query, str) or not query.strip():
        raise bad_request("`query` must be a GraphQL document.")
    if name is not None and not isinstance(name, str):
        raise bad_request("`operationName` must be a text.")
    if variables is not None and not isinstance(variables, dict):
        raise bad_request("`variables` must be an object.")
    if extensions is not None and not isinstance(extensions, dict):
        raise bad_request("`extensions` must be an object.")
    if any("\ud800" <= character <= "\udfff" for character in query):
        raise bad_request("`query` contains half a character (a lone surrogate).")
    return Asked(query, name or None, variables)


async def read_body(request: Request, most: int) -> bytes:
    """The body, counted while it comes. PAYLOAD_TOO_LARGE beyond `most` bytes."""
    body = bytearray()
    try:
        async for part in request.stream():
            body += part
            if len(body) > most:
                raise Refused(problem(PAYLOAD_TOO_LARGE, f"The body has more than {most} bytes."), 413)
    except ClientDisconnect as error:
        raise bad_request("The body ended early.") from error
    return bytes(body)
