"""What people do at a host, in the words of listings and of bookings."""

from uuid import uuid4

from tests.client import Person
from tests.hosts.running import Host
from tests.hosts.visitors import Visitor
from tests.waiting import until

QUESTION = "Is Saturday all right?"
STATE = "query State($id: ID!) { conversation(id: $id) { state cursor unreadCount counterpart { user { name } } } }"
SEND = """
mutation Send($id: ID!, $body: String!, $key: String!) {
  sendMessage(input: {conversationId: $id, body: $body, clientMessageId: $key}) { message { seq } errors { code } }
}
"""
HEAR = """
subscription Hear($id: ID!, $after: String) {
  messageAdded(conversationId: $id, after: $after) { message { seq body sender { name } } }
}
"""


async def offer(host: Host, buyer: Visitor, seller: Visitor, title: str = "A guitar & <b>case</b>") -> str:
    """Something to talk about: the seller lists it, or the buyer books and the provider confirms. Its page."""
    if host.kind.is_private:
        made = await buyer.submit("/", "/bookings", title=title, provider=seller.name)
    else:
        made = await seller.submit("/", "/listings", title=title)
    assert made.status_code == 200, made.text
    page = made.url.path
    if host.kind.is_private:
        assert (await seller.submit(page, f"{page}/confirm")).status_code == 200
    return page


async def may_contact(visitor: Visitor, page: str) -> bool:
    """Does the page offer to write?"""
    return f"{page}/contact" in await visitor.forms(page)


async def contact(visitor: Visitor, page: str) -> str:
    """Write for the first time, as soon as the page offers it: the conversation's id."""
    await until(lambda: may_contact(visitor, page), pause=0.05)
    answer = await visitor.submit(page, f"{page}/contact", body=QUESTION)
    assert answer.status_code == 200, answer.text
    assert answer.url.path.startswith("/conversations/")
    return answer.url.path.removeprefix("/conversations/")


async def is_closed(person: Person, conversation: str) -> bool:
    """Does Palaver say that the conversation is over?"""
    state: str = (await person.ask(STATE, id=conversation))["state"]
    return state == "CLOSED"


async def say(person: Person, conversation: str, body: str) -> int:
    """Send: the message's place."""
    payload = await person.ask(SEND, id=conversation, body=body, key=uuid4().hex)
    assert payload["errors"] == [], payload
    seq: int = payload["message"]["seq"]
    return seq
