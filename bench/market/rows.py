"""Makes the market, row by row: the same people, conversations and messages whenever and wherever it is made."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

#: The beginning of the market, milliseconds since 1970.
START = 1_767_225_600_000
MINUTE = 60_000
SENTENCES = (
    "Is it still for sale?",
    "I could come by on Saturday, would that be good for you?",
    "It has new brakes and a light.",
    "Please tell me where we meet.",
    "Would you take forty for both?",
    "Yes, of course.",
    "See you at the station, I will bring the key.",
    "Thanks a lot!",
)


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is. The viewer has `mine` conversations; the newest is the main one, others are between others."""

    people: int = 200
    mine: int = 100
    others: int = 100
    main: int = 1000
    each: int = 10

    @classmethod
    def of(cls, messages: int) -> "Size":
        """A market of about so many messages: half of them in the main conversation."""
        rest = messages // 2
        others = max(100, rest // 50 - 100)
        return cls(max(200, others // 5), 100, others, messages - rest, max(1, rest // (others + 99)))


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody at the market; `key` is the database id."""

    key: str
    sub: str
    name: str
    picture: str


@dataclass(frozen=True, slots=True)
class Thread:
    """A conversation of a seller with a buyer about one thing; `unread` is how much the seller has not read."""

    key: str
    number: int
    seller: Person
    buyer: Person
    length: int
    unread: int
    opened_at: int


@dataclass(frozen=True, slots=True)
class Message:
    """What was said; every fifth message is a picture with words."""

    key: str
    thread: Thread
    seq: int
    sender: Person
    body: str
    sent_at: int
    file_key: str | None


def key_of(kind: int, number: int, at: int = START) -> str:
    """A UUIDv7 in hexadecimal digits that is the same in every run, and sorts by `at`."""
    return f"{at:012x}7{kind:03x}8{number:015x}"


@dataclass(frozen=True, slots=True)
class Market:
    """All of it. Messages are made when they are asked for: there may be a million."""

    size: Size
    people: tuple[Person, ...]
    threads: tuple[Thread, ...]

    @property
    def viewer(self) -> Person:
        """Who reads: a seller with many conversations."""
        return self.people[0]

    @property
    def main(self) -> Thread:
        """The long conversation, at the top of the viewer's inbox."""
        return self.threads[self.size.mine - 1]

    @property
    def mine(self) -> tuple[Thread, ...]:
        """The viewer's conversations, the oldest first."""
        return self.threads[: self.size.mine]

    @property
    def stranger(self) -> Person:
        """Somebody who is in no conversation of the viewer's."""
        return self.people[-1]

    def messages(self) -> Iterator[Message]:
        """Everything that was said, one conversation after another."""
        number = 0
        for thread in self.threads:
            talk = random.Random(thread.number)
            for seq in range(1, thread.length + 1):
                number += 1
                at = thread.opened_at + seq * 1000
                file_key = key_of(5, number, at) if seq % 5 == 0 else None
                sender = (thread.buyer, thread.seller)[seq % 2 == 0 and seq <= thread.length - thread.unread]
                yield Message(key_of(4, number, at), thread, seq, sender, _say(talk), at, file_key)


def _say(talk: random.Random) -> str:
    return " ".join(talk.choices(SENTENCES, k=talk.randint(1, 4)))


def _person(number: int) -> Person:
    name = f"Person {number:05}"
    return Person(key_of(1, number), f"person-{number}", name, f"https://img.example/people/{number}.jpg")


def make_market(size: Size) -> Market:
    """The market of a size."""
    people = tuple(_person(number) for number in range(size.people))
    threads = []
    for number in range(size.mine + size.others):
        is_mine, is_main = number < size.mine, number == size.mine - 1
        at = START + number * MINUTE if is_mine else START - number * MINUTE
        between = size.people - 102
        seller = people[0] if is_mine else people[101 + number % between]
        buyer = people[1 + number] if is_mine else people[101 + (number + 1 + number // between) % between]
        if seller == buyer:
            buyer = people[101 + (number + 2 + number // between) % between]
        length = size.main if is_main else size.each
        unread = min(length, number % 4)
        threads.append(Thread(key_of(3, number, at), number, seller, buyer, length, unread, at))
    return Market(size, people, tuple(threads))
