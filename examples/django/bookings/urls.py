"""Where everything is."""

from django.conf import settings
from django.urls import path
from django.views.static import serve

from bookings import views

urlpatterns = [
    path("", views.home),
    path("register", views.register),
    path("sign-in", views.sign_in),
    path("sign-out", views.sign_out),
    path("bookings", views.book),
    path("bookings/<int:booking_id>", views.booking_page),
    path("bookings/<int:booking_id>/confirm", views.confirm),
    path("bookings/<int:booking_id>/close", views.close),
    path("bookings/<int:booking_id>/contact", views.contact),
    path("conversations/<str:conversation_id>", views.conversation_page),
    path("messages", views.messages_page),
    path("palaver/token", views.palaver_token),
    path(".well-known/jwks.json", views.key_set),
    path("static/<path:path>", serve, {"document_root": settings.BASE / "static"}),
]
