"""Addresses of the pages of milestones."""

from django.urls import path

from torap.web.milestones import views

urlpatterns = [
    path("promises/", views.promise_list, name="promise_list"),
    path("milestones/<slug:code>/", views.milestone, name="milestone"),
]
