"""Django's own views for users, and what an operator does, for tests."""

from django.contrib.auth import views
from django.urls import path
from rest_framework.authtoken.views import obtain_auth_token

import operator_views

urlpatterns = [
    path("login/", views.LoginView.as_view(template_name="form.html")),
    path("logout/", views.LogoutView.as_view(next_page="/done/")),
    path("password/", views.PasswordChangeView.as_view(template_name="form.html", success_url="/done/")),
    path("token/", obtain_auth_token),
    path("done/", operator_views.done),
    path("operator/<str:name>/", operator_views.act),
]
