"""Finding messages: by any text, the same in both databases, one's own only, and never what is gone."""

from random import Random
from typing import Any

import pytest

from chat.search import Query
from tests import acts, threads
from tests.client import People, Person
from tests.conftest import OpenHouse
from tests.house import House
from tests.searching import FOUND, SAID, SEARCH, STRANGE, bodies, find

POST = "mutation($input: PostSystemMessageInput!) { postSystemMessage(input: $input) { errors { code } } }"
NOTHING = {
    "edges": [],
    "pageInfo": {"hasNextPage": False, "hasPreviousPage": False, "startCursor": None, "endCursor": None},
}


@pytest.fixture
async def said(ann: Person, bob: Person, thread: str) -> str:
    """The thread, in which all of SAID has been said by both."""
    for number, body in enumerate(SAID):
        await acts.send((ann, bob)[number % 2], thread, body)
    return thread


async def test_the_examples_are_found_best_first_with_what_is_highlighted(said: str, ann: Person, bob: Person) -> None:
    """In either database: the same list, in the same order, with the same parts."""
    wrong = []
    for query, meant in FOUND:
        found = await find(ann, query)
        if found != [(SAID[number], parts) for number, parts in meant]:
            wrong.append((query, [(SAID.index(body), parts) for body, parts in found]))
        assert await find(bob, query, conversationId=said) == found
    assert wrong == []


async def test_any_text_may_be_looked_for(said: str, ann: Person) -> None:
    """What means something to a database means nothing here, and what holds no word finds nothing."""
    for query in STRANGE:
        answer = await threads.answer(ann, SEARCH, text=query)
        assert "errors" not in answer, query[:40]
        if not Query.of(query, 32).phrases:
            assert answer["data"]["searchMessages"] == NOTHING, query[:40]


async def test_what_is_found_is_what_reading_everything_would_find(said: str, ann: Person) -> None:
    """For words, beginnings, phrases and nonsense made of what was said, in one order."""
    random = Random(5)
    everything = [(number, body) for number, body in enumerate(SAID)]
    found_any = 0
    for _ in range(150):
        pieces = []
        body = random.choice(SAID)
        for _ in range(random.randrange(1, 4)):
            body = random.choice((*[body] * 9, *SAID))
            start = random.randrange(len(body))
            piece = body[start : start + random.randrange(1, 12)]
            pieces.append(random.choice((piece, piece.upper(), f'"{piece}"', f"{piece}*", f'"{piece}"*')))
        text = " ".join(pieces)
        query = Query.of(text, 32)
        meant = [
            (sum(_holds(body, phrase) for phrase in query.whole), number)
            for number, body in everything
            if query.phrases and all(_holds(body, phrase) for phrase in query.phrases)
        ]
        wanted = [SAID[number] for _, number in sorted(meant, reverse=True)]
        assert await bodies(ann, text) == wanted, text
        found_any += bool(wanted)
    assert found_any > 30


def _holds(body: str, phrase: Any) -> bool:
    return bool(Query((phrase,)).highlights(body))


async def test_only_so_many_words_are_looked_for(make_house: OpenHouse) -> None:
    """The first ones; and a phrase that goes beyond is cut."""
    async with make_house(search_words=3) as house, People(house) as people:
        await acts.list_thing(people.host)
        thread = await acts.open_about(people.ann)
        await acts.send(people.ann, thread, "one two three")
        assert await bodies(people.ann, "one two three four five") == ["one two three"]
        assert await bodies(people.ann, '"one two three four"') == ["one two three"]
        assert await bodies(people.ann, "four one two three") == []


async def test_of_one_conversation_no_more_than_the_newest_so_many_are_looked_at(make_house: OpenHouse) -> None:
    """A better one that is older is not among them; in another conversation it is."""
    async with make_house(search_depth=3) as house, People(house) as people:
        said = ("bike", "bikes 1", "bikes 2", "bikes 3")
        for name, words in (("bike-1", said), ("bike-2", (*said[2:], "bike"))):
            await acts.list_thing(people.host, name)
            thread = await acts.open_about(people.ann, name)
            for body in words:
                await acts.send(people.ann, thread, body)
        assert await bodies(people.ann, "bike") == ["bike", "bikes 3", "bikes 2", "bikes 3", "bikes 2", "bikes 1"]


async def test_who_searches_too_often_is_told_when_to_go_on(make_house: OpenHouse) -> None:
    """Whatever it is that they search for; others search on."""
    async with make_house(rate_limits="on", searches="2 per minute") as house, People(house) as people:
        for query in ("a", "?"):
            assert await people.ann.ask(SEARCH, text=query) == NOTHING
        [error] = (await people.ann.answer(SEARCH, text="a"))["errors"]
        assert error["extensions"]["code"] == "RATE_LIMITED"
        assert 0 < error["extensions"]["retryAfterMs"] <= 60_000
        assert await people.bob.ask(SEARCH, text="a") == NOTHING


