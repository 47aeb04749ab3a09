"""What bells are rung about."""

from core.bells import Bell, encode_hint

#: How the topics of conversations begin.
CONVERSATIONS = "c:"


def conversation_topic(conversation_id: str) -> str:
    """The log of a conversation, and its hints: typing and receipts."""
    return f"{CONVERSATIONS}{conversation_id}"


def conversation_of(topic: str) -> str | None:
    """The conversation that a topic is of; None for other topics."""
    return topic[len(CONVERSATIONS) :] if topic.startswith(CONVERSATIONS) else None


def inbox_topic(user_id: str) -> str:
    """Anything in any conversation of a person."""
    return f"u:{user_id}"


def presence_topic(user_id: str) -> str:
    """A person came or went."""
    return f"p:{user_id}"


def typing_bell(conversation_id: str, user_id: str, until: int) -> Bell:
    """Somebody types until a time in milliseconds; 0 when they stopped."""
    return Bell(conversation_topic(conversation_id), encode_hint({"kind": "typing", "user": user_id, "until": until}))


def is_about_typing(bell: Bell) -> bool:
    """May it tell that somebody types? What it really says is for who reads it."""
    return bell.hint is not None and '"typing"' in bell.hint


def receipt_bells(conversation_id: str, member_ids: list[str]) -> list[Bell]:
    """Marks of a conversation moved."""
    hint = encode_hint({"kind": "receipt", "conversation": conversation_id})
    return [
        Bell(conversation_topic(conversation_id), hint),
        *(Bell(inbox_topic(member_id), hint) for member_id in member_ids),
    ]


def arranged_bell(conversation_id: str, user_id: str) -> Bell:
    """A person arranged something for themselves in a conversation; only their own inbox hears it."""
    return Bell(inbox_topic(user_id), encode_hint({"kind": "arranged", "conversation": conversation_id}))
