"""Addresses of the pages, each under its language; one include per subject."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("torap.web.situation.urls")),
    path("", include("torap.web.maps.urls")),
    path("", include("torap.web.places.urls")),
    path("", include("torap.web.projects.urls")),
    path("", include("torap.web.indicators.urls")),
    path("", include("torap.web.milestones.urls")),
    path("", include("torap.web.subjects.urls")),
    path("", include("torap.web.law.urls")),
    path("", include("torap.web.instructions.urls")),
    path("", include("torap.web.forecast.urls")),
    path("", include("torap.web.runs.urls")),
    path("", include("torap.web.scenarios.urls")),
    path("", include("torap.web.scores.urls")),
    path("", include("torap.web.organisations.urls")),
    path("", include("torap.web.obstacles.urls")),
    path("", include("torap.web.contradictions.urls")),
    path("", include("torap.web.sources.urls")),
    path("", include("torap.web.searching.urls")),
    path("", include("torap.web.calendars.urls")),
    path("", include("torap.web.about.urls")),
    path("", include("torap.web.work.urls")),
]
