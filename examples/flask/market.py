"""A small market, in which buyers and sellers write to each other by Palaver. `flask --app market run`, and `tell`."""

import os
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from flask import Flask, abort, g, redirect, render_template, request, session
from flask.typing import ResponseReturnValue
from werkzeug.security import check_password_hash, generate_password_hash

import chat

DATABASE = Path(os.environ.get("MARKET_DATABASE", "market.db")).absolute()
URL = os.environ.get("MARKET_URL", "http://127.0.0.1:5000")
AWAY = "Messages are away for a moment."
TABLES = f"""
CREATE TABLE IF NOT EXISTS users (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, password TEXT NOT NULL, visit TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS listings (
  id INTEGER PRIMARY KEY, title TEXT NOT NULL,
  seller_id INTEGER NOT NULL REFERENCES users, sold INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS secrets (only INTEGER PRIMARY KEY CHECK (only = 1), secret TEXT NOT NULL);
{chat.TABLE}
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


with transaction() as db:
    db.executescript(TABLES)
    db.execute("INSERT OR IGNORE INTO secrets VALUES (1, ?)", (secrets.token_hex(32),))
    [kept] = db.execute("SELECT secret FROM secrets").fetchall()

app = Flask(__name__)
app.config.update(
    SECRET_KEY=kept["secret"],
    SESSION_COOKIE_SAMESITE="Lax",
    SESSION_COOKIE_SECURE=URL.startswith("https:"),
    PERMANENT_SESSION_LIFETIME=timedelta(days=7),
    MAX_CONTENT_LENGTH=64 * 1024,
)
app.jinja_env.globals["chat_url"] = chat.URL


@app.before_request
def same_origin() -> None:
    """403 for what a page of another site sends with our visitor's cookie: browsers name the origin of a POST."""
    origin = request.headers.get("Origin")
    if request.method != "GET" and origin is not None and urlsplit(origin).netloc != request.host:
        abort(403)


@app.before_request
def look_up() -> None:
    """Who is signed in, in `g.visitor`; None for nobody."""
    with transaction() as db:
        visit = (session.get("user"), session.get("visit"))
        g.visitor = db.execute("SELECT id, name FROM users WHERE id = ? AND visit = ?", visit).fetchone()


def user() -> sqlite3.Row:
    """Who is signed in; 401 for nobody."""
    if g.visitor is None:
        abort(401)
    found: sqlite3.Row = g.visitor
    return found


def field(name: str, most: int, least: int = 1) -> str:
    """What was written into a form; 400 when it is too short or too long."""
    value = request.form.get(name, "").strip()
    if not least <= len(value) <= most:
        abort(400)
    return value


def begin_session(row: sqlite3.Row) -> ResponseReturnValue:
    """To the market, signed in."""
    session.clear()
    session.permanent = True
    session.update(user=row["id"], visit=row["visit"])
    return redirect("/", 303)


@app.post("/register")
def register() -> ResponseReturnValue:
    """Become one of the market's people."""
    new = (field("name", 50), generate_password_hash(field("password", 200, 8)), secrets.token_hex())
    try:
        with transaction() as db:
            db.execute("INSERT INTO users (name, password, visit) VALUES (?, ?, ?)", new)
            return begin_session(db.execute("SELECT * FROM users WHERE name = ?", new[:1]).fetchone())
    except sqlite3.IntegrityError:
        abort(409)


NOBODY = generate_password_hash("")


@app.post("/sign-in")
def sign_in() -> ResponseReturnValue:
    """Come back."""
    with transaction() as db:
        found = db.execute("SELECT * FROM users WHERE name = ?", (field("name", 50),)).fetchone()
    # Also for nobody: it takes as long.
    if not check_password_hash(found["password"] if found else NOBODY, field("password", 200, 8)) or found is None:
        abort(401)
    return begin_session(found)


@app.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    """End all sessions of theirs, so that no page gets a token by a cookie that somebody kept."""
    with transaction() as db:
        db.execute("UPDATE users SET visit = ? WHERE id = ?", (secrets.token_hex(), user()["id"]))
    session.clear()
    return redirect("/", 303)


