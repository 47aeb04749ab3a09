"""Bodies that no client should send: each is answered in JSON with a code, none is a fault of the server's."""

import json
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.client import Person
from tests.http.wire import errors_of, post
from tests.standing import standing_house

house = standing_house()
ME = "{ viewer { user { externalId } } }"
HALF = "\ud83d"

#: One server answers all examples of a test; that is the point.
many = settings(
    max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)

BODIES: dict[str, bytes] = {
    "nothing": b"",
    "white space": b" \r\n\t ",
    "a byte order mark": b"\xef\xbb\xbf",
    "a JSON string": b'"{ viewer { id } }"',
    "a number": b"7",
    "true": b"true",
    "null": b"null",
    "an empty object": b"{}",
    "an empty list": b"[]",
    "half an object": b'{"query": "{ viewer { id } }"',
    "an object and more": b'{"query": "{ viewer { id } }"} {"query": "{ viewer { id } }"}',
    "a trailing comma": b'{"query": "{ viewer { id } }",}',
    "single quotes": b"{'query': '{ viewer { id } }'}",
    "GraphQL itself": b"{ viewer { id } }",
    "a form": b"query=%7B+viewer+%7B+id+%7D+%7D",
    "invalid UTF-8": b'{"query": "\xff\xfe{ viewer { id } }"}',
    "UTF-8 of a surrogate": b'{"query": "\xed\xa0\xbd"}',
    "an overlong encoding": b'{"query": "\xc0\xaf"}',
    "a NUL": b"\0",
    "a raw control character": b'{"query": "{ viewer {\x01 id } }"}',
    "5,000 digits": b'{"query": "{ viewer { id } }", "variables": {"a": ' + b"9" * 5000 + b"}}",
    "5,000 digits alone": b"9" * 5000,
    "NaN": b'{"query": "{ viewer { id } }", "variables": {"a": NaN}}',
    "Infinity": b'{"query": "{ viewer { id } }", "variables": {"a": -Infinity}}',
    "100,000 brackets": b"[" * 100_000,
    "100,000 pairs of brackets": b"[" * 100_000 + b"]" * 100_000,
    "20,000 nested objects": b'{"a":' * 20_000 + b"1" + b"}" * 20_000,
    "deep variables": b'{"query": "{ viewer { id } }", "variables": ' + b'{"a":' * 20_000 + b"1" + b"}" * 20_001,
    "a huge string": b'"' + b"a" * 200_000 + b'"',
    "a huge number of keys": json.dumps({f"k{number}": number for number in range(15_000)}).encode(),
}

MEMBERS: dict[str, dict[str, Any]] = {
    "no query": {"variables": {}},
    "query null": {"query": None},
    "query a number": {"query": 7},
    "query a list": {"query": [ME]},
    "query an object": {"query": {"a": ME}},
    "query empty": {"query": ""},
    "query blank": {"query": " \n\t"},
    "query a comment": {"query": "# nothing"},
    "query a NUL": {"query": "\0"},
    "query half a character": {"query": f"{{ viewer {{ id }} }} # {HALF}"},
    "query half a character in a string": {"query": f'{{ conversation(id: "{HALF}") {{ id }} }}'},
    "query an escaped half": {"query": '{ conversation(id: "\\ud83d") { id } }'},
    "query 200 deep": {"query": "{ a" * 190 + "}" * 190},
    "query 50,000 deep": {"query": "{ a" * 50_000 + "}" * 50_000},
    "query of brackets": {"query": "[" * 100_000},
    "query of digits": {"query": "{ conversations(first: " + "9" * 5000 + ") { edges { cursor } } }"},
    "query of braces in a variable": {"query": "query($a: Int = " + "[" * 900 + ") { viewer { id } }"},
    "operationName a number": {"query": ME, "operationName": 7},
    "operationName a list": {"query": ME, "operationName": ["A"]},
    "operationName half a character": {"query": ME, "operationName": HALF},
    "operationName huge": {"query": ME, "operationName": "A" * 200_000},
    "variables a string": {"query": ME, "variables": "{}"},
    "variables a list": {"query": ME, "variables": [1]},
    "variables a number": {"query": ME, "variables": 0},
    "variables false": {"query": ME, "variables": False},
    "extensions a string": {"query": ME, "extensions": "{}"},
    "extensions a list": {"query": ME, "extensions": []},
    "a persisted query": {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": "0" * 64}}},
}

CONVERSATIONS = "query($n: Int, $f: ConversationFilter) { conversations(first: $n, filter: $f) { edges { cursor } } }"
CONVERSATION = "query($id: ID!) { conversation(id: $id) { id } }"
NODES = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }"
SEND = "mutation($input: SendMessageInput!) { sendMessage(input: $input) { message { id } errors { code } } }"

