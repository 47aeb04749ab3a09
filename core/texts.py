"""What a text must be before it is stored. Lengths are in Unicode code points."""

import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a text may not be stored, in words for its author."""

    reason: str
    is_too_long: bool = False


#: A link as people write it: with a scheme, with www, a host with a path, or under an ending that is no word.
_LINK = re.compile(
    r"[a-z][a-z0-9+.-]{1,20}://\S|\bwww\.\w|\b[\w-]{1,63}\.[^\W\d_]{2,24}/\S|\b(?:\d{1,3}\.){3}\d{1,3}\b"
    r"|\b[\w-]{1,63}\.(?:com|net|org|info|biz|app|dev|shop|store|site|online|xyz|link|click|vip|top|io|co|uk|ru|ua|pl"
    r"|cn|de|fr|eu|br|tv|cc|ws|ly|gl|gg|tk|ml|ga|cf|gq)\b",
    re.IGNORECASE,
)
#: Letters and marks that show nothing: Hangul fillers, the empty braille cell, variation selectors.
_UNSEEN = frozenset("\u115f\u1160\u3164\uffa0\u2800" + "".join(map(chr, range(0xFE00, 0xFE10))))


_HALF = re.compile("[\ud800-\udfff]")
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


def is_blank(text: str) -> bool:
    """Would nobody see anything? White space, control and invisible format characters are blank."""
    return all(
        character.isspace() or unicodedata.category(character) in ("Cc", "Cf") or character in _UNSEEN
        for character in text
    )


def is_storable(text: str) -> bool:
    """May a database be asked about it? NUL and half a character (a lone surrogate) are in no stored text."""
    return _UNSTORABLE.search(text) is None


def fault_in_text(text: str, *, most: int, is_trimmed: bool = False) -> Fault | None:
    """What is wrong with a text of 1 to `most` characters; None for nothing.

    With `is_trimmed` white space around it is not counted.
    """
    if "\0" in text:
        return Fault("The text may not contain the character NUL.")
    if _HALF.search(text) is not None:
        return Fault("The text contains half a character (a lone surrogate).")
    if is_blank(text):
        return Fault("The text may not be empty.")
    if len(text.strip() if is_trimmed else text) > most:
        return Fault(f"The text may have at most {most} characters.", is_too_long=True)
    return None


def fault_in_url(url: str, *, most: int = 2000) -> Fault | None:
    """What is wrong with an address: it must be a whole one, http or https, without white space or credentials."""
    fault = fault_in_text(url, most=most)
    if fault is not None:
        return fault
    if any(character <= " " or character in '\\"<>`\x7f' for character in url):
        return Fault("The address contains a character that addresses may not have.")
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return Fault("The address cannot be read.")
    if parts.scheme not in ("http", "https") or not host:
        return Fault("The address must start with http:// or https:// and a host.")
    if parts.username is not None:
        return Fault("The address may not contain a user name.")
    return None


def has_link(text: str) -> bool:
    """Is there an address in it, written as people write them? Whoever means to hide one finds a way."""
    folded = unicodedata.normalize("NFKC", text).replace("\u3002", ".")
    shown = "".join(sign for sign in folded if unicodedata.category(sign) != "Cf")
    return _LINK.search(shown) is not None
