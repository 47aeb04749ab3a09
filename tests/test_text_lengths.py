"""Every other text that is stored has a documented length, is kept exactly up to it, and refused beyond it."""

from collections.abc import Callable
from typing import Any

import pytest

from tests import acts, threads
from tests.client import Person

UPSERT_USER = """
mutation UpsertUser($input: UpsertUserInput!) {
  upsertUser(input: $input) { user { externalId name avatarUrl roles } errors { code reason path } }
}
"""
UPSERT_SUBJECT = """
mutation UpsertSubject($input: UpsertSubjectInput!) {
  upsertSubject(input: $input) {
    subject { kind externalId title url imageUrl owner { externalId } } errors { code reason path }
  }
}
"""
POST = """
mutation Post($input: PostSystemMessageInput!) {
  postSystemMessage(input: $input) { messageEdges { node { seq } } errors { code reason path } }
}
"""
Input = dict[str, Any]


def user(**fields: Any) -> Input:
    """What the host tells of a person."""
    return {"externalId": "dan", **fields}


def subject(**fields: Any) -> Input:
    """What the host tells of a listing."""
    owner = {"userExternalId": "bob", "role": "seller"}
    return {"kind": "listing", "externalId": "bike-1", "title": "A red bicycle", "owner": owner, **fields}


def booking(*parties: Input) -> Input:
    """What the host tells of a booking."""
    return subject(kind="booking", policy="PARTIES", parties=list(parties), owner=None)


def party(name: str, role: str = "party") -> Input:
    """Somebody whom a booking concerns."""
    return {"userExternalId": name, "role": role}


ANN = party("ann")

#: mutation, how the input is made of a text, the most characters, the text's path.
TEXTS: dict[str, tuple[str, Callable[[str], Input], int, list[str]]] = {
    "a person's id": (UPSERT_USER, lambda text: user(externalId=text), 255, ["externalId"]),
    "a person's name": (UPSERT_USER, lambda text: user(name=text), 200, ["name"]),
    "a person's role": (UPSERT_USER, lambda text: user(roles=["seller", text]), 50, ["roles"]),
    "a subject's kind": (UPSERT_SUBJECT, lambda text: subject(kind=text), 50, ["kind"]),
    "a subject's id": (UPSERT_SUBJECT, lambda text: subject(externalId=text), 255, ["externalId"]),
    "a subject's title": (UPSERT_SUBJECT, lambda text: subject(title=text), 300, ["title"]),
    "the contacter's role": (UPSERT_SUBJECT, lambda text: subject(contacterRole=text), 50, ["contacterRole"]),
    "an owner's id": (UPSERT_SUBJECT, lambda text: subject(owner=party(text)), 255, ["owner", "userExternalId"]),
    "an owner's role": (UPSERT_SUBJECT, lambda text: subject(owner=party("bob", text)), 50, ["owner", "role"]),
    "a party's id": (UPSERT_SUBJECT, lambda text: booking(ANN, party(text)), 255, ["parties", "1", "userExternalId"]),
    "a party's role": (UPSERT_SUBJECT, lambda text: booking(ANN, party("bob", text)), 50, ["parties", "1", "role"]),
}


@pytest.mark.parametrize(("mutation", "make", "most", "path"), TEXTS.values(), ids=TEXTS)
async def test_a_text_of_the_host_has_a_length(
    host: Person, mutation: str, make: Callable[[str], Input], most: int, path: list[str]
) -> None:
    """Counted in code points; refused as TOO_LONG beyond it, and as INVALID when it is blank or cannot be stored."""
    for text in ("🎈" * most, "é" * most, "x"):
        payload = await host.ask(mutation, input=make(text))
        assert payload["errors"] == []
        shown = payload.get("user") or payload["subject"]
        if len(path) == 1 and path[0] in shown:
            value = shown[path[0]]
            assert text in value if isinstance(value, list) else text == value
    wrong = {"x" * (most + 1): "TOO_LONG", "": "INVALID", " ": "INVALID", "\u200b": "INVALID", "x\0y": "INVALID"}
    for text, code in {**wrong, "x\ud800": "INVALID"}.items():
        errors = await threads.refusals(host, mutation, input=make(text))
        assert [(error["code"], error["path"]) for error in errors] == [(code, ["input", *path])], ascii(text)


async def test_a_key_has_a_length(ann: Person, host: Person, thread: str) -> None:
    """In each of the three mutations that take one."""
    about = {"kind": "listing", "externalId": "bike-1"}
    takers: list[tuple[Person, str, Callable[[Input], Input], list[str]]] = [
        (ann, acts.SEND, lambda words: {"conversationId": thread, **words}, []),
        (ann, acts.OPEN, lambda words: {"subject": about, "firstMessage": words}, ["firstMessage"]),
        (host, POST, lambda words: {"conversationId": thread, **words}, []),
    ]
    for person, mutation, make, path in takers:
        for key in ("k" * 201, "", " ", "\0", "\ud800"):
            errors = await threads.refusals(person, mutation, input=make({"body": "Hi", "clientMessageId": key}))
            code = "TOO_LONG" if len(key) > 200 else "INVALID"
            expected = [(code, ["input", *path, "clientMessageId"])]
            assert [(error["code"], error["path"]) for error in errors] == expected, ascii(key)
    for person, mutation, make, _ in takers:
        words = {"body": mutation[:20], "clientMessageId": "🔑" * 190 + person.sub + mutation[10:14]}
        assert (await person.ask(mutation, input=make(words)))["errors"] == []
    assert len(await acts.bodies(ann, thread)) == 3


