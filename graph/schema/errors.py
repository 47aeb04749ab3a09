"""What a person can cause and fix, as part of a mutation's answer."""

from enum import Enum

import strawberry

from chat.refusals import Code, ContactRefused, RateLimited, Refusal
from chat.refusals import Invalid as InvalidRefusal
from chat.refusals import TooLong as TooLongRefusal
from graph.context import Info
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
class UserError:
    """A refusal."""

    code: UserErrorCode = strawberry.field(description="What kind of refusal it is.")
    reason: str = strawberry.field(description="The same in words, for developers; write your own for people.")
    path: list[str] = strawberry.field(description="Where in the arguments, such as [input, body].")


@strawberry.type(description="A value in the input cannot be accepted.")
class InputError(UserError):
    """INVALID and TOO_LONG."""


@strawberry.type(description="It was understood and refused.")
class RefusedError(UserError):
    """Every other code without more to tell."""


@strawberry.type(description="A conversation about the subject may not be opened.")
class ContactRefusedError(UserError):
    """CONTACT_REFUSED."""

    refusal: ContactRefusal = strawberry.field(description="Why not, as `Subject.contactRefusal` says it.")


@strawberry.type(description="It was done too often.")
class RateLimitedError(UserError):
    """RATE_LIMITED."""

    retry_after_ms: int = strawberry.field(description="Milliseconds until it may be tried again.")


def user_errors(info: Info, refusal: Refusal) -> list[UserError]:
    """A refusal as the `errors` of a payload; it is counted."""
    info.context.meters.count_refusal("payload", refusal.code)
    code, reason, path = UserErrorCode(refusal.code.value), refusal.reason, list(refusal.path)
    if isinstance(refusal, ContactRefused):
        refused = ContactRefusal(refusal.refusal.value)
        return [ContactRefusedError(code=code, reason=reason, path=path, refusal=refused)]
    if isinstance(refusal, RateLimited):
        return [RateLimitedError(code=code, reason=reason, path=path, retry_after_ms=refusal.retry_after_ms)]
    if isinstance(refusal, InvalidRefusal | TooLongRefusal):
        return [InputError(code=code, reason=reason, path=path)]
    return [RefusedError(code=code, reason=reason, path=path)]
