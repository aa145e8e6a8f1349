"""Addresses of places and links."""

from django.urls import path

from torap.web.places import views

urlpatterns = [
    path("places/", views.place_list, name="place_list"),
    path("places/<slug:code>/", views.place, name="place"),
    path("links/<slug:code>/", views.link, name="link"),
]
