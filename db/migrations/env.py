"""Alembic's way in: runs the migrations on the connection that `db.migrate` hands over, or on PALAVER_DATABASE_URL."""

import asyncio
import os

from alembic import context
from sqlalchemy import Connection

import db.audit_tables
import db.message_tables
import db.own_tables
import db.upload_tables  # noqa: F401 - their tables belong to the metadata
from db.engine import Database
from db.tables import metadata


def run(connection: Connection) -> None:
    """Run inside one transaction, so that a failed migration leaves nothing behind."""
    context.configure(connection=connection, target_metadata=metadata, render_as_batch=True, compare_type=True)
    with context.begin_transaction():
        context.run_migrations()


async def connect() -> None:
    """For a developer who calls `alembic` itself, to write a new migration."""
    database = Database(os.environ.get("PALAVER_DATABASE_URL", "sqlite+aiosqlite:///palaver.db"))
    async with database.writer.begin() as connection:
        await connection.run_sync(run)
    await database.close()


given: Connection | None = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    asyncio.run(connect())
