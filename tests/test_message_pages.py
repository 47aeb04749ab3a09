"""Pages of messages: either way, centred on one, and exact about what is beyond them."""

import asyncio

import pytest

from tests import acts, threads
from tests.client import Person

TOTAL = 25
ALL = list(range(1, TOTAL + 1))


@pytest.fixture
async def sent(ann: Person, thread: str) -> list[dict[str, str]]:
    """Twenty-five messages of Ann's, in order."""
    return await threads.fill(ann, thread, TOTAL)


async def test_every_page_is_exact_whichever_way_it_was_asked(
    bob: Person, thread: str, sent: list[dict[str, str]]
) -> None:
    """Each size from each place, forward and backward: the right messages, flags and cursors."""
    cursors = [message["cursor"] for message in sent]
    for size in (1, 2, 7, 24, 25, 26, 100):
        for place in (None, 1, 2, 12, 18, 24, 25):
            after = {} if place is None else {"after": cursors[place - 1]}
            before = {} if place is None else {"before": cursors[place - 1]}
            forward = await threads.page_of(bob, thread, first=size, **after)
            wanted = [seq for seq in ALL if place is None or seq > place][:size]
            assert forward.seqs == wanted
            assert forward.has_next is (wanted[-1] < TOTAL if wanted else False)
            assert forward.has_previous is (wanted[0] > 1 if wanted else True)
            backward = await threads.page_of(bob, thread, last=size, **before)
            wanted = [seq for seq in ALL if place is None or seq < place][-size:]
            assert backward.seqs == wanted
            assert backward.has_next is (wanted[-1] < TOTAL if wanted else True)
            assert backward.has_previous is (wanted[0] > 1 if wanted else False)
            for page in (forward, backward):
                assert page.cursors == [cursors[seq - 1] for seq in page.seqs]
                assert (page.start, page.end) == ((page.cursors[0], page.cursors[-1]) if page.seqs else (None, None))


async def test_first_and_last_go_with_either_cursor_or_both(
    bob: Person, thread: str, sent: list[dict[str, str]]
) -> None:
    cursors = {seq: message["cursor"] for seq, message in enumerate(sent, start=1)}
    for choice, wanted in (
        ({"first": 3, "before": cursors[5]}, [1, 2, 3]),
        ({"first": 9, "before": cursors[5]}, [1, 2, 3, 4]),
        ({"last": 3, "after": cursors[20]}, [23, 24, 25]),
        ({"last": 9, "after": cursors[20]}, [21, 22, 23, 24, 25]),
        ({"first": 3, "after": cursors[5], "before": cursors[15]}, [6, 7, 8]),
        ({"last": 3, "after": cursors[5], "before": cursors[15]}, [12, 13, 14]),
        ({"first": 30, "after": cursors[5], "before": cursors[8]}, [6, 7]),
        ({"first": 3, "after": cursors[5], "before": cursors[6]}, []),
        ({"last": 3, "after": cursors[5], "before": cursors[6]}, []),
        ({"first": 3, "after": cursors[8], "before": cursors[5]}, []),
        ({"last": 3, "after": cursors[8], "before": cursors[5]}, []),
    ):
        page = await threads.page_of(bob, thread, **choice)
        assert page.seqs == wanted
        if wanted:
            assert (page.has_previous, page.has_next) == (wanted[0] > 1, wanted[-1] < TOTAL)


async def test_an_empty_thread_has_an_empty_page(ann: Person, thread: str) -> None:
    for choice in ({}, {"first": 1}, {"last": 1}, {"first": 100}, {"last": 100}):
        page = await threads.page_of(ann, thread, **choice)
        assert (page.seqs, page.has_next, page.has_previous, page.start, page.end) == ([], False, False, None, None)


async def test_a_page_has_twenty_unless_said_otherwise(bob: Person, thread: str, sent: list[dict[str, str]]) -> None:
    """From the front; with `before` alone from there backward, as a client scrolls up."""
    cursors = [message["cursor"] for message in sent]
    assert (await threads.page_of(bob, thread)).seqs == ALL[:20]
    assert (await threads.page_of(bob, thread, after=cursors[1])).seqs == ALL[2:22]
    assert (await threads.page_of(bob, thread, before=cursors[24])).seqs == ALL[4:24]
    assert (await threads.page_of(bob, thread, around=sent[12]["id"])).seqs[0] > 1
    assert len((await threads.page_of(bob, thread, around=sent[12]["id"])).seqs) == 20


