"""What people write comes out exactly as it went in, and what cannot be stored or seen is refused."""

import unicodedata
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import acts, threads
from tests.client import Person

EXACT = {
    "a letter": "x",
    "the longest": "x" * 4000,
    "the longest in emoji": "🎈" * 4000,
    "the longest between white space": "\n" * 500 + "é" * 4000 + " " * 500,
    "white space around": "\n\t  Hello \u00a0\u3000\n",
    "only a zero": "0",
    "words that mean something elsewhere": 'null true {"a": 1} \\n \\u0041 <b>&amp; %00 %s \' " -- ;',
    "line ends": "a\nb\r\nc\rd\u2028e\u2029f\u0085g",
    "control characters": "a\x01\x07\x1b[31m\x7fb",
    "an emoji of many": "👩🏽‍🚀👨‍👩‍👧‍👦🏳️‍🌈🇺🇳",
    "right to left": "שלום, \u202bמה שלומך?\u202c مرحبا",
    "combining marks": "Z\u0351\u036b\u0343a\u0308 e\u0301 \u00e9",
    "one mark alone": "\u0301",
    "not normalised": "\ufb01 \u212b \u1e9b\u0323",
    "many alphabets": "Ωμέγα Жизнь 漢字 かな 한글 ไทย हिन्दी አማርኛ",
    "far planes": "\U00010348\U0001d11e\U000e0041\U0010ffff\ue000\ufffd\ufffe",
    "a byte order mark inside": "a\ufeffb",
    "joiners inside": "a\u200d\u200c\u200bb",
}
BLANK = {
    "nothing": "",
    "a space": " ",
    "line ends": "\r\n\u2028\u2029\u0085",
    "wide and narrow spaces": "\u00a0\u2003\u202f\u3000\u1680",
    "a zero-width space": "\u200b",
    "joiners": "\u200c\u200d\u2060",
    "a byte order mark": "\ufeff",
    "directions": "\u200e\u200f\u202a\u202e\u2066\u2069",
    "a soft hyphen": "\u00ad",
    "control characters": "\x01\x1b\x7f",
    "letters that show nothing": "\u115f\u1160\u3164\uffa0\u2800\ufe0f",
    "all of these": " \u200b\n\ufeff\t",
}
UNSTORABLE = {
    "NUL": "\0",
    "NUL among others": "Hello\0there",
    "half an emoji": "\ud83c",
    "the other half": "Hello \udf88",
    "halves in the wrong order": "\udf88\ud83c",
}
LONG = {
    "one too many": "x" * 4001,
    "one emoji too many": "🎈" * 4001,
    "one mark too many": "e" + "\u0301" * 4000,
    "long inside white space": " " + "x" * 2000 + " " + "x" * 2000 + " ",
}


def is_visible(text: str) -> bool:
    """Is there something to see for sure, by the category of a character alone?"""
    unseen = BLANK["letters that show nothing"]
    return any(unicodedata.category(character)[0] not in "CZM" and character not in unseen for character in text)


async def test_a_text_comes_out_as_it_went_in(ann: Person, bob: Person, thread: str) -> None:
    """In the answer, in the list, as the last message, and live."""
    async with threads.listening(bob, thread) as heard:
        for name, text in EXACT.items():
            assert (await acts.send(ann, thread, text))["body"] == text, name
            last = await threads.look(bob, thread, "lastMessage { body }")
            assert last["lastMessage"]["body"] == text, name
            assert (await heard.next())["message"]["body"] == text, name
    assert await acts.bodies(bob, thread) == list(EXACT.values())


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], print_blob=True)
@given(text=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1).filter(is_visible))
async def test_any_text_comes_out_as_it_went_in(ann: Person, bob: Person, thread: str, text: str) -> None:
    sent = await acts.send(ann, thread, text)
    assert sent["body"] == text
    assert await acts.bodies(bob, thread, last=1) == [text]


@pytest.mark.parametrize(
    ("texts", "code"), [(BLANK, "INVALID"), (UNSTORABLE, "INVALID"), (LONG, "TOO_LONG")], ids=["blank", "bad", "long"]
)
async def test_a_text_that_cannot_be_kept_is_refused(
    ann: Person, bob: Person, host: Person, thread: str, texts: dict[str, str], code: str
) -> None:
    """As a message, as a first message, and as the host's; nothing of it is stored."""
    for name, text in texts.items():
        words = {"body": text, "clientMessageId": acts.key()}
        first = {"subject": {"kind": "listing", "externalId": "bike-1"}, "firstMessage": words}
        refused = [
            (await threads.refusals(ann, acts.SEND, input={"conversationId": thread, **words}), ["body"]),
            (await threads.refusals(bob, acts.OPEN, input={"userExternalId": "ann", "firstMessage": words}), None),
            (await threads.refusals(ann, acts.OPEN, input=first), ["firstMessage", "body"]),
            (await threads.refusals(host, POST, input={"conversationId": thread, **words}), ["body"]),
        ]
        for errors, path in refused:
            assert [error["code"] for error in errors] == [code], name
            assert path is None or errors[0]["path"] == ["input", *path], name
            assert text.strip() not in errors[0]["reason"] or not text.strip(), "a reason does not repeat what was said"
    assert (await threads.look(ann, thread, "lastMessage { id }"))["lastMessage"] is None
    listed = await bob.ask("{ conversations { edges { node { id } } } }")
    assert [edge["node"]["id"] for edge in listed["edges"]] == [thread], "a refused opening stores nothing"


async def test_a_message_without_words_and_files_is_refused(ann: Person, thread: str) -> None:
    nothing: list[dict[str, Any]] = [{}, {"body": None}, {"body": None, "attachmentIds": None}, {"attachmentIds": []}]
    for fields in nothing:
        named = {"conversationId": thread, "clientMessageId": acts.key(), **fields}
        assert await ann.code(acts.SEND, input=named) == "INVALID", fields


POST = """
mutation Post($input: PostSystemMessageInput!) {
  postSystemMessage(input: $input) { messageEdges { node { id } } errors { code reason path } }
}
"""
