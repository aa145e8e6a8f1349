"""Address of the first page."""

from django.urls import path

from torap.web.situation import views

urlpatterns = [path("", views.situation_page, name="situation")]
