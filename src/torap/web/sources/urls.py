"""Addresses of the pages of sources."""

from django.urls import path

from torap.web.sources import views

urlpatterns = [
    path("sources/", views.source_list, name="source_list"),
    path("sources/<slug:code>/", views.source, name="source"),
]