async def test_pages_put_together_are_the_whole_from_either_end(ann: Person, bob: Person, host: Person) -> None:
    """And each says exactly whether there is more, though half of what is found is as good as the other half."""
    for number in range(3):
        await acts.list_thing(host, f"bike-{number}")
        thread = await acts.open_about(ann, f"bike-{number}")
        for place in range(7):
            await acts.send((ann, bob)[place % 2], thread, f"{'bikes' if place % 3 else 'bike'} {number} {place}")
    whole = (await ann.ask(SEARCH, text="bike", first=100))["edges"]
    assert len(whole) == 21
    scores = ["bikes" in edge["node"]["body"] for edge in whole]
    assert scores == sorted(scores)
    for size in (1, 2, 5, 20, 21):
        for end, bound, ahead, cursor in (
            ("first", "after", "hasNextPage", "endCursor"),
            ("last", "before", "hasPreviousPage", "startCursor"),
        ):
            found: list[Any] = []
            mark: str | None = None
            while True:
                page = await ann.ask(SEARCH, text="bike", **{end: size, bound: mark})
                info = page["pageInfo"]
                found = [*found, *page["edges"]] if end == "first" else [*page["edges"], *found]
                assert info["hasPreviousPage" if end == "first" else "hasNextPage"] is (len(found) > size)
                assert info[ahead] is (len(found) < 21)
                if not info[ahead]:
                    break
                mark = info[cursor]
            assert found == whole


async def test_a_message_that_comes_between_two_pages_moves_nothing(ann: Person, bob: Person, thread: str) -> None:
    """Newer ones stand before what was seen."""
    for number in range(6):
        await acts.send(ann, thread, f"bike {number}")
    page = await ann.ask(SEARCH, text="bike", first=2)
    await acts.send(bob, thread, "bike, again")
    rest = await ann.ask(SEARCH, text="bike", after=page["pageInfo"]["endCursor"])
    assert [edge["node"]["body"] for edge in rest["edges"]] == ["bike 3", "bike 2", "bike 1", "bike 0"]
    assert rest["pageInfo"]["hasPreviousPage"] is True


async def test_a_cursor_is_of_one_search(said: str, ann: Person) -> None:
    """Written differently it is still the same; other words, another place and other lists have others."""
    cursor = (await ann.ask(SEARCH, text="red  Bicycle!", first=1))["edges"][0]["cursor"]
    assert len((await ann.ask(SEARCH, text="RED bicycle", after=cursor))["edges"]) == 2
    message = (await threads.page_of(ann, said, first=1)).cursors[0]
    for query, more, wrong in (
        ("bicycle", {}, cursor),
        ('"red bicycle"', {}, cursor),
        ("red bicycle", {"conversationId": said}, cursor),
        ("red bicycle", {}, message),
        ("red bicycle", {}, "nonsense"),
    ):
        assert await ann.code(SEARCH, text=query, after=wrong, **more) == "INVALID_CURSOR"
    assert await ann.code(SEARCH, text="red", first=0) == "BAD_USER_INPUT"
    assert await ann.code(SEARCH, text="red", first=1, last=1) == "BAD_USER_INPUT"


async def test_a_stranger_finds_nothing_by_any_path(said: str, people: People) -> None:
    """Cy, the host and staff get for Ann's words what they get for words that nobody said."""
    own = await acts.open_about(people.cy)
    await acts.send(people.cy, own, "A bicycle of my own")
    cursor = (await people.ann.ask(SEARCH, text="bicycle", first=1))["edges"][0]["cursor"]
    assert await bodies(people.cy, "bicycle") == ["A bicycle of my own"]
    assert await bodies(people.cy, "bicycle", after=cursor) in ([], ["A bicycle of my own"])
    for person in (people.cy, people.host, people.person("ada", "admin")):
        for place in (said, "Q29udmVyc2F0aW9uOng", "x", ""):
            assert await person.ask(SEARCH, text="bicycle", conversationId=place) == NOTHING
        assert await person.ask(SEARCH, text="strasse") == NOTHING
    assert await bodies(people.ann, "bicycle own") == []
    assert await bodies(people.bob, "bicycle own") == ["A bicycle of my own"]


async def test_who_is_let_out_finds_nothing_of_it_and_who_is_let_in_finds_all(people: People) -> None:
    """From the moment on."""
    await acts.book(people.host, "booking-1", "ann", "bob")
    thread = await acts.open_about(people.ann, "booking-1", kind="booking")
    await acts.send(people.ann, thread, "The haircut is at ten")
    await acts.send(people.ann, thread, "A haircut, then")
    for there, not_there in (("cy", "bob"), ("bob", "cy")):
        await acts.book(people.host, "booking-1", "ann", there)
        assert await bodies(people.person(there), "haircut") == ["A haircut, then", "The haircut is at ten"]
        for more in ({}, {"conversationId": thread}):
            # One of two: that there is another one would tell something, too.
            assert await people.person(not_there).ask(SEARCH, text="haircut", first=1, **more) == NOTHING


async def test_what_the_host_says_is_not_found(house: House, said: str, ann: Person, host: Person) -> None:
    """Nor later, when what nobody looked into is looked into."""
    await host.ask(POST, input={"conversationId": said, "body": "Booking confirmed", "clientMessageId": "one"})
    assert await bodies(ann, "confirmed") == []
    assert await house.palaver.indexer.index_some() == 0
    assert await bodies(ann, "confirmed") == []


async def test_a_first_message_is_found(people: People) -> None:
    """At once, as every other."""
    await acts.list_thing(people.host)
    await acts.open_about(people.ann, firstMessage={"body": "First of all", "clientMessageId": "k"})
    assert await find(people.bob, "first all") == [("First of all", ("First", "all"))]
