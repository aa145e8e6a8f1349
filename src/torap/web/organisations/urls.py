"""Addresses of the pages of bodies."""

from django.urls import path

from torap.web.organisations import views

urlpatterns = [
    path("bodies/", views.organisation_list, name="organisation_list"),
    path("bodies/<slug:code>/", views.organisation, name="organisation"),
]