async def test_a_page_has_one_to_a_hundred_from_one_end(ann: Person, thread: str, sent: list[dict[str, str]]) -> None:
    for choice in (
        {"first": 0},
        {"first": 101},
        {"first": -1},
        {"last": 0},
        {"last": 101},
        {"last": -1},
        {"first": 2**31 - 1},
        {"first": 2**40},
        {"first": 1, "last": 1},
        {"first": 0, "last": 0},
        {"first": 1, "last": 0},
        {"first": 1, "last": 1, "around": sent[3]["id"]},
    ):
        assert await ann.code(acts.MESSAGES, id=thread, **choice) == "BAD_USER_INPUT", choice
    assert (await threads.page_of(ann, thread, first=1, last=None)).seqs == [1]
    assert (await threads.page_of(ann, thread, first=None, last=1)).seqs == [TOTAL]


async def test_around_centres_a_page_on_a_message(bob: Person, thread: str, sent: list[dict[str, str]]) -> None:
    """In the middle, as near to it as the ends allow, and always full while there are messages enough."""
    for size in (1, 2, 5, 20, 24, 25, 60):
        for seq in (1, 2, 3, 12, 13, 23, 24, 25):
            for end in ("first", "last"):
                page = await threads.page_of(bob, thread, around=sent[seq - 1]["id"], **{end: size})
                assert len(page.seqs) == min(size, TOTAL)
                assert page.seqs == list(range(page.seqs[0], page.seqs[-1] + 1))
                assert seq in page.seqs
                assert page.has_previous is (page.seqs[0] > 1)
                assert page.has_next is (page.seqs[-1] < TOTAL)
                before, behind = seq - page.seqs[0], page.seqs[-1] - seq
                if page.has_previous and page.has_next:
                    assert abs(before - behind) <= 1
                elif page.has_previous:
                    assert before >= behind
                elif page.has_next:
                    assert behind >= before - 1


async def test_around_gives_way_to_after_and_before(bob: Person, thread: str, sent: list[dict[str, str]]) -> None:
    """Also when it names nothing: a client that scrolls on need not take it away."""
    for around in (sent[0]["id"], "nonsense", ""):
        page = await threads.page_of(bob, thread, first=3, after=sent[4]["cursor"], around=around)
        assert page.seqs == [6, 7, 8]
        page = await threads.page_of(bob, thread, last=3, before=sent[4]["cursor"], around=around)
        assert page.seqs == [2, 3, 4]


async def test_around_must_name_a_message_of_this_conversation(ann: Person, host: Person, thread: str) -> None:
    """Neither nothing, nor another thing, nor a message of another conversation that the viewer sees."""
    await acts.list_thing(host, "bike-2")
    other = await acts.open_about(ann, "bike-2")
    foreign = await acts.send(ann, other, "Elsewhere")
    await acts.send(ann, thread, "Here")
    missing = foreign["id"][:-8] + "AAAAAAAA"
    for around in ("nonsense", "", thread, foreign["id"], foreign["cursor"], missing):
        assert await ann.code(acts.MESSAGES, id=thread, around=around, first=5) == "BAD_USER_INPUT", around


async def forward(person: Person, thread: str, total: int) -> list[str]:
    """Page from the beginning until so many messages are there."""
    found: list[str] = []
    after: dict[str, str] = {}
    while True:
        page = await threads.page_of(person, thread, first=7, **after)
        assert page.has_previous is bool(found)
        found += page.ids
        if page.end is not None:
            after = {"after": page.end}
        if len(found) >= total:
            assert page.has_next is False
            return found


async def backward(person: Person, thread: str) -> list[str]:
    """Page from the newest message back to the first."""
    page = await threads.page_of(person, thread, last=7)
    found, newest = page.ids, page.seqs[-1]
    while page.has_previous:
        page = await threads.page_of(person, thread, last=7, before=page.start)
        assert page.has_next
        found = page.ids + found
    assert len(found) == newest
    return found


async def test_pages_put_together_are_the_log_while_messages_arrive(ann: Person, bob: Person, thread: str) -> None:
    """Forward to the end, and backward to the beginning, while both people go on writing."""
    await threads.fill(ann, thread, 30)
    writing = asyncio.gather(threads.fill(ann, thread, 25), threads.fill(bob, thread, 25))
    upward, *downward = await asyncio.gather(forward(bob, thread, 80), *(backward(bob, thread) for _ in range(4)))
    await writing
    log = (await threads.page_of(ann, thread, first=100)).ids
    assert upward == log
    for found in downward:
        assert 30 <= len(found) <= 80
        assert found == log[: len(found)]
