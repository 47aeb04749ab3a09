"""How far a message has come: the pure rule, as a table and under any sequence of joining, leaving and marking."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chat.receipts import status_of
from db.messages import MessageRow
from db.participants import ParticipantRow

MESSAGE = MessageRow(
    id="m",
    conversation_id="c",
    seq=5,
    position=6,
    sender_id="ann",
    sender_role="buyer",
    author_key="ann",
    client_key="k",
    content_hash="h",
    kind="TEXT",
    body="Hello",
    created_at=0,
    edited_at=None,
    deleted_at=None,
)


def member(
    user_id: str, delivered: int = 0, read: int = 0, *, joined: int = 0, left: bool = False, staff: bool = False
) -> ParticipantRow:
    """Somebody's part: marks as seqs, `joined` the last seq before they came."""
    return ParticipantRow(
        id=user_id,
        conversation_id="c",
        user_id=user_id,
        role="party",
        is_staff=staff,
        ordinal=0,
        joined_at=0,
        joined_event=1,
        joined_seq=joined,
        left_event=9 if left else None,
        read_seq=read,
        read_at=None,
        delivered_seq=max(delivered, read),
        marked_at=0,
    )


ANN = member("ann", 5, 5)

#: Who is or was there, and how far Ann's fifth message has come.
TABLE: dict[str, tuple[list[ParticipantRow], str]] = {
    "nothing reached Bob": ([ANN, member("bob")], "SENT"),
    "Bob has what was before it": ([ANN, member("bob", 4, 4)], "SENT"),
    "Bob has it": ([ANN, member("bob", 5, 4)], "DELIVERED"),
    "Bob has more": ([ANN, member("bob", 9, 4)], "DELIVERED"),
    "Bob has read it": ([ANN, member("bob", 5, 5)], "READ"),
    "Bob has read more": ([ANN, member("bob", 9, 9)], "READ"),
    "her own marks do not count": ([ANN], "SENT"),
    "three, one has it": ([ANN, member("bob", 5), member("dan")], "SENT"),
    "three, both have it": ([ANN, member("bob", 5), member("dan", 7)], "DELIVERED"),
    "three, one has read it": ([ANN, member("bob", 5, 5), member("dan", 5)], "DELIVERED"),
    "three, one has read it and one has nothing": ([ANN, member("bob", 5, 5), member("dan", 4)], "SENT"),
    "three, both have read it": ([ANN, member("bob", 5, 5), member("dan", 6, 6)], "READ"),
    "who came just before it counts": ([ANN, member("bob", 5, 5), member("dan", joined=4)], "SENT"),
    "who came after it does not count": ([ANN, member("bob", 5, 5), member("dan", joined=5)], "READ"),
    "who came after it and read it does not help": ([ANN, member("bob"), member("dan", 9, 9, joined=5)], "SENT"),
    "staff do not count": ([ANN, member("bob", 5, 5), member("boss", staff=True)], "READ"),
    "staff do not help": ([ANN, member("bob"), member("boss", 9, 9, staff=True)], "SENT"),
    "who left does not count": ([ANN, member("bob", 5, 5), member("dan", left=True)], "READ"),
    "who left does not help": ([ANN, member("bob"), member("dan", 9, 9, left=True)], "SENT"),
    "all left, nobody had it": ([ANN, member("bob", 4, 4, left=True)], "SENT"),
    "all left, it was delivered": ([ANN, member("bob", 5, 4, left=True)], "DELIVERED"),
    "all left, it was read": ([ANN, member("bob", 5, 5, left=True)], "READ"),
    "all left, one had read it": ([ANN, member("bob", 5, 5, left=True), member("dan", left=True)], "READ"),
    "its reader left and came back": ([ANN, member("bob", 6, 5, joined=7)], "READ"),
    "its reader came back, the other is gone": ([ANN, member("bob", 5, 5, joined=7), member("dan", left=True)], "READ"),
    "the sender left": ([ANN._replace(left_event=9), member("bob", 5)], "DELIVERED"),
    "staff are left alone with it": ([ANN, member("boss", 9, 9, staff=True)], "SENT"),
}


@pytest.mark.parametrize(("everybody", "status"), TABLE.values(), ids=TABLE)
def test_the_status_follows_from_the_marks(everybody: list[ParticipantRow], status: str) -> None:
    assert status_of(MESSAGE, everybody) == status
    assert status_of(MESSAGE, everybody[::-1]) == status


def test_a_system_message_stays_sent() -> None:
    said = MESSAGE._replace(sender_id=None, sender_role=None, author_key="system", kind="SYSTEM")
    assert status_of(said, [member("ann", 9, 9), member("bob", 9, 9)]) == "SENT"


#: Who does what: marks move forward to a seq; somebody leaves; somebody comes, for the first time or again.
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["bob", "dan", "eve"]),
        st.sampled_from(["deliver", "read", "leave", "come"]),
        st.sampled_from([4, 5]),
    ),
    min_size=4,
    max_size=20,
)


def after(row: ParticipantRow, act: str, seq: int, last_seq: int) -> ParticipantRow:
    """A part after an act, as the database would keep it."""
    if act == "come":
        return row if row.left_event is None else row._replace(left_event=None, joined_seq=last_seq)
    if row.left_event is not None:
        return row
    if act == "leave":
        return row._replace(left_event=1)
    delivered = max(row.delivered_seq, seq)
    return row._replace(delivered_seq=delivered, read_seq=max(row.read_seq, seq) if act == "read" else row.read_seq)


@settings(deadline=None, max_examples=400, print_blob=True)
@given(there=st.sets(st.sampled_from(["bob", "dan", "eve"]), min_size=1), steps=STEPS)
def test_a_status_never_goes_back(there: set[str], steps: list[tuple[str, str, int]]) -> None:
    """Whoever comes and goes after the message."""
    order = ["SENT", "DELIVERED", "READ"]
    rows = {name: member(name) for name in there}
    came = 0
    for name, act, seq in steps:
        if name in rows:
            rows[name] = after(rows[name], act, seq, 9)
        elif act == "come":
            rows[name] = member(name, joined=9)
        now = order.index(status_of(MESSAGE, [ANN, *rows.values()]))
        assert now >= came
        came = now
