"""Who may open a conversation about a subject: one pure rule, asked by the button and by the mutation."""

from dataclasses import dataclass

from chat.refusals import ContactRefusal


@dataclass(frozen=True, slots=True)
class Contact:
    """All that the rule looks at."""

    viewer_id: str
    policy: str
    is_closed: bool
    owner_id: str | None
    is_party: bool
    is_blocked: bool = False
    is_over_stranger_limit: bool = False


def may_contact(contact: Contact) -> ContactRefusal | None:
    """Why the viewer may not open a conversation about the subject now; None when they may.

    ANYONE: everybody but the owner. PARTIES: whom the host named, the owner included.
    """
    if contact.policy == "ANYONE" and contact.viewer_id == contact.owner_id:
        return ContactRefusal.IS_OWNER
    if contact.policy == "PARTIES" and not (contact.is_party or contact.viewer_id == contact.owner_id):
        return ContactRefusal.NOT_A_PARTY
    if contact.is_closed:
        return ContactRefusal.SUBJECT_CLOSED
    if contact.is_blocked:
        return ContactRefusal.BLOCKED
    if contact.is_over_stranger_limit:
        return ContactRefusal.STRANGER_LIMIT
    return None
