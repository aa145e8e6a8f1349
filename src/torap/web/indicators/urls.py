"""Addresses of national figures."""

from django.urls import path

from torap.web.indicators import views

urlpatterns = [
    path("figures/", views.indicator_list, name="indicator_list"),
    path("figures/<slug:code>/", views.indicator, name="indicator"),
    path("figures/<slug:code>/pipeline/", views.indicator_pipeline, name="indicator_pipeline"),
]
