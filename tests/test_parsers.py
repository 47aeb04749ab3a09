"""What takes texts from outside apart, given anything at all: it says what it is, or refuses; it never breaks."""

import base64
import json
from collections.abc import Callable
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from core.cursors import Cursor, MalformedCursorError, decode_cursor, encode_cursor
from core.hosts import is_host_pattern, is_trusted
from core.ids import decode_id, encode_id, key_of
from core.settings import Settings
from core.strict_json import read_strictly
from core.tokens import Claims, TokenError, Tokens
from graph.frames import Close, Frame, authorization_in, read_frame
from graph.requests import Asked, Refused, read_address, read_asked, read_json
from graph.responses import choose_media_type
from tests.legs import SECRET
from tests.tokens import make, raw_signed

many = settings(max_examples=400, deadline=None, derandomize=True)
any_text = st.text(st.characters(), max_size=80)
scalars = st.none() | st.booleans() | st.integers() | st.floats() | any_text
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(any_text, inner, max_size=4), max_leaves=12
)
parts = st.integers(-(2**63) + 1, 2**63 - 1) | st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30
)
keys = st.text("0123456789abcdef", min_size=32, max_size=32)
type_names = st.from_regex(r"[A-Z][A-Za-z]{1,31}", fullmatch=True)


def base64_of(value: object) -> str:
    """JSON as a cursor is written."""
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def outcome(read: Callable[..., Any], *given: Any) -> Any:
    """What is read, or the refusal."""
    try:
        return read(*given)
    except (Close, Refused) as refusal:
        return refusal


#: What looks like a cursor, an id or a token, and need not be one.
tempting = any_text | values.map(base64_of) | st.binary(max_size=60).map(lambda each: base64.b64encode(each).decode())


@many
@given(tempting)
@example("W" * 9000)
@example(base64_of(["log", "e", True]))
@example(base64_of([["log"], "e"]))
@example(base64_of(["log", "e", 2**63]))
@example("[" * 100)
def test_a_cursor_is_read_or_refused(text: str) -> None:
    try:
        cursor = decode_cursor(text)
    except MalformedCursorError:
        return
    assert decode_cursor(encode_cursor(cursor)) == cursor


@many
@given(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20), st.lists(parts, max_size=5)
)
def test_a_cursor_comes_back_as_it_was(stream: str, key: list[int | str]) -> None:
    cursor = Cursor(stream, "epoch", tuple(key))
    text = encode_cursor(cursor)
    assert decode_cursor(text) == cursor
    assert text.isascii()
    assert set("+/= ") & set(text) == set()


@many
@given(tempting)
def test_an_id_is_read_in_one_spelling_only(text: str) -> None:
    decoded = decode_id(text)
    if decoded is not None:
        assert encode_id(*decoded) == text


@many
@given(type_names, keys, st.integers(0, 200), any_text)
def test_an_id_comes_back_and_a_bent_one_does_not(type_name: str, key: str, at: int, bit: str) -> None:
    text = encode_id(type_name, key)
    assert decode_id(text) == (type_name, key)
    assert key_of(text, type_name) == key
    assert key_of(text, f"X{type_name}") is None
    bent = text[: at % len(text)] + bit + text[at % len(text) :]
    assert (decode_id(bent) == (type_name, key)) == (bent == text)


TOKENS = Tokens(Settings(_env_file=None, jwt_secret=SecretStr(SECRET)))


async def verified(token: str) -> Claims | None:
    """What it says; None when it is refused."""
    try:
        return await TOKENS.verify(token)
    except TokenError:
        return None


@many
@given(any_text | st.lists(tempting, min_size=2, max_size=4).map(".".join))
async def test_what_nobody_signed_is_no_token(token: str) -> None:
    assert await verified(token) is None


@many
@given(header=values, payload=values)
async def test_any_header_and_any_claims_are_read_or_refused(header: Any, payload: Any) -> None:
    """Also of somebody who can sign."""
    for head in (header, {"alg": "HS256"}, {"alg": "HS256", "x": header}, {"alg": "HS256", "kid": header}):
        for claims in (payload, {"sub": "ann", "exp": payload}, {"sub": payload, "exp": 4_000_000_000}):
            found = await verified(raw_signed(head, claims))
            assert found is None or (found.subject and found.expires_at > 0)


CLAIMS = ("exp", "nbf", "iat", "sub", "name", "picture", "roles", "iss", "aud")


@many
@given(st.dictionaries(st.sampled_from(CLAIMS), values, max_size=4))
async def test_any_claim_of_any_kind_is_read_or_refused(claims: dict[str, Any]) -> None:
    found = await verified(raw_signed({"alg": "HS256"}, {"sub": "ann", "exp": 4_000_000_000, **claims}))
    assert found is None or isinstance(found.subject, str)


@many
@given(at=st.integers(0, 400), bit=st.text(max_size=3), gone=st.integers(0, 2))
async def test_a_bent_token_is_refused(at: int, bit: str, gone: int) -> None:
    good = make()
    place = at % len(good)
    bent = good[:place] + bit + good[place + gone :]
    assert bent == good or await verified(bent) is None


@many
@given(any_text | values)
def test_the_payload_of_a_greeting_has_a_token_or_none(payload: Any) -> None:
    found = authorization_in(payload if isinstance(payload, dict) else {"authorization": payload})
    assert found is None or isinstance(found, str)


@many
@given(
    any_text
    | values.map(json.dumps)
    | st.dictionaries(st.sampled_from(["type", "id", "payload"]), values).map(json.dumps)
)
def test_a_frame_is_read_or_the_socket_is_closed(text: str) -> None:
    read = outcome(lambda: read_frame(text, 9))
    assert isinstance(read, Frame) or (read.code == 4400 and read.reason.isascii())


@many
@given(any_text)
def test_a_reason_can_always_be_written(reason: str) -> None:
    assert len(Close(4409, reason * 9).reason.encode()) <= 123


@many
@given(st.binary(max_size=100) | values.map(lambda value: json.dumps(value).encode()))
def test_a_body_is_read_or_refused(body: bytes) -> None:
    read = outcome(lambda: read_asked(read_json(body, 9)))
    assert isinstance(read, Asked) or 400 <= read.status < 500


@many
@given(st.binary(max_size=100) | any_text.map(lambda text: f"query={text}".encode("utf-8", "replace")))
def test_an_address_is_read_or_refused(query: bytes) -> None:
    read = outcome(lambda: read_address(query, 9))
    assert isinstance(read, Asked) or read.status == 400


@many
@given(values)
def test_json_without_twins_is_read_as_it_is_written(value: Any) -> None:
    text = json.dumps(value)
    if "NaN" not in text and "Infinity" not in text:
        assert read_strictly(text) == json.loads(text)


@many
@given(any_text, st.lists(any_text, max_size=3))
def test_hosts_and_media_types_of_any_kind_are_judged(text: str, more: list[str]) -> None:
    assert isinstance(is_host_pattern(text), bool)
    assert not is_trusted(text, [])
    assert choose_media_type(text) in (None, "application/json", "application/graphql-response+json")
    if is_host_pattern(text) and not text.startswith("*."):
        assert is_trusted(text, [*more, text.lower()])
