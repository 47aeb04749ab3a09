"""A car market: buyers pick a seller from a list and write to them; badges count what is unread."""

from typing import Any

import pytest

from tests.acts import key
from tests.client import People, Person

SELLERS = """
query Sellers($name: String) {
  users(first: 20, filter: {role: "seller", query: $name}) { edges { node { id name roles } } }
}
"""
ASK_SELLER = """
mutation AskSeller($sellerId: ID!, $question: String!, $key: String!) {
  openConversation(input: {userId: $sellerId, firstMessage: {body: $question, clientMessageId: $key}}) {
    created
    conversation {
      id
      cursor
      subject { title }
      counterpart { role user { name roles } }
      viewerParticipant { role user { name } }
    }
    messageEdge { node { id seq status senderRole } }
    errors { code reason }
  }
}
"""
REPLY = """
mutation Reply($chatId: ID!, $text: String!, $key: String!) {
  sendMessage(input: {conversationId: $chatId, body: $text, clientMessageId: $key}) {
    message { id seq }
    errors { code reason }
  }
}
"""
MY_CHATS = """
query MyChats($unreadOnly: Boolean) {
  viewer { unreadMessageCount unreadConversationCount }
  conversations(first: 20, filter: {unreadOnly: $unreadOnly}) {
    edges { node { id unreadCount counterpart { user { name } } lastMessage { body sender { name } } } }
  }
}
"""
CHAT_PAGE = """
subscription ChatPage($chatId: ID!, $after: String) {
  messageAdded(conversationId: $chatId, after: $after) {
    message { id body senderRole sender { name roles } conversation { id unreadCount } }
    viewer { unreadMessageCount unreadConversationCount }
  }
}
"""
OPEN_CHAT = """
mutation OpenChat($chatId: ID!, $upTo: ID) {
  markRead(input: {conversationId: $chatId, upToMessageId: $upTo}) {
    conversation { id unreadCount }
    viewer { unreadMessageCount unreadConversationCount }
    errors { code }
  }
}
"""


@pytest.fixture
async def dee(people: People, bob: Person) -> Person:
    """Another seller; both have signed in once, so that the market lists them."""
    dee = people.person("dee", "seller", "workshop", name="Dee")
    for seller in (bob, dee):
        await seller.ask("{ viewer { id } }")
    return dee


async def ask_seller(buyer: Person, name: str, question: str) -> dict[str, Any]:
    """Find a seller in the list by name, and write to them: the payload."""
    sellers = await buyer.ask(SELLERS, name=name)
    [seller] = [edge["node"] for edge in sellers["edges"]]
    payload: dict[str, Any] = await buyer.ask(ASK_SELLER, sellerId=seller["id"], question=question, key=key())
    assert payload["errors"] == [], payload
    return payload


async def reply(person: Person, chat_id: str, text: str) -> dict[str, Any]:
    """Write into a chat: the message."""
    payload = await person.ask(REPLY, chatId=chat_id, text=text, key=key())
    assert payload["errors"] == [], payload
    message: dict[str, Any] = payload["message"]
    return message


async def badges(person: Person) -> tuple[int, int, dict[str, int]]:
    """Unread messages, chats with something unread, and the badge of each chat by the other person's name."""
    page = await person.ask(MY_CHATS)
    chats = [edge["node"] for edge in page["conversations"]["edges"]]
    viewer = page["viewer"]
    return (
        viewer["unreadMessageCount"],
        viewer["unreadConversationCount"],
        {chat["counterpart"]["user"]["name"]: chat["unreadCount"] for chat in chats},
    )


async def test_the_sellers_list_shows_sellers_with_their_roles_and_no_buyers(
    ann: Person, bob: Person, cy: Person, dee: Person
) -> None:
    await cy.ask("{ viewer { id } }")
    listed = await ann.ask(SELLERS)
    assert [(edge["node"]["name"], edge["node"]["roles"]) for edge in listed["edges"]] == [
        ("Bob", ["seller"]),
        ("Dee", ["seller", "workshop"]),
    ]
    buyers = 'query Buyers { users(first: 20, filter: {role: "buyer"}) { edges { node { name } } } }'
    assert [edge["node"]["name"] for edge in (await bob.ask(buyers))["edges"]] == []
    assert await bob.ask('{ user(externalId: "cy") { name } }') is None


async def test_asking_a_seller_twice_stays_in_one_chat_and_shows_who_is_what(
    ann: Person, bob: Person, dee: Person
) -> None:
    first = await ask_seller(ann, "Bob", "Is the blue Yaris still for sale?")
    again = await ask_seller(ann, "bob", "And does it have winter tyres?")
    assert (first["created"], again["created"]) == (True, False)
    chat = again["conversation"]
    assert chat["id"] == first["conversation"]["id"]
    assert chat["subject"] is None
    assert chat["counterpart"] == {"role": "seller", "user": {"name": "Bob", "roles": ["seller"]}}
    assert chat["viewerParticipant"] == {"role": "buyer", "user": {"name": "Ann"}}
    assert [payload["messageEdge"]["node"]["seq"] for payload in (first, again)] == [1, 2]
    assert again["messageEdge"]["node"]["senderRole"] == "buyer"
    buyer = (await ann.ask("{ viewer { user { id } } }"))["user"]["id"]
    back = await bob.ask(ASK_SELLER, sellerId=buyer, question="When could you come?", key=key())
    assert (back["created"], back["conversation"]["id"]) == (False, chat["id"]), "whoever asks, it is the same chat"
    assert back["conversation"]["counterpart"]["role"] == "buyer"
    mine = await bob.ask(MY_CHATS)
    assert [edge["node"]["id"] for edge in mine["conversations"]["edges"]] == [chat["id"]]


