"""Addresses of the pages of forecasts."""

from django.urls import path

from torap.web.forecast import views

urlpatterns = [
    path("forecast/", views.breaks, name="forecast"),
    path("forecast/all/", views.every, name="forecast_list"),
    path("forecast/spread/<slug:kind>/<slug:code>/", views.spread_part, name="forecast_spread"),
    path("plan/<slug:code>/", views.plan, name="plan"),
]
