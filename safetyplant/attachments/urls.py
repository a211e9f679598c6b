"""Addresses of files: by hash on the way in, by number on the way out."""

from django.urls import path, register_converter

from safetyplant.attachments import views
from safetyplant.attachments.converters import Sha256Converter

register_converter(Sha256Converter, "sha256")

app_name = "attachments"
urlpatterns = [
    path("files/<sha256:sent_sha256>/", views.upload, name="upload"),
    path("files/<int:pk>/", views.serve_file, name="file"),
    path("files/<int:pk>/thumb/", views.serve_thumb, name="thumb"),
]
