"""A slow network, and none: sockets that keep frames back and can be cut off, and answers that come late."""

import json
from dataclasses import dataclass, field

from playwright.async_api import APIResponse, Page, Route, WebSocketRoute

from tests.waiting import until


@dataclass(slots=True)
class Late:
    """Between a page and its server, for every socket that the page opens from now on."""

    _pairs: list[tuple[WebSocketRoute, WebSocketRoute]] = field(default_factory=list)
    _held: list[tuple[WebSocketRoute, str]] = field(default_factory=list)
    _is_holding: bool = False
    _is_away: bool = False

    @classmethod
    async def over(cls, page: Page) -> "Late":
        """Stand between. A socket that is open already is not seen: load the page afterwards."""
        late = cls()

        async def connect(ours: WebSocketRoute) -> None:
            """Of its own: a method with slots cannot carry what Playwright hangs on it."""
            await late._connect(ours)

        await page.route_web_socket("**/graphql", connect)
        return late

    async def _connect(self, ours: WebSocketRoute) -> None:
        if self._is_away:
            await ours.close(code=1001)
            return
        theirs = ours.connect_to_server()
        self._pairs.append((ours, theirs))
        theirs.on_message(lambda frame: self._pass(ours, str(frame)))

    def _pass(self, ours: WebSocketRoute, frame: str) -> None:
        # Who is let in is told so: it is what comes afterwards that is late.
        if self._is_holding and json.loads(frame)["type"] != "connection_ack":
            self._held.append((ours, frame))
        else:
            ours.send(frame)

    def hold(self) -> None:
        """Keep back what the server says, but that somebody is let in."""
        self._is_holding = True

    def release(self) -> None:
        """Give the page everything that was kept back, and keep back no more."""
        self._is_holding = False
        held, self._held = self._held, []
        for ours, frame in held:
            ours.send(frame)

    async def has_held(self, kind: str) -> None:
        """Wait until a frame of this type has been kept back."""
        await until(lambda: any(json.loads(frame)["type"] == kind for _, frame in self._held))

    async def break_off(self) -> None:
        """End all sockets and let in none."""
        self._is_away = True
        pairs, self._pairs = self._pairs, []
        for ours, theirs in pairs:
            await ours.close(code=1001)
            await theirs.close()

    def let_in(self) -> None:
        """Let sockets in again."""
        self._is_away = False


@dataclass(slots=True)
class LateAnswers:
    """Between a page and its server: answers that the server has given, and that are still on their way."""

    _words: str | None = None
    _held: list[tuple[Route, APIResponse]] = field(default_factory=list)

    @classmethod
    async def over(cls, page: Page) -> "LateAnswers":
        """Stand between, for every request from now on."""
        late = cls()

        async def answer(route: Route) -> None:
            """Of its own, as above."""
            await late._pass(route)

        await page.route("**/graphql", answer)
        return late

    async def _pass(self, route: Route) -> None:
        if self._words is None or self._words not in (route.request.post_data or ""):
            await route.fallback()
        else:
            self._held.append((route, await route.fetch()))

    def hold(self, words: str) -> None:
        """Keep back the answers to requests with these words in them."""
        self._words = words

    async def has_held(self) -> None:
        """Wait until an answer has been kept back."""
        await until(lambda: len(self._held))

    async def release(self) -> None:
        """Give the page what was kept back, in the order in which it was asked, and keep back no more."""
        self._words = None
        held, self._held = self._held, []
        for route, answer in held:
            await route.fulfill(response=answer)
