"""The lengths of everything that is stored, and the refusals for what does not fit."""

from chat.refusals import Invalid, Refusal, TooLong
from core.texts import Fault, fault_in_text, fault_in_url

EXTERNAL_ID = 255
KIND = 50
ROLE = 50
ROLES = 50
NAME = 200
TITLE = 300
CLIENT_KEY = 200
QUERY = 200
FILE_NAME = 255
PARTIES = 50
REASON = 1000
NOTE = 1000


def _refuse(fault: Fault | None, path: tuple[str, ...]) -> None:
    if fault is not None:
        refusal: type[Refusal] = TooLong if fault.is_too_long else Invalid
        raise refusal(*path, reason=fault.reason)


def check_text(text: str, most: int, *path: str) -> str:
    """The text as it is, when it has 1 to `most` characters that can be stored. Invalid or TooLong otherwise."""
    _refuse(fault_in_text(text, most=most), path)
    return text


def check_body(text: str, most: int, *path: str) -> str:
    """As `check_text`, for what people write: the white space around it is kept, and not counted."""
    _refuse(fault_in_text(text, most=most, is_trimmed=True), path)
    return text


def check_url(url: str, *path: str) -> str:
    """The address as it is, when it is a whole http or https one. Invalid or TooLong otherwise."""
    _refuse(fault_in_url(url), path)
    return url
