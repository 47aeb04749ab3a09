"""Who may open a conversation about a subject: the rule as a table, and the button and the mutation that ask it."""

from dataclasses import dataclass
from itertools import product

import pytest

from chat.contact import Contact, may_contact
from chat.refusals import ContactRefusal
from tests import acts
from tests.client import Person

ANYONE, PARTIES = "ANYONE", "PARTIES"
OWNER, PARTY, OTHER = "the owner", "a party", "somebody else"

BUTTON = """
query Button($kind: String!, $id: ID!) {
  subject(kind: $kind, externalId: $id) { viewerCanContact contactRefusal }
}
"""


def contact(policy: str, who: str, *, closed: bool = False, blocked: bool = False, limited: bool = False) -> Contact:
    """What the rule looks at, for one of three people."""
    return Contact(
        viewer_id=who,
        policy=policy,
        is_closed=closed,
        owner_id=OWNER,
        is_party=who == PARTY,
        is_blocked=blocked,
        is_over_stranger_limit=limited,
    )


@pytest.mark.parametrize(
    ("policy", "who", "refusal"),
    [
        (ANYONE, OTHER, None),
        (ANYONE, OWNER, ContactRefusal.IS_OWNER),
        (PARTIES, PARTY, None),
        (PARTIES, OWNER, None),
        (PARTIES, OTHER, ContactRefusal.NOT_A_PARTY),
    ],
)
def test_who_may_contact_whom_about_what_is_open(policy: str, who: str, refusal: ContactRefusal | None) -> None:
    assert may_contact(contact(policy, who)) is refusal


@pytest.mark.parametrize(
    ("policy", "who", "refusal"),
    [
        (ANYONE, OTHER, ContactRefusal.SUBJECT_CLOSED),
        (ANYONE, OWNER, ContactRefusal.IS_OWNER),
        (PARTIES, PARTY, ContactRefusal.SUBJECT_CLOSED),
        (PARTIES, OWNER, ContactRefusal.SUBJECT_CLOSED),
        (PARTIES, OTHER, ContactRefusal.NOT_A_PARTY),
    ],
)
def test_nobody_may_about_what_is_closed(policy: str, who: str, refusal: ContactRefusal) -> None:
    """And who has no part in it is told that, not its state."""
    assert may_contact(contact(policy, who, closed=True)) is refusal


@pytest.mark.parametrize(
    ("closed", "blocked", "limited", "refusal"),
    [
        (False, True, False, ContactRefusal.BLOCKED),
        (False, False, True, ContactRefusal.STRANGER_LIMIT),
        (False, True, True, ContactRefusal.BLOCKED),
        (True, True, True, ContactRefusal.SUBJECT_CLOSED),
    ],
)
def test_of_several_reasons_the_most_lasting_is_told(
    closed: bool, blocked: bool, limited: bool, refusal: ContactRefusal
) -> None:
    assert may_contact(contact(ANYONE, OTHER, closed=closed, blocked=blocked, limited=limited)) is refusal


def test_a_booking_may_be_without_an_owner() -> None:
    """Nobody is its owner then, and the parties may."""
    assert may_contact(Contact(PARTY, PARTIES, is_closed=False, owner_id=None, is_party=True)) is None
    refusal = may_contact(Contact(OTHER, PARTIES, is_closed=False, owner_id=None, is_party=False))
    assert refusal is ContactRefusal.NOT_A_PARTY


@dataclass(frozen=True, slots=True)
class Case:
    """A subject of Bob's, and whoever looks at it: the owner Bob, the party Ann, or the stranger Cy."""

    policy: str
    state: str
    who: str

    def __str__(self) -> str:
        return f"{self.policy} {self.state} {self.who}"

    @property
    def expected(self) -> str | None:
        """What the rule says."""
        who = {"bob": OWNER, "ann": PARTY, "cy": OTHER}[self.who]
        return may_contact(contact(self.policy, who, closed=self.state == "CLOSED"))


CASES = [Case(*values) for values in product((ANYONE, PARTIES), ("ACTIVE", "CLOSED"), ("bob", "ann", "cy"))]
OF_CY = [case for case in CASES if case.policy == PARTIES and case.who == "cy"]
SEEN = [case for case in CASES if case not in OF_CY]


async def tell(host: Person, case: Case) -> None:
    """The host tells of the subject."""
    parties = [{"userExternalId": "ann", "role": "customer"}] if case.policy == PARTIES else None
    await acts.list_thing(host, "thing", kind="thing", policy=case.policy, state=case.state, parties=parties)


@pytest.mark.parametrize("case", SEEN, ids=str)
async def test_the_button_and_the_mutation_agree(
    case: Case, ann: Person, bob: Person, cy: Person, host: Person
) -> None:
    """Asked by the three ways, as long as nothing was opened yet."""
    await tell(host, case)
    person = {"ann": ann, "bob": bob, "cy": cy}[case.who]
    button = await person.ask(BUTTON, kind="thing", id="thing")
    assert button == {"viewerCanContact": case.expected is None, "contactRefusal": case.expected}
    payload = await person.ask(acts.OPEN, input={"subject": {"kind": "thing", "externalId": "thing"}})
    if case.expected is None:
        assert payload["errors"] == []
        assert payload["created"] is True
    else:
        (error,) = payload["errors"]
        assert (error["code"], error["refusal"]) == ("CONTACT_REFUSED", case.expected)
        assert error["path"] == ["input", "subject"]
        assert payload["conversation"] is None


@pytest.mark.parametrize("case", OF_CY, ids=str)
async def test_to_a_stranger_a_booking_has_no_button(case: Case, cy: Person, host: Person) -> None:
    """NOT_A_PARTY would tell that it exists."""
    await tell(host, case)
    assert case.expected == "NOT_A_PARTY"
    assert await cy.ask(BUTTON, kind="thing", id="thing") is None
    assert await cy.code(acts.OPEN, input={"subject": {"kind": "thing", "externalId": "thing"}}) == "NOT_FOUND"


async def test_the_button_follows_the_subject(ann: Person, host: Person) -> None:
    for state, can in (("ACTIVE", True), ("CLOSED", False), ("ACTIVE", True)):
        await acts.list_thing(host, state=state)
        button = await ann.ask(BUTTON, kind="listing", id="bike-1")
        assert button["viewerCanContact"] is can


async def test_whoever_owns_it_now_is_the_owner(ann: Person, bob: Person, host: Person) -> None:
    await acts.list_thing(host)
    await acts.list_thing(host, owner={"userExternalId": "ann", "role": "seller"})
    assert (await ann.ask(BUTTON, kind="listing", id="bike-1"))["contactRefusal"] == "IS_OWNER"
    assert (await bob.ask(BUTTON, kind="listing", id="bike-1"))["viewerCanContact"] is True
