"""From a host's own login to a conversation about its own thing, by each of the examples."""

from uuid import uuid4

import pytest

from tests.hosts.acts import HEAR, QUESTION, SEND, STATE, contact, is_closed, may_contact, offer, say
from tests.hosts.running import Host
from tests.hosts.visitors import Visitor
from tests.waiting import until

pytestmark = pytest.mark.hosts


async def test_two_people_talk_about_a_thing_until_the_host_closes_it(host: Host, ann: Visitor, bob: Visitor) -> None:
    page = await offer(host, ann, bob)
    conversation = await contact(ann, page)
    buyer, seller = await ann.person(), await bob.person()
    assert await bob.links(page) == [f"/conversations/{conversation}"]

    async def is_told() -> bool:
        unread: int = (await seller.ask(STATE, id=conversation))["unreadCount"]
        return unread == said

    # Of a booking the host has said that it is confirmed.
    said = 2 if host.kind.is_private else 1
    await until(is_told, pause=0.05)
    seen = await seller.ask(STATE, id=conversation)
    assert seen["counterpart"]["user"]["name"] == ann.name

    async with buyer.connect() as anns, seller.connect() as bobs:
        to_ann = await anns.subscribe(HEAR, id=conversation, after=seen["cursor"])
        to_bob = await bobs.subscribe(HEAR, id=conversation, after=seen["cursor"])
        for person, words, name in ((buyer, "At ten?", ann.name), (seller, "At eleven.", bob.name)):
            seq = await say(person, conversation, words)
            for stream in (to_ann, to_bob):
                heard = await stream.next()
                assert heard["message"] == {"seq": seq, "body": words, "sender": {"name": name}}

    assert (await bob.submit(page, f"{page}/close")).status_code == 200
    await until(lambda: is_closed(buyer, conversation), pause=0.05)
    assert await buyer.code(SEND, id=conversation, body="Still there?", key=uuid4().hex) == "CONVERSATION_CLOSED"
    assert not await may_contact(ann, page)
    assert f"{page}/close" not in await bob.forms(page)


async def test_a_form_that_is_sent_twice_is_one_message(host: Host, ann: Visitor, bob: Visitor) -> None:
    page = await offer(host, ann, bob)
    await until(lambda: may_contact(ann, page), pause=0.05)
    form = {**(await ann.forms(page))[f"{page}/contact"], "body": QUESTION}
    first, again = [await ann.post(f"{page}/contact", form) for _ in range(2)]
    assert (first.status_code, first.url) == (again.status_code, again.url)
    conversation = first.url.path.removeprefix("/conversations/")
    thread = """
    query Thread($id: ID!) { conversation(id: $id) { messages(last: 9) { edges { node { kind body } } } } }
    """
    edges = (await (await ann.person()).ask(thread, id=conversation))["messages"]["edges"]
    assert [edge["node"]["body"] for edge in edges if edge["node"]["kind"] == "TEXT"] == [QUESTION]


async def test_the_thread_is_embedded_by_the_element(host: Host, ann: Visitor, bob: Visitor) -> None:
    conversation = await contact(ann, await offer(host, ann, bob))
    for visitor in (ann, bob):
        [(tag, attributes)] = await visitor.elements(f"/conversations/{conversation}")
        assert (tag, attributes["server"]) == ("palaver-thread", host.served.url)
        assert attributes["conversation"] == conversation
    page = await ann.http.get(f"/conversations/{conversation}")
    assert f'<script type="module" src="{host.served.url}/elements/palaver.js"></script>' in page.text
    script = (await ann.http.get("/static/chat.js")).text
    assert "fetch('/palaver/token'" in script


async def test_titles_and_names_are_text(host: Host, ann: Visitor, bob: Visitor) -> None:
    page = await offer(host, ann, bob, title="<script>alert(1)</script>")
    conversation = await contact(ann, page)
    for place in ("/", page, f"/conversations/{conversation}"):
        text = (await ann.http.get(place)).text
        assert "<script>alert" not in text
        assert "&lt;script&gt;alert(1)" in text


async def test_passwords_and_sessions_are_not_kept_as_they_are(host: Host, ann: Visitor) -> None:
    """Who reads the database can sign in as nobody by it, and the cookie is kept from scripts and from other sites."""
    cookies = {name: value for name, value in ann.http.cookies.items() if "csrf" not in name}
    assert ann.password.encode() not in host.kept
    assert len(cookies) == 1
    [secret] = cookies.values()
    assert host.kind.name == "django" or secret.encode() not in host.kept
    async with host.browser(ann.name) as browser:
        refused = await browser.submit("/", "/sign-in", name=ann.name, password="a wrong password")
        assert refused.status_code in (400, 401)
        unknown = await browser.submit("/", "/sign-in", name="Nobody", password="a wrong password")
        assert (unknown.status_code, unknown.text) == (refused.status_code, refused.text)
        browser.http.follow_redirects = False
        back = await browser.submit("/", "/sign-in", name=ann.name, password=ann.password)
        [cookie] = [line for line in back.headers.get_list("set-cookie") if "csrf" not in line]
        assert "HttpOnly" in cookie
        assert "samesite=lax" in cookie.lower()
        assert (await browser.person()).sub == (await ann.person()).sub
    async with host.browser(ann.name) as browser:
        taken = await browser.submit("/", "/register", name=ann.name, password="another long password")
        assert taken.status_code in (400, 409)
