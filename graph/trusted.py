"""Trusted documents: what was registered can be executed, by its name or as the very same text, and nothing else."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping

from graphql import OperationDefinitionNode

from graph.errors import DOCUMENT_NOT_TRUSTED, problem
from graph.guard import Checked, Guard
from graph.manifest import SETTING, UnusableManifest
from graph.requests import Asked, without_prefix

#: Faults that are told at once.
MOST_FAULTS = 5
_NOT_TRUSTED = problem(DOCUMENT_NOT_TRUSTED, "Only registered documents are run here, and this is none of them.")


class TrustedDocuments:
    """The registered documents, checked at the start and kept for good."""

    def __init__(self, guard: Guard, texts: Mapping[str, str]) -> None:
        """`texts` by their names. UnusableManifest when the schema or the limits refuse one of them."""
        self._by_text = {text: guard.examine(text) for text in texts.values()}
        _refuse_faults({name: self._by_text[text] for name, text in texts.items()})
        # By its SHA-256 as well, whatever the manifest calls it: clients of automatic persisted queries use that.
        hashed = {_sha256(text): checked for text, checked in self._by_text.items()}
        named = {without_prefix(name): self._by_text[text] for name, text in texts.items()}
        self._by_name = hashed | named
        self.named: Counter[str] = Counter()

    def __len__(self) -> int:
        return len(self._by_text)

    @property
    def kept_operations(self) -> int:
        """How many operations are registered."""
        return sum(len(_operations_of(checked)) for checked in self._by_text.values())

    def knows(self, text: str) -> bool:
        """No text is parsed after the start."""
        return True

    def find(self, asked: Asked, person: str = "") -> Checked:
        """The document, whoever asks. DOCUMENT_NOT_TRUSTED without a look at the text unless it is a registered one."""
        name, text = asked.document_name, asked.query
        found = self._by_text.get(text) if text is not None else self._by_name.get(name or "")
        if name is not None:
            if self._by_name.get(name) is not found:
                found = None  # The text is another document than the name says: neither is what the client means.
            self.named["miss" if found is None else "hit"] += 1
        return found or Checked(None, (_NOT_TRUSTED,))


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _operations_of(checked: Checked) -> list[str]:
    """The kinds and names of a document's operations, such as `query Thread`."""
    return [
        f"{item.operation.value} {item.name.value if item.name else ''}".rstrip()
        for item in (checked.document.definitions if checked.document else ())
        if isinstance(item, OperationDefinitionNode)
    ]


def _refuse_faults(documents: Mapping[str, Checked]) -> None:
    faults = [_fault_in(name, checked) for name, checked in documents.items() if checked.errors]
    if len(faults) > MOST_FAULTS:
        faults[MOST_FAULTS:] = [f"{SETTING}: {len(faults) - MOST_FAULTS} more documents are refused."]
    if faults:
        raise UnusableManifest("\n".join(faults))


def _fault_in(name: str, checked: Checked) -> str:
    what = ", ".join(_operations_of(checked))
    return (
        f"{SETTING}: the document {name[:80]!r}{f' ({what})' if what else ''} is refused: "
        f"{_words_of(error.message for error in checked.errors)} "
        "Mend it and write the manifest again; a limit can be raised instead."
    )


def _words_of(messages: Iterable[str]) -> str:
    return " ".join(" ".join(message.split()) for message in messages)
