"""What an operator may do with a Django shell, and what an attacker may try, as one view: JSON in, JSON out."""

import json
import pickle
import time
from datetime import timedelta
from unittest import mock

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.core import signing
from django.http import HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.views.decorators.csrf import csrf_exempt
from rest_framework.authtoken.models import Token


class Pickle:
    def dumps(self, data):
        return pickle.dumps(data)


def done(request):
    return HttpResponse("done")


@csrf_exempt
def act(request, name):
    return JsonResponse({"value": ACTIONS[name](**json.loads(request.body))})


def create(username, password):
    User.objects.create_user(username, password=password)


def set_active(username, is_active):
    User.objects.filter(username=username).update(is_active=is_active)


def set_password(username, password):
    user = User.objects.get(username=username)
    user.set_password(password)
    user.save()


def rename(username, to):
    User.objects.filter(username=username).update(username=to)


def delete_token(username):
    Token.objects.filter(user__username=username).delete()


def expire(session_key, seconds):
    """Lets a session of the database end so many seconds from now."""
    Session.objects.filter(pk=session_key).update(expire_date=timezone.now() + timedelta(seconds=seconds))


def session(username, hash_of=None, **changes):
    """What a login of the user would put into a session; changes replace or, when null, remove parts of it."""
    user = User.objects.get(username=username)
    hashed = User.objects.get(username=hash_of or username)
    data = {
        SESSION_KEY: str(user.pk),
        BACKEND_SESSION_KEY: "django.contrib.auth.backends.ModelBackend",
        HASH_SESSION_KEY: hashed.get_session_auth_hash(),
        **changes,
    }
    return {name: value for name, value in data.items() if value is not None}


def sign(data, salt, key=None, age=0, is_pickle=False):
    serializer = Pickle if is_pickle else signing.JSONSerializer
    with mock.patch("time.time", return_value=time.time() - age):
        return signing.dumps(data, key=key or settings.SECRET_KEY, salt=salt, serializer=serializer, compress=True)


def forge_cookie(data, salt="django.contrib.sessions.backends.signed_cookies", **how):
    """A session in a cookie, signed as asked."""
    return sign(data, salt, **how)


def forge_row(data, salt="django.contrib.sessions.SessionStore", **how):
    """A session in the database, signed as asked."""
    key = get_random_string(32, "abcdefghijklmnopqrstuvwxyz0123456789")
    expire_date = timezone.now() + timedelta(days=1)
    Session.objects.create(session_key=key, session_data=sign(data, salt, **how), expire_date=expire_date)
    return key


ACTIONS = {
    action.__name__: action
    for action in (
        create, set_active, set_password, rename, delete_token, expire, session, forge_cookie, forge_row,
    )
}