async def test_an_address_has_a_length_and_a_form(host: Person) -> None:
    """2,000 characters, http or https, kept exactly; anything else is no URL, so the whole operation is refused."""
    start = "https://market.example/"
    for address in (start + "x" * (2000 - len(start)), "http://a.example", "HTTPS://A.example:8443/ü?q=%20#top"):
        named = subject(url=address, imageUrl=address)
        assert (await host.ask(UPSERT_SUBJECT, input=named))["subject"]["url"] == address
        assert (await host.ask(UPSERT_USER, input=user(avatarUrl=address)))["user"]["avatarUrl"] == address
    for address in (
        start + "x" * (2001 - len(start)),
        "",
        "market.example",
        "//market.example/",
        "javascript:alert(1)",
        "ftp://market.example/",
        "data:text/html,x",
        "https://",
        "https://user:secret@market.example/",
        "https://market.example/a b",
        "https://market.example:99999/",
        " https://market.example/",
    ):
        for mutation, named in (
            (UPSERT_SUBJECT, subject(url=address)),
            (UPSERT_SUBJECT, subject(imageUrl=address)),
            (UPSERT_USER, user(avatarUrl=address)),
        ):
            assert await host.code(mutation, input=named) == "BAD_USER_INPUT", address


async def test_lists_have_a_length(host: Person) -> None:
    """At most 50 roles of a person and 50 parties of a subject."""
    roles = [f"role {number}" for number in range(51)]
    assert await host.code(UPSERT_USER, input=user(roles=roles)) == "INVALID"
    assert (await host.ask(UPSERT_USER, input=user(roles=roles[:50])))["user"]["roles"] == roles[:50]
    parties = [party(f"guest {number}") for number in range(51)]
    assert await host.code(UPSERT_SUBJECT, input=booking(*parties)) == "INVALID"
    assert (await host.ask(UPSERT_SUBJECT, input=booking(*parties[:50])))["errors"] == []


async def test_a_name_that_nothing_can_have_is_looked_up_without_harm(ann: Person, thread: str) -> None:
    """In reads there is nothing; in openings it is refused."""
    ask_subject = "query($kind: String!, $id: ID!) { subject(kind: $kind, externalId: $id) { id } }"
    ask_user = "query($id: ID!) { user(externalId: $id) { id } }"
    for text in ("x" * 300, "", "\0", "a\0b", "\ud800"):
        for asked, named in (
            (ask_subject, {"kind": text, "id": "bike-1"}),
            (ask_subject, {"kind": "listing", "id": text}),
            (ask_user, {"id": text}),
        ):
            answer = await threads.answer(ann, asked, **named)
            assert "errors" not in answer, answer
            assert list(answer["data"].values()) == [None]
        for opening, path in (
            ({"subject": {"kind": text, "externalId": "bike-1"}}, ["subject", "kind"]),
            ({"subject": {"kind": "listing", "externalId": text}}, ["subject", "externalId"]),
            ({"userExternalId": text}, ["userExternalId"]),
        ):
            (error,) = await threads.refusals(ann, acts.OPEN, input=opening)
            assert (error["code"], error["path"]) == ("TOO_LONG" if len(text) > 255 else "INVALID", ["input", *path])


async def test_what_is_looked_for_has_a_length(ann: Person, thread: str) -> None:
    """200 characters, all of which could be stored; else the operation is refused."""
    listings = "query($text: String) { conversations(filter: {%s: $text}) { edges { node { id } } } }"
    people = "query($text: String) { users(filter: {%s: $text}) { edges { node { externalId } } } }"
    lists = [listings % "query", listings % "subjectKind", people % "query", people % "role"]
    for query in lists:
        for text in ("x" * 200, "%", "_", "\\", "/", "'", "🎈"):
            assert await ann.ask(query, text=text) == {"edges": []}, (query, text)
        for text in ("x" * 201, "x" * 100_000, "\0", "x\ud800"):
            (error,) = (await threads.answer(ann, query, text=text))["errors"]
            assert error["extensions"]["code"] == "BAD_USER_INPUT"
    for text in ("RED BI", " bicycle ", "bob"):
        found = await ann.ask(listings % "query", text=text)
        assert [edge["node"]["id"] for edge in found["edges"]] == [thread], text


async def test_the_white_space_around_a_name_counts(host: Person) -> None:
    """Only around what people write is it free: a name could be a page of blanks otherwise."""
    assert await host.code(UPSERT_USER, input=user(name=" " * 100 + "Dan" + " " * 97)) is None
    assert await host.code(UPSERT_USER, input=user(name=" " * 100 + "Dan" + " " * 98)) == "TOO_LONG"
