"""Automatic persisted queries: a client sends the hash of its document, and the text only when it is asked for it.

Whoever knows a text can give it its own hash and no other, so nobody can put a document under another's name.
"""

import hashlib
import re
import sys
from collections import Counter, OrderedDict

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
        self._texts: OrderedDict[str, str] = OrderedDict()
        self.byte_size = 0
        self.named: Counter[str] = Counter()

    def __len__(self) -> int:
        return len(self._texts)

    def knows(self, text: str) -> bool:
        """Does the guard remember it?"""
        return self._guard.knows(text)

    def find(self, asked: Asked) -> Checked:
        """The document, or the errors that the request is answered with. Refused for a name that is no SHA-256."""
        name, query = asked.document_name, asked.query
        if name is None or (not self._most and query is not None):
            return self._guard.check(query or "")
        if not self._most:
            return Checked(None, (_NOT_SUPPORTED,))
        text = self._texts.get(name)
        if text is not None and query in (None, text):
            self.named["hit"] += 1
            self._texts.move_to_end(name)
            return self._guard.check(text)
        if not _HASH.fullmatch(name):
            raise bad_request("The name of a document must be its SHA-256: 64 hexadecimal digits, in lower case.")
        if query is None:
            self.named["miss"] += 1
            return Checked(None, (_NOT_FOUND,))
        return self._take(name, query)

    def _take(self, name: str, text: str) -> Checked:
        """Check a text that came with a hash, and keep it when it is good."""
        if hashlib.sha256(text.encode()).hexdigest() != name:
            return Checked(None, (_MISMATCH,))
        checked = self._guard.check(text)
        if not checked.errors:
            self._keep(name, text)
        return checked

    def _keep(self, name: str, text: str) -> None:
        size = sys.getsizeof(text)
        if size > self._most_bytes:
            return  # It alone would push out all others.
        self.named["stored"] += 1
        self._texts[name] = text
        self.byte_size += size
        while len(self._texts) > self._most or self.byte_size > self._most_bytes:
            _, forgotten = self._texts.popitem(last=False)
            self.byte_size -= sys.getsizeof(forgotten)
            self.named["pushed_out"] += 1
