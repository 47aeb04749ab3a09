"""Places in lists and logs, as clients hold them.

A message's cursor is the position of its event in the conversation's log, so an edge's cursor, an event's and
`Conversation.cursor` are interchangeable within the conversation.
"""

from dataclasses import dataclass

from core.cursors import MalformedCursorError, decode_cursor, encode_parts

LOG = "log"
INBOX = "inbox"
CONVERSATIONS = "conversations"
USERS = "users"
AUDIT = "audit"
REPORTS = "reports"
SEARCH = "search"


class InvalidCursor(Exception):
    """The cursor is malformed, or of another list."""


class CursorExpired(Exception):
    """The cursor is too old, or of another database: fetch again, then go on from the fresh cursor."""

    def __init__(self, fresh: str | None = None) -> None:
        super().__init__(self.__doc__)
        self.fresh = fresh


@dataclass(frozen=True, slots=True)
class Cursors:
    """Writes and reads the cursors of one database's life."""

    epoch: str

    def of_log(self, conversation_id: str, position: int) -> str:
        """The place after an event of a conversation."""
        return encode_parts(LOG, self.epoch, conversation_id, position)

    def read_log(self, text: str, conversation_id: str) -> int:
        """The position in the conversation's log. InvalidCursor, or CursorExpired for another epoch."""
        owner, position = self.read_any_log(text)
        if owner == conversation_id:
            return position
        raise InvalidCursor

    def read_any_log(self, text: str) -> tuple[str, int]:
        """The conversation and the position in its log. InvalidCursor, or CursorExpired for another epoch."""
        match self._read(text, LOG):
            case (str(owner), int(position)) if position >= 0:
                return owner, position
        raise InvalidCursor

    def of_inbox(self, user_id: str, place: tuple[int | str, ...], at: int) -> str:
        """The place after an event of all conversations; `at` is since when marks may have moved (milliseconds)."""
        return encode_parts(INBOX, self.epoch, user_id, *place, at)

    def read_inbox(self, text: str, user_id: str) -> tuple[tuple[int | str, ...], int]:
        """The place and the time. InvalidCursor, or CursorExpired for another epoch."""
        match self._read(text, INBOX):
            case (str(owner), *place, int(at)) if owner == user_id:
                return tuple(place), at
        raise InvalidCursor

    def of_conversation(self, active_at: int, conversation_id: str) -> str:
        """The place of a conversation in any list of conversations."""
        return encode_parts(CONVERSATIONS, self.epoch, active_at, conversation_id)

    def read_conversation(self, text: str) -> tuple[int, str]:
        """The key of a conversation in a list. InvalidCursor, or CursorExpired for another epoch."""
        match self._read(text, CONVERSATIONS):
            case (int(active_at), str(conversation_id)):
                return active_at, conversation_id
        raise InvalidCursor

    def of_user(self, name_folded: str, user_id: str) -> str:
        """The place of a person in a list of people."""
        return encode_parts(USERS, self.epoch, name_folded, user_id)

    def read_user(self, text: str) -> tuple[str, str]:
        """The key of a person in a list. InvalidCursor, or CursorExpired for another epoch."""
        match self._read(text, USERS):
            case (str(name_folded), str(user_id)):
                return name_folded, user_id
        raise InvalidCursor

    def of_hit(self, search: str, hit: tuple[int, int, str]) -> str:
        """The place of a message in what a search found; `search` stands for what was looked for."""
        return encode_parts(SEARCH, self.epoch, search, *hit)

    def read_hit(self, text: str, search: str) -> tuple[int, int, str]:
        """The key of a message in what a search found. InvalidCursor, also for one of another search, or
        CursorExpired for another epoch."""
        match self._read(text, SEARCH):
            case (str(of), int(score), int(created_at), str(message_id)) if of == search:
                return score, created_at, message_id
        raise InvalidCursor

    def of_audit(self, number: int, entry_id: str) -> str:
        """The place of an entry in the audit log."""
        return encode_parts(AUDIT, self.epoch, number, entry_id)

    def read_audit(self, text: str) -> tuple[int]:
        """The key of an entry in the audit log. InvalidCursor, or CursorExpired for another epoch."""
        match self._read(text, AUDIT):
            case (int(number), str()):
                return (number,)
        raise InvalidCursor

    def of_report(self, is_done: int, report_id: str) -> str:
        """The place of a report in the queue."""
        return encode_parts(REPORTS, self.epoch, is_done, report_id)

    def read_report(self, text: str) -> tuple[int, str]:
        """The key of a report in the queue. InvalidCursor, or CursorExpired for another epoch."""
        match self._read(text, REPORTS):
            case (int(is_done), str(report_id)):
                return is_done, report_id
        raise InvalidCursor

    def _read(self, text: str, stream: str) -> tuple[int | str, ...]:
        try:
            cursor = decode_cursor(text)
        except MalformedCursorError as error:
            raise InvalidCursor from error
        if cursor.stream != stream:
            raise InvalidCursor
        if cursor.epoch != self.epoch:
            raise CursorExpired
        return cursor.key
