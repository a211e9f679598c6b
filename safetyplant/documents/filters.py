"""The filters and columns of a list of documents."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from safetyplant.documents.models import Document
from safetyplant.reporting.keyset import Sort
from safetyplant.reporting.lists import View

SORTS = (
    Sort("code", _("Code"), ("code",), order=_("by code"), reverse_order=_("by code, last first")),
    Sort("newest", _("Valid from"), ("-valid_from",), order=_("newest first"), reverse_order=_("oldest first")),
)
VIEWS = (View("current", _("In use"), "state=current"), View("withdrawn", _("Withdrawn"), "state=withdrawn"))
VIEWS_OF_KEEPERS = (VIEWS[0], View("draft", _("With a draft"), "state=draft"), VIEWS[1])


class DocumentFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(
        label=_("State"),
        choices=[("current", _("In use")), ("draft", _("With a draft")), ("withdrawn", _("Withdrawn"))],
        method="by_state",
    )
    title = django_filters.CharFilter(label=_("Title or code"), method="by_title")

    class Meta:
        model = Document
        fields = ["state", "title"]

    def by_state(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        today = timezone.localdate()
        if value == "draft":
            return queryset.filter(has_draft=True)
        if value == "withdrawn":
            return queryset.filter(withdrawn_on__lte=today)
        return queryset.filter(Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gt=today))

    def by_title(self, queryset: QuerySet, name: str, value: Any) -> QuerySet:
        return queryset.filter(Q(code__icontains=value) | Q(title__icontains=value) | Q(title_zh__icontains=value))
