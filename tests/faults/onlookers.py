"""Those who ask: an inbox's page again and again, and now and then they mark as read what they saw."""

import asyncio
import random
import time
from dataclasses import dataclass
from typing import Any

from tests.acts import MARK_READ
from tests.faults.history import History, Looked, Marked, Refused
from tests.faults.log import Shown, bare_id
from tests.faults.people import Person
from tests.faults.writers import Gate

PAGE = """
query Inbox {
  conversations(first: 50) {
    edges {
      node {
        id
        unreadCount
        lastMessageAt
        lastMessage { id seq createdAt }
        viewerParticipant { lastReadSeq }
        messages(last: 6) { edges { node { id seq sender { externalId } } } }
      }
    }
  }
}
"""


@dataclass(slots=True)
class Onlooker:
    """A person who looks at all their conversations. A guest marks nothing: they may be out before it is answered."""

    person: Person
    history: History
    gate: Gate
    marks: bool = True
    rest: float = 0.8

    async def look(self) -> None:
        """Go on until cancelled."""
        while True:
            async with self.gate:
                for node in await self._page():
                    if self.marks and random.random() < 0.3:
                        await self._mark(node)
            await asyncio.sleep(self.rest * random.uniform(0.5, 1.5))

    async def _page(self) -> list[dict[str, Any]]:
        """One look, kept."""
        asked_at = time.monotonic()
        page = await self.person.insist(PAGE)
        nodes = [edge["node"] for edge in page["edges"] if self._is_member(edge["node"])]
        for node in nodes:
            rows = [edge["node"] for edge in node["messages"]["edges"]]
            last = node["lastMessage"] or {"seq": 0, "createdAt": None}
            self.history.looked.append(
                Looked(
                    person=self.person.sub,
                    conversation=bare_id(node["id"]),
                    asked_at=asked_at,
                    last_seq=last["seq"],
                    page=tuple((row["seq"], bare_id(row["id"]), row["sender"]["externalId"]) for row in rows),
                    unread=node["unreadCount"],
                    read_seq=node["viewerParticipant"]["lastReadSeq"],
                    last_at=node["lastMessageAt"],
                    newest_at=last["createdAt"],
                )
            )
        return nodes

    def _is_member(self, node: dict[str, Any]) -> bool:
        """Is the person in what they are shown? Anything else is noted."""
        if node["viewerParticipant"] is None:
            self.history.refused.append(
                Refused(f"hiding {node['id']} from {self.person.sub}", "SHOWN", time.monotonic())
            )
        return node["viewerParticipant"] is not None

    async def _mark(self, node: dict[str, Any]) -> None:
        last = node["lastMessage"]
        if last is not None:
            await self.person.insist(MARK_READ, input={"conversationId": node["id"], "upToMessageId": last["id"]})
            self.history.marked.append(Marked(self.person.sub, bare_id(node["id"]), last["seq"], time.monotonic()))

    async def shown(self) -> list[Shown]:
        """What is told in the end."""
        page = await self.person.insist(PAGE)
        return [
            Shown(
                person=self.person.sub,
                conversation=bare_id(node["id"]),
                unread=node["unreadCount"],
                last_id=None if node["lastMessage"] is None else bare_id(node["lastMessage"]["id"]),
                last_seq=(node["lastMessage"] or {"seq": 0})["seq"],
                read_seq=node["viewerParticipant"]["lastReadSeq"],
            )
            for node in (edge["node"] for edge in page["edges"])
            if self._is_member(node)
        ]
