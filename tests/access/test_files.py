"""The address of a file is good for one file, one viewer and some time, and no longer than they may see the message."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Self
from urllib.parse import quote

import httpx
import pytest

from core.clock import now_ms
from core.ids import decode_id
from core.signing import sign
from tests import acts
from tests.access.world import World, send_files, upload
from tests.client import Person
from tests.client import sign as sign_token

URL = "query($id: ID!) { node(id: $id) { ... on Attachment { url } } }"
VIEWER = "{ viewer { user { id } } }"


@dataclass(frozen=True, slots=True)
class Address:
    """The parts of a file's address."""

    base: str
    file: str
    viewer: str
    expires: str
    signature: str
    name: str

    @classmethod
    def of(cls, url: str) -> Self:
        """The parts of an address as the server gave it out."""
        base, _, rest = url.partition("/files/")
        file, viewer, expires, signature, name = rest.split("/")
        return cls(base, file, viewer, expires, signature, name)

    @property
    def url(self) -> str:
        """The whole of it."""
        return f"{self.base}/files/{self.file}/{self.viewer}/{self.expires}/{self.signature}/{self.name}"


async def address_for(person: Person, file_id: str) -> Address:
    """Where a person finds a file."""
    return Address.of((await person.ask(URL, id=file_id))["url"])


async def fetch(person: Person, address: Address) -> httpx.Response:
    """Get it, as a picture in a page would: without a token."""
    return await person.http.get(address.url)


async def key_of(person: Person) -> str:
    """A person's own part of addresses."""
    decoded = decode_id((await person.ask(VIEWER))["user"]["id"])
    assert decoded is not None
    return decoded[1]


async def test_members_fetch_a_file_that_was_sent(world: World) -> None:
    for name in ("ann", "bob"):
        person = world.cast[name]
        response = await fetch(person, await address_for(person, world.things(name).file))
        assert (response.status_code, response.text) == (200, "My offer")


@pytest.mark.parametrize("part", ["file", "viewer", "expires", "signature"])
async def test_an_address_with_anything_changed_is_nothing(part: str, world: World) -> None:
    ann = world.cast["ann"]
    address = await address_for(ann, world.things("ann").file)
    other = await address_for(ann, world.things("ann").unsent_file)
    changes = {
        "file": other.file,
        "viewer": await key_of(world.cast["cy"]),
        "expires": str(int(address.expires) + 1),
        "signature": other.signature,
    }
    assert (await fetch(ann, address)).status_code == 200
    response = await fetch(ann, replace(address, **{part: changes[part]}))
    assert response.status_code == 404
    assert "My offer" not in response.text


def test_the_words_of_a_signature_are_kept_apart() -> None:
    key = "00" * 32
    assert len({sign(key, *words) for words in (("ab", "c"), ("a", "bc"), ("abc",), ("a", "b", "c"))}) == 4


FORGED: dict[str, Callable[[Address], Address]] = {
    "no signature": lambda a: replace(a, signature="-"),
    "an empty signature": lambda a: replace(a, signature=""),
    "half a signature": lambda a: replace(a, signature=a.signature[:16]),
    "a longer signature": lambda a: replace(a, signature=a.signature + "0"),
    "a signature in capitals": lambda a: replace(a, signature=a.signature[:-1].upper() + "F"),
    "a signature of other letters": lambda a: replace(a, signature=quote("\u0661" * 32)),
    "a signature of bytes": lambda a: replace(a, signature="%ff" * 32),
    "a signature that is true": lambda a: replace(a, signature="true"),
    "a token for a signature": lambda a: replace(a, signature=sign_token("ann")),
    "a signature by nothing": lambda a: replace(a, signature=sign("", "file", a.file, a.viewer, int(a.expires))),
    "a signature of another kind": lambda a: replace(a, signature=sign("00" * 32, a.file, a.viewer, int(a.expires))),
    "words that run together": lambda a: replace(a, viewer=a.viewer[1:], file=a.file + a.viewer[0]),
    "parts exchanged": lambda a: replace(a, viewer=a.file, file=a.viewer),
    "no expiry": lambda a: replace(a, expires="-"),
    "expiry 0": lambda a: replace(a, expires="0"),
    "expiry negative": lambda a: replace(a, expires=f"-{a.expires}"),
    "expiry with a sign": lambda a: replace(a, expires=f"+{a.expires}"),
    "expiry with a point": lambda a: replace(a, expires=f"{a.expires}.0"),
    "expiry with an exponent": lambda a: replace(a, expires="9e11"),
    "expiry with a space": lambda a: replace(a, expires=f"{a.expires}%20"),
    "expiry in other digits": lambda a: replace(a, expires=quote("".join(chr(0x660 + int(n)) for n in a.expires))),
    "expiry beyond reason": lambda a: replace(a, expires="9" * 400),
    "expiry a second later": lambda a: replace(a, expires=str(int(a.expires) + 1)),
    "expiry a word": lambda a: replace(a, expires="never"),
    "another name": lambda a: replace(a, name="offer.html"),
    "no name": lambda a: replace(a, name=""),
    "a way out": lambda a: replace(a, name="..%2f..%2fpalaver.db"),
    "a way out for a file": lambda a: replace(a, file="..%2f..%2fpalaver.db"),
    "a NUL in the file": lambda a: replace(a, file=a.file + "%00"),
    "half a character": lambda a: replace(a, file="%ed%a0%bd"),
    "a huge file": lambda a: replace(a, file="a" * 20_000),
}


