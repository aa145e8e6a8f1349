"""Addresses of the pages of runs."""

from django.urls import path

from torap.web.runs import asked, views

urlpatterns = [
    path("runs/", views.run_list_page, name="run_list"),
    path("runs/now/", views.forecast_now, name="forecast_now"),
    path("runs/compare/", views.compare, name="run_compare"),
    path("runs/asked/<slug:code>/", asked.asked, name="run_asked"),
    path("runs/asked/<slug:code>/stop/", asked.stop_asked, name="asked_stop"),
    path("runs/<slug:code>/", views.run, name="run"),
    path("runs/<slug:code>/stop/", asked.stop_run, name="run_stop"),
]
