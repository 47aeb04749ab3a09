"""Makes the README's picture: the seller follows a conversation in GraphiQL, and a message has just come.

.venv/bin/python -m tests.browser.screenshot docs/images/graphiql.png
"""

import asyncio
import sys
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image

from tests import acts
from tests.browser.chromium import open_chromium
from tests.browser.graphiql import GraphiQL, links_in
from tests.served import serve_as_developer

WORDS = "I could come on Saturday at ten. Would you keep it for me until then?"


async def photograph() -> bytes:
    """The page as PNG."""
    with TemporaryDirectory() as folder:
        async with serve_as_developer(Path(folder)) as market, open_chromium() as browser:
            links = links_in(market.output)
            size = {"width": 1400, "height": 900}
            pages = await browser.new_context(viewport=size, color_scheme="light", locale="en-GB")  # type: ignore[arg-type]
            buyer = await GraphiQL.open(await browser.new_context(), links["buyer"])
            conversation_id = (await buyer.ask("Open"))["openConversation"]["conversation"]["id"]
            seller = await GraphiQL.open(pages, links["seller"])
            await seller.choose("LiveMessages", conversationId=conversation_id, after=None)
            await seller.run()
            await seller.counts(0)
            message = {"conversationId": conversation_id, "body": WORDS, "clientMessageId": acts.key()}
            await buyer.ask("Send", input=message)
            await seller.counts(1)
            return await seller.page.screenshot(style=".monaco-scrollable-element > .scrollbar { display: none }")


def main(path: Path) -> None:
    """Write the picture, with few colours, so that it stays small."""
    picture = Image.open(BytesIO(asyncio.run(photograph()))).convert("RGB").quantize(128, dither=Image.Dither.NONE)
    path.parent.mkdir(parents=True, exist_ok=True)
    picture.save(path, optimize=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
