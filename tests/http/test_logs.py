"""Logs say what happened and never what people said: no body, no token, no variable, whatever goes well or wrong."""

import json
from contextlib import suppress

import httpx
import pytest
import websockets

from tests import acts, changing, uploads
from tests.access.host import POST_SYSTEM_MESSAGE, UPSERT_USER
from tests.client import NO_TLS, Answered, Person, StreamEnded, raw_socket
from tests.documents.asking import by_hash, with_text
from tests.http.wire import post, post_query
from tests.legs import Home
from tests.searching import SEARCH
from tests.served import serve
from tests.storage import run_sql_at
from tests.test_reports import REPORT
from tests.test_templates import SAVE
from tests.waiting import soon

#: In every text that a person writes here; a log that holds it has told on somebody.
CANARY = "canary-2f9c81"
NAMED = f"{{ viewer {{ id }} }} # {CANARY}"


@pytest.mark.parametrize(
    ("level", "form"),
    [("debug", "console"), ("debug", "json"), ("info", "json"), ("warning", "console"), ("error", "json")],
)
async def test_a_log_tells_no_word_of_anybody(home: Home, level: str, form: str) -> None:
    """Whatever it tells: at debug all that there is, at error nothing but faults."""
    await look_at_the_log(home, level, form)


async def look_at_the_log(home: Home, level: str, form: str, *words: str) -> None:
    """Do all that may be told, with a server that was started with these words, and read what it has told."""
    server = serve(home, *words, PALAVER_LOG_LEVEL=level, PALAVER_LOG_FORMAT=form)
    async with server as served, httpx.AsyncClient(timeout=30, verify=NO_TLS) as http:
        ann = served.person(http, "ann", name=f"Ann {CANARY}")
        bob = served.person(http, "bob", name="Bob")
        host = served.person(http, "market", "service", name="The market")
        await acts.list_thing(host, title=f"A bicycle {CANARY}")
        thread = await acts.open_about(ann)
        await talk(ann, bob, thread)
        await give_files(ann, thread)
        await put_files(ann)
        await do_the_rest(ann, bob, host, thread)
        await fail_over_http(ann, thread)
        await fail_over_the_socket(ann, thread)
        url = home.leg.url_of(home.folder)
        told = await refuse_rows(ann, served.person(http, "dee", name=f"refused {CANARY}"), thread, url)
        told += await break_down(ann, thread, url)
        served.terminate()
        await served.status()
        output = served.output
    assert CANARY not in output
    assert ("operation " in output or '"operation"' in output) == (level in ("debug", "info"))
    assert "UTF-8" not in output  # uvicorn's, with where it is in uvicorn, for each frame that is none.
    assert "boundary" not in output  # A library's, for each malformed form.
    assert ann.token[:16] not in output  # Every token begins alike: with its algorithm.
    assert ann.token.rpartition(".")[2] not in output
    assert all(number in output for number in told)
    if form == "json":
        lines = [json.loads(line) for line in output.splitlines() if line.startswith("{")]
        assert {line["event"] for line in lines} >= {"operation.failed"}


async def talk(ann: Person, bob: Person, thread: str) -> None:
    """All goes well, over HTTP and over a socket."""
    start = (await bob.ask(acts.MESSAGES, id=thread))["cursor"]
    async with bob.connect() as line:
        stream = await line.subscribe(acts.MESSAGE_ADDED, id=thread, after=start)
        await acts.send(ann, thread, f"hello {CANARY}", f"key {CANARY}")
        assert CANARY in (await stream.next())["message"]["body"]
    async with ann.connect() as line:
        fields = {"conversationId": thread, "body": f"by socket {CANARY}", "clientMessageId": acts.key()}
        stream = await line.subscribe(acts.SEND, input=fields)
        assert CANARY in (await stream.next())["message"]["body"]


