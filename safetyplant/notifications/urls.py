"""Addresses of the inbox."""

from django.urls import path

from safetyplant.notifications import views

app_name = "notifications"
urlpatterns = [
    path("inbox/", views.inbox, name="inbox"),
    path("inbox/read/", views.read_all, name="read-all"),
    path("inbox/<int:pk>/open/", views.open_message, name="open"),
]