@pytest.mark.parametrize("forge", FORGED.values(), ids=FORGED)
async def test_a_forged_address_is_nothing(forge: Callable[[Address], Address], world: World) -> None:
    """Whatever is done to it, and whoever's token comes along: the same 404 as for what does not exist."""
    ann = world.cast["ann"]
    address = await address_for(ann, world.things("ann").file)
    absent = await fetch(ann, replace(address, file="0" * 32, signature="0" * 32))
    for headers in ({}, ann.headers):
        response = await ann.http.get(forge(address).url, headers=headers)
        assert response.status_code == 404, response.text
        assert "My offer" not in response.text
        if response.headers["content-type"].startswith("text/plain"):
            assert response.text == absent.text


async def test_an_address_that_does_not_exist_answers_like_one_that_is_refused(world: World) -> None:
    ann = world.cast["ann"]
    address = await address_for(ann, world.things("ann").file)
    wrong = await fetch(ann, replace(address, signature="0" * 32))
    absent = await fetch(ann, replace(address, file="0" * 32, signature="0" * 32))
    assert (wrong.status_code, wrong.text) == (absent.status_code, absent.text)


async def test_an_address_expires(world: World) -> None:
    """Signed by the server's own key, for a moment that has passed, and for one that has not."""
    ann = world.cast["ann"]
    address, key = await address_for(ann, world.things("ann").file), ann.house.palaver.signing_key
    for seconds, status in ((-1, 404), (60, 200)):
        expires = now_ms() // 1000 + seconds
        signature = sign(key, "file", address.file, address.viewer, expires)
        response = await fetch(ann, replace(address, expires=str(expires), signature=signature))
        assert response.status_code == status


async def test_a_signature_made_for_a_stranger_opens_nothing(world: World) -> None:
    """Whatever an address proves, the message is looked up through its viewer."""
    cy, key = world.cast["cy"], world.cast["cy"].house.palaver.signing_key
    address = await address_for(world.cast["ann"], world.things("ann").file)
    viewer = await key_of(cy)
    signature = sign(key, "file", address.file, viewer, int(address.expires))
    assert (await fetch(cy, replace(address, viewer=viewer, signature=signature))).status_code == 404


async def test_a_file_is_its_owners_until_it_is_sent(ann: Person, bob: Person, thread: str) -> None:
    """Its owner's address works before and after; the other's begins with the message."""
    file = await upload(ann, "My offer")
    own = Address.of(file["url"])
    assert (await fetch(ann, own)).text == "My offer"
    viewer = await key_of(bob)
    signature = sign(ann.house.palaver.signing_key, "file", own.file, viewer, int(own.expires))
    theirs = replace(own, viewer=viewer, signature=signature)
    assert (await fetch(bob, theirs)).status_code == 404
    await send_files(ann, thread, file["id"])
    assert (await fetch(bob, theirs)).text == "My offer"
    assert (await fetch(ann, own)).text == "My offer"


async def test_an_address_ends_with_the_right_to_see_the_message(ann: Person, cy: Person, host: Person) -> None:
    """Cy was a party of the booking, and even the address that he was given is good no more."""
    await acts.book(host, "booking-1", "ann", "bob", "cy")
    booking = await acts.open_about(ann, "booking-1", kind="booking")
    file = await upload(ann, "My offer")
    await send_files(ann, booking, file["id"])
    address = await address_for(cy, file["id"])
    assert (await fetch(cy, address)).text == "My offer"
    await acts.book(host, "booking-1", "ann", "bob")
    assert (await fetch(cy, address)).status_code == 404
    await acts.book(host, "booking-1", "ann", "bob", "cy")
    assert (await fetch(cy, address)).status_code == 200


async def test_who_left_cannot_fetch_even_what_they_sent(ann: Person, cy: Person, host: Person) -> None:
    await acts.book(host, "booking-1", "ann", "bob", "cy")
    booking = await acts.open_about(cy, "booking-1", kind="booking")
    file = await upload(cy, "My offer")
    await send_files(cy, booking, file["id"])
    assert (await fetch(cy, Address.of(file["url"]))).status_code == 200
    await acts.book(host, "booking-1", "ann", "bob")
    assert (await fetch(cy, Address.of(file["url"]))).status_code == 404
    assert (await fetch(ann, await address_for(ann, file["id"]))).text == "My offer"
