"""Addresses of the map."""

from django.urls import path

from torap.web.maps import views

urlpatterns = [
    path("map/", views.map_page, name="map"),
    path("map/data.json", views.map_data, name="map_data"),
]
