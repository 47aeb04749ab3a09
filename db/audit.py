"""Statements about the audit log: entries, which an act writes, and the chain over them, which grows after it."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from sqlalchemy import Integer, bindparam, delete, exists, func, select

from db.audit_tables import audit_entries, audit_seals, audit_unsealed
from db.engine import Reading, Writing
from db.inserts import inserting
from db.pages import Page, Pages, Window
from db.statements import Statement, among
from db.tables import epochs
from db.writing import Act


class EntryRow(NamedTuple):
    """Who did what, to what, and why; `at` in milliseconds. Of a target it holds the type's name and the id."""

    id: str
    actor_id: str | None
    action: str
    target_type: str | None
    target_id: str | None
    reason: str | None
    at: int


class AuditRow(NamedTuple):
    """An entry with its place in the chain; `number` is dense from 1."""

    id: str
    actor_id: str | None
    action: str
    target_type: str | None
    target_id: str | None
    reason: str | None
    at: int
    number: int
    hash: str

    @property
    def entry(self) -> EntryRow:
        """What the act wrote."""
        return EntryRow._make(self[:7])


class SealRow(NamedTuple):
    """A link of the chain; its entry is None when that is gone."""

    number: int
    entry_id: str
    hash: str
    entry: EntryRow | None


_entry = tuple(audit_entries.c[name] for name in EntryRow._fields)
_sealed = select(*_entry, audit_seals.c.number, audit_seals.c.hash).join(
    audit_seals, audit_seals.c.entry_id == audit_entries.c.id
)
_INSERT = inserting(audit_entries, EntryRow._fields)
_PAGES = Pages(_sealed, [audit_seals.c.number], descending=False)
_SEALED = Statement(_sealed.where(among(audit_entries.c.id, "ids")))
_size = bindparam("size", type_=Integer())
# Not joined: a database that knows little of what waits might begin with all entries that ever were.
_UNSEALED = Statement(select(audit_unsealed.c.entry_id).order_by(audit_unsealed.c.entry_id).limit(_size))
_ENTRIES = Statement(select(*_entry).where(among(audit_entries.c.id, "ids")))
_IS_WAITING = Statement(select(audit_unsealed.c.entry_id).limit(1))
_COUNT_WAITING = Statement(select(func.count()).select_from(audit_unsealed))
_HEAD = Statement(select(audit_seals.c.number, audit_seals.c.hash).order_by(audit_seals.c.number.desc()).limit(1))
#: The one row of the table: whoever seals holds it, so that the chain has one end.
_HOLD = Statement(select(epochs.c.id).with_for_update())
_SEAL = inserting(audit_seals, ("number", "entry_id", "hash"))
_SETTLE = Statement(delete(audit_unsealed).where(among(audit_unsealed.c.entry_id, "ids")))
_CHAIN = Statement(
    select(*(audit_seals.c[name] for name in SealRow._fields[:3]), *_entry)
    .outerjoin(audit_entries, audit_entries.c.id == audit_seals.c.entry_id)
    .where(audit_seals.c.number > bindparam("number"))
    .order_by(audit_seals.c.number)
    .limit(_size)
)
_LOST = Statement(
    select(func.min(audit_entries.c.id)).where(
        ~exists().where(audit_seals.c.entry_id == audit_entries.c.id),
        ~exists().where(audit_unsealed.c.entry_id == audit_entries.c.id),
    )
)


def noting(row: EntryRow) -> Act:
    """What writes an entry."""
    return _INSERT, row._asdict()


async def insert_all(db: Writing, rows: Sequence[EntryRow]) -> None:
    """Write entries; a trigger lets them wait for the chain."""
    await db.run_many(_INSERT, [row._asdict() for row in rows])


async def page(db: Reading, window: Window) -> Page[AuditRow]:
    """A page of the chain, oldest first."""
    found = await _PAGES.read(db, window, {})
    return Page([AuditRow._make(row) for row in found.items], found.has_next, found.has_previous)


async def find(db: Reading, ids: Collection[str]) -> dict[str, AuditRow]:
    """Entries of the chain by id."""
    return {row[0]: AuditRow._make(row) for row in await db.all(_SEALED, {"ids": ids})}


async def is_waiting(db: Reading) -> bool:
    """Is there an entry that is not in the chain yet?"""
    return await db.first(_IS_WAITING) is not None


async def count_waiting(db: Reading) -> int:
    """How many are not in the chain yet."""
    return int(await db.value(_COUNT_WAITING))


async def hold_chain(db: Writing) -> None:
    """Be the only one who seals, until the unit of work ends."""
    await db.first(_HOLD)


async def find_unsealed(db: Reading, size: int) -> list[EntryRow]:
    """The oldest entries that wait for the chain."""
    ids = [row[0] for row in await db.all(_UNSEALED, {"size": size})]
    return sorted(EntryRow._make(row) for row in await db.all(_ENTRIES, {"ids": ids}))


async def find_head(db: Reading) -> tuple[int, str] | None:
    """The number and the hash of the newest link; None for an empty chain."""
    row = await db.first(_HEAD)
    return None if row is None else (row[0], row[1])


async def seal(db: Writing, rows: Sequence[AuditRow]) -> None:
    """Add links to the chain."""
    links = [{"number": row.number, "entry_id": row.id, "hash": row.hash} for row in rows]
    await db.run_many(_SEAL, links)
    await db.run(_SETTLE, {"ids": [row.id for row in rows]})


async def find_chain(db: Reading, number: int, size: int) -> list[SealRow]:
    """The chain's next links after a number, each with its entry."""
    rows = await db.all(_CHAIN, {"number": number, "size": size})
    return [SealRow(row[0], row[1], row[2], None if row[3] is None else EntryRow._make(row[3:])) for row in rows]


async def has_hash(db: Reading, hash_: str) -> bool:
    """Is a hash one of the chain's?"""
    return await db.first(select(audit_seals.c.number).where(audit_seals.c.hash == hash_)) is not None


async def find_lost(db: Reading) -> str | None:
    """An entry that neither is in the chain nor waits for it."""
    found: str | None = await db.value(_LOST)
    return found
