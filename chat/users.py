"""People: known from their first token on, and kept current by newer tokens and by the host."""

import asyncio
from collections import OrderedDict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from chat.refusals import Invalid, RoleRequired, StaffRequired
from chat.staff_members import STAFF, end_memberships, find_joined
from chat.texts import EXTERNAL_ID, NAME, ROLE, ROLES, check_text, check_url
from chat.work import UnitOfWork, Work
from core.clock import now_ms
from core.tokens import Claims
from db import users
from db.away import DatabaseBusy
from db.engine import Database, Reading
from db.ids import new_id
from db.users import UserRow

SERVICE = "service"


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who is asking. Authority comes from the present token's roles only."""

    id: str
    external_id: str
    roles: tuple[str, ...]
    expires_at: int

    @property
    def is_service(self) -> bool:
        """Is it the host's server?"""
        return SERVICE in self.roles

    @property
    def is_staff(self) -> bool:
        """Is it one of those who watch over what is said?"""
        return STAFF in self.roles

    def require_service(self) -> None:
        """RoleRequired for everybody but the host's server."""
        if not self.is_service:
            raise RoleRequired

    def require_staff(self) -> None:
        """StaffRequired for everybody but staff."""
        if not self.is_staff:
            raise StaffRequired


@dataclass(frozen=True, slots=True)
class Profile:
    """What is told of a person; None is what was not told."""

    name: str | None
    avatar_url: str | None
    roles: tuple[str, ...] | None
    clears_avatar: bool = False


class Registry:
    """Turns claims into viewers. Remembers whom it saw last, so that an unchanged token costs no statement."""

    _most = 20_000

    def __init__(self, database: Database, work: Work, seconds: float) -> None:
        self._database = database
        self._work = work
        self._seconds = seconds
        self._seen: OrderedDict[tuple[object, ...], str] = OrderedDict()

    async def recognise(self, claims: Claims) -> Viewer:
        """The viewer of good claims; stored when new, and kept current when the token is newer than what is known.

        DatabaseBusy when that takes longer than an operation may.
        """
        # A token that does not say when it was made is known by when it ends, so that each is looked at once.
        made = claims.issued_at if claims.issued_at is not None else -claims.expires_at
        print_of = (claims.subject, made, claims.name, claims.picture, claims.roles)
        user_id = self._seen.get(print_of)
        if user_id is None:
            try:
                async with asyncio.timeout(self._seconds):
                    user_id = await self._store(claims)
            except TimeoutError as error:
                raise DatabaseBusy from error
            self._seen[print_of] = user_id
            while len(self._seen) > self._most:
                self._seen.popitem(last=False)
        return Viewer(user_id, claims.subject, claims.roles or (), claims.expires_at)

    async def _store(self, claims: Claims) -> str:
        profile = Profile(claims.name, claims.picture, claims.roles)
        told_at = min(claims.issued_at if claims.issued_at is not None else now_ms(), now_ms())
        made_at = None if claims.issued_at is None else told_at
        is_staff = STAFF in (claims.roles or ())

        async def look(db: Reading) -> tuple[UserRow | None, list[str]]:
            known = (await users.find_by_external_ids(db, [claims.subject])).get(claims.subject)
            return known, [] if known is None or is_staff else await find_joined(db, known.id, made_at)

        known, joined = await self._database.read(look)
        if known is not None:
            await end_memberships(self._work, known.id, known.id, joined)
        if known is not None and not _is_news(known, profile, told_at):
            return known.id
        async with self._work.begin() as unit:
            return (await save_profile(unit, claims.subject, profile, told_at)).id


def _is_news(known: UserRow, profile: Profile, told_at: int) -> bool:
    """Newer than what is known, also when it says the same: an older word must not count after it."""
    if told_at > known.profile_at or _is_first_name(known, profile):
        return True
    return told_at == known.profile_at and _merged(known, profile) != (known.name, known.avatar_url, known.roles)


def _is_first_name(known: UserRow, profile: Profile) -> bool:
    """Somebody who was called by their id only is told to have a name: any name is better, however old."""
    return profile.name is not None and known.name == known.external_id[:NAME] != profile.name


def _merged(known: UserRow, profile: Profile) -> tuple[str, str | None, tuple[str, ...]]:
    """What is known with what was told: what was not told stays."""
    avatar_url = None if profile.clears_avatar else profile.avatar_url or known.avatar_url
    roles = known.roles if profile.roles is None else tuple(dict.fromkeys(profile.roles))
    return profile.name or known.name, avatar_url, roles


async def save_profile(unit: UnitOfWork, external_id: str, profile: Profile, told_at: int) -> UserRow:
    """Store what was told of a person, unless something newer is known."""
    await _insert_if_new(unit, external_id)
    known = (await users.find_by_external_ids(unit.db, [external_id]))[external_id]
    if told_at < known.profile_at:
        if not _is_first_name(known, profile):
            return known
        profile, told_at = Profile(profile.name, None, None), known.profile_at
    name, avatar_url, roles = _merged(known, profile)
    await users.save_profile(unit.db, known.id, name=name, avatar_url=avatar_url, profile_at=told_at)
    if roles != known.roles:
        await users.save_roles(unit.db, known.id, roles)
    return (await users.find_by_external_ids(unit.db, [external_id]))[external_id]


async def upsert_user(work: Work, viewer: Viewer, external_id: str, profile: Profile) -> UserRow:
    """The host tells of a person, who may not have signed in yet."""
    viewer.require_service()
    check_text(external_id, EXTERNAL_ID, "externalId")
    if profile.name is not None:
        check_text(profile.name, NAME, "name")
    if profile.avatar_url is not None:
        check_url(profile.avatar_url, "avatarUrl")
    check_roles(profile.roles or (), "roles")
    async with work.begin() as unit:
        user = await save_profile(unit, external_id, profile, unit.now)
        is_staff = profile.roles is None or STAFF in profile.roles
        joined = [] if is_staff else await find_joined(unit.db, user.id, None)
    await end_memberships(work, viewer.id, user.id, joined)
    return user


def check_roles(roles: Sequence[str], *path: str) -> None:
    """At most ROLES words of a role's length. Invalid otherwise."""
    if len(roles) > ROLES:
        raise Invalid(*path, reason=f"A person has at most {ROLES} roles.")
    for role in roles:
        check_text(role, ROLE, *path)


async def ensure_known(unit: UnitOfWork, external_ids: Collection[str]) -> dict[str, UserRow]:
    """The people of external ids; those never heard of are stored by their id alone, until a token tells more.

    An act names all of them at once: they are stored in one order, so that none of two who name the same people in
    another order waits for the other.
    """
    known = await users.find_by_external_ids(unit.db, external_ids)
    missing = sorted(set(external_ids) - known.keys())
    for external_id in missing:
        await _insert_if_new(unit, external_id)
    return known | (await users.find_by_external_ids(unit.db, missing) if missing else {})


async def _insert_if_new(unit: UnitOfWork, external_id: str) -> None:
    await users.insert_if_new(
        unit.db,
        id=new_id(),
        external_id=external_id,
        name=external_id[:NAME],
        avatar_url=None,
        profile_at=0,
        now=unit.now,
    )
