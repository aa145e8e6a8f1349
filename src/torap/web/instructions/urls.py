"""Addresses of the pages of instructions."""

from django.urls import path

from torap.web.instructions import views

urlpatterns = [
    path("instructions/", views.instruction_board, name="instruction_board"),
    path("instructions/<slug:code>/", views.instruction, name="instruction"),
]