@app.get("/")
def market() -> ResponseReturnValue:
    """The newest listings."""
    with transaction() as db:
        listings = db.execute("SELECT * FROM listings ORDER BY id DESC LIMIT 50").fetchall()
    return render_template("market.html", visitor=g.visitor, listings=listings)


@app.post("/listings")
def create_listing() -> ResponseReturnValue:
    """Offer something. Palaver hears of it once it is stored, in a moment or when it is back."""
    with transaction() as db:
        new = db.execute("INSERT INTO listings (title, seller_id) VALUES (?, ?)", (field("title", 200), user()["id"]))
        chat.has_changed(db, int(new.lastrowid or 0))
    return redirect(f"/listings/{new.lastrowid}", 303)


@app.post("/listings/<int:listing_id>/close")
def close_listing(listing_id: int) -> ResponseReturnValue:
    """It is sold."""
    with transaction() as db:
        sell = "UPDATE listings SET sold = 1 WHERE id = ? AND seller_id = ?"
        if db.execute(sell, (listing_id, user()["id"])).rowcount == 0:
            abort(404)
        chat.has_changed(db, listing_id)
    return redirect(f"/listings/{listing_id}", 303)


def ask(operation: str, **variables: Any) -> dict[str, Any]:
    """An operation of whoever is signed in."""
    return chat.ask(chat.sign(str(user()["id"]), user()["name"]), operation, **variables)


def show(listing_id: int, status: int = 200, problem: str = "") -> ResponseReturnValue:
    """A listing's page, for whoever looks: who wrote, a form to write, or the reason why there is none."""
    with transaction() as db:
        select = "SELECT listings.*, name FROM listings JOIN users ON users.id = seller_id WHERE listings.id = ?"
        listing = db.execute(select, (listing_id,)).fetchone() or abort(404)
    subject = None
    if g.visitor is not None:
        try:
            subject = ask(chat.CONTACT, listing=str(listing_id))["subject"]
        except chat.Away:
            problem = problem or AWAY
    shown = {"visitor": g.visitor, "listing": listing, "subject": subject, "problem": problem, "key": uuid4()}
    return render_template("listing.html", **shown), status


@app.get("/listings/<int:listing_id>")
def listing_page(listing_id: int) -> ResponseReturnValue:
    """Something that is offered."""
    return show(listing_id)


@app.post("/listings/<int:listing_id>/contact")
def contact(listing_id: int) -> ResponseReturnValue:
    """Write to the seller for the first time. The page gave the form its key: sent twice, it is one message."""
    about = {"kind": "listing", "externalId": str(listing_id)}
    first = {"body": field("body", 4000), "clientMessageId": field("key", 100)}
    try:
        opened = ask(chat.OPEN, input={"subject": about, "firstMessage": first})["openConversation"]
    except chat.Away:
        return show(listing_id, 503, f"{AWAY} Please send it again.")
    if opened["errors"]:
        return show(listing_id, 409, opened["errors"][0]["reason"])
    return redirect(f"/conversations/{opened['conversation']['id']}", 303)


@app.get("/conversations/<conversation_id>")
def conversation_page(conversation_id: str) -> ResponseReturnValue:
    """A conversation, by Palaver's element. Palaver shows it only to those who are in it, and so do we."""
    try:
        conversation = ask(chat.CONVERSATION, id=conversation_id)["conversation"] or abort(404)
    except chat.Away:
        abort(503)
    return render_template("conversation.html", visitor=user(), conversation=conversation)


@app.get("/messages")
def messages_page() -> ResponseReturnValue:
    """All conversations of whoever looks."""
    return render_template("messages.html", visitor=user())


@app.post("/palaver/token")
def palaver_token() -> ResponseReturnValue:
    """A token for the elements in our pages. Pages of other sites can neither ask here nor read the answer."""
    return {"token": chat.sign(str(user()["id"]), user()["name"])}, {"Cache-Control": "no-store"}


@app.cli.command("tell")
def tell() -> None:
    """Tell Palaver what it has not heard, until it is ended: one process beside however many that serve."""
    chat.tell_all(connect, URL)
