"""The documents that operations are taken from: any, and those named by their hash; or the registered ones only."""

from collections import Counter
from typing import Protocol

from core.settings import Settings
from graph.guard import Checked, Guard
from graph.manifest import read_manifests
from graph.persisted import PersistedQueries
from graph.requests import Asked
from graph.trusted import TrustedDocuments

#: What comes of a name: it is known; it is not; the text that came with it is kept, or what was kept is pushed out.
OUTCOMES = ("hit", "miss", "stored", "pushed_out")


class Documents(Protocol):
    """Finds what a request asks to execute, over HTTP and the socket alike."""

    #: How often each of the outcomes was.
    named: Counter[str]

    @property
    def kept_operations(self) -> int:
        """How many operations are kept for good."""

    def __len__(self) -> int:
        """How many documents can be named."""

    def knows(self, text: str) -> bool:
        """Is it known already what a text is answered with, so that it costs nothing to find out?"""

    def find(self, asked: Asked, person: str = "") -> Checked:
        """The document that a person asks for, or the errors that the request is answered with. Refused when its name
        can be none."""


def documents_of(guard: Guard, settings: Settings) -> Documents:
    """The documents of some settings. UnusableManifest when they name a manifest that is not good."""
    if settings.trusted_documents is None:
        return PersistedQueries(guard, settings)
    return TrustedDocuments(guard, read_manifests(settings.trusted_documents))
