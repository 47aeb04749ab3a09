"""Which life of which database this is: cursors name it, so that one from before a restored backup is told apart."""

from dataclasses import dataclass

from sqlalchemy import select, update

from db.engine import Reading, Writing
from db.ids import new_id
from db.tables import epochs


@dataclass(frozen=True, slots=True)
class Epoch:
    """The database's own name, and the key that signs file addresses (hexadecimal)."""

    epoch: str
    signing_key: str


async def get(db: Reading) -> Epoch:
    """The epoch of this database. LookupError when it was never migrated."""
    row = await db.first(select(epochs.c.epoch, epochs.c.signing_key))
    if row is None:
        raise LookupError("The database has no epoch: run `palaver migrate`.")
    return Epoch(*row)


async def renew(db: Writing) -> None:
    """A new epoch: every cursor given out before is refused from now on."""
    await db.run(update(epochs).values(epoch=new_id()))
