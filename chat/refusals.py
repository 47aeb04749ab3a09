"""Why something was not done: what a person can cause and fix. The docstring of a refusal is what the person reads."""

from enum import StrEnum
from typing import ClassVar


class Code(StrEnum):
    """What kind of refusal it is; clients decide by it."""

    INVALID = "INVALID"
    NOT_FOUND = "NOT_FOUND"
    FORBIDDEN = "FORBIDDEN"
    CONTACT_REFUSED = "CONTACT_REFUSED"
    CONVERSATION_CLOSED = "CONVERSATION_CLOSED"
    BLOCKED = "BLOCKED"
    IDEMPOTENCY_CONFLICT = "IDEMPOTENCY_CONFLICT"
    TOO_LONG = "TOO_LONG"
    TOO_LARGE = "TOO_LARGE"
    UNSUPPORTED_MEDIA_TYPE = "UNSUPPORTED_MEDIA_TYPE"
    EDIT_WINDOW_PASSED = "EDIT_WINDOW_PASSED"
    RATE_LIMITED = "RATE_LIMITED"
    HELD_FOR_REVIEW = "HELD_FOR_REVIEW"


class ContactRefusal(StrEnum):
    """Why somebody may not open a conversation about a subject."""

    IS_OWNER = "IS_OWNER"
    NOT_A_PARTY = "NOT_A_PARTY"
    SUBJECT_CLOSED = "SUBJECT_CLOSED"
    BLOCKED = "BLOCKED"
    STRANGER_LIMIT = "STRANGER_LIMIT"


class Refusal(Exception):
    """It was not done."""

    code: ClassVar[Code]

    def __init__(self, *path: str, reason: str | None = None) -> None:
        self.path = ("input", *path)
        self.reason = reason or (type(self).__doc__ or "").strip()
        super().__init__(self.reason)


class RoleRequired(Exception):
    """Only the host's server may do this."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


class StaffRequired(RoleRequired):
    """Only staff may do this."""


class Invalid(Refusal):
    """This value cannot be accepted."""

    code = Code.INVALID


class TooLong(Refusal):
    """The text is too long."""

    code = Code.TOO_LONG


class NotFound(Refusal):
    """There is no such thing, or you may not see it."""

    code = Code.NOT_FOUND


class Forbidden(Refusal):
    """You may not do that."""

    code = Code.FORBIDDEN


class ConversationClosed(Refusal):
    """The conversation is closed: it can be read, and nothing can be sent."""

    code = Code.CONVERSATION_CLOSED


class Blocked(Refusal):
    """One of you has blocked the other: what was said can be read, and nothing can be sent."""

    code = Code.BLOCKED


class IdempotencyConflict(Refusal):
    """This clientMessageId was used before, for another content."""

    code = Code.IDEMPOTENCY_CONFLICT


class TooLarge(Refusal):
    """The file is too large."""

    code = Code.TOO_LARGE


class UnsupportedMediaType(Refusal):
    """Files of this kind are not accepted."""

    code = Code.UNSUPPORTED_MEDIA_TYPE


class ContactRefused(Refusal):
    """You may not open a conversation about this."""

    code = Code.CONTACT_REFUSED

    def __init__(self, refusal: ContactRefusal, *path: str) -> None:
        super().__init__(*path, reason=_contact_reasons[refusal])
        self.refusal = refusal


_contact_reasons = {
    ContactRefusal.IS_OWNER: "It is yours: others contact you about it.",
    ContactRefusal.NOT_A_PARTY: "Only the people whom it concerns have a conversation about it.",
    ContactRefusal.SUBJECT_CLOSED: "It is closed, so no conversation about it can be opened.",
    ContactRefusal.BLOCKED: "One of you has blocked the other.",
    ContactRefusal.STRANGER_LIMIT: "You have opened many conversations lately; try again later.",
}


class RateLimited(Refusal):
    """You are doing this too often; try again later."""

    code = Code.RATE_LIMITED

    def __init__(self, retry_after_ms: int, *path: str) -> None:
        super().__init__(*path)
        self.retry_after_ms = retry_after_ms
