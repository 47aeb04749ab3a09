"""What a request says of the copy of a file that its client has: not to send it again, or only the rest of it.

A file has a tag and no date: its bytes never change, so whoever has the tag has them. What names a date
(`If-Modified-Since`) is then to be ignored, says RFC 9110.
"""

from starlette.datastructures import Headers


def is_known(headers: Headers, tag: str) -> bool:
    """Does the client have what the tag, with its quotes, stands for (`If-None-Match`)?"""
    said = ",".join(headers.getlist("if-none-match"))
    return said.strip() == "*" or tag in (one.strip().removeprefix("W/") for one in said.split(","))


def range_for(headers: Headers, tag: str) -> str | None:
    """The range that is asked for; None when it is of another file than this one (`If-Range`), so that parts of two
    are never put together. A date is no tag."""
    said = headers.get("if-range")
    return headers.get("range") if said is None or said.strip() == tag else None
