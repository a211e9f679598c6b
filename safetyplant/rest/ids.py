"""Ids that come in, as records of those who sent them."""

from collections.abc import Sequence
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

M = TypeVar("M", bound=Model)


def each_of(queryset: "QuerySet[M]", ids: Sequence[int], *, field: str) -> list[M]:
    """The records of a list of ids, each once, in the order sent. `queryset` holds what may be chosen.

    ValidationError by place (`assisting.1`) for each id that is none of them: one that were passed over in silence would be
    missing from the record without anybody knowing.
    """
    found = {record.pk: record for record in queryset.filter(pk__in=ids)}
    unknown = {
        f"{field}.{place}": _("There is no %(id)s to choose here, or not for you.") % {"id": pk}
        for place, pk in enumerate(ids)
        if pk not in found
    }
    if unknown:
        raise ValidationError(unknown)
    return [found[pk] for pk in dict.fromkeys(ids)]
