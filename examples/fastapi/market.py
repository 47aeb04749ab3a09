"""A small market, in which buyers and sellers write to each other by Palaver. `uvicorn market:app --port 8080`."""

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from sqlite3 import Row
from typing import Annotated
from uuid import uuid4

import people
from fastapi import Depends, FastAPI, Form, HTTPException, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse
from fastapi.staticfiles import StaticFiles
from fastapi.templating import Jinja2Templates
from people import User, Visitor, transaction
from pydantic import StringConstraints

import chat

HERE = Path(__file__).parent
LISTINGS = """
CREATE TABLE IF NOT EXISTS listings (
  id INTEGER PRIMARY KEY, title TEXT NOT NULL,
  seller_id INTEGER NOT NULL REFERENCES users, sold INTEGER NOT NULL DEFAULT 0
);
"""
AWAY = "Messages are away for a moment."
Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), Form()]


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    """Make the tables, and tell Palaver of what changes as long as the market runs."""
    with transaction() as db:
        db.executescript(people.TABLES + LISTINGS + chat.TABLE)
    threading.Thread(target=chat.tell_all, args=(people.connect, people.URL), daemon=True).start()
    yield


app = FastAPI(lifespan=lifespan, dependencies=[Depends(people.same_origin)], openapi_url=None)
app.include_router(people.routes)
app.mount("/static", StaticFiles(directory=HERE / "static"))
pages = Jinja2Templates(HERE / "templates")
pages.env.globals["chat_url"] = chat.URL


@app.get("/")
def market(request: Request, visitor: Visitor) -> Response:
    """The newest listings."""
    with transaction() as db:
        listings = db.execute("SELECT * FROM listings ORDER BY id DESC LIMIT 50").fetchall()
    return pages.TemplateResponse(request, "market.html", {"visitor": visitor, "listings": listings})


@app.post("/listings")
def create_listing(user: User, title: Title) -> Response:
    """Offer something. Palaver hears of it once it is stored, at once or when it is back."""
    with transaction() as db:
        insert = "INSERT INTO listings (title, seller_id) VALUES (?, ?) RETURNING id"
        [new] = db.execute(insert, (title, user["id"])).fetchall()
        chat.has_changed(db, new["id"])
    chat.news.set()
    return RedirectResponse(f"/listings/{new['id']}", 303)


@app.post("/listings/{listing_id}/close")
def close_listing(user: User, listing_id: int) -> Response:
    """It is sold."""
    with transaction() as db:
        sell = "UPDATE listings SET sold = 1 WHERE id = ? AND seller_id = ?"
        if db.execute(sell, (listing_id, user["id"])).rowcount == 0:
            raise HTTPException(404)
        chat.has_changed(db, listing_id)
    chat.news.set()
    return RedirectResponse(f"/listings/{listing_id}", 303)


def token_of(user: Row) -> str:
    """A token for one of our people, who has signed in."""
    return chat.sign(str(user["id"]), user["name"])


def show(request: Request, visitor: Row | None, listing_id: int, status: int = 200, problem: str = "") -> Response:
    """A listing's page, for whoever looks: who wrote, a form to write, or the reason why there is none."""
    with transaction() as db:
        select = "SELECT listings.*, name FROM listings JOIN users ON users.id = seller_id WHERE listings.id = ?"
        if (listing := db.execute(select, (listing_id,)).fetchone()) is None:
            raise HTTPException(404)
    subject = None
    if visitor is not None:
        try:
            subject = chat.ask(token_of(visitor), chat.CONTACT, listing=str(listing_id))["subject"]
        except chat.Away:
            problem = problem or AWAY
    shown = {"visitor": visitor, "listing": listing, "subject": subject, "problem": problem, "key": uuid4()}
    return pages.TemplateResponse(request, "listing.html", shown, status)


@app.get("/listings/{listing_id}")
def listing_page(request: Request, visitor: Visitor, listing_id: int) -> Response:
    """Something that is offered."""
    return show(request, visitor, listing_id)


@app.post("/listings/{listing_id}/contact")
def contact(
    request: Request,
    user: User,
    listing_id: int,
    body: Annotated[str, Form(max_length=4000)],
    key: Annotated[str, Form(max_length=100)],
) -> Response:
    """Write to the seller for the first time. The page gave the form its key: sent twice, it is one message."""
    about = {"kind": "listing", "externalId": str(listing_id)}
    wish = {"subject": about, "firstMessage": {"body": body, "clientMessageId": key}}
    try:
        opened = chat.ask(token_of(user), chat.OPEN, input=wish)["openConversation"]
    except chat.Away:
        return show(request, user, listing_id, 503, f"{AWAY} Please send it again.")
    if opened["errors"]:
        return show(request, user, listing_id, 409, opened["errors"][0]["reason"])
    return RedirectResponse(f"/conversations/{opened['conversation']['id']}", 303)


@app.get("/conversations/{conversation_id}")
def conversation_page(request: Request, user: User, conversation_id: str) -> Response:
    """A conversation, by Palaver's element. Palaver shows it only to those who are in it, and so do we."""
    try:
        conversation = chat.ask(token_of(user), chat.CONVERSATION, id=conversation_id)["conversation"]
    except chat.Away as away:
        raise HTTPException(503, AWAY) from away
    if conversation is None:
        raise HTTPException(404)
    return pages.TemplateResponse(request, "conversation.html", {"visitor": user, "conversation": conversation})


@app.get("/messages")
def messages_page(request: Request, user: User) -> Response:
    """All conversations of whoever looks."""
    return pages.TemplateResponse(request, "messages.html", {"visitor": user})


@app.post("/palaver/token")
def palaver_token(user: User) -> Response:
    """A token for the elements in our pages. Pages of other sites can neither ask here nor read the answer."""
    return JSONResponse({"token": token_of(user)}, headers={"Cache-Control": "no-store"})
