"""Addresses without a language: the door, health, the language switch."""

from django.urls import path

from torap.web.site import views

urlpatterns = [
    path("", views.door, name="door"),
    path("health", views.health, name="health"),
]
