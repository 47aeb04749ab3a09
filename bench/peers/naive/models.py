"""The peers' tables as SQLAlchemy's ORM maps them, and sessions on them."""

from pathlib import Path

from sqlalchemy import ForeignKey, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.pool import ConnectionPoolEntry


class Base(DeclarativeBase):
    """What every model is based on."""


class UserModel(Base):
    """A person."""

    __tablename__ = "users"
    id: Mapped[str] = mapped_column(primary_key=True)
    external_id: Mapped[str]
    name: Mapped[str]
    avatar_url: Mapped[str | None]


class ConversationModel(Base):
    """A conversation."""

    __tablename__ = "conversations"
    id: Mapped[str] = mapped_column(primary_key=True)
    state: Mapped[str]
    last_seq: Mapped[int]
    last_message_id: Mapped[str | None]
    last_message_at: Mapped[int]


class ParticipantModel(Base):
    """Somebody's part in a conversation."""

    __tablename__ = "participants"
    id: Mapped[str] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey(ConversationModel.id))
    user_id: Mapped[str] = mapped_column(ForeignKey(UserModel.id))
    role: Mapped[str]
    read_seq: Mapped[int]


class MessageModel(Base):
    """A message."""

    __tablename__ = "messages"
    id: Mapped[str] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey(ConversationModel.id))
    seq: Mapped[int]
    sender_id: Mapped[str] = mapped_column(ForeignKey(UserModel.id))
    client_key: Mapped[str]
    kind: Mapped[str]
    body: Mapped[str]
    created_at: Mapped[int]


class AttachmentModel(Base):
    """A file."""

    __tablename__ = "attachments"
    id: Mapped[str] = mapped_column(primary_key=True)
    message_id: Mapped[str] = mapped_column(ForeignKey(MessageModel.id))
    kind: Mapped[str]
    file_name: Mapped[str]
    mime_type: Mapped[str]
    byte_size: Mapped[int]
    width: Mapped[int | None]
    height: Mapped[int | None]


def open_sessions(path: Path) -> async_sessionmaker[AsyncSession]:
    """Sessions on a file, which is written durably."""
    engine = create_async_engine(f"sqlite+aiosqlite:///{path}")

    @event.listens_for(engine.sync_engine, "connect")
    def on_connect(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
        cursor = connection.cursor()
        pragmas = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "cache_size=-16000")
        for pragma in (*pragmas, "wal_autocheckpoint=10000"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    return async_sessionmaker(engine, expire_on_commit=False)
