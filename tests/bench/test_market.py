"""The market is always the same, and what is written of it is what Palaver itself would have written."""

from collections import Counter

from bench.answers import TIME
from bench.market.palaver import fill_palaver
from bench.market.rows import Market, Size, make_market
from bench.operations import INBOX, PAGE
from bench.stage import id_of
from tests import acts
from tests.client import People, Person
from tests.conftest import OpenHouse
from tests.legs import Home

SMALL = Size(people=130, mine=25, others=40, main=70, each=6)


def test_a_market_is_the_same_whenever_it_is_made() -> None:
    """Every row of it; and each conversation is of two people about one thing."""
    one, other = make_market(SMALL), make_market(SMALL)
    assert (one.people, one.threads) == (other.people, other.threads)
    assert [*one.messages()] == [*other.messages()]
    assert all(thread.seller != thread.buyer for thread in one.threads)
    assert all(thread.seller == one.viewer for thread in one.mine)
    assert one.stranger not in {person for thread in one.threads for person in (thread.seller, thread.buyer)}


def test_a_market_of_a_size_has_about_so_many_messages() -> None:
    """Half of them in one conversation."""
    for wanted in (1_000, 10_000, 100_000):
        market = make_market(Size.of(wanted))
        assert 0.8 * wanted <= sum(thread.length for thread in market.threads) <= wanted
        assert market.main.length == wanted // 2


def test_keys_are_all_different() -> None:
    """Also those of messages of the same moment."""
    market = make_market(SMALL)
    keys = Counter(message.key for message in market.messages())
    keys.update(thread.key for thread in market.threads)
    keys.update(person.key for person in market.people)
    assert set(keys.values()) == {1}


async def test_a_filled_database_goes_on_as_if_it_had_served(home: Home, make_house: OpenHouse) -> None:
    """Pages, unread counts and the order of the inbox are right, and the next message takes the next place."""
    market = make_market(SMALL)
    await fill_palaver(home.settings().database_url, market)
    async with make_house() as house, People(house) as people:
        seller, buyer = _person(people, market, market.viewer.sub), _person(people, market, market.main.buyer.sub)
        page = await seller.ask(PAGE, id=id_of(market.main), last=100)
        stored = [message for message in market.messages() if message.thread == market.main]
        nodes = [edge["node"] for edge in page["messages"]["edges"]]
        assert [(node["seq"], node["body"]) for node in nodes] == [(each.seq, each.body) for each in stored]
        assert [bool(node["attachments"]) for node in nodes] == [each.file_key is not None for each in stored]
        assert all(TIME.fullmatch(node["createdAt"]) for node in nodes)
        inbox = await seller.ask(INBOX, first=100)
        threads = [edge["node"] for edge in inbox["edges"]]
        newest = sorted(market.mine, key=lambda thread: thread.opened_at + thread.length * 1000, reverse=True)
        assert [thread["id"] for thread in threads] == [id_of(thread) for thread in newest]
        assert [thread["unreadCount"] for thread in threads] == [thread.unread for thread in newest]
        async with seller.follow(
            acts.MESSAGE_ADDED, id=id_of(market.main), after=page["messages"]["edges"][-3]["cursor"]
        ) as stream:
            assert [event["message"]["seq"] for event in await stream.take(2)] == [69, 70]
            sent = await acts.send(buyer, id_of(market.main), "One more")
            assert sent["seq"] == (await stream.next())["message"]["seq"] == 71
        assert (await acts.read(seller, id_of(market.main)))["conversation"]["unreadCount"] == 0


def _person(people: People, market: Market, sub: str) -> Person:
    found = next(person for person in market.people if person.sub == sub)
    return people.person(sub, "member", name=found.name, picture=found.picture)
