"""Automatic persisted queries: a client sends the hash of its document, and the text only when it is asked for it.

Whoever knows a text can give it its own hash and no other, so nobody can put a document under another's name.
"""

import hashlib
import re
import sys
from collections import Counter

from core.fair_cache import FairCache
from core.settings import Settings
from graph.errors import PERSISTED_QUERY_MISMATCH, PERSISTED_QUERY_NOT_FOUND, PERSISTED_QUERY_NOT_SUPPORTED, problem
from graph.guard import Checked, Guard
from graph.requests import Asked, bad_request

_HASH = re.compile("[0-9a-f]{64}")
# Apollo Client and urql look for these very messages, some also for the codes.
_NOT_FOUND = problem(PERSISTED_QUERY_NOT_FOUND, "PersistedQueryNotFound")
_NOT_SUPPORTED = problem(PERSISTED_QUERY_NOT_SUPPORTED, "PersistedQueryNotSupported")
_MISMATCH = problem(PERSISTED_QUERY_MISMATCH, "The hash is not that of the document.")


class PersistedQueries:
    """Any document, sent as text; and by its hash while its text is among those that were asked for last.

    Only texts are kept, and the guard remembers what was made of them: one bound for what was parsed, however it came.
    """

    kept_operations = 0

    def __init__(self, guard: Guard, settings: Settings) -> None:
        self._guard = guard
        self._most = settings.persisted_queries
        self._most_bytes = settings.persisted_bytes
        self._texts: FairCache[str, str] = FairCache(self._most, self._most_bytes)
        self.named: Counter[str] = Counter()

    @property
    def byte_size(self) -> int:
        """Bytes that the kept texts take."""
        return self._texts.size

    def __len__(self) -> int:
        return len(self._texts)

    def knows(self, text: str) -> bool:
        """Does the guard remember it?"""
        return self._guard.knows(text)

    def find(self, asked: Asked, person: str = "") -> Checked:
        """The document that a person asks for, or the errors that the request is answered with. Refused for a name that
        is no SHA-256."""
        name, query = asked.document_name, asked.query
        if name is None or (not self._most and query is not None):
            return self._guard.check(query or "", person)
        if not self._most:
            return Checked(None, (_NOT_SUPPORTED,))
        text = self._texts.get(name, person)
        if text is not None and query in (None, text):
            self.named["hit"] += 1
            return self._guard.check(text, person)
        if not _HASH.fullmatch(name):
            raise bad_request("The name of a document must be its SHA-256: 64 hexadecimal digits, in lower case.")
        if query is None:
            self.named["miss"] += 1
            return Checked(None, (_NOT_FOUND,))
        return self._take(name, query, person)

    def _take(self, name: str, text: str, person: str) -> Checked:
        """Check a text that came with a hash, and keep it when it is good."""
        if hashlib.sha256(text.encode()).hexdigest() != name:
            return Checked(None, (_MISMATCH,))
        checked = self._guard.check(text, person)
        if not checked.errors:
            self._keep(name, text, person)
        return checked

    def _keep(self, name: str, text: str, person: str) -> None:
        size = sys.getsizeof(text)
        if size > self._most_bytes:
            return  # It alone would push out all others.
        self.named["stored"] += 1
        if forgotten := self._texts.put(name, text, size, person):
            self.named["pushed_out"] += len(forgotten)
