"""Addresses of the pages of obstacles."""

from django.urls import path

from torap.web.obstacles import views

urlpatterns = [
    path("obstacles/", views.obstacle_list, name="obstacle_list"),
    path("obstacles/<slug:code>/", views.obstacle, name="obstacle"),
]
