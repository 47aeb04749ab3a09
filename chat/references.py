"""What the host calls its own things."""

from dataclasses import dataclass

from chat.texts import EXTERNAL_ID, KIND, check_text


@dataclass(frozen=True, slots=True)
class SubjectReference:
    """The host's own name for a subject."""

    kind: str
    external_id: str

    def check(self, *path: str) -> None:
        """Invalid or TooLong, at a path below this one, for what no subject can be called."""
        check_text(self.kind, KIND, *path, "kind")
        check_text(self.external_id, EXTERNAL_ID, *path, "externalId")
