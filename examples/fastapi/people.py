"""The market's own people: names, hashed passwords, sessions. Palaver has no part in it."""

import hashlib
import os
import secrets
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Form, HTTPException, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import StringConstraints

DATABASE = os.environ.get("MARKET_DATABASE", "market.db")
URL = os.environ.get("MARKET_URL", "http://127.0.0.1:8080")
SESSION_SECONDS = 7 * 86_400
TABLES = """
CREATE TABLE IF NOT EXISTS users (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, salt BLOB NOT NULL, password BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS sessions (
  key BLOB PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES users, ends_at INTEGER NOT NULL
);
"""


def connect() -> sqlite3.Connection:
    """A connection to the market's database."""
    db = sqlite3.connect(DATABASE)
    db.row_factory = sqlite3.Row
    return db


@contextmanager
def transaction() -> Iterator[sqlite3.Connection]:
    """All of what is written in the block, or nothing of it."""
    with closing(connect()) as db, db:
        yield db


def hashed(password: str, salt: bytes) -> bytes:
    """What is kept of a password."""
    return hashlib.scrypt(password.encode(), salt=salt, n=2**14, r=8, p=5)


def kept(cookie: str) -> bytes:
    """What is kept of a session's cookie: who reads the database cannot come in by it."""
    return hashlib.sha256(cookie.encode()).digest()


def visitor(request: Request) -> sqlite3.Row | None:
    """Who is signed in, or None."""
    with transaction() as db:
        found: sqlite3.Row | None = db.execute(
            "SELECT users.id, users.name FROM sessions JOIN users ON users.id = user_id WHERE key = ? AND ends_at > ?",
            (kept(request.cookies.get("session", "")), time.time()),
        ).fetchone()
    return found


Visitor = Annotated[sqlite3.Row | None, Depends(visitor)]


def user(visitor: Visitor) -> sqlite3.Row:
    """Who is signed in; 401 for nobody."""
    if visitor is None:
        raise HTTPException(401, "Sign in first.")
    return visitor


User = Annotated[sqlite3.Row, Depends(user)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=50), Form()]
Password = Annotated[str, Form(min_length=8, max_length=200)]
routes = APIRouter()


def same_origin(request: Request) -> None:
    """403 for what a page of another site sends with our visitor's cookie: browsers name the origin of a POST."""
    origin = request.headers.get("origin")
    if request.method != "GET" and origin is not None and urlsplit(origin).netloc != request.headers.get("host"):
        raise HTTPException(403, "This came from another site.")


def begin_session(user_id: int) -> Response:
    """To the market, signed in."""
    cookie = secrets.token_urlsafe(32)
    with transaction() as db:
        db.execute("DELETE FROM sessions WHERE ends_at < ?", (time.time(),))
        db.execute("INSERT INTO sessions VALUES (?, ?, ?)", (kept(cookie), user_id, time.time() + SESSION_SECONDS))
    response = RedirectResponse("/", 303)
    secure = URL.startswith("https:")
    response.set_cookie("session", cookie, max_age=SESSION_SECONDS, httponly=True, samesite="lax", secure=secure)
    return response


@routes.post("/register")
def register(name: Name, password: Password) -> Response:
    """Become one of the market's people."""
    salt = secrets.token_bytes(16)
    insert = "INSERT INTO users (name, salt, password) VALUES (?, ?, ?) RETURNING id"
    try:
        with transaction() as db:
            [new] = db.execute(insert, (name, salt, hashed(password, salt))).fetchall()
    except sqlite3.IntegrityError as error:
        raise HTTPException(409, "Somebody has this name.") from error
    return begin_session(new["id"])


@routes.post("/sign-in")
def sign_in(name: Name, password: Password) -> Response:
    """Come back."""
    with transaction() as db:
        found = db.execute("SELECT * FROM users WHERE name = ?", (name,)).fetchone()
    given = hashed(password, found["salt"] if found else b"")  # also for nobody: it takes as long
    if found is None or not secrets.compare_digest(given, found["password"]):
        raise HTTPException(401, "The name or the password is wrong.")
    return begin_session(found["id"])


@routes.post("/sign-out")
def sign_out(request: Request) -> Response:
    """End the session on the server too, so that no page gets a token by it."""
    with transaction() as db:
        db.execute("DELETE FROM sessions WHERE key = ?", (kept(request.cookies.get("session", "")),))
    response = RedirectResponse("/", 303)
    response.delete_cookie("session")
    return response
