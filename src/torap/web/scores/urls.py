"""Addresses of the score and of the reference classes."""

from django.urls import path

from torap.web.scores import views

urlpatterns = [
    path("score/", views.score, name="score"),
    path("classes/", views.class_list_page, name="class_list"),
    path("classes/<str:code>/", views.reference_class, name="reference_class"),
]
