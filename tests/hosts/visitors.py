"""Somebody at a browser, without the browser: follows links, fills in forms, and does what the pages' script does."""

import re
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any, cast

import httpx
import jwt

from tests.client import Person
from tests.house import House
from tests.served import Served


class Forms(HTMLParser):
    """The forms of a page, by their actions, with what they hold hidden; and what `<palaver-...>` there is."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: dict[str, dict[str, str]] = {}
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self._action: str | None = None
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A form begins, or one of its fields, or an element of Palaver's."""
        named = dict(attrs)
        if tag == "form":
            self._action = named.get("action") or ""
            self.found[self._action] = {}
        elif tag == "input" and named.get("type") == "hidden" and self._action is not None:
            self.found[self._action][named.get("name") or ""] = named.get("value") or ""
        elif tag.startswith("palaver-"):
            self.elements.append((tag, named))

    def handle_endtag(self, tag: str) -> None:
        """A form ends."""
        if tag == "form":
            self._action = None


@dataclass(slots=True)
class Visitor:
    """Somebody with a cookie jar. `http` follows redirects."""

    http: httpx.AsyncClient
    name: str
    origin: str
    served: Served

    @property
    def password(self) -> str:
        """What only they know."""
        return f"the long password of {self.name}"

    async def forms(self, page: str) -> dict[str, dict[str, str]]:
        """The forms of a page."""
        return Forms((await self.http.get(page)).text).found

    async def submit(self, page: str, action: str, **fields: str) -> httpx.Response:
        """Fill in a form of a page and send it."""
        hidden = (await self.forms(page))[action]
        return await self.post(action, {**hidden, **fields})

    async def post(self, action: str, fields: dict[str, str]) -> httpx.Response:
        """Send a form as a browser does, which names the origin of the page."""
        headers = {"Origin": self.origin, "Sec-Fetch-Site": "same-origin"}
        return await self.http.post(action, data=fields, headers=headers)

    async def hidden(self) -> dict[str, str]:
        """What every form of theirs brings along."""
        return next(iter((await self.forms("/")).values()))

    async def token(self) -> str:
        """The token that the pages' script gets."""
        answer = await self.post("/palaver/token", await self.hidden())
        assert answer.status_code == 200, answer.text
        token: str = answer.json()["token"]
        return token

    async def person(self) -> Person:
        """Who they are to Palaver."""
        token = await self.token()
        return self.person_with(token, jwt.decode(token, options={"verify_signature": False})["sub"])

    def person_with(self, token: str, sub: str) -> Person:
        """Whoever comes to Palaver with this token."""
        return Person(cast("House", self.served), self.http, sub, token)

    async def elements(self, page: str) -> list[tuple[str, dict[str, str | None]]]:
        """Palaver's elements in a page, with their attributes."""
        return Forms((await self.http.get(page)).text).elements

    async def links(self, page: str) -> list[str]:
        """The conversations that a page leads to."""
        return re.findall(r'href="(/conversations/[^"]+)"', (await self.http.get(page)).text)


def claims_of(token: str) -> dict[str, Any]:
    """What a token says, without asking whether it is good."""
    claims: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    return claims
