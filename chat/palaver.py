"""The running server: its database, its hub, and what it keeps in memory, put together once at the start."""

from dataclasses import dataclass

from chat.backstop import Backstop
from chat.conversations import Openings
from chat.cursors import Cursors
from chat.indexer import Indexer
from chat.presence import Presence
from chat.reaper import Reaper
from chat.receipts import Deliveries
from chat.reports import Complaints
from chat.sealing import Sealer
from chat.send_rules import SendRules
from chat.staff_files import StaffFiles
from chat.topics import CONVERSATIONS, conversation_of
from chat.typing import TypingBoard
from chat.uploads import Uploads
from chat.users import Registry
from chat.work import Work
from core.bells import Bell
from core.budget import Budget, budget_of
from core.files import FileStore
from core.hub import Hub
from core.inspector import InspectionLimits, Inspector
from core.limits import Limits
from core.patience import Patience
from core.ring import LENGTH, Rings
from core.settings import Settings
from core.stores import store_of
from core.time_limit import TimeLimit
from core.watchers import is_plain
from db import epochs, events
from db.engine import Database
from db.epochs import Epoch
from db.events import EventRow
from db.inbox import Inbox, inbox_of


@dataclass(frozen=True, slots=True)
class Palaver:
    """Everything that the schema's verbs work with."""

    settings: Settings
    database: Database
    hub: Hub
    rings: Rings[EventRow]
    work: Work
    cursors: Cursors
    signing_key: str
    inbox: Inbox
    registry: Registry
    openings: Openings
    send_rules: SendRules
    complaints: Complaints
    uploads: Uploads
    reaper: Reaper
    file_store: FileStore
    staff_files: StaffFiles
    typing: TypingBoard
    presence: Presence
    deliveries: Deliveries
    backstop: Backstop
    indexer: Indexer
    budget: Budget
    sealer: Sealer
    body_time: TimeLimit
    operation_time: TimeLimit

    async def start(self) -> None:
        """Begin to ring and to hear, and what goes on by itself."""
        await self.hub.start()
        await self.presence.start()
        self.deliveries.start()
        self.sealer.start()
        self.reaper.start()
        # Also of one process that hears itself: an import is another one.
        await self.backstop.start()
        self.indexer.start()

    async def stop(self) -> None:
        """End in the order in which nothing is lost: marks, presence, bells, connections."""
        await self.indexer.stop()
        await self.backstop.stop()
        await self.reaper.stop()
        await self.sealer.stop()
        await self.deliveries.stop()
        await self.presence.stop()
        await self.hub.stop()
        await self.budget.close()
        await self.database.close()


async def start_palaver(settings: Settings) -> Palaver:
    """Connect to everything. LookupError when the database was never migrated."""
    database = Database(
        settings.database_url,
        pool_size=settings.database_pool,
        wait_seconds=settings.database_wait,
        idle_seconds=settings.database_idle,
    )
    try:
        epoch = await database.read(epochs.get)
        # Installations that share a broker do not hear each other's bells.
        hub = Hub(settings.broker_url, epoch.epoch, patience_of(settings))
        palaver = assemble(settings, database, hub, epoch)
        await palaver.start()
    except BaseException:
        await database.close()
        raise
    return palaver


def assemble(settings: Settings, database: Database, hub: Hub, epoch: Epoch, *, ring_length: int = LENGTH) -> Palaver:
    """Put together what works with a database and a hub; nothing has begun yet."""
    inbox = inbox_of(database)
    work = Work(database, hub)
    limits = Limits(enabled=settings.rate_limits == "on")
    rules = SendRules.of(settings, limits)
    store = store_of(settings)
    return Palaver(
        settings=settings,
        database=database,
        hub=hub,
        rings=_rings(database, hub, ring_length),
        work=work,
        cursors=Cursors(epoch.epoch),
        signing_key=epoch.signing_key,
        inbox=inbox,
        registry=Registry(database, work, settings.operation_seconds),
        openings=Openings(work, settings, rules),
        send_rules=rules,
        complaints=Complaints(work, settings, limits),
        uploads=Uploads(database, work, store, Inspector(inspection_limits_of(settings)), settings, limits),
        reaper=Reaper(database, work, store, settings),
        file_store=store,
        staff_files=StaffFiles(database, work),
        typing=TypingBoard(database, hub, settings.typing_seconds),
        presence=Presence(work, hub, settings.presence_seconds),
        deliveries=Deliveries(work, settings.delivered_seconds),
        backstop=Backstop(database, hub, inbox, settings.backstop_seconds),
        indexer=Indexer(database, work, settings.search_seconds),
        budget=budget_of(settings, epoch.epoch),
        sealer=Sealer(work, database, settings.seal_seconds),
        body_time=TimeLimit(settings.body_seconds),
        operation_time=TimeLimit(settings.operation_seconds),
    )


def patience_of(settings: Settings) -> Patience:
    """How long the hub waits for its broker."""
    return Patience(answer=settings.broker_seconds, probe=settings.probe_seconds)


def inspection_limits_of(settings: Settings) -> InspectionLimits:
    """What looking into a file may take."""
    return InspectionLimits(
        pixels=settings.max_pixels,
        frames=settings.max_frames,
        memory=settings.inspection_memory,
        seconds=settings.inspection_seconds,
        written=4 * settings.max_file + 1_048_576,
        side=settings.thumbnail_side,
        at_once=settings.inspections,
    )


def _rings(database: Database, hub: Hub, length: int = LENGTH) -> Rings[EventRow]:
    """The shared memory of followed logs; a conversation's bell makes its next reader look."""

    async def load(conversation_id: str, position: int, limit: int) -> list[EventRow]:
        return await database.read(lambda db: events.find_after(db, conversation_id, position, limit))

    rings = Rings(load, length)

    def hear(bell: Bell) -> None:
        conversation_id = conversation_of(bell.topic)
        if conversation_id is not None:
            rings.mark_stale(conversation_id)

    hub.watch(CONVERSATIONS, hear, is_plain)
    hub.on_lost_bells(rings.mark_all_stale)
    return rings
