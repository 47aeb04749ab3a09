"""The lines of an import file: what each kind may hold, and what is wrong with one that cannot be read.

docs/import.md describes the format for whoever writes such files.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Literal, TypeAlias

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, ValidationError
from pydantic.alias_generators import to_camel
from pydantic_core import ErrorDetails

from chat.texts import CLIENT_KEY, EXTERNAL_ID, KIND, NAME, PARTIES, ROLE, ROLES, TITLE
from core.clock import ms_of, now_ms
from core.texts import fault_in_text, fault_in_url

#: Bytes of one line: the longest message that a setting allows, each character escaped, fits in.
LONGEST_LINE = 2_097_152
#: A clock of another machine may be this much ahead.
CLOCKS_DIFFER_MS = 60_000


def _text(most: int) -> AfterValidator:
    def check(text: str) -> str:
        fault = fault_in_text(text, most=most)
        if fault is not None:
            raise ValueError(fault.reason)
        return text

    return AfterValidator(check)


def _address(url: str) -> str:
    fault = fault_in_url(url)
    if fault is not None:
        raise ValueError(fault.reason)
    return url


def _moment(value: object) -> object:
    """Milliseconds of a time as it is written."""
    if not isinstance(value, str):
        raise ValueError("A time is a text, such as 2026-03-01T09:30:00Z.")
    try:
        moment = ms_of(value)
    except (ValueError, OverflowError) as error:
        raise ValueError("A time is written like 2026-03-01T09:30:00Z or 2026-03-01T10:30:00+01:00.") from error
    if not 0 <= moment <= now_ms() + CLOCKS_DIFFER_MS:
        raise ValueError("The time must be after 1970, and not in the future.")
    return moment


ExternalId: TypeAlias = Annotated[str, _text(EXTERNAL_ID)]
Kind: TypeAlias = Annotated[str, _text(KIND)]
Role: TypeAlias = Annotated[str, _text(ROLE)]
Key: TypeAlias = Annotated[str, _text(CLIENT_KEY)]
Title: TypeAlias = Annotated[str, _text(TITLE)]
Address: TypeAlias = Annotated[str, AfterValidator(_address)]
Moment: TypeAlias = Annotated[int, BeforeValidator(_moment)]
Marks: TypeAlias = Annotated[dict[ExternalId, Key | None], Field(max_length=PARTIES)]


class _Part(BaseModel):
    """Fields are written in camelCase; one that is not known is refused, for it may be a slip of the pen."""

    model_config = ConfigDict(alias_generator=to_camel, extra="forbid", frozen=True, strict=True)


class UserLine(_Part):
    """A person."""

    type: Literal["user"]
    external_id: ExternalId
    name: Annotated[str, _text(NAME)] | None = None
    avatar_url: Address | None = None
    roles: Annotated[list[Role], Field(max_length=ROLES)] = []


class PartyPart(_Part):
    """Somebody and their part in a subject."""

    user_external_id: ExternalId
    role: Role


class SubjectLine(_Part):
    """Something that conversations are about."""

    type: Literal["subject"]
    kind: Kind
    external_id: ExternalId
    title: Title
    url: Address | None = None
    image_url: Address | None = None
    policy: Literal["ANYONE", "PARTIES"] = "ANYONE"
    state: Literal["ACTIVE", "CLOSED"] = "ACTIVE"
    owner: PartyPart | None = None
    parties: Annotated[list[PartyPart], Field(max_length=PARTIES)] = []
    contacter_role: Role = "buyer"


class SubjectPart(_Part):
    """The host's own name for a subject."""

    kind: Kind
    external_id: ExternalId


class PersonPart(_Part):
    """Somebody in a conversation; their role has a default."""

    user_external_id: ExternalId
    role: Role | None = None


class ConversationLine(_Part):
    """A conversation; `id` is the file's own name for it, which its messages say."""

    type: Literal["conversation"]
    id: Key
    subject: SubjectPart | None = None
    contacter: ExternalId | None = None
    people: Annotated[list[PersonPart], Field(max_length=2)] = []
    created_at: Moment
    state: Literal["OPEN", "CLOSED"] = "OPEN"
    read_up_to: Marks = {}
    delivered_up_to: Marks = {}


class MessageLine(_Part):
    """A message; `id` is its key within the conversation, `sender` null is the host itself."""

    type: Literal["message"]
    conversation: Key
    id: Key
    sender: ExternalId | None
    body: str
    created_at: Moment


Line: TypeAlias = UserLine | SubjectLine | ConversationLine | MessageLine
#: The lines of a file, from the first one on, each time that it is called.
Source: TypeAlias = Callable[[], Iterator[bytes]]

_reader: TypeAdapter[Line] = TypeAdapter(Annotated[Line, Field(discriminator="type")])


class BadLineError(ValueError):
    """A line that cannot be read; the text says why."""


def lines_of(path: Path) -> Iterator[bytes]:
    """The lines of a file, of at most LONGEST_LINE bytes and one more, by which a longer one is told."""
    with path.open("rb") as file:
        while line := file.readline(LONGEST_LINE + 1):
            rest = line
            while len(rest) > LONGEST_LINE and not rest.endswith(b"\n"):
                rest = file.readline(LONGEST_LINE + 1)
            yield line


def read_line(line: bytes) -> Line | None:
    """What a line says; None for an empty one. BadLineError when it cannot be read."""
    if len(line) > LONGEST_LINE:
        raise BadLineError(f"The line has more than {LONGEST_LINE} bytes.")
    text = line.removeprefix(b"\xef\xbb\xbf").strip()
    if not text:
        return None
    try:
        return _reader.validate_json(text)
    except ValidationError as error:
        words = [_words_of(fault).removesuffix(".") for fault in error.errors()[:3]]
        raise BadLineError("; ".join(words) + ".") from error


def _words_of(fault: ErrorDetails) -> str:
    """What is wrong, in words for whoever wrote the file; the first part of a place is the line's own type."""
    kind = fault["type"]
    if kind == "json_invalid":
        return f"This is no JSON ({fault['ctx']['error']})."
    if kind in ("union_tag_invalid", "union_tag_not_found"):
        return 'Its "type" must be "user", "subject", "conversation" or "message".'
    if not fault["loc"]:
        return "A line must be a JSON object."
    type_name, *place = (str(part) for part in fault["loc"])
    field = ".".join(place)
    if not field:
        return "A line must be a JSON object."
    if kind == "missing":
        return f"{field} is missing."
    if kind == "extra_forbidden":
        return f"{field} is no field of a {type_name} line."
    return f"{field}: {fault['msg'].removeprefix('Value error, ')}"
