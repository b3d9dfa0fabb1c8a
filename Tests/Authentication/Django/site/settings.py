"""The Django application of the tests: Django's own login, sessions, REST framework tokens. Configured by variables."""

import os
from pathlib import Path

SECRET_KEY = os.environ["SITE_SECRET_KEY"]
ALLOWED_HOSTS = ["127.0.0.1"]
DEBUG_PROPAGATE_EXCEPTIONS = True  # to the server, which prints them
ROOT_URLCONF = "urls"
LOGIN_REDIRECT_URL = "/done/"
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SESSION_ENGINE = "django.contrib.sessions.backends." + os.environ["SITE_SESSION_ENGINE"]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "rest_framework",
    "rest_framework.authtoken",
]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [Path(__file__).parent / "templates"],
    }
]
# The tests log in often, and do not test how slow a hash is.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends." + os.environ["SITE_DATABASE_ENGINE"],
        "NAME": os.environ["SITE_DATABASE_NAME"],
        "HOST": os.environ.get("SITE_DATABASE_HOST", ""),
        "PORT": os.environ.get("SITE_DATABASE_PORT", ""),
        "USER": os.environ.get("SITE_DATABASE_USER", ""),
    }
}
