"""Errors as clients see them: every one has `extensions.code`, and no fault of ours tells what is inside."""

import secrets
from typing import Any

import structlog
from graphql import GraphQLError

from chat.cursors import CursorExpired, InvalidCursor
from chat.refusals import NotFound, RoleRequired
from db.away import DatabaseAway, DatabaseBusy

log = structlog.get_logger()

PARSE_FAILED = "GRAPHQL_PARSE_FAILED"
VALIDATION_FAILED = "GRAPHQL_VALIDATION_FAILED"
BAD_REQUEST = "BAD_REQUEST"
UNAUTHENTICATED = "UNAUTHENTICATED"
FORBIDDEN = "FORBIDDEN"
NOT_FOUND = "NOT_FOUND"
BAD_USER_INPUT = "BAD_USER_INPUT"
INVALID_CURSOR = "INVALID_CURSOR"
CURSOR_EXPIRED = "CURSOR_EXPIRED"
TOO_COMPLEX = "TOO_COMPLEX"
RATE_LIMITED = "RATE_LIMITED"
TIMEOUT = "TIMEOUT"
PAYLOAD_TOO_LARGE = "PAYLOAD_TOO_LARGE"
PERSISTED_QUERY_NOT_FOUND = "PERSISTED_QUERY_NOT_FOUND"
PERSISTED_QUERY_NOT_SUPPORTED = "PERSISTED_QUERY_NOT_SUPPORTED"
PERSISTED_QUERY_MISMATCH = "PERSISTED_QUERY_MISMATCH"
DOCUMENT_NOT_TRUSTED = "DOCUMENT_NOT_TRUSTED"
INTERNAL = "INTERNAL"
#: Every code of a top-level error.
CODES = (
    PARSE_FAILED,
    VALIDATION_FAILED,
    BAD_REQUEST,
    UNAUTHENTICATED,
    FORBIDDEN,
    NOT_FOUND,
    BAD_USER_INPUT,
    INVALID_CURSOR,
    CURSOR_EXPIRED,
    TOO_COMPLEX,
    RATE_LIMITED,
    TIMEOUT,
    PAYLOAD_TOO_LARGE,
    PERSISTED_QUERY_NOT_FOUND,
    PERSISTED_QUERY_NOT_SUPPORTED,
    PERSISTED_QUERY_MISMATCH,
    DOCUMENT_NOT_TRUSTED,
    INTERNAL,
)


def problem(code: str, message: str, **extensions: Any) -> GraphQLError:
    """An error with a code, to raise in a resolver or to answer with."""
    return GraphQLError(message, extensions={"code": code, **extensions})


def too_dear(cost: int, most: int) -> GraphQLError | None:
    """The refusal of an operation that costs more than one may; None for one that does not."""
    if cost <= most:
        return None
    words = f"The operation costs {cost}, and may cost {most}: ask for smaller pages."
    return problem(TOO_COMPLEX, words, limit="cost", cost=cost)


def too_early(wait_ms: int, cost: int) -> GraphQLError:
    """The refusal of what somebody cannot afford yet."""
    words = "You have asked for much in little time; try again later."
    return problem(RATE_LIMITED, words, retryAfterMs=wait_ms, cost=cost)


def told_of(errors: list[GraphQLError], most: int) -> list[GraphQLError]:
    """The first errors of an answer, `most` at most; when there are more, the last one says so."""
    if len(errors) <= most:
        return errors
    left = problem(TOO_COMPLEX, "There are more errors than are told: ask for less at once.", limit="errors")
    return [*errors[: most - 1], left]


def too_many_uploads(wait_ms: int) -> GraphQLError:
    """The refusal of a file while many of the same person's are on their way."""
    words = "Many of your files are on their way; try again when they are here."
    return problem(RATE_LIMITED, words, retryAfterMs=wait_ms)


def format_error(error: GraphQLError) -> dict[str, Any]:
    """An error in the shape that GraphQL gives it, with its code; a fault of ours becomes INTERNAL with an id."""
    shown = _known(error)
    if shown is None:
        shown = fault(origin_of(error), error.path)
    formatted: dict[str, Any] = {"message": shown.message}
    if error.locations:
        formatted["locations"] = [{"line": place.line, "column": place.column} for place in error.locations]
    if error.path is not None:
        formatted["path"] = error.path
    formatted["extensions"] = shown.extensions
    return formatted


def without_suggestion(error: GraphQLError) -> GraphQLError:
    """The error without graphql-core's guesses at what was meant, which tell a stranger what there is."""
    message, found, _ = error.message.partition(" Did you mean ")
    if not found:
        return error
    return GraphQLError(
        message, error.nodes, error.source, error.positions, error.path, error.original_error, error.extensions
    )


def origin_of(error: GraphQLError) -> BaseException | None:
    """What was raised in the beginning, below all the errors that hold it."""
    original: BaseException | None = error.original_error
    while isinstance(original, GraphQLError) and original.original_error is not None:
        original = original.original_error
    return original


def is_refusal(error: Exception) -> bool:
    """Is it an answer to the client, and no fault of ours?"""
    return isinstance(error, GraphQLError) or _answer_of(error) is not None


def is_not_found(error: GraphQLError) -> bool:
    """Is it about something that does not exist for the viewer, or not any more?"""
    known = _known(error)
    return known is not None and (known.extensions or {}).get("code") == NOT_FOUND


def _known(error: GraphQLError) -> GraphQLError | None:
    """The error with its code, when it is one that clients are meant to see."""
    if error.extensions and "code" in error.extensions:
        return error
    original = error.original_error
    while isinstance(original, GraphQLError):
        if original.extensions and "code" in original.extensions:
            return original
        if original.original_error is None:
            return problem(BAD_USER_INPUT, error.message)
        original = original.original_error
    # Without an original nothing of ours was executed: it was the variables.
    return problem(BAD_USER_INPUT, error.message) if original is None else _answer_of(original)


def _answer_of(original: Exception) -> GraphQLError | None:
    """The error that a domain's answer becomes."""
    match original:
        case NotFound():
            return problem(NOT_FOUND, original.reason)
        case RoleRequired():
            return problem(FORBIDDEN, str(original))
        case InvalidCursor():
            return problem(INVALID_CURSOR, InvalidCursor.__doc__ or "")
        case CursorExpired():
            fresh = {} if original.fresh is None else {"cursor": original.fresh}
            return problem(CURSOR_EXPIRED, CursorExpired.__doc__ or "", **fresh)
        case TimeoutError():
            return problem(TIMEOUT, "The operation took too long.")
        case DatabaseBusy():
            return too_busy()
        case UnicodeEncodeError():  # No database takes it; where a text is written it is refused before.
            return problem(BAD_USER_INPUT, "A text contains half a character (a lone surrogate).")
    return None


def too_busy() -> GraphQLError:
    """Others had the database for all the time that may be waited. Nothing was done."""
    return problem(TIMEOUT, "The database is busy. Try again.")


def fault(original: BaseException | None, path: list[str | int] | None = None) -> GraphQLError:
    """A fault of ours: nothing of what went wrong, but an id under which the log tells it."""
    if isinstance(original, DatabaseBusy):
        return too_busy()
    number = secrets.token_hex(6)
    if isinstance(original, DatabaseAway):
        log.warning("database.away", error_id=number, path=path)
        return problem(INTERNAL, "The database is away. Try again.", id=number)
    log.error("operation.failed", error_id=number, path=path, exc_info=original)
    return problem(INTERNAL, "Something went wrong on our side.", id=number)
