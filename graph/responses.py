"""JSON answers, and the media types of GraphQL over HTTP."""

import json
from typing import Any

import orjson
from starlette.responses import Response

JSON = "application/json"
GRAPHQL = "application/graphql-response+json"


def encode(value: Any) -> bytes:
    """JSON. Half characters must not break an answer."""
    try:
        return orjson.dumps(value)
    except TypeError:
        return json.dumps(value, separators=(",", ":")).encode()


def choose_media_type(accept: str | None) -> str | None:
    """Which of the two media types to answer in: the client's favourite; None when it takes neither."""
    if not accept:
        return JSON
    best: tuple[float, int, str] | None = None
    for order, part in enumerate(accept.split(",")):
        media_range, *parameters = (word.strip().lower() for word in part.split(";"))
        media_type = {GRAPHQL: GRAPHQL, JSON: JSON, "application/*": JSON, "*/*": JSON}.get(media_range)
        quality = _quality_of(parameters)
        if media_type is not None and quality > 0 and (best is None or quality > best[0]):
            best = (quality, order, media_type)
    return None if best is None else best[2]


def _quality_of(parameters: list[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                return float(value)
            except ValueError:
                return 0.0
    return 1.0


def answer(value: dict[str, Any], *, status: int = 200, media_type: str = JSON, **headers: str) -> Response:
    """A GraphQL answer."""
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return Response(encode(value), status, named, media_type=f"{media_type}; charset=utf-8")
