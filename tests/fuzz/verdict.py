"""What every answer must be, whatever was asked: of a known shape, with known codes, and no fault of the server's."""

import json
from typing import Any

import httpx

from tests.http.wire import CODES

#: Codes by which the server may close a socket. Not among them: faults (4500, 1011), and no code at all (1005, 1006).
CLOSES = frozenset({1001, 1003, 1007, 1008, 1009, 1012, 1013, 4400, 4401, 4403, 4406, 4408, 4409, 4429})
STATUSES = frozenset({200, 400, 401, 403, 404, 405, 406, 408, 413, 415, 421})
MEMBERS = frozenset({"data", "errors", "extensions"})


class Found(AssertionError):
    """Something that must not be."""


def judge_errors(errors: Any) -> None:
    """Errors of an answer or of a frame."""
    if not isinstance(errors, list) or not errors:
        raise Found(f"Errors must be a list of some: {errors!r}"[:500])
    for error in errors:
        code = error.get("extensions", {}).get("code") if isinstance(error, dict) else None
        if code not in CODES or code == "INTERNAL" or not error.get("message"):
            raise Found(f"An error without a good code: {error!r}"[:500])


def judge_answer(answer: Any) -> None:
    """A GraphQL answer."""
    if not isinstance(answer, dict) or not answer.keys() & {"data", "errors"} or answer.keys() - MEMBERS:
        raise Found(f"No answer of GraphQL's: {answer!r}"[:500])
    if "errors" in answer:
        judge_errors(answer["errors"])


def judge_response(response: httpx.Response) -> int:
    """An answer over HTTP; its status."""
    if response.status_code not in STATUSES:
        raise Found(f"Status {response.status_code}: {response.text[:500]}")
    try:
        judge_answer(response.json())
    except ValueError as error:
        raise Found(f"No JSON: {response.text[:500]}") from error
    return response.status_code


def judge_status(response: httpx.Response, statuses: frozenset[int]) -> None:
    """An answer about a file, which is no GraphQL. One slash too many leads to the address without it."""
    if response.status_code == 307:
        goal = response.request.url.join(response.headers["location"])
        if goal.copy_with(raw_path=b"/") == response.request.url.copy_with(raw_path=b"/"):
            return
    if response.status_code not in statuses:
        raise Found(f"{response.request.method} {response.request.url}: {response.status_code} {response.text[:300]}")


def judge_frame(text: str | bytes) -> dict[str, Any]:
    """A frame of the server's, by the protocol; the frame."""
    try:
        frame = json.loads(text)
    except ValueError as error:
        raise Found(f"No JSON: {text[:500]!r}") from error
    if isinstance(text, bytes) or not isinstance(frame, dict):
        raise Found(f"No frame: {text[:500]!r}")
    match frame.get("type"):
        case "connection_ack" | "ping" | "pong":
            pass
        case "next":
            judge_answer(frame.get("payload"))
        case "error":
            judge_errors(frame.get("payload"))
        case "complete":
            pass
        case other:
            raise Found(f"A frame of type {other!r}.")
    if frame["type"] in ("next", "error", "complete") and not isinstance(frame.get("id"), str):
        raise Found(f"A frame without an id: {text[:500]!r}")
    return frame


def judge_close(code: int | None, reason: str | None) -> None:
    """The end of a socket, by the server's hand."""
    if code not in CLOSES:
        raise Found(f"A socket was closed with {code} ({reason}).")
