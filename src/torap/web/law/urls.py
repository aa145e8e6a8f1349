"""Addresses of the pages of the law."""

from django.urls import path

from torap.web.law import views

urlpatterns = [
    path("law/", views.law_list, name="law_list"),
    path("law/<slug:pid>/", views.law, name="law"),
    path("law/<slug:pid>/explain", views.law_explain, name="law_explain"),
]
