"""A bad line is told by its number and with a reason, and the rest of the file goes in."""

import json
from pathlib import Path

from tests.cli.files import BIKE, about_bike, message, take_in
from tests.client import Person
from tests.house import House
from tests.storage import run_sql

COUNTS = "{ conversations(first: 10) { edges { node { messages(first: 100) { edges { node { body } } } } } } }"

#: Each bad line, and what is said of it.
BAD = [
    ("{", "This is no JSON (EOF while parsing an object at line 1 column 1)."),
    ("[1, 2]", "A line must be a JSON object."),
    ('{"type": "listing"}', 'Its "type" must be "user", "subject", "conversation" or "message".'),
    ('{"type": "user", "externalId": "ghost", "nmae": "G"}', "nmae is no field of a user line."),
    ('{"type": "user", "name": "G"}', "externalId is missing."),
    (
        '{"type": "user", "externalId": "ghost", "avatarUrl": "javascript:x"}',
        "avatarUrl: The address must start with http:// or https:// and a host.",
    ),
    (
        json.dumps({"type": "user", "externalId": "ghost", "name": "x" * 201}),
        "name: The text may have at most 200 characters.",
    ),
    (
        json.dumps({**BIKE, "externalId": "x", "owner": None}),
        "owner: A subject that anyone may ask about needs an owner.",
    ),
    (
        json.dumps({**BIKE, "externalId": "x", "policy": "PARTIES", "owner": {"userExternalId": "ghost", "role": "r"}}),
        "parties: A conversation of parties needs at least two people.",
    ),
    (
        json.dumps(about_bike("no-subject", subject={"kind": "listing", "externalId": "gone"})),
        "subject: There is no such subject, neither in the file nor in the database.",
    ),
    (
        json.dumps(about_bike("own", "bob")),
        "contacter: The conversation must be of two people, the contacter and somebody else.",
    ),
    (json.dumps(about_bike("marks", "fay", readUpTo={"ghost": None})), "readUpTo: ghost is not in the conversation."),
    (json.dumps(about_bike("c", "fay")), "id: c is another conversation of this file."),
    (json.dumps(message(1, "cy")), "sender: cy is not in the conversation."),
    (json.dumps(message(1, "ann", conversation="own")), "conversation: No good line of this file is conversation own."),
    (json.dumps(message(1, "ann", " \u200b ")), "body: The text may not be empty."),
    (json.dumps(message(1, "ann", "x" * 4001)), "body: The text may have at most 4000 characters."),
    (json.dumps(message(1, "ann", "a\0b")), "body: The text may not contain the character NUL."),
    (
        json.dumps(message(1, "ann", createdAt="2999-01-01T00:00:00Z")),
        "createdAt: The time must be after 1970, and not in the future.",
    ),
    (
        json.dumps(message(1, "ann", createdAt="2025-01-01T00:00:00")),
        "createdAt: A time is written like 2026-03-01T09:30:00Z or 2026-03-01T10:30:00+01:00.",
    ),
]


async def test_bad_lines_are_told_by_number_and_the_rest_goes_in(house: House, ann: Person, tmp_path: Path) -> None:
    good = [BIKE, about_bike(), message(1, "ann", "x" * 4000), message(2, "bob", "  kept as it is\n")]
    ended = await take_in(house, tmp_path, *good, *(line for line, _ in BAD), message(3, "ann", "the last"))
    assert ended.status == 1
    told = sorted(line for line in ended.errors.splitlines() if line.startswith("line "))
    assert told == sorted(f"line {number}: {reason}" for number, (_, reason) in enumerate(BAD, len(good) + 1))
    assert ended.output.splitlines()[-1] == f"{len(BAD)} bad lines were left out; the others are in."
    (conversation,) = (await ann.ask(COUNTS))["edges"]
    said = [edge["node"]["body"] for edge in conversation["node"]["messages"]["edges"]]
    assert said == ["x" * 4000, "  kept as it is\n", "the last"]
    # A bad line leaves nothing behind, also not the people whom it names.
    assert await run_sql(house, "select external_id from users order by 1") == [("ann",), ("bob",)]


async def test_a_message_that_is_there_with_other_content_is_a_conflict(
    house: House, ann: Person, tmp_path: Path
) -> None:
    assert (await take_in(house, tmp_path, BIKE, about_bike(), message(1, "ann", "first"))).status == 0
    changed = message(1, "ann", "second")
    later = message(1, "ann", "first", createdAt="2025-04-02T00:00:00Z")
    ended = await take_in(house, tmp_path, BIKE, about_bike(), changed, later, message(1, "bob", "mine"))
    assert ended.status == 1
    assert ended.errors.splitlines()[-2:] == [
        "line 3: Conflict: message m-1 of this sender is there already, with another text.",
        "line 4: Conflict: message m-1 of this sender is there already, with another time.",
    ]
    (conversation,) = (await ann.ask(COUNTS))["edges"]
    assert [edge["node"]["body"] for edge in conversation["node"]["messages"]["edges"]] == ["first", "mine"]


async def test_a_line_without_end_is_one_bad_line(house: House, ann: Person, tmp_path: Path) -> None:
    endless = json.dumps(message(1, "ann", "x" * 3_000_000))
    ended = await take_in(house, tmp_path, BIKE, endless, about_bike(), message(2, "ann"))
    assert "line 2: The line has more than 2097152 bytes." in ended.errors
    (conversation,) = (await ann.ask(COUNTS))["edges"]
    assert [edge["node"]["body"] for edge in conversation["node"]["messages"]["edges"]] == ["message 2"]


async def test_what_a_terminal_would_obey_is_not_shown(house: House, tmp_path: Path) -> None:
    ended = await take_in(house, tmp_path, BIKE, about_bike(), message(1, "\x1b[2Jann"))
    assert "\x1b" not in ended.errors
    assert "sender: \ufffd[2Jann is not in the conversation." in ended.errors
