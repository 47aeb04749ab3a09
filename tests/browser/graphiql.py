"""GraphiQL as a person uses it: tabs, editors, the button, the answer."""

import json
import re
from dataclasses import dataclass
from typing import Any

from playwright.async_api import BrowserContext, Page, expect

from tests.waiting import until

EDITORS_ARE_THERE = "() => (globalThis.__MONACO?.editor.getModels().length ?? 0) >= 4"
WRITE = "([end, text]) => globalThis.__MONACO.editor.getModels().find((m) => m.uri.path.endsWith(end)).setValue(text)"
READ = "(end) => globalThis.__MONACO.editor.getModels().find((m) => m.uri.path.endsWith(end))?.getValue() ?? ''"
FITS = """() => globalThis.__MONACO.editor.getEditors()
  .filter((one) => one.getModel()?.uri.path.endsWith('operation.graphql'))
  .every((one) => one.getScrollWidth() <= one.getLayoutInfo().contentWidth)"""
LIVE = re.compile(r"live · \d+ events?")
LINK = re.compile(r"^ +(\S.*?) +(http://\S+/graphiql/#token=\S+)$", re.MULTILINE)


def links_in(output: str) -> dict[str, str]:
    """The links that a development server printed, by who they are for."""
    return dict(LINK.findall(output))


@dataclass(frozen=True, slots=True)
class GraphiQL:
    """The page of one person, open."""

    page: Page

    @classmethod
    async def open(cls, context: BrowserContext, link: str) -> "GraphiQL":
        """Open a link, and wait until it can be used."""
        page = await context.new_page()
        await page.goto(link)
        await page.get_by_role("button", name="Execute query").wait_for()
        await page.wait_for_function(EDITORS_ARE_THERE)
        return cls(page)

    async def choose(self, tab: str, **variables: Any) -> None:
        """Show a tab, with these variables when there are any."""
        await self.page.get_by_role("tablist").get_by_role("button", name=tab, exact=True).click()
        await until(lambda: self._shows(tab))
        if variables:
            await self.page.evaluate(WRITE, ["variables.json", json.dumps(variables, indent=2)])

    async def tabs(self) -> list[str]:
        """The names of the tabs, in order."""
        return [text.strip() for text in await self.page.get_by_role("tab").all_inner_texts()]

    async def offered(self) -> list[str]:
        """The names in the menu of examples, in order."""
        options = self.page.get_by_label("Open an example").get_by_role("option")
        return [text.strip() for text in await options.all_inner_texts()][1:]

    async def open_example(self, name: str) -> None:
        """Choose an example in the menu, and wait until the last tab is its."""
        await self.page.get_by_label("Open an example").select_option(name)

        async def is_there() -> bool:
            return (await self.tabs())[-1] == name and await self._shows(name)

        await until(is_there)

    async def run(self) -> None:
        """Press the button."""
        await self.page.get_by_role("button", name="Execute query").click()

    async def answer(self) -> Any:
        """What the response pane holds; None while it holds nothing whole."""
        text = await self.page.evaluate(READ, "response.json")
        try:
            return json.loads(text)
        except ValueError:
            return None

    async def ask(self, tab: str, **variables: Any) -> Any:
        """Run an example; the data of its answer."""
        await self.choose(tab, **variables)
        await self.run()
        answer = await until(self.answer)
        assert "errors" not in answer, answer
        return answer["data"]

    async def fits(self) -> bool:
        """Is every line of the operation to be read without scrolling sideways?"""
        return bool(await self.page.evaluate(FITS))

    async def footers_place(self) -> Any:
        """Where the footer is, in points."""
        return await self.page.locator(".palaver-footer").bounding_box()

    async def is_live(self) -> None:
        """Wait until the subscription runs, whatever has come over it: an inbox tells at once what it delivered."""
        await expect(self.page.get_by_test_id("live")).to_have_text(LIVE)

    async def counts(self, events: int) -> None:
        """Wait until the footer says that so many events have come."""
        words = f"live · {events} {'event' if events == 1 else 'events'}"
        await expect(self.page.get_by_test_id("live"), f"the page shows {await self.answer()}").to_have_text(words)

    async def _shows(self, tab: str) -> bool:
        text: str = await self.page.evaluate(READ, "operation.graphql")
        return f" {tab}" in text.partition("{")[0]
