"""Files of chance, given in one form, or by a place that is asked for, filled and told of; then what is served."""

import json
import socket
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from http.client import BadStatusLine, HTTPConnection
from random import Random
from typing import Any
from urllib.parse import urlsplit

import httpx

from tests import samples
from tests.client import Person
from tests.fuzz.bodies import BYTES
from tests.fuzz.sessions import VALUES
from tests.fuzz.verdict import Found, judge_response, judge_status
from tests.uploads import BOUNDARY, COMPLETE, REQUEST, UPLOAD, Part, form_of

#: Statuses of a PUT of a file, and of a GET of one.
PUTS = frozenset({204, 400, 404, 405, 408, 413})
GETS = frozenset({200, 206, 404, 405, 416})
SMALL = [content for content, *_ in samples.ACCEPTED.values() if len(content) < 3000] + [*samples.REFUSED.values()]
NAMES = (
    "note.txt", "", ".", "..", "../../etc/passwd", "C:\\x.exe", "x" * 3000 + ".pdf", "\u202etxt.exe", "a\0b", 'a"b',
    "a\r\nX: y", "ключ.jpg", "👍.png", "\udcff\udcfe", "con", "%2e%2e%2f", "x.svg", "x.html", "a;b=c", "~", " ",
    "\u2028", "file.", ".htaccess",
)  # fmt: skip
TYPES = (
    "text/plain",
    "image/png",
    "",
    "x",
    "text/html; charset=x",
    "image/svg+xml",
    "a/b\r\nX: y",
    "/",
    "x" * 3000,
    "\0",
)
LENGTHS = ("0", "-1", "1", "x", "1e3", "9" * 20, "9" * 5000, "٣", "+5", " 5", "")
PATHS = (
    "variables.input.file",
    "variables.input",
    "variables",
    "",
    "a.b",
    "variables.input.file.x",
    "0",
    "variables..",
)
KINDS = (
    f"multipart/form-data; boundary={BOUNDARY}", "multipart/form-data", "multipart/form-data; boundary=",
    "multipart/mixed", 'multipart/form-data; boundary="' + BOUNDARY + '"', "text/plain",
    "multipart/form-data; boundary=" + "x" * 300,
    "multipart/form-data; boundary=\xff", "multipart/form-data; charset=utf-7; boundary=" + BOUNDARY,
)  # fmt: skip
RANGES = (
    "bytes=0-",
    "bytes=1-2",
    "bytes=-1",
    "bytes=9-1",
    "bytes=0-0,2-2",
    "bytes=" + "9" * 30 + "-",
    "x",
    "bytes=a-b",
    "",
)


