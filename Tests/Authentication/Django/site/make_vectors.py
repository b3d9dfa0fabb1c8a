"""Writes vectors.json beside this folder: sessions that the real Django signed.

    /usr/bin/python3 make_vectors.py >../vectors.json
"""

import json
from unittest import mock

import django
from django.conf import settings

KEY = "the-key-of-the-vectors"

settings.configure(SECRET_KEY=KEY, DATABASES={}, INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes"])
django.setup()

from django.contrib.auth.models import User  # noqa: E402 - the settings must come first
from django.contrib.sessions.backends import db, signed_cookies  # noqa: E402

PASSWORD = "pbkdf2_sha256$260000$salt$K0jpgrx4hTsXvHVWVbJ1Zt9OHYyAbxmYi2ZdA1kSYD8="
SHORT = {"_auth_user_id": "1"}
USUAL = {
    "_auth_user_id": "17",
    "_auth_user_backend": "django.contrib.auth.backends.ModelBackend",
    "_auth_user_hash": User(password=PASSWORD).get_session_auth_hash(),
    "basket": ["é", "猫", {"count": 2}],
}
LONG = {**USUAL, "notes": "again and " * 200}


def vector(name, store, data):
    store._session_cache = data
    signed = store._get_session_key() if isinstance(store, signed_cookies.SessionStore) else store.encode(data)
    return {"name": name, "signed": signed, "data": data}


with mock.patch("time.time", return_value=1_700_000_000):
    signed = [
        vector(f"{engine} {size}", make(), data)
        for engine, make in (("db", db.SessionStore), ("signed_cookies", signed_cookies.SessionStore))
        for size, data in (("short", SHORT), ("usual", USUAL), ("long", LONG))
    ]

print(json.dumps(
    {
        "django": django.get_version(),
        "key": KEY,
        "signed_at": 1_700_000_000,
        "password": PASSWORD,
        "auth_hash": User(password=PASSWORD).get_session_auth_hash(),
        "vectors": signed,
    },
    indent=2,
))
