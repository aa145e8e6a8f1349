"""Address of the page of contradictions."""

from django.urls import path

from torap.web.contradictions import views

urlpatterns = [path("contradictions/", views.contradiction_list, name="contradiction_list")]
