"""Addresses of projects and programmes."""

from django.urls import path

from torap.web.projects import views

urlpatterns = [
    path("projects/", views.project_list, name="project_list"),
    path("projects/<slug:code>/", views.project, name="project"),
    path("programmes/<slug:code>/", views.programme, name="programme"),
]
