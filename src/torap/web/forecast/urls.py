"""Addresses of the pages of forecasts."""

from django.urls import path

from torap.web.forecast import views

urlpatterns = [
    path("forecast/", views.breaks, name="forecast"),
    path("forecast/all/", views.every, name="forecast_list"),
    path("forecast/why/<slug:kind>/<path:code>/", views.why_page, name="forecast_why"),
    path("plan/<slug:code>/", views.plan, name="plan"),
]
