"""Reads the manifests of registered documents that client tools write: which names, and which texts."""

import json
from pathlib import Path
from typing import Any

from graph.requests import LONGEST_NAME, has_half_character

#: The largest manifest that is read, in bytes.
LARGEST = 64 * 1024 * 1024
APOLLO = "apollo-persisted-query-manifest"
SETTING = "PALAVER_TRUSTED_DOCUMENTS"


class UnusableManifest(Exception):
    """A manifest cannot be used; the text names the setting, the document and the mend."""


def read_manifests(path: Path) -> dict[str, str]:
    """The texts by their names, of one manifest, or of all `*.json` in a folder. UnusableManifest."""
    files = sorted(path.glob("*.json")) if path.is_dir() else [path]
    documents: dict[str, str] = {}
    for file in files:
        for name, text in _read(file):
            if documents.setdefault(name, text) != text:
                raise UnusableManifest(
                    f"{SETTING}: {file} has another text for the document {name[:80]!r} than was read before it. "
                    "A name stands for one text: write the manifest again."
                )
    if not documents:
        raise UnusableManifest(f"{SETTING} names {path}, in which there is no document: nothing could be run.")
    return documents


def _read(file: Path) -> list[tuple[str, str]]:
    try:
        if file.stat().st_size > LARGEST:
            raise UnusableManifest(f"{SETTING} names {file}, which has more than {LARGEST} bytes: is it a manifest?")
        value = json.loads(file.read_text(encoding="utf-8-sig"), object_pairs_hook=_Pairs)
    except OSError as error:
        raise UnusableManifest(f"{SETTING} names {file}, which cannot be read: {error.strerror}.") from error
    except (ValueError, RecursionError) as error:
        raise UnusableManifest(f"{SETTING} names {file}, which is no JSON: write the manifest again.") from error
    pairs = _pairs_of(value)
    if pairs is None:
        raise UnusableManifest(
            f"{SETTING} names {file}, which is no manifest: it must be an object of texts by their hashes, as of Relay "
            f"and GraphQL Code Generator, or an {APOLLO} of version 1."
        )
    return pairs


class _Pairs(list[tuple[str, Any]]):
    """An object of JSON, with what a dict would hide: a key that is there twice."""


def _pairs_of(value: Any) -> list[tuple[str, str]] | None:
    """The names and texts of any of the formats; None for something else."""
    if not isinstance(value, _Pairs):
        return None
    pairs: Any = value
    if dict(value).get("format") == APOLLO:
        pairs = _pairs_of_apollo(dict(value))
    return pairs if pairs is not None and all(_is_document(name, text) for name, text in pairs) else None


def _pairs_of_apollo(manifest: dict[str, Any]) -> list[tuple[Any, Any]] | None:
    operations = manifest.get("operations")
    if manifest.get("version") != 1 or not isinstance(operations, list) or isinstance(operations, _Pairs):
        return None
    if not all(isinstance(operation, _Pairs) for operation in operations):
        return None
    return [(dict(operation).get("id"), dict(operation).get("body")) for operation in operations]


def _is_document(name: Any, text: Any) -> bool:
    if not isinstance(name, str) or not isinstance(text, str):
        return False
    return 1 <= len(name) <= LONGEST_NAME and not has_half_character(text)
