"""Reads an upload: a multipart request of operations, a map, and one file, streamed to a temporary file."""

from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import ClientDisconnect, Request

from chat.attachments import Incoming
from core.disks import is_full
from core.limit_settings import LimitSettings
from core.scratch import Scratch
from graph.errors import PAYLOAD_TOO_LARGE, problem
from graph.requests import Asked, Refused, bad_request, read_asked, read_json

MOST_PARTS = 3
HEADER_BYTES = 4096


@dataclass(slots=True)
class _Part:
    name: str = ""
    file_name: str | None = None
    size: int = 0
    text: bytearray = field(default_factory=bytearray)
    scratch: Scratch | None = None
    is_full: bool = False


class _Form:
    """Follows the parser. Text stays in memory within a limit; a file goes to the disk, past its limit nowhere."""

    def __init__(self, scratches: ExitStack, most_text: int, most_file: int) -> None:
        self._scratches = scratches
        self._most_text = most_text
        self._most_file = most_file
        self._header = bytearray()
        self._value = bytearray()
        self._part = _Part()
        self.parts: list[_Part] = []

    def callbacks(self) -> dict[str, Any]:
        """What the parser calls."""
        return {
            "on_part_begin": self._begin,
            "on_header_field": self._header_field,
            "on_header_value": self._header_value,
            "on_header_end": self._header_end,
            "on_part_data": self._data,
            "on_part_end": self._end,
        }

    def _begin(self) -> None:
        if len(self.parts) >= MOST_PARTS:
            raise bad_request(f"An upload has at most {MOST_PARTS} parts.")
        self._part = _Part()
        self._header, self._value = bytearray(), bytearray()

    def _header_field(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]
        self._check_header()

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]
        self._check_header()

    def _check_header(self) -> None:
        if len(self._header) + len(self._value) > HEADER_BYTES:
            raise bad_request("A part's header is too long.")

    def _header_end(self) -> None:
        if bytes(self._header).lower() == b"content-disposition":
            _, options = parse_options_header(bytes(self._value))
            self._part.name = options.get(b"name", b"").decode("utf-8", "replace")
            if self._part.scratch is not None:
                raise bad_request("A part has one Content-Disposition.")
            if b"filename" in options:
                self._part.file_name = options[b"filename"].decode("utf-8", "replace")
                self._part.scratch = self._scratches.enter_context(Scratch())
        self._header, self._value = bytearray(), bytearray()

    def _data(self, data: bytes, start: int, end: int) -> None:
        part, chunk = self._part, data[start:end]
        part.size += len(chunk)
        if part.scratch is not None:
            if part.size <= self._most_file and not part.is_full:
                self._write(part, part.scratch, chunk)
        elif part.size > self._most_text:
            raise Refused(problem(PAYLOAD_TOO_LARGE, f"A text part has more than {self._most_text} bytes."), 413)
        else:
            part.text += chunk

    def _write(self, part: _Part, scratch: Scratch, chunk: bytes) -> None:
        """To the disk; when that is full, what is there is given back at once, and the rest goes nowhere."""
        try:
            scratch.write(chunk)
        except OSError as error:
            if not is_full(error):
                raise
            part.is_full = True
            scratch.give_back()

    def _end(self) -> None:
        self.parts.append(self._part)


@asynccontextmanager
async def read_upload(request: Request, settings: LimitSettings) -> AsyncIterator[Asked]:
    """The request with its file in place, which is gone when the block ends.

    A file beyond the limit of files is read to its end and refused by the verb, with an error that a person can
    understand; a body far beyond it is cut off with PAYLOAD_TOO_LARGE.
    """
    _, options = parse_options_header(request.headers.get("content-type", ""))
    boundary = options.get(b"boundary")
    if not boundary:
        raise bad_request("The Content-Type names no boundary.")
    with ExitStack() as scratches:
        form = _Form(scratches, settings.max_body, settings.max_file)
        most = 2 * settings.max_file + 2 * settings.max_body
        try:
            parser = MultipartParser(boundary, form.callbacks())  # type: ignore[arg-type]
            received = 0
            async for data in request.stream():
                received += len(data)
                if received > most:
                    raise Refused(problem(PAYLOAD_TOO_LARGE, f"The body has more than {most} bytes."), 413)
                parser.write(data)
            parser.finalize()
        except ClientDisconnect as error:
            raise bad_request("The body ended early.") from error
        except FormParserError as error:
            raise bad_request("The body is no multipart form.") from error
        yield _asked_of(form.parts, settings)


def _asked_of(parts: list[_Part], settings: LimitSettings) -> Asked:
    texts = {part.name: bytes(part.text) for part in parts if part.scratch is None}
    files = {
        part.name: Incoming(part.scratch, part.file_name or "", part.size, part.size > settings.max_file, part.is_full)
        for part in parts
        if part.scratch is not None
    }
    if "operations" not in texts or "map" not in texts:
        raise bad_request("An upload needs the parts `operations` and `map`.")
    operations, places = (read_json(texts[name], settings.max_objects) for name in ("operations", "map"))
    if not isinstance(operations, dict):
        raise bad_request("`operations` must be one operation.")
    if not isinstance(places, dict) or len(places) > 1:
        raise bad_request("`map` must be an object, and an upload has one file.")
    for name, paths in places.items():
        if name not in files:
            raise bad_request("`map` names a part that is not there.")
        if not isinstance(paths, list) or len(paths) != 1 or not isinstance(paths[0], str):
            raise bad_request("`map` must list one path for the file.")
        _put(operations, paths[0], files[name])
    return read_asked(operations)


def _put(operations: dict[str, Any], path: str, file: Incoming) -> None:
    """Put the file at its place, such as variables.input.file, where there must be null."""
    *way, last = path.split(".")
    place: Any = operations
    for step in way:
        place = place.get(step) if isinstance(place, dict) else None
    if not way or way[0] != "variables" or not isinstance(place, dict) or place.get(last, 0) is not None:
        raise bad_request("`map` names a place that is not null in the variables.")
    place[last] = file
