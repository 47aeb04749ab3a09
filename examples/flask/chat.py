"""All that the market knows of Palaver: tokens for its people, questions on their behalf, news of its listings."""

import logging
import os
import sqlite3
import threading
import time
from collections.abc import Callable
from typing import Any

import httpx
import jwt

URL = os.environ.get("CHAT_URL", "http://127.0.0.1:8000")
SECRET = os.environ["PALAVER_JWT_SECRET"]


def sign(sub: str, name: str, *roles: str, seconds: int = 300) -> str:
    """A token for somebody. It lives shortly: a page asks for the next one, and gets none once signed out."""
    now = int(time.time())
    claims = {"sub": sub, "name": name, "roles": list(roles), "iat": now, "exp": now + seconds}
    return jwt.encode(claims, SECRET, algorithm="HS256")


CONTACT = """
query Contact($listing: ID!) {
  subject(kind: "listing", externalId: $listing) {
    viewerCanContact
    contactRefusal
    conversations(first: 50) { edges { node { id unreadCount counterpart { user { name } } } } }
  }
}
"""
OPEN = """
mutation Open($input: OpenConversationInput!) {
  openConversation(input: $input) { conversation { id } errors { code reason path } }
}
"""
CONVERSATION = "query Conversation($id: ID!) { conversation(id: $id) { id subjectSnapshot { title } } }"

#: It waits longer than Palaver takes for anything, so that a late act cannot overtake the next.
http = httpx.Client(timeout=15)
log = logging.getLogger("market.chat")


class Away(Exception):
    """Palaver cannot be reached, or cannot answer now."""


def ask(token: str, operation: str, **variables: Any) -> dict[str, Any]:
    """An operation's data, by whoever the token names. Away when there is none."""
    try:
        answer = http.post(
            f"{URL}/graphql",
            json={"query": operation, "variables": variables},
            headers={"Authorization": f"Bearer {token}"},
        ).json()
    except (httpx.HTTPError, ValueError) as error:
        raise Away(type(error).__name__) from error
    if answer.get("errors") or not answer.get("data"):
        codes = [error.get("extensions", {}).get("code") for error in answer.get("errors", ())]
        if "UNAUTHENTICATED" in codes:
            log.error("Palaver does not take our tokens: is the secret the same?")
        raise Away(str(codes))
    data: dict[str, Any] = answer["data"]
    return data


#: Listings of which Palaver has not heard, or not the newest; `refused` is why it will not.
TABLE = """
CREATE TABLE IF NOT EXISTS untold (
  listing_id INTEGER PRIMARY KEY REFERENCES listings, version INTEGER NOT NULL, refused TEXT
)
"""
TELL = """
mutation Tell($seller: UpsertUserInput!, $listing: UpsertSubjectInput!) {
  upsertUser(input: $seller) { errors { code reason path } }
  upsertSubject(input: $listing) { errors { code reason path } }
}
"""
RETRY_SECONDS = 1

news = threading.Event()


def has_changed(db: sqlite3.Connection, listing_id: int) -> None:
    """Note that Palaver is to hear of a listing, in the transaction that changes it: both are stored, or neither."""
    db.execute(
        "INSERT INTO untold (listing_id, version) VALUES (?, 1)"
        " ON CONFLICT (listing_id) DO UPDATE SET version = version + 1, refused = NULL",
        (listing_id,),
    )


def tell_all(connect: Callable[[], sqlite3.Connection], url: str) -> None:
    """Tell Palaver what it has not heard, until the process ends; while it is away, try again.

    A note does not say what has changed. The listing is told as it is now, so neither a repetition nor a missing step
    between does harm. One thread of one process does it: two could overtake each other, and the older state would win.
    """
    while True:
        news.clear()
        db = connect()
        try:
            for untold in db.execute("SELECT * FROM untold WHERE refused IS NULL LIMIT 100").fetchall():
                key = (untold["listing_id"], untold["version"])
                # Where the listing has changed meanwhile, the note has another version, and stays.
                if refused := tell(db, untold["listing_id"], url):
                    db.execute("UPDATE untold SET refused = ? WHERE listing_id = ? AND version = ?", (refused, *key))
                else:
                    db.execute("DELETE FROM untold WHERE listing_id = ? AND version = ?", key)
                db.commit()
        except (Away, sqlite3.OperationalError) as error:
            log.warning("Palaver has not been told yet: %s", error)
        finally:
            db.close()
        news.wait(RETRY_SECONDS)


def tell(db: sqlite3.Connection, listing_id: int, url: str) -> str | None:
    """Tell of a listing and its seller. None, or why Palaver will not have it."""
    listing = db.execute(
        "SELECT listings.*, users.name FROM listings JOIN users ON users.id = seller_id WHERE listings.id = ?",
        (listing_id,),
    ).fetchone()
    subject = {
        "kind": "listing",
        "externalId": str(listing_id),
        "title": listing["title"],
        "url": f"{url}/listings/{listing_id}",
        "state": "CLOSED" if listing["sold"] else "ACTIVE",
        "owner": {"userExternalId": str(listing["seller_id"]), "role": "seller"},
    }
    seller = {"externalId": str(listing["seller_id"]), "name": listing["name"]}
    token = sign("market", "The market", "service", seconds=60)
    payloads = ask(token, TELL, seller=seller, listing=subject).values()
    errors = [error for payload in payloads for error in payload["errors"]]
    if errors:
        log.error("Palaver refuses listing %s: %s", listing_id, errors)
    return str(errors) if errors else None