async def give_files(ann: Person, thread: str) -> None:
    """A file is sent and fetched; others are refused."""
    given = await uploads.give(ann, f"a file {CANARY}".encode(), f"{CANARY}.txt")
    fields = {"conversationId": thread, "attachmentIds": [given["id"]], "clientMessageId": acts.key()}
    await post_query(ann, acts.SEND, input=fields)
    assert CANARY in (await ann.http.get(given["url"])).text
    await ann.http.get(given["url"].replace(CANARY, f"{CANARY}x"), params={"token": CANARY})
    await uploads.upload(ann, b"", f"{CANARY}.exe")
    for variables, place in (({"input": {"file": None, "secret": CANARY}}, "variables.input.file"), (None, CANARY)):
        parts = uploads.operations(variables), uploads.places(place), uploads.Part("0", CANARY.encode(), CANARY)
        await uploads.send_form(ann, uploads.form_of(*parts))
    await uploads.send_form(ann, CANARY.encode())


async def put_files(ann: Person) -> None:
    """A file goes to a place of its own; others do not fit theirs."""
    content = f"put {CANARY}".encode()
    given = await uploads.give_in_steps(ann, content, f"put {CANARY}.txt")
    assert CANARY in given["fileName"]
    place = await uploads.place_for(ann, 3, f"{CANARY}.txt")
    assert await uploads.put(ann, place, content) >= 400
    assert await uploads.incomplete(ann, place["uploadId"])
    await ann.http.put(f"{place['uploadUrl']}{CANARY}", content=content)
    await ann.answer(uploads.COMPLETE, input={"uploadId": CANARY})
    fields = {"fileName": f"{CANARY}/", "mimeType": CANARY, "byteSize": -1}
    await ann.answer(uploads.REQUEST, input=fields)


async def do_the_rest(ann: Person, bob: Person, host: Person, thread: str) -> None:
    """Every other verb that takes somebody's words."""
    sent = await acts.send(ann, thread, f"before {CANARY}")
    await changing.edit(ann, sent["id"], f"after {CANARY}")
    assert CANARY in str(await ann.ask(SEARCH, text=f"after {CANARY}"))
    assert CANARY in str(await ann.ask(SAVE, input={"name": f"name {CANARY}", "body": f"{{{{a}}}} {CANARY}"}))
    fields = {"messageId": sent["id"], "reason": "SCAM", "note": f"note {CANARY}"}
    assert CANARY in str(await bob.ask(REPORT, input=fields))
    assert await changing.react_code(ann, sent["id"], CANARY) == "INVALID"
    assert CANARY in str(await host.ask(UPSERT_USER, input={"externalId": CANARY, "name": f"name {CANARY}"}))
    fields = {"conversationId": thread, "body": f"host {CANARY}", "clientMessageId": f"host {CANARY}"}
    assert CANARY in str(await host.ask(POST_SYSTEM_MESSAGE, input=fields))


async def fail_over_http(ann: Person, thread: str) -> None:
    """The client does everything wrong."""
    await post(ann, f'{{"query": "{CANARY}'.encode())
    await post_query(ann, f"{{ {CANARY}")
    await post_query(ann, "{ nobody }", secret=CANARY)
    await post_query(ann, f'{{ conversation(id: "{CANARY}") {{ id }} }}')
    await post_query(ann, "query($n: Int!) { conversations(first: $n) { edges { cursor } } }", n=CANARY)
    await post_query(ann, acts.MESSAGES, id=thread, after=CANARY)
    await post_query(ann, acts.SEND, input={"conversationId": thread, "body": CANARY * 1000, "clientMessageId": CANARY})
    await post_query(
        ann, acts.SEND, input={"conversationId": thread, "body": f"{CANARY}\ud800", "clientMessageId": "k"}
    )
    await post_query(ann, acts.OPEN, input={"userExternalId": f"{CANARY}\ud800"})
    await post_query(ann, "{ viewer { id } }", {"Authorization": f"Bearer {ann.token}{CANARY}"})
    await post_query(ann, "{ viewer { id } }", {"Content-Type": f"text/{CANARY}", "Accept": "*/*"})
    await post(ann, CANARY.encode(), {"Content-Type": f"multipart/form-data; boundary={CANARY}"})
    for request in (by_hash(NAMED), with_text(NAMED), by_hash(NAMED), {"documentId": CANARY}):
        await post(ann, json.dumps(request).encode())
    await ann.http.get(f"{ann.house.url}/graphql", params={"query": CANARY}, headers=ann.headers)
    await ann.http.get(f"{ann.house.url}/files/{CANARY}/a/1/b/c")


