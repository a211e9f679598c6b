"""Which import runs exist for whom."""

from typing import Any

from django.db import models


class ImportRunQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "ImportRunQuerySet":
        """Only one's own: an uploaded file may hold personal data that no rule has looked at yet."""
        return self.filter(created_by=user)
