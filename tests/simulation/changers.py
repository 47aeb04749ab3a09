"""Who changes what was said, blocks, puts away and looks for words; and staff, who watch over it."""

from collections.abc import Awaitable, Callable
from itertools import count
from typing import Any

from chat.arrangements import archive
from chat.blocks import block
from chat.changes import delete_message, edit_message
from chat.palaver import Palaver
from chat.reactions import react
from chat.refusals import Blocked, ConversationClosed, Invalid, NotFound
from chat.search import Query, find_page
from chat.staff import join_conversation, leave_conversation, remove_message, set_conversation_state
from chat.users import Profile, upsert_user
from core.tokens import Claims
from db import messages
from db.engine import Reading
from db.pages import Window
from tests.simulation.cast import CONVERSATIONS, IDS, viewer_of
from tests.simulation.fleet import Act, Fleet
from tests.simulation.history import Acknowledged, Changed, Found, Hushed, Wrong
from tests.simulation.people import insist

MOST_FOUND = 200


class Changer:
    """A member, or somebody of the staff, who does one thing after another to what is there."""

    def __init__(self, fleet: Fleet, name: str) -> None:
        self._fleet, self._fate, self._name = fleet, fleet.fate, name
        self._viewer = viewer_of(name)
        self._numbers = count(1)
        others: list[Callable[[], Awaitable[None]]] = [self.edit, self.edit, self.delete, self.react, self.archive]
        staff = [self.join, self.join, self.leave, self.lose, self.close, self.remove]
        self._acts = staff if self._viewer.is_staff else [*others, self.look_for]
        if name in ("ann", "bob"):
            self._acts += [self.block, self.block]

    async def act(self, times: int) -> None:
        """Do so many things, each until there is an answer."""
        for _ in range(times):
            await self._fate.pause(2 * self._fate.weather.think)
            await self._fate.chance.choice(self._acts)()

    async def _do(self, what: str, act: Act[Any], conversation: str, message_id: str = "", body: str = "") -> None:
        asked, author = self._fleet.disk.commits, IDS[self._name]
        try:
            await insist(self._fleet, act)
        except (Blocked, ConversationClosed, Invalid, NotFound) as refusal:
            why = type(refusal).__name__
            self._fate.note(Hushed(why, conversation, author, message_id, asked, self._fleet.disk.commits))
        except Exception as error:  # noqa: BLE001 - that is what we look for
            self._fate.note(Wrong(f"{self._name} was to {what} and was answered by {error!r}"))
        else:
            commits = self._fleet.disk.commits
            self._fate.note(Changed(what, author, conversation, message_id, body, asked, commits))

    def _pick(self, *, is_own: bool) -> Acknowledged | None:
        """A message that somebody, or they themselves, were told is stored."""
        sent = [told for told in self._fate.history.every(Acknowledged) if not is_own or told.author == IDS[self._name]]
        return self._fate.chance.choice(sent) if sent else None

    async def edit(self) -> None:
        """Say something else in a message of their own."""
        if (sent := self._pick(is_own=True)) is not None:
            body = f"{sent.conversation[-2:]} {sent.key} {self._name}{next(self._numbers)}x"

            def edit(node: Palaver) -> Awaitable[Any]:
                return edit_message(node.work, node.send_rules, node.settings, self._viewer, sent.message_id, body)

            await self._do("edit", edit, sent.conversation, sent.message_id, body)

    async def delete(self) -> None:
        """Take a message of their own back."""
        if (sent := self._pick(is_own=True)) is not None:
            await self._do(
                "delete",
                lambda node: delete_message(node.work, self._viewer, sent.message_id),
                sent.conversation,
                sent.message_id,
            )

    async def react(self) -> None:
        """Put an emoji to anybody's message, or take it away."""
        if (sent := self._pick(is_own=False)) is not None:
            emoji, reacted = self._fate.chance.choice("👍🎉"), self._fate.happens(0.7)

            def change(node: Palaver) -> Awaitable[Any]:
                return react(
                    node.work,
                    node.send_rules.limits,
                    node.settings,
                    self._viewer,
                    sent.message_id,
                    emoji,
                    reacted=reacted,
                )

            await self._do("react" if reacted else "take back", change, sent.conversation, sent.message_id)

    async def archive(self) -> None:
        """Put a conversation away."""
        conversation = self._fate.chance.choice(CONVERSATIONS)
        await self._do(
            "archive", lambda node: archive(node.work, self._viewer, conversation, archived=True), conversation
        )

    async def block(self) -> None:
        """Block the other one of a pair, or no longer."""
        other, blocked = "bob" if self._name == "ann" else "ann", self._fate.happens(0.6)
        what = "block" if blocked else "unblock"

        def change(node: Palaver) -> Awaitable[Any]:
            limits = node.send_rules.limits
            return block(node.work, limits, node.settings, self._viewer, IDS[other], blocked=blocked)

        await self._do(what, change, "")

    async def join(self) -> None:
        """Be in a conversation, as staff."""
        conversation = self._fate.chance.choice(CONVERSATIONS)
        await self._do("join", lambda node: join_conversation(node.work, self._viewer, conversation), conversation)

    async def leave(self) -> None:
        """Be in a conversation no more."""
        conversation = self._fate.chance.choice(CONVERSATIONS)
        await self._do("leave", lambda node: leave_conversation(node.work, self._viewer, conversation), conversation)

    async def lose(self) -> None:
        """Be told to be staff no more, by the host or by a token that was made now; they get the role back at once."""
        by_host, name = self._fate.happens(0.5), self._name
        # Each is another token: of one that was seen before there is nothing new to be learnt.
        claims = Claims(name, expires_at=2**40 + next(self._numbers), issued_at=None, name=None, picture=None, roles=())

        def tell(node: Palaver) -> Awaitable[Any]:
            if by_host:
                return upsert_user(node.work, viewer_of("host"), name, Profile(None, None, ()))
            return node.registry.recognise(claims)

        await self._do("lose", tell, "")

    async def close(self) -> None:
        """Close a conversation, or open it again."""
        conversation, closed = self._fate.chance.choice(CONVERSATIONS), self._fate.happens(0.5)

        def change(node: Palaver) -> Awaitable[Any]:
            return set_conversation_state(node.work, self._viewer, conversation, closed=closed, reason=None)

        await self._do("close" if closed else "reopen", change, conversation)

    async def remove(self) -> None:
        """Take anybody's message away, as staff."""
        if (sent := self._pick(is_own=False)) is not None:
            await self._do(
                "remove",
                lambda node: remove_message(node.work, self._viewer, sent.message_id, "It was rude."),
                sent.conversation,
                sent.message_id,
            )

    async def look_for(self) -> None:
        """Look for a word that a message had, or has."""
        sent = self._fate.history.every(Acknowledged)
        words = [told.key for told in sent if told.author != "system"]  # Nobody finds what the host says.
        words += [told.body.split()[-1] for told in self._fate.history.every(Changed) if told.what == "edit"]
        if not words:
            return
        word, asked = self._fate.chance.choice(words), self._fleet.disk.commits

        async def search(node: Palaver) -> tuple[str, ...]:
            await node.indexer.catch_up(self._viewer.id)  # As the field of the schema wants it done before.
            return await node.database.read(lambda db: self._search(db, word))

        found = await insist(self._fleet, search)
        self._fate.note(Found(IDS[self._name], word, found, asked, self._fleet.disk.commits))

    async def _search(self, db: Reading, word: str) -> tuple[str, ...]:
        query, window = Query.of(f'"{word}"', 8), Window(MOST_FOUND)
        page = await find_page(db, self._viewer.id, None, query, window, depth=MOST_FOUND, most=MOST_FOUND)
        rows = await messages.find_visible(db, self._viewer.id, [hit.message_id for hit in page.items])
        # Which of two that are equally good comes first may depend on ids, and those are made at random.
        return tuple(row.id for row in sorted(rows.values(), key=lambda row: (row.conversation_id, row.seq)))
