"""`python manage.py tell`."""

from typing import Any

from django.core.management.base import BaseCommand

from bookings import chat


class Command(BaseCommand):
    """One process beside however many that serve."""

    help = "Tell Palaver what it has not heard, until it is ended."

    def handle(self, *_: Any, **__: Any) -> None:
        """Go on and on."""
        chat.tell_all()
