"""Reads what a client asks: the JSON of a request or of a frame, and its shape."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from graphql import GraphQLError
from starlette.requests import Request

from core.strict_json import TooManyObjects, read_strictly
from graph.errors import BAD_REQUEST, PAYLOAD_TOO_LARGE, PERSISTED_QUERY_NOT_SUPPORTED, TOO_COMPLEX, problem

#: Characters of the name of a document; a SHA-256 in hexadecimal has 64.
LONGEST_NAME = 200
#: Parameters of the address of a query by GET; five of them mean something.
MOST_PARAMETERS = 20
#: Before a hash in `documentId`, by the draft of GraphQL over HTTP.
_SHA256 = "sha256:"


class Refused(Exception):
    """The request is answered with this error and HTTP status."""

    def __init__(self, error: GraphQLError, status: int = 400, **headers: str) -> None:
        super().__init__(error.message)
        self.error = error
        self.status = status
        self.headers = headers


@dataclass(frozen=True, slots=True)
class Asked:
    """A GraphQL request, well-formed. It has a text, or a name for one that the server knows, or both."""

    query: str | None
    operation_name: str | None
    variables: dict[str, Any] | None
    document_name: str | None = None


def bad_request(message: str) -> Refused:
    """The request is malformed."""
    return Refused(problem(BAD_REQUEST, message))


def too_many(message: str) -> Refused:
    """What comes with an operation is too much."""
    return Refused(problem(TOO_COMPLEX, message, limit="variables"))


def read_json(text: str | bytes, most_objects: int) -> Any:
    """JSON of any shape. BAD_REQUEST for what is none, too deep, has a name twice, or numbers beyond reason.

    TOO_COMPLEX for what has more than so many objects.
    """
    try:
        return read_strictly(text, most_objects)
    except TooManyObjects as error:
        raise too_many(f"The body has more than {most_objects} objects.") from error
    except (ValueError, RecursionError) as error:
        raise bad_request("The body is no JSON.") from error


def read_address(query_string: bytes, most_objects: int) -> Asked:
    """The same of a query by GET, whose `variables` and `extensions` are JSON in the address.

    BAD_REQUEST when the address has a parameter twice or is not in UTF-8.
    """
    try:
        pairs = parse_qsl(
            query_string.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=MOST_PARAMETERS
        )
    except ValueError as error:
        raise bad_request("The parameters of the address cannot be read.") from error
    value: dict[str, Any] = dict(pairs)
    if len(value) != len(pairs):
        raise bad_request("The address has a parameter twice.")
    for name in ("variables", "extensions"):
        if name in value:
            value[name] = read_json(value[name], most_objects)
    return read_asked(value)


def read_asked(value: Any) -> Asked:
    """The parts of a GraphQL request. BAD_REQUEST when one has another type than the specification says."""
    if isinstance(value, list):
        raise bad_request("Batches are not taken: send one operation a request.")
    if not isinstance(value, dict):
        raise bad_request("The request must be a JSON object.")
    query, name = value.get("query"), value.get("operationName")
    variables, extensions = value.get("variables"), value.get("extensions")
    if name is not None and not isinstance(name, str):
        raise bad_request("`operationName` must be a text.")
    if variables is not None and not isinstance(variables, dict):
        raise bad_request("`variables` must be an object.")
    if extensions is not None and not isinstance(extensions, dict):
        raise bad_request("`extensions` must be an object.")
    document_name = _read_document_name(value.get("documentId"), (extensions or {}).get("persistedQuery"))
    if document_name is None or query not in (None, ""):  # Some clients send an empty text beside the name.
        _check_text(query)
    return Asked(query or None, name or None, variables, document_name)


def _check_text(query: Any) -> None:
    if not isinstance(query, str) or not query.strip():
        raise bad_request("`query` must be a GraphQL document.")
    if has_half_character(query):
        raise bad_request("`query` contains half a character (a lone surrogate).")


def _read_document_name(document_id: Any, persisted: Any) -> str | None:
    """What the document is called: by `documentId`, or by the hash of an automatic persisted query."""
    if persisted is None:
        return None if document_id is None else without_prefix(_named("documentId", document_id))
    if document_id is not None:
        raise bad_request("Name the document once: by `documentId` or by `persistedQuery`.")
    if not isinstance(persisted, dict) or type(version := persisted.get("version")) is not int:
        raise bad_request("`persistedQuery` must be an object with a `version` and a `sha256Hash`.")
    if version != 1:  # Clients send the text then.
        raise Refused(problem(PERSISTED_QUERY_NOT_SUPPORTED, "PersistedQueryNotSupported"))
    return without_prefix(_named("sha256Hash", persisted.get("sha256Hash")))


def has_half_character(text: str) -> bool:
    """Is there a lone surrogate in it? JSON can say so, and nothing can be done with it."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False


def without_prefix(name: str) -> str:
    """The name of a document that may begin with what kind of name it is: `sha256:` and a hash is the hash."""
    return name.removeprefix(_SHA256)


def _named(field: str, name: Any) -> str:
    if not isinstance(name, str) or not 1 <= len(name) <= LONGEST_NAME:
        raise bad_request(f"`{field}` must be a text of 1 to {LONGEST_NAME} characters.")
    return name


async def read_body(request: Request, most: int) -> bytes:
    """The body, counted while it comes. PAYLOAD_TOO_LARGE beyond `most` bytes."""
    body, has_more = bytearray(), True
    while has_more:
        part = await request.receive()
        if part["type"] == "http.disconnect":
            raise bad_request("The body ended early.")
        has_more = part.get("more_body", False)
        body += part.get("body", b"")
        if len(body) > most:
            raise Refused(problem(PAYLOAD_TOO_LARGE, f"The body has more than {most} bytes."), 413)
    return bytes(body)
