"""Settings of a salon, where customers book providers and both write to each other by Palaver."""

import os
from pathlib import Path
from urllib.parse import urlsplit

BASE = Path(__file__).parent
URL = os.environ.get("MARKET_URL", "http://127.0.0.1:8001")
CHAT_URL = os.environ.get("CHAT_URL", "http://127.0.0.1:8000")
KEY_FILE = Path(os.environ.get("MARKET_KEY_FILE", BASE / "key.pem"))

SECRET_KEY = os.environ["MARKET_SECRET"]
ALLOWED_HOSTS = ["127.0.0.1", "localhost", urlsplit(URL).hostname]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = URL.startswith("https:")
ROOT_URLCONF = "bookings.urls"
INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions", "bookings"]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "bookings.chat.address",
            ]
        },
    }
]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": os.environ.get("MARKET_DATABASE", BASE / "market.db"),
        "OPTIONS": {"transaction_mode": "IMMEDIATE"},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
