"""Files as clients send them: by the GraphQL multipart request specification."""

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import gettempdir
from typing import Any

import httpx

from tests.client import Person
from tests.house import House
from tests.shelves import Shelves
from tests.storage import run_sql

UPLOAD = """
mutation Upload($input: UploadAttachmentInput!) {
  uploadAttachment(input: $input) {
    attachment { id kind fileName mimeType byteSize url urlExpiresAt thumbnailUrl width height durationSeconds }
    errors { code reason path }
  }
}
"""
BOUNDARY = "----boundary-of-the-tests"
PREFLIGHT = {"GraphQL-Require-Preflight": "1"}


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a form. With a file name it is a file."""

    name: str
    content: bytes
    file_name: str | None = None

    @property
    def head(self) -> bytes:
        """What stands before the content; quotes and line ends written as browsers write them."""
        words = f'form-data; name="{self.name}"'
        if self.file_name is not None:
            cleaned = self.file_name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
            words += f'; filename="{cleaned}"\r\nContent-Type: application/octet-stream'
        return f"--{BOUNDARY}\r\nContent-Disposition: {words}\r\n\r\n".encode("utf-8", "surrogateescape")


def operations(variables: dict[str, Any] | None = None, query: str = UPLOAD) -> Part:
    """The operation of an upload."""
    given = {"input": {"file": None}} if variables is None else variables
    return Part("operations", json.dumps({"query": query, "variables": given}).encode())


def places(*paths: str, **more: Sequence[str]) -> Part:
    """The map: the part named 0 goes to these paths."""
    return Part("map", json.dumps({"0": paths or ["variables.input.file"], **more}).encode())


def form_of(*parts: Part) -> bytes:
    """The body of a form."""
    body = b"".join(part.head + part.content + b"\r\n" for part in parts)
    return body + f"--{BOUNDARY}--\r\n".encode()


async def send_form(
    person: Person, body: bytes | AsyncIterator[bytes], headers: dict[str, str] | None = None
) -> httpx.Response:
    """POST a form."""
    kind = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
    sent = {**person.headers, **kind, **(PREFLIGHT if headers is None else headers)}
    return await person.http.post(f"{person.house.url}/graphql", content=body, headers=sent)


async def upload(person: Person, content: bytes, name: str = "file") -> dict[str, Any]:
    """Give a file; the payload, whatever is in it."""
    response = await send_form(person, form_of(operations(), places(), Part("0", content, name)))
    payload: dict[str, Any] = response.json()["data"]["uploadAttachment"]
    return payload


async def give(person: Person, content: bytes, name: str = "file") -> dict[str, Any]:
    """Give a file; the attachment."""
    payload = await upload(person, content, name)
    assert payload["errors"] == [], payload
    attachment: dict[str, Any] = payload["attachment"]
    return attachment


async def refusal_of(person: Person, content: bytes, name: str = "file") -> str:
    """Give a file that is not taken; the code of the only error."""
    payload = await upload(person, content, name)
    assert payload["attachment"] is None
    [error] = payload["errors"]
    assert error["path"] == ["input", "file"]
    code: str = error["code"]
    return code


async def left(house: House, shelves: Shelves) -> tuple[int, list[str], int, int]:
    """What there is of files: temporary ones, kept ones, how many the database knows of, and how many are promised."""
    [(count,)] = await run_sql(house, "SELECT count(*) FROM attachments")
    [(promised,)] = await run_sql(house, "SELECT count(*) FROM uploads WHERE attachment_id IS NULL")
    return passing(), shelves.kept(house), count, promised


def passing() -> int:
    """How many temporary files this process has open, the server's among them: they have no names."""
    found = 0
    for link in Path("/proc/self/fd").iterdir():
        with suppress(FileNotFoundError):
            found += link.readlink().name.endswith(" (deleted)") and link.readlink().parent == Path(gettempdir())
    return found


REQUEST = """
mutation Request($input: RequestUploadInput!) {
  requestUpload(input: $input) {
    uploadId uploadUrl uploadHeaders { name value } expiresAt errors { code reason path }
  }
}
"""
COMPLETE = """
mutation Complete($input: CompleteUploadInput!) {
  completeUpload(input: $input) {
    attachment { id kind fileName mimeType byteSize url thumbnailUrl width height durationSeconds }
    errors { code reason path }
  }
}
"""


async def request(person: Person, byte_size: int, name: str = "file") -> dict[str, Any]:
    """Ask for a place; the payload, whatever is in it."""
    fields = {"fileName": name, "mimeType": "application/octet-stream", "byteSize": byte_size}
    payload: dict[str, Any] = await person.ask(REQUEST, input=fields)
    return payload


async def place_for(person: Person, byte_size: int, name: str = "file") -> dict[str, Any]:
    """Ask for a place; there is one."""
    payload = await request(person, byte_size, name)
    assert payload["errors"] == [], payload
    return payload


async def put(person: Person, place: dict[str, Any], content: bytes | AsyncIterator[bytes]) -> int:
    """PUT a file at its place, with the headers given and without a token; the status."""
    headers = {header["name"]: header["value"] for header in place["uploadHeaders"]}
    return (await person.http.put(place["uploadUrl"], content=content, headers=headers)).status_code


async def complete(person: Person, upload_id: str) -> dict[str, Any]:
    """Say that it is there; the payload, whatever is in it."""
    payload: dict[str, Any] = await person.ask(COMPLETE, input={"uploadId": upload_id})
    return payload


async def give_in_steps(person: Person, content: bytes, name: str = "file") -> dict[str, Any]:
    """Give a file by asking for a place; the attachment."""
    place = await place_for(person, len(content), name)
    assert await put(person, place, content) < 300
    payload = await complete(person, place["uploadId"])
    assert payload["errors"] == [], payload
    attachment: dict[str, Any] = payload["attachment"]
    return attachment


async def incomplete(person: Person, upload_id: str) -> str:
    """Say that it is there, and it is not taken; the code of the only error."""
    payload = await complete(person, upload_id)
    assert payload["attachment"] is None
    [error] = payload["errors"]
    assert error["path"] == ["input", "uploadId"]
    code: str = error["code"]
    return code
