"""A small market for trying things out: its people, what they offer, and what they have said to each other so far.

It goes in as an import does, so filling a database with it twice changes nothing. Bob's bicycle has no conversation of
Ann's yet: opening it is the first thing to try. What was said is told as from the moment when it is put in: the newest
a little before, the oldest days ago.
"""

import json
from collections.abc import Iterator
from typing import Any

from core.clock import iso_of, now_ms

Fields = dict[str, Any]

PEOPLE: dict[str, Fields] = {
    "ann": {"name": "Ann Archer", "roles": ["buyer"]},
    "fay": {"name": "Fay Finch", "roles": ["buyer"]},
    "gus": {"name": "Gus Grant", "roles": ["buyer"]},
    "bob": {"name": "Bob Baker", "roles": ["seller"]},
    "dot": {"name": "Dot Draper", "roles": ["seller"]},
    "eli": {"name": "Eli Engel", "roles": ["seller", "buyer"]},
    "hal": {"name": "Hal Hooper", "roles": ["provider"]},
    "ivy": {"name": "Ivy Ives", "roles": ["driver"]},
    "ada": {"name": "Ada Moreno", "roles": ["admin"]},
    "market": {"name": "The market", "roles": ["service"]},
}


def _party(external_id: str, role: str) -> Fields:
    return {"userExternalId": external_id, "role": role}


def _offer(kind: str, external_id: str, title: str, owner: Fields, **more: Any) -> Fields:
    url = f"https://market.example/{kind}s/{external_id}"
    return {"kind": kind, "externalId": external_id, "title": title, "url": url, "owner": owner, **more}


SUBJECTS: list[Fields] = [
    _offer("listing", "bike-1", "A red bicycle, three gears", _party("bob", "seller")),
    _offer("listing", "sofa-2", "Green sofa for two", _party("bob", "seller")),
    _offer("listing", "car-3", "Small grey car, one owner, new tyres", _party("dot", "seller")),
    _offer("listing", "lamp-4", "Desk lamp with a long arm", _party("eli", "seller")),
    _offer("listing", "piano-5", "Upright piano, needs tuning", _party("dot", "seller"), state="CLOSED"),
    _offer("listing", "book-6", "Algebra for the second year", _party("eli", "seller")),
    _offer("ride", "ride-1", "Friday, 17:00, from the station", _party("ivy", "driver"), contacterRole="passenger"),
    {
        "kind": "booking",
        "externalId": "booking-1",
        "title": "Haircut on Saturday at ten",
        "policy": "PARTIES",
        "parties": [_party("ann", "customer"), _party("hal", "provider")],
    },
]


def _about(kind: str, external_id: str) -> Fields:
    return {"subject": {"kind": kind, "externalId": external_id}}


MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000

#: Each conversation: what its line says, how long ago (ms) its last words were said, and who said what at which hour;
#: None is the market itself. Of what is a day old or more the hours are those here, of the rest only their distances.
CONVERSATIONS: dict[str, tuple[Fields, int, list[tuple[str, str | None, str]]]] = {
    "ann-sofa": (
        {**_about("listing", "sofa-2"), "contacter": "ann", "readUpTo": {"ann": "ann-sofa-3"}},
        2 * DAY,
        [
            ("09:12", "ann", "Good morning! How wide is the sofa?"),
            ("09:20", "bob", "One metre sixty. It comes apart into three pieces."),
            ("09:24", "ann", "Then it fits through my door. Is there a scratch anywhere?"),
            ("09:31", "bob", "One leg has a small one. I have put a picture of it into the listing."),
            ("09:32", "bob", "You may look at it any evening after six."),
        ],
    ),
    "fay-bike": (
        {**_about("listing", "bike-1"), "contacter": "fay", "readUpTo": {"bob": None}},
        DAY,
        [("18:40", "fay", "Hello Bob, would a person of 1.55 m be happy on it?")],
    ),
    "gus-car": (
        {**_about("listing", "car-3"), "contacter": "gus"},
        DAY,
        [
            ("11:05", "gus", "When was the last inspection?"),
            ("11:50", "dot", "In January, and nothing was found. I can show you the paper."),
            ("11:52", "gus", "Perfect 👍 Saturday at noon?"),
            ("12:03", "dot", "Saturday at noon it is."),
        ],
    ),
    "ann-piano": (
        {**_about("listing", "piano-5"), "contacter": "ann"},
        12 * DAY,
        [
            ("16:00", "ann", "Does the piano still need a home?"),
            ("17:30", "dot", "It did until yesterday, sorry! It is sold."),
            ("17:31", None, "This listing was closed by its seller."),
        ],
    ),
    "ann-ride": (
        {**_about("ride", "ride-1"), "contacter": "ann", "readUpTo": {"ivy": "ann-ride-1"}},
        5 * HOUR,
        [
            ("08:02", "ann", "Is there a seat left on Friday, and room for a guitar?"),
            ("08:03", "ann", "I can be at the station from half past four."),
        ],
    ),
    "ann-haircut": (
        _about("booking", "booking-1"),
        3 * HOUR,
        [
            ("10:00", None, "Booking confirmed: Saturday, 10:00."),
            ("10:07", "ann", "I may be five minutes late, is that all right?"),
            ("10:15", "hal", "No problem at all. See you on Saturday!"),
        ],
    ),
    "ann-eli": (
        {
            "people": [{"userExternalId": "eli"}, {"userExternalId": "ann"}],
            "readUpTo": {"ann": None},
            "deliveredUpTo": {"ann": "ann-eli-2"},
        },
        25 * MINUTE,
        [
            ("19:45", "eli", "Hi Ann, we met at the flea market on Sunday."),
            ("19:46", "eli", "I have found the second lamp that you were looking for."),
        ],
    ),
}


def _clock(time: str) -> int:
    hours, minutes = time.split(":")
    return int(hours) * HOUR + int(minutes) * MINUTE


def _beginning(moment: int, ago: int, last: str) -> int:
    """When the hours of a conversation count from: a midnight, unless it is of today."""
    return moment - ago - (_clock(last) if ago < DAY else (moment - ago) % DAY)


def _lines(moment: int) -> Iterator[Fields]:
    for external_id, fields in PEOPLE.items():
        yield {"type": "user", "externalId": external_id, **fields}
    for fields in SUBJECTS:
        yield {"type": "subject", **fields}
    for key, (fields, ago, words) in CONVERSATIONS.items():
        start = _beginning(moment, ago, words[-1][0])
        yield {"type": "conversation", "id": key, "createdAt": iso_of(start + _clock(words[0][0])), **fields}
        for number, (time, sender, body) in enumerate(words, 1):
            yield {
                "type": "message",
                "conversation": key,
                "id": f"{key}-{number}",
                "sender": sender,
                "body": body,
                "createdAt": iso_of(start + _clock(time)),
            }


def market_lines(moment: int | None = None) -> Iterator[bytes]:
    """The market as the lines of an import file, its times told from a moment; None is now."""
    for fields in _lines(now_ms() if moment is None else moment):
        yield json.dumps(fields, ensure_ascii=False).encode() + b"\n"