VARIABLES: dict[str, tuple[str, str]] = {
    "Int 4,000 digits": (CONVERSATIONS, '{"n": ' + "9" * 4000 + "}"),
    "Int infinite": (CONVERSATIONS, '{"n": 1e400}'),
    "Int a fraction": (CONVERSATIONS, '{"n": 1.5}'),
    "Int a text": (CONVERSATIONS, '{"n": "1"}'),
    "Int true": (CONVERSATIONS, '{"n": true}'),
    "Int beyond 32 bits": (CONVERSATIONS, '{"n": 2147483648}'),
    "Int negative": (CONVERSATIONS, '{"n": -1}'),
    "filter a text": (CONVERSATIONS, '{"f": "unread"}'),
    "filter unknown": (CONVERSATIONS, '{"f": {"nobody": 1}}'),
    "filter half a character": (CONVERSATIONS, '{"f": {"query": "\\ud83d"}}'),
    "kind half a character": (CONVERSATIONS, '{"f": {"subjectKind": "\\udc00"}}'),
    "state unknown": (CONVERSATIONS, '{"f": {"state": "AJAR"}}'),
    "ID a list": (CONVERSATION, '{"id": []}'),
    "ID null": (CONVERSATION, '{"id": null}'),
    "ID a fraction": (CONVERSATION, '{"id": 1.5}'),
    "ID 900 deep": (CONVERSATION, '{"id": ' + "[" * 900 + "]" * 900 + "}"),
    "IDs 900 deep": (NODES, '{"ids": ' + "[" * 900 + "]" * 900 + "}"),
    "IDs with null": (NODES, '{"ids": [null]}'),
    "IDs too many": (NODES, '{"ids": [' + ",".join(['"x"'] * 101) + "]}"),
    "input 900 deep": (SEND, '{"input": ' + '{"a":' * 900 + "1" + "}" * 900 + "}"),
    "input of other types": (SEND, '{"input": {"conversationId": {}, "body": [], "clientMessageId": 7.5}}'),
}


async def must_be_refused(person: Person, body: bytes) -> httpx.Response:
    """Send a body: the answer is an error with a code, of the client's making, and the server serves on."""
    response = await post(person, body)
    assert response.status_code == 200 or 400 <= response.status_code < 500, response.text
    errors = errors_of(response)
    assert errors, response.text
    assert all(error["extensions"]["code"] != "INTERNAL" for error in errors), response.text
    assert (await person.ask(ME))["user"]["externalId"] == person.sub
    return response


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
async def test_a_body_that_is_no_request_is_a_bad_request(ann: Person, body: bytes) -> None:
    response = await must_be_refused(ann, body)
    assert (response.status_code, errors_of(response)[0]["extensions"]["code"]) == (400, "BAD_REQUEST")


@pytest.mark.parametrize("members", MEMBERS.values(), ids=MEMBERS)
async def test_a_request_with_a_wrong_member_is_refused(ann: Person, members: dict[str, Any]) -> None:
    await must_be_refused(ann, json.dumps(members).encode())


