"""Address of the page of search."""

from django.urls import path

from torap.web.searching import views

urlpatterns = [path("search/", views.search, name="search")]
