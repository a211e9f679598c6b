"""Addresses of regulations; `urls.py` takes them up, so that they carry the room's namespace."""

from django.urls import path

from responsibilities.views import regulations

urlpatterns = [
    path("regulations/", regulations.regulation_list, name="regulation-list"),
    path("regulations/new/", regulations.regulation_new, name="regulation-new"),
    path("regulations/<int:pk>/", regulations.regulation_detail, name="regulation-detail"),
    path("regulations/<int:pk>/draft/", regulations.regulation_draft, name="regulation-draft"),
    path("regulations/<int:pk>/start/", regulations.regulation_start, name="regulation-start"),
    path("regulations/<int:pk>/discard/", regulations.regulation_discard, name="regulation-discard"),
    path("regulations/<int:pk>/publish/", regulations.regulation_publish, name="regulation-publish"),
    path("regulations/<int:pk>/withdraw/", regulations.regulation_withdraw, name="regulation-withdraw"),
]
