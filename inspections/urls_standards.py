"""Addresses of standards; `urls.py` takes them up, so that they carry the room's namespace."""

from django.urls import path

from inspections.views import standard_files, standard_versions, standards

urlpatterns = [
    path("standards/", standards.standard_list, name="standard-list"),
    path("standards/new/", standards.standard_new, name="standard-new"),
    path("standards/<int:pk>/", standards.standard_detail, name="standard-detail"),
    path("standards/<int:pk>/draft/", standards.standard_draft, name="standard-draft"),
    path("standards/<int:pk>/start/", standards.standard_start, name="standard-start"),
    path("standards/<int:pk>/discard/", standards.standard_discard, name="standard-discard"),
    path("standards/<int:pk>/publish/", standards.standard_publish, name="standard-publish"),
    path("standards/<int:pk>/compare/", standard_versions.standard_compare, name="standard-compare"),
    path("standards/<int:pk>/export/", standard_files.standard_export, name="standard-export"),
    path("standards/<int:pk>/import/", standard_files.standard_import, name="standard-import"),
    path("standards/<int:pk>/withdraw/", standards.standard_withdraw, name="standard-withdraw"),
]