async def test_a_buyer_asks_two_sellers_and_badges_follow_who_answered_and_what_was_read(
    ann: Person, bob: Person, dee: Person
) -> None:
    """Two cars, two sellers, two chats: each answer counts in its own badge and in the total, until it is read."""
    yaris = (await ask_seller(ann, "Bob", "Is the blue Yaris still for sale?"))["conversation"]
    golf = (await ask_seller(ann, "Dee", "How old is the battery of the Golf?"))["conversation"]
    assert await badges(ann) == (0, 0, {"Dee": 0, "Bob": 0})
    assert await badges(bob) == (1, 1, {"Ann": 1})

    await reply(dee, golf["id"], "Two years.")
    sold = await reply(bob, yaris["id"], "It is.")
    await reply(bob, yaris["id"], "When would you like to see it?")
    assert await badges(bob) == (0, 0, {"Ann": 0}), "who answers has read"
    assert await badges(ann) == (3, 2, {"Bob": 2, "Dee": 1})
    newest = (await ann.ask(MY_CHATS, unreadOnly=True))["conversations"]["edges"]
    assert [edge["node"]["lastMessage"] for edge in newest] == [
        {"body": "When would you like to see it?", "sender": {"name": "Bob"}},
        {"body": "Two years.", "sender": {"name": "Dee"}},
    ]

    read = await ann.ask(OPEN_CHAT, chatId=yaris["id"], upTo=sold["id"])
    assert read["conversation"]["unreadCount"] == 1
    assert read["viewer"] == {"unreadMessageCount": 2, "unreadConversationCount": 2}
    read = await ann.ask(OPEN_CHAT, chatId=yaris["id"])
    assert read["conversation"]["unreadCount"] == 0
    assert read["viewer"] == {"unreadMessageCount": 1, "unreadConversationCount": 1}
    left = (await ann.ask(MY_CHATS, unreadOnly=True))["conversations"]["edges"]
    assert [edge["node"]["id"] for edge in left] == [golf["id"]]


async def test_an_answer_arrives_in_the_open_chat_with_the_badges_of_all(ann: Person, bob: Person, dee: Person) -> None:
    yaris = (await ask_seller(ann, "Bob", "Is the blue Yaris still for sale?"))["conversation"]
    golf = (await ask_seller(ann, "Dee", "How old is the battery of the Golf?"))["conversation"]
    await reply(bob, yaris["id"], "It is.")
    async with ann.follow(CHAT_PAGE, chatId=golf["id"], after=golf["cursor"]) as page:
        await reply(bob, yaris["id"], "Still there?")
        answer = await reply(dee, golf["id"], "Two years.")
        event = await page.next()
    assert event["message"] == {
        "id": answer["id"],
        "body": "Two years.",
        "senderRole": "seller",
        "sender": {"name": "Dee", "roles": ["seller", "workshop"]},
        "conversation": {"id": golf["id"], "unreadCount": 1},
    }
    assert event["viewer"] == {"unreadMessageCount": 3, "unreadConversationCount": 2}


async def test_another_buyer_with_every_id_of_the_chat_gets_nothing(
    ann: Person, bob: Person, cy: Person, dee: Person
) -> None:
    """Cy has seen Ann's screen, ids and cursors included."""
    asked = await ask_seller(ann, "Bob", "Is the blue Yaris still for sale?")
    chat, message_id = asked["conversation"], asked["messageEdge"]["node"]["id"]
    me = await ann.ask("{ viewer { user { id } } }")
    seen = "query Peek($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    assert await ann.ask(seen, ids=[chat["id"], message_id]) == [{"id": chat["id"]}, {"id": message_id}]
    assert await cy.ask(seen, ids=[chat["id"], message_id, me["user"]["id"]]) == [None, None, None]
    assert await cy.ask("query Chat($id: ID!) { conversation(id: $id) { unreadCount } }", id=chat["id"]) is None
    assert await cy.code(REPLY, chatId=chat["id"], text="I pay more.", key=key()) == "NOT_FOUND"
    assert await cy.code(OPEN_CHAT, chatId=chat["id"]) == "NOT_FOUND"
    async with cy.follow(CHAT_PAGE, chatId=chat["id"], after=chat["cursor"]) as page:
        assert await page.ended() == "NOT_FOUND"
    assert await badges(cy) == (0, 0, {})
    own = await ask_seller(cy, "Bob", "Is the blue Yaris still for sale?")
    assert own["created"] is True
    assert own["conversation"]["id"] != chat["id"]
    assert await badges(bob) == (2, 2, {"Ann": 1, "Cy": 1})
