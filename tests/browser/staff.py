"""What the tests of staff's pages share: a report, and where staff look."""

from collections.abc import Awaitable, Callable

from playwright.async_api import Locator, Page, expect

from tests.browser.inbox import Inbox

EnterInbox = Callable[[str], Awaitable[Inbox]]

LEG = "One leg has a small one. I have put a picture of it into the listing."

#: Asks the server as the page would, with the page's own token.
ASK = """async ([query, variables]) => {
    const token = sessionStorage.getItem('palaver:inbox:token');
    const headers = {'content-type': 'application/json', authorization: `Bearer ${token}`};
    const answer = await fetch('/graphql', {method: 'POST', body: JSON.stringify({query, variables}), headers});
    return (await answer.json()).data;
}"""
MESSAGES = "query($id: ID!) {conversation(id: $id) {messages(last: 100) {edges {node {id body}}}}}"
REPORT = "mutation($input: ReportMessageInput!) {reportMessage(input: $input) {errors {code}}}"


async def report_the_leg(enter: EnterInbox, words: str = LEG) -> Inbox:
    """Ann reports a message of Bob's about the sofa."""
    buyer = await enter("buyer")
    await buyer.choose("Green sofa")
    await report(buyer, words)
    return buyer


async def report(buyer: Inbox, words: str) -> None:
    """Report a message of the open conversation."""
    found = await buyer.page.evaluate(ASK, [MESSAGES, {"id": id_in(buyer.page)}])
    edges = found["conversation"]["messages"]["edges"]
    message_id = next(edge["node"]["id"] for edge in edges if edge["node"]["body"] == words)
    wanted = {"messageId": message_id, "reason": "SCAM", "note": "There is no picture."}
    done = await buyer.page.evaluate(ASK, [REPORT, {"input": wanted}])
    assert done["reportMessage"]["errors"] == []


def id_in(page: Page) -> str:
    """The conversation in the address of `/c/ID` and `/staff/c/ID`."""
    parts = page.url.removeprefix("http://").split("/")
    return parts[parts.index("c") + 1]


def conversations_in(page: Page) -> Locator:
    """The rows of anybody's conversations."""
    return page.get_by_role("list", name="Conversations").get_by_role("listitem")


async def look_at(inbox: Inbox, words: str) -> Page:
    """As staff, open the conversation with these words in its row."""
    page = inbox.page
    await page.get_by_role("link", name="Staff", exact=True).click()
    await page.get_by_role("navigation", name="What staff see").get_by_role("link", name="Conversations").click()
    await conversations_in(page).filter(has_text=words).get_by_role("link").click()
    await expect(page.get_by_role("log").get_by_role("listitem").first).to_be_visible()
    return page
