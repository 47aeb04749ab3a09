"""Each operation is one line of the log, which says what it was and what came of it, and nothing that people said."""

import json
import subprocess
import sys
from typing import Any

import pytest

from db.users import find_by_external_ids as find
from tests import acts
from tests.client import People, Person
from tests.conftest import OpenHouse
from tests.house import House
from tests.http.wire import post_query
from tests.waiting import until

FIELDS = {"event", "level", "timestamp", "via", "kind", "name", "ms", "cost", "user", "codes"}
WHO = "query Who { viewer { id } }"


@pytest.fixture
async def house(make_house: OpenHouse) -> Any:
    """A server that logs for programs."""
    async with make_house(log_format="json") as running:
        yield running


class Lines:
    """The lines of operations that were logged since it was asked last."""

    def __init__(self, capture: pytest.CaptureFixture[str]) -> None:
        self._capture = capture
        self._found: list[dict[str, Any]] = []

    def _read(self) -> list[dict[str, Any]]:
        for line in self._capture.readouterr().err.splitlines():
            if '"event":"operation"' in line:
                told = json.loads(line)
                assert told.keys() == FIELDS
                assert (told.pop("event"), told.pop("level")) == ("operation", "info")
                assert told.pop("timestamp").endswith("Z")
                assert told.pop("ms") >= 0
                self._found.append(told)
        return self._found

    async def take(self, count: int) -> list[dict[str, Any]]:
        """So many, and no more; told after the answer, perhaps."""
        await until(lambda: len(self._read()) >= count)
        found, self._found = self._found, []
        assert len(found) == count, found
        return found


@pytest.fixture
def lines(capsys: pytest.CaptureFixture[str]) -> Lines:
    """What is logged."""
    return Lines(capsys)


async def user_of(person: Person) -> str:
    """A person's id in the database."""
    rows = await person.house.palaver.database.read(lambda db: find(db, [person.sub]))
    return rows[person.sub].id


async def test_an_operation_over_http_is_a_line(ann: Person, lines: Lines) -> None:
    await post_query(ann, WHO)
    [line] = await lines.take(1)
    assert line == {
        "via": "http", "kind": "query", "name": "Who", "cost": 2, "user": await user_of(ann), "codes": []
    }  # fmt: skip


async def test_one_over_a_socket_and_a_subscription_that_ended_are_lines(ann: Person, lines: Lines) -> None:
    async with ann.connect() as line:
        await (await line.subscribe(WHO)).next()
        [told] = await lines.take(1)
        assert (told["via"], told["kind"], told["name"]) == ("socket", "query", "Who")
        stream = await line.subscribe("subscription Box { inbox { __typename } }")
        await until(lambda: ann.house.palaver.hub.listener_count)
        await stream.complete()
        [told] = await lines.take(1)
        assert (told["kind"], told["name"], told["codes"]) == ("subscription", "Box", [])
        assert await (
            await line.subscribe("subscription($i: ID!) { typing(conversationId: $i) { isTyping } }", i="x")
        ).ended()
        [told] = await lines.take(1)
        assert told["codes"] == ["NOT_FOUND"]


async def test_it_has_the_codes_of_errors_and_of_refusals(people: People, thread: str, lines: Lines) -> None:
    ann, cy = people.ann, people.cy
    fields = {"conversationId": thread, "body": "x" * 5000, "clientMessageId": "k"}
    await post_query(ann, acts.SEND.replace("errors { code", "errors { reason"), input=fields)
    await post_query(cy, acts.SEND, input={**fields, "body": "hello"})
    await post_query(ann, "query Wrong($n: Int) { conversations(first: $n) { edges { cursor } } }", n=0)
    told = await lines.take(3)
    assert [line["codes"] for line in told] == [["TOO_LONG"], ["NOT_FOUND"], ["BAD_USER_INPUT"]]
    assert [line["name"] for line in told] == ["Send", "Send", "Wrong"]


async def test_what_was_refused_before_it_began_has_no_kind_and_no_name(ann: Person, lines: Lines) -> None:
    """Not even the name that the request gives: it may be anything."""
    for query in ("{ nobody }", "{ viewer", "query A { __typename } query B { __typename }"):
        await post_query(ann, query)
    told = await lines.take(3)
    assert [(line["kind"], line["name"], line["cost"]) for line in told] == [(None, None, None)] * 3
    assert [line["codes"] for line in told] == [
        ["GRAPHQL_VALIDATION_FAILED"],
        ["GRAPHQL_PARSE_FAILED"],
        ["BAD_REQUEST"],
    ]


async def test_a_long_name_is_cut(ann: Person, lines: Lines) -> None:
    await post_query(ann, WHO.replace("Who", "W" * 5000))
    assert (await lines.take(1))[0]["name"] == "W" * 100


@pytest.mark.parametrize("changes", [{"log_operations": "off"}, {"log_level": "warning"}])
async def test_the_lines_can_be_left_away(
    changes: dict[str, str], make_house: OpenHouse, capsys: pytest.CaptureFixture[str]
) -> None:
    async with make_house(log_format="json", **changes) as house, People(house) as people:
        await post_query(people.ann, WHO)
        async with people.ann.connect() as line:
            await (await line.subscribe(WHO)).next()
    assert "operation" not in capsys.readouterr().err


async def test_operations_go_on_when_the_log_cannot_be_written(
    house: House, ann: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Gone:
        def write(self, _: str) -> None:
            raise BrokenPipeError

    with monkeypatch.context() as changed:
        changed.setattr(sys, "stderr", Gone())
        response = await post_query(ann, WHO)
        async with ann.connect() as line:
            assert (await (await line.subscribe(WHO)).next())["id"]
    assert response.json()["data"]["viewer"]["id"]


def test_control_characters_are_escaped() -> None:
    """In what libraries and faults say, so that nobody forges lines or speaks to terminals."""
    code = """
import logging, structlog
from core.logs import set_up_logs
from core.settings import Settings
set_up_logs(Settings(_env_file=None, log_format="json"))
nasty = "a\\n{}\\r\\x1b[31m\\x00\\x85\\u2028\\x9b\\ud800"
structlog.get_logger("graph").warning("said", word=nasty)
logging.getLogger("uvicorn.error").warning("%s", nasty)
try:
    raise ValueError(nasty)
except ValueError:
    structlog.get_logger("graph").exception("broke")
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert all(32 <= byte < 127 or byte == 10 for byte in done.stderr)
    lines = [json.loads(line) for line in done.stderr.decode().splitlines()]
    assert [line["event"][:5] for line in lines] == ["said", "a\n{}\r", "broke"]
