"""Addresses of any subject by its code alone."""

from django.urls import path

from torap.web.subjects import views

urlpatterns = [
    path("s/<slug:code>/", views.subject, name="subject"),
    path("s/<slug:code>/promises.csv", views.promises, name="subject_promises"),
]
