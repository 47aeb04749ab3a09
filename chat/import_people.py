"""Importing people, and subjects with their people.

An import adds, and is older than every token and every word of the host: what is known of somebody or something
already stays as it is.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeAlias

from chat.import_lines import PartyPart, SubjectLine, UserLine
from chat.import_state import ImportState
from chat.refusals import Refusal
from chat.subjects import check_people
from chat.texts import NAME
from chat.work import UnitOfWork
from db import imports, users
from db.ids import new_id
from db.subjects import PartyRow, SubjectRow
from db.users import UserRow

#: Values of one statement; SQLite takes 32,766.
MOST_VALUES = 10_000

Users: TypeAlias = Sequence[tuple[int, UserLine]]
Subjects: TypeAlias = Sequence[tuple[int, SubjectLine]]


class People:
    """The people that a batch of lines names; those never heard of are stored with it, by their id alone."""

    def __init__(self, known: dict[str, UserRow]) -> None:
        self._rows = known
        self._new: dict[str, None] = {}
        self._changed: set[str] = set()

    @classmethod
    async def load(cls, unit: UnitOfWork, external_ids: Iterable[str]) -> "People":
        """Look up all who are named."""
        wanted = list(dict.fromkeys(external_ids))
        known: dict[str, UserRow] = {}
        for start in range(0, len(wanted), MOST_VALUES):
            known |= await users.find_by_external_ids(unit.db, wanted[start : start + MOST_VALUES])
        return cls(known)

    def find(self, external_id: str) -> UserRow | None:
        """Somebody who is known."""
        return self._rows.get(external_id)

    def get(self, external_id: str) -> UserRow:
        """Somebody, who is known from now on."""
        row = self._rows.get(external_id)
        if row is None:
            name = external_id[:NAME]
            row = UserRow(new_id(), external_id, name, name.casefold(), None, 0, None, ())
            self._rows[external_id] = row
            self._new[external_id] = None
        return row

    @contextmanager
    def trying(self) -> Iterator[None]:
        """Forget who is first heard of in a line that is refused."""
        count = len(self._new)
        try:
            yield
        except Refusal:
            while len(self._new) > count:
                del self._rows[self._new.popitem()[0]]
            raise

    def tell(self, line: UserLine) -> bool:
        """What a line says of somebody; False when it is nothing new."""
        is_new = line.external_id not in self._rows
        before = self.get(line.external_id)
        after = _told(before, line)
        if after != before:
            self._rows[line.external_id] = after
            self._changed.add(line.external_id)
        return is_new or after != before

    async def store(self, unit: UnitOfWork) -> None:
        """Write who is new and what has changed."""
        # In the orders in which others take them: new ones by external id, known ones by id.
        await imports.insert_users(unit.db, [self._rows[key] for key in sorted(self._new)], unit.now)
        await imports.save_users(unit.db, sorted(self._rows[key] for key in self._changed if key not in self._new))


def _told(before: UserRow, line: UserLine) -> UserRow:
    """Whoever no token and no upsertUser has told of takes all of the line; others take a name, when they lack one."""
    name = line.name or before.name
    if before.profile_at == 0:
        roles = tuple(dict.fromkeys(line.roles)) or before.roles
        after = before._replace(name=name, avatar_url=line.avatar_url or before.avatar_url, roles=roles)
    elif before.name == before.external_id[:NAME]:
        after = before._replace(name=name)
    else:
        return before
    return after._replace(name_folded=after.name.casefold())


async def store_users(unit: UnitOfWork, state: ImportState, lines: Users) -> None:
    """People, with their names, pictures and listed roles."""
    people = await People.load(unit, (line.external_id for _, line in lines))
    for _, line in lines:
        state.add(line, is_new=people.tell(line))
    await people.store(unit)


async def store_subjects(unit: UnitOfWork, state: ImportState, lines: Subjects) -> None:
    """Subjects, with their owners and parties."""
    known = set(await imports.hold_subjects(unit.db, {(line.kind, line.external_id) for _, line in lines}))
    people = await People.load(unit, (party.user_external_id for _, line in lines for party in _parties_of(line)))
    rows: list[tuple[SubjectRow, list[PartyRow]]] = []
    for number, line in lines:
        name = (line.kind, line.external_id)
        if name in known:
            state.add(line, is_new=False)
            continue
        try:
            with people.trying():
                rows.append(_subject_of(line, people))
        except Refusal as refusal:
            state.refuse(number, refusal)
            continue
        known.add(name)
        state.add(line, is_new=True)
    await people.store(unit)
    await imports.insert_subjects(unit.db, rows, unit.now)


def _parties_of(line: SubjectLine) -> list[PartyPart]:
    return [*([line.owner] if line.owner else []), *line.parties]


def _subject_of(line: SubjectLine, people: People) -> tuple[SubjectRow, list[PartyRow]]:
    owner = people.get(line.owner.user_external_id) if line.owner else None
    row = SubjectRow(
        id=new_id(),
        kind=line.kind,
        external_id=line.external_id,
        title=line.title,
        url=line.url,
        image_url=line.image_url,
        owner_id=owner.id if owner else None,
        owner_role=line.owner.role if line.owner else None,
        contacter_role=line.contacter_role,
        policy=line.policy,
        state=line.state,
    )
    parties = [PartyRow(people.get(party.user_external_id).id, party.role) for party in line.parties]
    check_people(row, parties)
    return row, parties