@dataclass(slots=True)
class Upload:
    """One file of some chance, given by somebody, however it is taken."""

    http: httpx.Client
    person: Person
    chance: Random
    #: Names of uploads and addresses of files that others have come by.
    known: list[str]

    def run(self) -> int:
        """Do it; the last status. Found when an answer is not as it must be."""
        return self._by_form() if self.chance.random() < 0.5 else self._by_place()

    def _seldom(self, usual: Any, others: Any, share: float = 0.2) -> Any:
        return self.chance.choice(others) if self.chance.random() < share else usual

    def _content(self) -> bytes:
        """A file of some kind, as it is, cut off, or with something in it that does not belong there."""
        content: bytes = self.chance.choice(SMALL)
        if self.chance.random() < 0.5:
            return content
        at = self.chance.randrange(len(content) + 1)
        bits = (b"", *BYTES, self.chance.randbytes(20), content[:at])
        rest: bytes = self._seldom(content[at + self.chance.randrange(3) :], [b""])
        return content[:at] + self.chance.choice(bits) + rest

    def _by_form(self) -> int:
        operations: Any = {"query": UPLOAD, "variables": {"input": {"file": None}}}
        if self.chance.random() < 0.15:
            operations[self.chance.choice(["query", "variables", "operationName"])] = self.chance.choice(VALUES)
        mapped: Any = self._seldom(
            {"0": [self._seldom("variables.input.file", PATHS)]}, [*VALUES, {"0": []}, {"1": ["x"]}]
        )
        parts = [
            Part("operations", json.dumps(self._seldom(operations, VALUES, 0.03)).encode()),
            Part("map", json.dumps(mapped).encode()),
            Part("0", self._content(), self._seldom("file", NAMES, 0.7)),
        ]
        if self.chance.random() < 0.15:
            self.chance.shuffle(parts)
        if self.chance.random() < 0.1:
            parts.insert(self.chance.randrange(4), self.chance.choice(parts))
        if self.chance.random() < 0.1:
            parts.pop(self.chance.randrange(len(parts)))
        body = form_of(*parts)
        if self.chance.random() < 0.2:
            at = self.chance.randrange(len(body) + 1)
            body = body[:at] + self.chance.choice(BYTES) + self._seldom(body[at:], [b""])
        kind = self._seldom(KINDS[0], KINDS, 0.1).encode("latin-1")
        headers = {**self.person.headers, "Content-Type": kind, "GraphQL-Require-Preflight": "1"}
        response = self.http.post(f"{self.person.house.url}/graphql", content=body, headers=headers)
        status = judge_response(response)
        self._look_at(response.json())
        return status

    def _by_place(self) -> int:
        content = self._content()
        size = self._seldom(len(content), (0, -1, 1, len(content) + 1, 2**31 - 1, 2**31, None, "5", 1.5))
        given = {
            "fileName": self._seldom("f", NAMES, 0.7),
            "mimeType": self._seldom("x/y", TYPES, 0.7),
            "byteSize": size,
        }
        place = self._payload(REQUEST, given)
        upload_id = place.get("uploadId") or self._seldom("nonsense", [*self.known[-20:], "\0"], 0.8)
        if self.chance.random() < 0.1:
            self._complete(upload_id)  # Before there is a file.
        for _ in range(self.chance.choice((0, 1, 1, 1, 1, 2)) if place.get("uploadUrl") else 0):
            if self.chance.random() < 0.1:
                self._put_of_length(place, content)
            else:
                self._put(place, content)
        self.known.append(upload_id)
        for _ in range(self.chance.choice((0, 0, 1))):
            self._complete(upload_id)
        return self._complete(self._seldom(upload_id, [*self.known[-20:], "", "\0", "x" * 300], 0.1))

    def _put(self, place: dict[str, Any], content: bytes) -> None:
        url = place["uploadUrl"]
        if self.chance.random() < 0.1:
            url = self._bent(url)
        headers = {one["name"]: one["value"] for one in place["uploadHeaders"]}
        given: bytes = self._seldom(content, [b"", content + b"x", content[:-1], content * 3], 0.15)
        # In pieces no length is told.
        body: bytes | Iterator[bytes] = given if self.chance.random() < 0.8 else iter([given, b""])
        if self.chance.random() < 0.2:
            headers["Content-Type"] = self.chance.choice(("text/html", "", "x" * 300, "multipart/form-data"))
        judge_status(self.http.put(url, content=body, headers=headers), PUTS)

    def _put_of_length(self, place: dict[str, Any], content: bytes) -> None:
        """A body of another length than its header says, and no more after it. The connection may end instead."""
        url = urlsplit(place["uploadUrl"])
        line = HTTPConnection(url.hostname or "", url.port, timeout=20)
        line.putrequest("PUT", url.path)
        said = self.chance.choice((*LENGTHS, str(len(content)), str(len(content) + 1)))
        line.putheader("Content-Length", said.encode())
        line.endheaders(content)
        try:
            with closing(line):
                line.sock.shutdown(socket.SHUT_WR)
                status = line.getresponse().status
                if status not in PUTS:
                    raise Found(f"PUT of another length ({said[:30]}): {status}")
        except TimeoutError as error:
            raise Found(f"PUT of another length ({said[:30]}) hangs.") from error
        except (OSError, BadStatusLine):
            pass

    def _complete(self, upload_id: Any) -> int:
        self._payload(COMPLETE, {"uploadId": upload_id})
        return 200

    def _payload(self, query: str, fields: dict[str, Any]) -> dict[str, Any]:
        body = json.dumps({"query": query, "variables": {"input": fields}}).encode()
        headers = {**self.person.headers, "Content-Type": "application/json"}
        response = self.http.post(f"{self.person.house.url}/graphql", content=body, headers=headers)
        judge_response(response)
        answer = response.json()
        self._look_at(answer)
        payload: dict[str, Any] = next(iter((answer.get("data") or {"": {}}).values())) or {}
        return payload

    def _look_at(self, answer: Any) -> None:
        """What was taken is served, also to who asks for odd parts of it or by a bent address."""
        for payload in (answer.get("data") or {}).values():
            attachment = (payload or {}).get("attachment")
            for url in [attachment["url"], attachment["thumbnailUrl"]] if attachment else []:
                if url is not None and self.chance.random() < 0.5:
                    headers = {"Range": self.chance.choice(RANGES)} if self.chance.random() < 0.5 else {}
                    judge_status(self.http.get(self._seldom(url, [self._bent(url)]), headers=headers), GETS)

    def _bent(self, url: str) -> str:
        """Another address of the same server."""
        path = urlsplit(url).path
        at = self.chance.randrange(len("/files/"), len(path) + 1)
        bits = ("0", "x", "%00", "%ff", "/", "..", "%2e%2e%2f", "?", "#", "%", "٣", "\\")
        return self.person.house.url + path[:at] + self.chance.choice(bits) + path[at + self.chance.randrange(3) :]