@pytest.mark.parametrize(("query", "variables"), VARIABLES.values(), ids=VARIABLES)
async def test_a_wrong_variable_is_bad_user_input(ann: Person, query: str, variables: str) -> None:
    body = f'{{"query": {json.dumps(query)}, "variables": {variables}}}'
    response = await must_be_refused(ann, body.encode())
    assert {error["extensions"]["code"] for error in errors_of(response)} == {"BAD_USER_INPUT"}


async def must_be_answered(person: Person, body: bytes) -> None:
    """Send a body: whatever comes back has the shape of an answer, and no fault of the server's in it."""
    response = await post(person, body)
    assert response.status_code in (200, 400, 413), response.text
    assert all(error["extensions"]["code"] != "INTERNAL" for error in errors_of(response)), response.text
    assert response.json().keys() & {"data", "errors"}


texts = st.text(st.characters(), max_size=30) | st.sampled_from([HALF, "\0", "\ud800\udc00", "a" * 300, "\u202e"])
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts | st.integers(min_value=10**300),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(texts, inner, max_size=5),
    max_leaves=20,
)
requests = st.dictionaries(st.sampled_from(["query", "variables", "operationName", "extensions"]) | texts, values)
#: An operation that takes a variable of every kind of input that a read or an act has.
EVERYTHING = """
query Everything($n: Int, $s: String, $id: ID!, $ids: [ID!]!, $f: ConversationFilter, $u: UserFilter, $k: String!) {
  nodes(ids: $ids) { id }
  node(id: $id) { id }
  conversations(first: $n, after: $s, filter: $f) { edges { cursor } }
  users(last: $n, before: $s, filter: $u) { edges { cursor } }
  subject(kind: $k, externalId: $id) { conversations(first: $n, after: $s) { edges { cursor } } }
  user(externalId: $id) { name }
}
"""
READ_VARIABLES = ["n", "s", "id", "ids", "f", "u", "k"]
#: What has the right names and the right types now and then, so that it gets past the first check.
likely = st.fixed_dictionaries(
    {"id": texts, "ids": st.lists(texts, max_size=3), "k": texts},
    optional={
        "n": st.integers(-2, 120) | st.none(),
        "s": texts,
        "f": st.fixed_dictionaries({}, optional={"query": texts, "subjectKind": texts, "withUserId": texts}),
        "u": st.fixed_dictionaries({}, optional={"query": texts, "role": texts}),
    },
)


@many
@given(body=st.binary(max_size=200))
async def test_any_bytes_are_answered(ann: Person, body: bytes) -> None:
    await must_be_answered(ann, body)


@many
@given(value=requests | values)
async def test_any_json_is_answered(ann: Person, value: Any) -> None:
    await must_be_answered(ann, json.dumps(value).encode())


@many
@given(variables=likely | st.dictionaries(st.sampled_from(READ_VARIABLES), values))
async def test_any_variables_are_answered(ann: Person, variables: dict[str, Any]) -> None:
    await must_be_answered(ann, json.dumps({"query": EVERYTHING, "variables": variables}).encode())


@many
@given(
    name=st.sampled_from(
        ["openConversation", "sendMessage", "markRead", "setTyping", "uploadAttachment", "upsertUser"]
    ),
    value=values,
    fields=st.dictionaries(
        st.sampled_from(["conversationId", "body", "clientMessageId", "subject", "userId", "firstMessage", "file"]),
        values,
    ),
)
async def test_any_input_of_a_mutation_is_answered(host: Person, name: str, value: Any, fields: dict[str, Any]) -> None:
    query = f"mutation($input: {name[0].upper()}{name[1:]}Input!) {{ {name}(input: $input) {{ errors {{ code }} }} }}"
    for given_input in (value, fields):
        await must_be_answered(host, json.dumps({"query": query, "variables": {"input": given_input}}).encode())
