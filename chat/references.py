"""What the host calls its own things."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SubjectReference:
    """The host's own name for a subject."""

    kind: str
    external_id: str
