"""Address of the page of the working calendar."""

from django.urls import path

from torap.web.calendars import views

urlpatterns = [path("calendar/", views.calendar, name="calendar")]
