"""Who asks, their loaders, and the queues of who follows what."""

import asyncio
import os
from collections import defaultdict
from collections.abc import Callable, Coroutine, Sequence
from functools import cached_property
from typing import Any, TypeAlias

import jwt
from fastapi import HTTPException
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker
from strawberry.dataloader import DataLoader
from strawberry.fastapi import BaseContext

from bench.peers.naive.models import AttachmentModel, MessageModel, ParticipantModel, UserModel

Sessions: TypeAlias = async_sessionmaker[AsyncSession]
Load: TypeAlias = Callable[[list[str]], Coroutine[Any, Any, Sequence[Any]]]
SECRET = os.environ.get("SECRET", "")
#: The queues of who follows a conversation.
followers: defaultdict[str, set[asyncio.Queue[MessageModel]]] = defaultdict(set)


class Loaders:
    """Loaders of one request."""

    def __init__(self, sessions: Sessions, viewer_id: str) -> None:
        self._sessions = sessions
        self._viewer_id = viewer_id
        self.user: DataLoader[str, UserModel] = DataLoader(self._load(UserModel))
        self.message: DataLoader[str, MessageModel] = DataLoader(self._load(MessageModel))
        self.attachments: DataLoader[str, list[AttachmentModel]] = DataLoader(self._load_attachments)
        self.counterpart: DataLoader[str, ParticipantModel] = DataLoader(self._load_counterparts)
        self.unread: DataLoader[str, int] = DataLoader(self._load_unread)

    def _load(self, model: Any) -> Load:
        async def load(keys: list[str]) -> Sequence[Any]:
            async with self._sessions() as session:
                found = {row.id: row for row in await session.scalars(select(model).where(model.id.in_(keys)))}
            return [found[key] for key in keys]

        return load

    async def _load_attachments(self, keys: list[str]) -> list[list[AttachmentModel]]:
        statement = select(AttachmentModel).where(AttachmentModel.message_id.in_(keys)).order_by(AttachmentModel.id)
        found = defaultdict(list)
        async with self._sessions() as session:
            for row in await session.scalars(statement):
                found[row.message_id].append(row)
        return [found[key] for key in keys]

    async def _load_counterparts(self, keys: list[str]) -> list[ParticipantModel]:
        statement = select(ParticipantModel).where(
            ParticipantModel.conversation_id.in_(keys), ParticipantModel.user_id != self._viewer_id
        )
        async with self._sessions() as session:
            found = {row.conversation_id: row for row in await session.scalars(statement)}
        return [found[key] for key in keys]

    async def _load_unread(self, keys: list[str]) -> list[int]:
        statement = (
            select(MessageModel.conversation_id, func.count())
            .join(ParticipantModel, ParticipantModel.conversation_id == MessageModel.conversation_id)
            .where(
                ParticipantModel.user_id == self._viewer_id,
                MessageModel.conversation_id.in_(keys),
                MessageModel.seq > ParticipantModel.read_seq,
                MessageModel.sender_id != self._viewer_id,
            )
            .group_by(MessageModel.conversation_id)
        )
        async with self._sessions() as session:
            found = {row[0]: row[1] for row in await session.execute(statement)}
        return [found.get(key, 0) for key in keys]


class Context(BaseContext):
    """The context of a request or a socket."""

    def __init__(self, sessions: Sessions, base_url: str) -> None:
        super().__init__()
        self.sessions = sessions
        self.base_url = base_url
        self._viewer: UserModel | None = None

    async def viewer(self) -> UserModel:
        """Who asks, by the token of the request or of the socket's first words. 401 when it is not good."""
        if self._viewer is None:
            parameters = self.connection_params or {}
            authorization = self.request.headers.get("authorization") if self.request else None
            token = (authorization or parameters.get("authorization", "")).removeprefix("Bearer ")
            try:
                claims = jwt.decode(token, SECRET, algorithms=["HS256"], options={"require": ["sub", "exp"]})
            except jwt.PyJWTError as error:
                raise HTTPException(401, "The token is not good.") from error
            async with self.sessions() as session:
                self._viewer = await session.scalar(select(UserModel).where(UserModel.external_id == claims["sub"]))
        if self._viewer is None:
            raise HTTPException(401, "Nobody is known by this name.")
        return self._viewer

    @cached_property
    def loaders(self) -> Loaders:
        """The loaders, once it is known who asks."""
        if self._viewer is None:
            raise LookupError("Nobody was recognised yet.")
        return Loaders(self.sessions, self._viewer.id)
