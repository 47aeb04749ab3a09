"""The inbox as a person uses it: the list, a thread, the composer."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import BrowserContext, Locator, Page, expect

from tests.served import Served
from tests.waiting import until

LINK = re.compile(r"^ +(\S.*?) +(http://[^/\s]+/#token=\S+)$", re.MULTILINE)
DAY = "2026-03-01"


def links_in(output: str) -> dict[str, str]:
    """The links to the inbox that a development server printed, by who they are for."""
    return dict(LINK.findall(output))


@dataclass(frozen=True, slots=True)
class Inbox:
    """The page of one person, open."""

    page: Page

    @classmethod
    async def open(cls, context: BrowserContext, address: str) -> "Inbox":
        """Open a link, and wait until the conversations are there."""
        page = await context.new_page()
        await page.goto(address)
        await page.get_by_role("heading", name="Conversations").wait_for()
        return cls(page)

    def row(self, words: str) -> Locator:
        """The conversation in the list with these words in it."""
        return self.page.locator("li", has=self.page.locator("a[data-row]")).filter(has_text=words)

    @property
    def bodies(self) -> Locator:
        """What is said in the open thread."""
        return self.page.get_by_role("log").get_by_test_id("body")

    @property
    def composer(self) -> Locator:
        """Where one writes."""
        return self.page.get_by_role("textbox", name=re.compile("^Message to"))

    async def choose(self, words: str) -> None:
        """Open the conversation with these words in its row."""
        await self.row(words).locator("a[data-row]").click()
        await self.page.get_by_role("log").wait_for()

    async def send(self, body: str) -> None:
        """Write, and press Enter."""
        await self.composer.fill(body)
        await self.composer.press("Enter")

    async def says(self, *bodies: str) -> None:
        """Wait until the thread ends with these, in this order."""

        async def ends() -> bool:
            return (await self.bodies.all_inner_texts())[-len(bodies) :] == list(bodies)

        await until(ends)

    async def is_marked(self, body: str, mark: str) -> None:
        """Wait for the tick beside a message of one's own: sending, sent, delivered, read."""
        said = self.page.get_by_test_id("body").filter(has_text=re.compile(f"^{re.escape(body)}$"))
        row = self.page.get_by_role("log").locator("li", has=said)
        await expect(row.last.locator("[data-mark]")).to_have_attribute("data-mark", mark)


def long_thread(count: int, *, read: int) -> Iterator[dict[str, object]]:
    """Lines of an import: Ann and Bob have said so much about a bicycle, of which Ann has read the beginning."""
    yield {"type": "user", "externalId": "ann", "name": "Ann Archer", "roles": ["buyer"]}
    yield {"type": "user", "externalId": "bob", "name": "Bob Baker", "roles": ["seller"]}
    owner = {"userExternalId": "bob", "role": "seller"}
    yield {"type": "subject", "kind": "listing", "externalId": "bike-1", "title": "A red bicycle", "owner": owner}
    about = {"subject": {"kind": "listing", "externalId": "bike-1"}, "contacter": "ann"}
    marks = {"readUpTo": {"ann": f"m-{read}"}}
    yield {"type": "conversation", "id": "long", **about, "createdAt": f"{DAY}T08:00:00Z", **marks}
    for number in range(1, count + 1):
        minute, second = divmod(number, 60)
        hour, minute = divmod(minute, 60)
        sender = "bob" if number > read or number % 2 else "ann"
        words = f"Number {number}." + " And some more about it." * (number % 4)
        moment = f"{DAY[:-2]}{1 + number // 1000:02}T{8 + hour % 12:02}:{minute:02}:{second:02}Z"
        line = {"conversation": "long", "id": f"m-{number}", "sender": sender, "body": words, "createdAt": moment}
        yield {"type": "message", **line}


async def import_lines(served: Served, lines: Iterator[dict[str, object]]) -> None:
    """Put them in with `palaver import`."""
    path = Path(served.folder) / "lines.jsonl"
    path.write_text("".join(f"{json.dumps(line)}\n" for line in lines), "utf-8")
    await served.command("import", str(path))
