"""All that the salon knows of Palaver: tokens for its people, questions on their behalf, news of its bookings."""

import hashlib
import json
import logging
import os
import time
from base64 import urlsafe_b64encode
from pathlib import Path
from typing import Any

import httpx
import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from django.conf import settings
from django.http import HttpRequest
from jwt.algorithms import RSAAlgorithm

from bookings.models import Booking, Outbox, State

RETRY_SECONDS = 1
TELL = """
mutation Tell($customer: UpsertUserInput!, $provider: UpsertUserInput!, $booking: UpsertSubjectInput!) {
  customer: upsertUser(input: $customer) { errors { code reason path } }
  provider: upsertUser(input: $provider) { errors { code reason path } }
  upsertSubject(input: $booking) { errors { code reason path } }
}
"""
ANNOUNCE = """
mutation Announce($input: PostSystemMessageInput!) {
  postSystemMessage(input: $input) { errors { code reason path } }
}
"""
CONTACT = """
query Contact($booking: ID!) {
  subject(kind: "booking", externalId: $booking) {
    viewerCanContact
    contactRefusal
    conversations(first: 1) { edges { node { id unreadCount } } }
  }
}
"""
OPEN = """
mutation Open($input: OpenConversationInput!) {
  openConversation(input: $input) { conversation { id } errors { code reason path } }
}
"""
CONVERSATION = "query Conversation($id: ID!) { conversation(id: $id) { id subjectSnapshot { title } } }"

http = httpx.Client(timeout=15)  # longer than Palaver takes, so that a late act cannot overtake the next
log = logging.getLogger("salon.chat")


class Away(Exception):
    """Palaver cannot be reached, or cannot answer now."""


def address(_: HttpRequest) -> dict[str, str]:
    """Where Palaver is, for every template."""
    return {"chat_url": settings.CHAT_URL}


def private_key(path: Path) -> rsa.RSAPrivateKey:
    """The private key, made when there is none yet. Whoever has it can be anybody at Palaver."""
    if not path.exists():
        made = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            file.write(made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    key = load_pem_private_key(path.read_bytes(), None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise TypeError(f"{path} is no RSA key.")
    return key


def thumbprint(jwk: dict[str, Any]) -> str:
    """A key's own name (RFC 7638)."""
    text = json.dumps({name: jwk[name] for name in ("e", "kty", "n")}, separators=(",", ":"))
    return urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()


KEY = private_key(settings.KEY_FILE)
PUBLIC = RSAAlgorithm.to_jwk(KEY.public_key(), as_dict=True)
KEY_ID = thumbprint(PUBLIC)
#: What Palaver checks our tokens by: the public half only. While keys change, both are here.
KEY_SET = {"keys": [{"kty": "RSA", "n": PUBLIC["n"], "e": PUBLIC["e"], "kid": KEY_ID, "alg": "RS256", "use": "sig"}]}


def sign(sub: str, name: str, *roles: str, seconds: int = 300) -> str:
    """A token for somebody. It lives shortly: a page asks for the next one, and gets none once signed out."""
    now = int(time.time())
    claims = {"sub": sub, "name": name, "roles": list(roles), "iat": now, "exp": now + seconds}
    return jwt.encode(claims, KEY, algorithm="RS256", headers={"kid": KEY_ID})


def ask(token: str, operation: str, **variables: Any) -> dict[str, Any]:
    """An operation's data, by whoever the token names. Away when there is none."""
    body = {"query": operation, "variables": variables}
    try:
        headers = {"Authorization": f"Bearer {token}"}
        answer = http.post(f"{settings.CHAT_URL}/graphql", json=body, headers=headers).json()
    except (httpx.HTTPError, ValueError) as error:
        raise Away(type(error).__name__) from error
    if answer.get("errors") or not answer.get("data"):
        codes = [error.get("extensions", {}).get("code") for error in answer.get("errors", ())]
        if "UNAUTHENTICATED" in codes:
            log.error("Palaver does not take our tokens: is its PALAVER_JWKS_URL ours?")
        raise Away(str(codes))
    data: dict[str, Any] = answer["data"]
    return data


def has_changed(booking: Booking) -> None:
    """Note what Palaver is to hear of a booking, in the transaction that changes it: both are stored, or neither."""
    people = {"customer": booking.customer, "provider": booking.provider}
    subject = {
        "kind": "booking",
        "externalId": str(booking.pk),
        "title": booking.title,
        "url": f"{settings.URL}/bookings/{booking.pk}",
        "policy": "PARTIES",
        "state": "ACTIVE" if booking.state == State.CONFIRMED else "CLOSED",
        "parties": [{"userExternalId": str(person.pk), "role": role} for role, person in people.items()],
    }
    users = {role: {"externalId": str(person.pk), "name": person.username} for role, person in people.items()}
    Outbox.objects.create(operation=TELL, variables={**users, "booking": subject})


def announce(booking: Booking, words: str) -> None:
    """Note what is to be said in the booking's conversation. Its key is the state's: said again, it is said once."""
    wish = {
        "subject": {"kind": "booking", "externalId": str(booking.pk)},
        "body": words,
        "clientMessageId": f"booking-{booking.pk}-{booking.state}",
    }
    Outbox.objects.create(operation=ANNOUNCE, variables={"input": wish})


def tell_all() -> None:
    """Tell Palaver what it has not heard, until the process ends: one process, so that all is told in order.

    Each row may be told twice, when the process dies after telling; all that we tell can be repeated without harm.
    """
    while True:
        try:
            for row in Outbox.objects.filter(refused="").order_by("pk")[:100]:
                token = sign("salon", "The salon", "service", seconds=60)
                payloads = ask(token, row.operation, **row.variables).values()
                if errors := [error for payload in payloads for error in payload["errors"]]:
                    log.error("Palaver refuses %s: %s", row, errors)
                    row.refused = str(errors)
                    row.save()
                else:
                    row.delete()
        except Away as away:
            log.warning("Palaver has not been told yet: %s", away)
        time.sleep(RETRY_SECONDS)
