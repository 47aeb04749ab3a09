"""What the salon keeps of its own: bookings, and what Palaver is still to hear of them."""

from django.conf import settings
from django.db import models


class State(models.TextChoices):
    """How far a booking is."""

    REQUESTED = "requested"
    CONFIRMED = "confirmed"
    DONE = "done"


class Booking(models.Model):
    """A customer books a provider. Both talk about it from its confirmation until it is done."""

    title = models.CharField(max_length=200)
    customer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="booked")
    provider = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="provided")
    state = models.CharField(max_length=20, choices=State.choices, default=State.REQUESTED)

    class Meta:
        """Nobody books themselves."""

        constraints = [
            models.CheckConstraint(condition=~models.Q(customer=models.F("provider")), name="two_people"),
        ]

    def __str__(self) -> str:
        """What it is called."""
        return self.title


class Outbox(models.Model):
    """What Palaver is to hear, in the order in which it happened; `refused` is why it will not."""

    operation = models.TextField()
    variables = models.JSONField()
    refused = models.TextField(default="")

    def __str__(self) -> str:
        """Which one it is, without anybody's words."""
        return f"no. {self.pk}"
