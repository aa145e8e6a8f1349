"""Addresses of the pages of runs."""

from django.urls import path

from torap.web.runs import views

urlpatterns = [
    path("runs/", views.run_list_page, name="run_list"),
    path("runs/now/", views.forecast_now, name="forecast_now"),
    path("runs/compare/", views.compare, name="run_compare"),
    path("runs/<slug:code>/", views.run, name="run"),
]
