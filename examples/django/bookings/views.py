"""The salon's pages."""

from typing import Any
from uuid import uuid4

from django.contrib.auth import authenticate, login, logout
from django.contrib.auth.models import User
from django.core.exceptions import BadRequest
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from bookings import chat
from bookings.models import Booking, State

AWAY = "Messages are away for a moment."


def field(request: HttpRequest, name: str, most: int, least: int = 1) -> str:
    """What was written into a form; 400 when it is too short or too long."""
    value = str(request.POST.get(name, "")).strip()
    if not least <= len(value) <= most:
        raise BadRequest(name)
    return value


def ask(request: HttpRequest, operation: str, **variables: Any) -> dict[str, Any]:
    """An operation of whoever is signed in."""
    return chat.ask(token_of(request), operation, **variables)


def token_of(request: HttpRequest) -> str:
    """A token for whoever is signed in."""
    return chat.sign(str(request.user.pk), request.user.get_username())


def mine(request: HttpRequest) -> QuerySet[Booking]:
    """The bookings of whoever is signed in: for them there are no others."""
    people = Booking.objects.select_related("customer", "provider")
    return people.filter(Q(customer=request.user.pk) | Q(provider=request.user.pk))


def see_other(path: str) -> HttpResponse:
    """To another page, after a form."""
    return HttpResponseRedirect(path, status=303)


@require_POST
def register(request: HttpRequest) -> HttpResponse:
    """Become one of the salon's people."""
    try:
        with transaction.atomic():
            new = User.objects.create_user(field(request, "name", 50), password=field(request, "password", 200, 8))
    except IntegrityError:
        return HttpResponse("Somebody has this name.", status=409)
    login(request, new)
    return see_other("/")


@require_POST
def sign_in(request: HttpRequest) -> HttpResponse:
    """Come back."""
    found = authenticate(request, username=field(request, "name", 50), password=field(request, "password", 200, 8))
    if found is None:
        return HttpResponse("The name or the password is wrong.", status=401)
    login(request, found)
    return see_other("/")


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session, on the server too, so that no page gets a token by it."""
    logout(request)
    return see_other("/")


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The newest bookings of whoever looks."""
    return render(request, "home.html", {"bookings": mine(request).order_by("-pk")[:50]})


@require_POST
def book(request: HttpRequest) -> HttpResponse:
    """Ask a provider for something. Palaver is told in the same transaction, by a row."""
    if not request.user.is_authenticated:
        return HttpResponse(status=401)
    provider = get_object_or_404(User.objects.exclude(pk=request.user.pk), username=field(request, "provider", 50))
    with transaction.atomic():
        made = Booking.objects.create(title=field(request, "title", 200), customer=request.user, provider=provider)
        chat.has_changed(made)
    return see_other(f"/bookings/{made.pk}")


def change(request: HttpRequest, booking_id: int, before: State, after: State, words: str) -> HttpResponse:
    """The provider takes a booking on."""
    with transaction.atomic():
        booking = get_object_or_404(mine(request), pk=booking_id, provider=request.user.pk, state=before)
        booking.state = after
        booking.save()
        chat.has_changed(booking)
        chat.announce(booking, words)
    return see_other(f"/bookings/{booking_id}")


@require_POST
def confirm(request: HttpRequest, booking_id: int) -> HttpResponse:
    """It will be done: from now on both can write."""
    return change(request, booking_id, State.REQUESTED, State.CONFIRMED, "The booking is confirmed.")


@require_POST
def close(request: HttpRequest, booking_id: int) -> HttpResponse:
    """It is done: what was said can be read."""
    return change(request, booking_id, State.CONFIRMED, State.DONE, "The booking is done.")


def show(request: HttpRequest, booking_id: int, status: int = 200, problem: str = "") -> HttpResponse:
    """A booking's page, for its two people."""
    booking = get_object_or_404(mine(request), pk=booking_id)
    subject = None
    try:
        subject = ask(request, chat.CONTACT, booking=str(booking_id))["subject"]
    except chat.Away:
        problem = problem or AWAY
    other = booking.provider if booking.customer == request.user else booking.customer
    shown = {"booking": booking, "other": other, "subject": subject, "problem": problem, "key": uuid4()}
    return render(request, "booking.html", shown, status=status)


@require_GET
def booking_page(request: HttpRequest, booking_id: int) -> HttpResponse:
    """Something that is booked."""
    return show(request, booking_id)


@require_POST
def contact(request: HttpRequest, booking_id: int) -> HttpResponse:
    """Write to the other one. The page gave the form its key: sent twice, it is one message."""
    get_object_or_404(mine(request), pk=booking_id)
    about = {"kind": "booking", "externalId": str(booking_id)}
    first = {"body": field(request, "body", 4000), "clientMessageId": field(request, "key", 100)}
    try:
        opened = ask(request, chat.OPEN, input={"subject": about, "firstMessage": first})["openConversation"]
    except chat.Away:
        return show(request, booking_id, 503, f"{AWAY} Please send it again.")
    if opened["errors"]:
        return show(request, booking_id, 409, opened["errors"][0]["reason"])
    return see_other(f"/conversations/{opened['conversation']['id']}")


@require_GET
def conversation_page(request: HttpRequest, conversation_id: str) -> HttpResponse:
    """A conversation, by Palaver's element. Palaver shows it only to those who are in it, and so do we."""
    if not request.user.is_authenticated:
        return redirect("/")
    try:
        conversation = ask(request, chat.CONVERSATION, id=conversation_id)["conversation"]
    except chat.Away:
        return HttpResponse(AWAY, status=503)
    if conversation is None:
        raise Http404
    return render(request, "conversation.html", {"conversation": conversation})


@require_GET
def messages_page(request: HttpRequest) -> HttpResponse:
    """All conversations of whoever looks."""
    return render(request, "messages.html") if request.user.is_authenticated else redirect("/")


@require_POST
def palaver_token(request: HttpRequest) -> HttpResponse:
    """A token for the elements in our pages; Django asks for its CSRF token first."""
    if not request.user.is_authenticated:
        return HttpResponse(status=401)
    return JsonResponse({"token": token_of(request)}, headers={"Cache-Control": "no-store"})


@require_GET
def key_set(_: HttpRequest) -> HttpResponse:
    """The public keys that Palaver checks our tokens by."""
    return JsonResponse(chat.KEY_SET)