async def fail_over_the_socket(ann: Person, thread: str) -> None:
    """The client does everything wrong again, frame by frame."""
    async with ann.connect() as line:
        for query, variables in (
            (CANARY, {}),
            (acts.MESSAGE_ADDED, {"id": CANARY}),
            (acts.MESSAGE_ADDED, {"id": thread, "after": CANARY}),
            (acts.MESSAGE_ADDED, {"id": [CANARY]}),
        ):
            stream = await line.subscribe(query, **variables)
            with pytest.raises(StreamEnded):
                await stream.next()
    place = f"{ann.house.socket_url}?token={ann.token}&word={CANARY}"
    async with websockets.connect(place, subprotocols=[websockets.Subprotocol("graphql-transport-ws")]) as socket:
        await socket.send(CANARY.encode() + b"\xff", text=True)
        with pytest.raises(websockets.ConnectionClosed):
            await soon(socket.recv())
    for frame in (
        {"type": "connection_init", "payload": {"authorization": f"Bearer {ann.token}{CANARY}"}},
        {"type": "connection_init", "payload": CANARY},
        {"type": CANARY},
    ):
        async with raw_socket(ann.house) as socket:
            await socket.send(json.dumps(frame))
            with pytest.raises(websockets.ConnectionClosed):
                await soon(socket.recv())


async def refuse_rows(ann: Person, dee: Person, thread: str, url: str) -> list[str]:
    """The database refuses rows: PostgreSQL tells all that is in them, in its errors' detail. The ids under which the
    log should tell of it."""
    if url.startswith("sqlite"):
        return []  # Its errors have no values.
    sent = await acts.send(ann, thread, "taken")
    for table, column in (("messages", "body"), ("users", "name")):
        check = f"CHECK ({column} NOT LIKE 'refused%') NOT VALID"
        await run_sql_at(url, f"ALTER TABLE {table} ADD CONSTRAINT {table}_refused {check}")
    fields = {"conversationId": thread, "body": f"refused {CANARY}", "clientMessageId": f"refused {CANARY}"}
    file = await uploads.give(ann, b"Hello", "note.txt")
    answers = [
        await ann.answer(acts.SEND, input=fields),
        await ann.answer(acts.SEND, input={**fields, "attachmentIds": [file["id"]]}),
        await ann.answer(changing.EDIT, input={"messageId": sent["id"], "body": f"refused {CANARY}"}),
        await dee.answer("{ viewer { id } }"),
    ]
    told: list[str] = [answer["errors"][0]["extensions"]["id"] for answer in answers]
    async with ann.connect() as line:
        with suppress(StreamEnded, Answered):
            await (await line.subscribe(acts.SEND, input=fields)).next()
    return told


async def break_down(ann: Person, thread: str, url: str) -> list[str]:
    """The database fails under a send; the ids under which the log should tell of it."""
    await run_sql_at(url, "ALTER TABLE messages RENAME TO messages_away")
    fields = {"conversationId": thread, "body": f"lost {CANARY}", "clientMessageId": f"lost {CANARY}"}
    answer = await ann.answer(acts.SEND, input=fields)
    told = [answer["errors"][0]["extensions"]["id"]]
    async with ann.connect() as line:
        with suppress(StreamEnded, Answered):
            await (await line.subscribe(acts.SEND, input=fields)).next()
    return told
