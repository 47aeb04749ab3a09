"""Operations of chance over the whole schema: what may be asked, done and followed, with names that hit and miss."""

from collections.abc import Sequence
from typing import Any

from tests.plan.operations import Generator, Operation

#: Texts that a rule, a database or a page may choke on.
TEXTS = (
    "Hello", "Hello {{name}}", "{{", "", " ", "\n", "\0", "\u202e", "\ud83d", "👍", "👍🏽", "❤️", "e\u0301", "x" * 300,
    "x" * 5000, "%", "_", "'", '"', "\\", "<b>", "a" * 64, "{{x}}" * 60, "\ufeff", "\u2028", "ﷺ" * 20, "*",
    '"a b" c*', "-", "NaN",
)  # fmt: skip
NUMBERS = (0, 1, -1, 2, 3, 20, 100, 101, 2**31 - 1, -(2**31), 2**31, 2**53, 2**63, 10**30, 1.5, 1e300)
MOMENTS = (
    "2999-01-01T00:00:00.000Z", "2999-01-01T00:00:00Z", "1970-01-01T00:00:00.000Z", "9999-12-31T23:59:59.999Z",
    "0000-00-00T00:00:00Z", "2999-02-30T00:00:00Z", "2999-01-01", "2999-01-01T00:00:00+99:99", "", "now", 5,
    "2999-01-01T00:00:00.000000001Z", "+12999-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "2016-12-31T23:59:60Z",
)  # fmt: skip
ADDRESSES = (
    "https://market.example/bike", "http://market.example", "", "javascript:alert(1)", "//market.example", "https://",
    "https://ä.example/ü?ö#ß", "https://[::1]:99999/", "https://[", "https://x:y@market.example/" + "x" * 3000, "\0",
)  # fmt: skip
KEYS = ("once", "again", "", "x" * 300, "\0", "ключ")
KINDS = ("listing", "booking", "", "no kind", "x" * 300)
EXTERNAL_IDS = ("bike-0", "bike-1", "bike-2", "bike-4", "desk-1", "booking-1", "none", "", "x" * 300, "\0", "ö")
PEOPLE = ("ann", "bob", "cy", "dee", "ada", "market", "nobody", "", "x" * 300)
ROLES = ("buyer", "seller", "admin", "service", "", "x" * 300)
#: What ends something for good is asked for seldom, so that there is something left.
FINAL = frozenset({"deleteMessage", "deleteSubject", "removeMessage", "setConversationState", "upsertSubject"})
#: The kinds of things that names are given of, by the name of the field that gives one.
THINGS = {
    "conversationId": ("Conversation",),
    "messageId": ("Message",),
    "upToMessageId": ("Message",),
    "replyToId": ("Message",),
    "userId": ("User",),
    "participantId": ("User",),
    "reportId": ("Report",),
    "attachmentIds": ("Attachment",),
    "uploadId": ("Attachment", "Message"),
}
WORDS: dict[str, Sequence[Any]] = {
    "subjectKind": KINDS,
    "kind": KINDS,
    "externalId": EXTERNAL_IDS,
    "userExternalId": PEOPLE,
    "role": ROLES,
    "roles": ROLES,
    "contacterRole": ROLES,
    "clientMessageId": KEYS,
    "emoji": ("👍", "❤️", "🎉", "no", "", "👍👍", "\ud83d"),
}


class Acts(Generator):
    """Makes one operation of some chance: a query, a mutation or a subscription, about any field of its type."""

    def any(self) -> Operation:
        """Any of them."""
        dice = self.chance.random()
        return self.operation() if dice < 0.4 else self.act() if dice < 0.85 else self.stream()

    def act(self) -> Operation:
        """A mutation."""
        assert self.schema.mutation_type is not None
        fields = self.schema.mutation_type.fields
        names = [name for name in fields if name not in FINAL or self.chance.random() < 0.1]
        name = self.chance.choice(names)
        return self.about("mutation", name, {"input": self.value(fields[name].args["input"].type, f"Mutation.{name}")})

    def stream(self) -> Operation:
        """A subscription."""
        assert self.schema.subscription_type is not None
        fields = self.schema.subscription_type.fields
        name = self.chance.choice([*fields])
        given = {
            key: self.value(argument.type, f"Subscription.{name}.{key}")
            for key, argument in fields[name].args.items()
            if key != "after" or self.chance.random() < 0.5
        }
        return self.about("subscription", name, given)

    def scalar(self, type_: str, place: str) -> Any:
        """Mostly what means something in the place; else what no client would send."""
        if type_ == "Upload":
            return self.chance.choice((None, "file", 0))
        dice = self.chance.random()
        if type_ == "Int" and dice < 0.15:
            return self.chance.choice(NUMBERS)
        if type_ == "DateTime":
            return self.chance.choice(MOMENTS)
        if type_ == "URL":
            return self.chance.choice(ADDRESSES)
        if type_ in ("String", "ID") and dice < 0.05:
            return self.chance.choice(TEXTS)
        return super().scalar(type_, place)

    def texts(self, place: str) -> Sequence[Any]:
        """Names of what there is, wherever the schema asks for one; elsewhere words that may choke."""
        name = place.rsplit(".", 1)[1].removesuffix("[]")
        if name == "userIds" or place.startswith("Mutation.") or name in THINGS:
            kinds = THINGS.get(name, ("User",))
            return self.words.ids[self.chance.choice(kinds)]
        if place == "DeleteMessageTemplateInput.id" or place == "SaveMessageTemplateInput.id":
            return self.words.ids["MessageTemplate"]
        if place.startswith("Subscription."):
            return self.words.cursors["inbox" if place == "Subscription.inbox.after" else "messages"]
        if name in WORDS:
            return WORDS[name]
        try:
            return super().texts(place)
        except KeyError:
            return TEXTS
