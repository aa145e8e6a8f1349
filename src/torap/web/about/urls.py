"""Address of the page of the method."""

from django.urls import path

from torap.web.about import views

urlpatterns = [path("about/", views.about, name="about")]
