"""What a person can cause and fix, as part of a mutation's answer."""

from enum import Enum
from typing import Any

import strawberry

from chat import refusals
from chat.refusals import Code, Refusal
from graph.fields import Noun, column
from graph.schema.subjects import ContactRefusal


def _value(code: Code, description: str) -> object:
    return strawberry.enum_value(code.value, description=description)


@strawberry.enum(description="What kind of refusal it is. Values may be added.")
class UserErrorCode(Enum):
    """The codes of chat.refusals."""

    INVALID = _value(Code.INVALID, "A value cannot be accepted; `path` says which.")
    NOT_FOUND = _value(Code.NOT_FOUND, "There is no such thing, or the viewer may not see it.")
    FORBIDDEN = _value(Code.FORBIDDEN, "The viewer may not do that.")
    CONTACT_REFUSED = _value(Code.CONTACT_REFUSED, "The viewer may not open a conversation about the subject.")
    CONVERSATION_CLOSED = _value(Code.CONVERSATION_CLOSED, "The conversation can be read, and nothing can be sent.")
    BLOCKED = _value(Code.BLOCKED, "One of the two has blocked the other.")
    IDEMPOTENCY_CONFLICT = _value(Code.IDEMPOTENCY_CONFLICT, "The key was used before, for another content.")
    TOO_LONG = _value(Code.TOO_LONG, "A text is too long.")
    TOO_LARGE = _value(Code.TOO_LARGE, "A file, or the number of files, is too large.")
    UNSUPPORTED_MEDIA_TYPE = _value(Code.UNSUPPORTED_MEDIA_TYPE, "Files of this kind are not accepted.")
    EDIT_WINDOW_PASSED = _value(Code.EDIT_WINDOW_PASSED, "The message is too old to be changed.")
    RATE_LIMITED = _value(Code.RATE_LIMITED, "Too often; `retryAfterMs` says when again.")
    HELD_FOR_REVIEW = _value(Code.HELD_FOR_REVIEW, "It waits for a look by staff.")


@strawberry.interface(description="Why a mutation did not do what was asked: what the person can understand and fix.")
class UserError(Noun):
    """A refusal."""

    code: UserErrorCode = column(
        lambda refusal: UserErrorCode(refusal.code.value), description="What kind of refusal it is."
    )
    reason: str = column("reason", description="The same in words, for developers; write your own for people.")
    path: list[str] = column(
        lambda refusal: list(refusal.path), description="Where in the arguments, such as [input, body]."
    )


@strawberry.type(description="A value in the input cannot be accepted.")
class InputError(UserError):
    """INVALID and TOO_LONG."""

    row: strawberry.Private[Refusal]


@strawberry.type(description="It was understood and refused.")
class RefusedError(UserError):
    """Every other code without more to tell."""

    row: strawberry.Private[Refusal]


@strawberry.type(description="A conversation about the subject may not be opened.")
class ContactRefusedError(UserError):
    """CONTACT_REFUSED."""

    row: strawberry.Private[refusals.ContactRefused]
    refusal: ContactRefusal = column(
        lambda refused: ContactRefusal(refused.refusal.value),
        description="Why not, as `Subject.contactRefusal` says it.",
    )


@strawberry.type(description="It was done too often.")
class RateLimitedError(UserError):
    """RATE_LIMITED."""

    row: strawberry.Private[refusals.RateLimited]
    retry_after_ms: int = column("retry_after_ms", description="Milliseconds until it may be tried again.")


#: The type that a refusal is shown as, where it is not RefusedError.
SPECIAL: dict[type[Refusal], type[UserError]] = {
    refusals.ContactRefused: ContactRefusedError,
    refusals.RateLimited: RateLimitedError,
    refusals.Invalid: InputError,
    refusals.TooLong: InputError,
}
#: The type that each refusal is shown as.
REFUSALS: dict[type, type[UserError]] = {
    kind: SPECIAL.get(kind, RefusedError)
    for kind in vars(refusals).values()
    if isinstance(kind, type) and issubclass(kind, Refusal)
}


def error_of(refusal: Refusal) -> UserError:
    """A refusal, as clients see it."""
    return REFUSALS[type(refusal)].of(refusal)


def errors(description: str) -> Any:
    """The field of a payload that says why nothing was done."""
    return column("errors", of=error_of, description=description)
