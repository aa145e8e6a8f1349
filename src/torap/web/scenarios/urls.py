"""Addresses of the pages of what-ifs."""

from django.urls import path

from torap.web.scenarios import kept, views

urlpatterns = [
    path("what-if/", views.builder, name="what_if"),
    path("what-if/answer/", views.answer, name="what_if_answer"),
    path("what-if/keep/", kept.keep, name="scenario_keep"),
    path("what-if/kept/", kept.kept_list, name="scenario_list"),
    path("what-if/kept/<slug:code>/", kept.scenario, name="scenario"),
    path("what-if/kept/<slug:code>/run/", kept.compute, name="scenario_compute"),
    path("what-if/kept/<slug:code>/discard/", kept.discard, name="scenario_discard"),
]
