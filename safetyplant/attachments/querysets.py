"""Which files exist for whom."""

from typing import Any, Self

from django.db import models

from safetyplant.attachments.owners import is_set_visible


class AttachmentQuerySet(models.QuerySet):
    def unbound(self) -> Self:
        return self.filter(set=None)

    def bound(self) -> Self:
        return self.filter(set__isnull=False)

    def of(self, user: Any) -> Self:
        """Unbound files of their uploader: they exist for nobody else."""
        return self.unbound().filter(uploaded_by_id=user.pk)

    def find_visible(self, user: Any, pk: int) -> Any:
        """The file if it exists for this person, by the rule of the record it belongs to; otherwise None."""
        if not user.is_authenticated or not user.is_active:
            return None
        attachment: Any = self.filter(pk=pk).select_related("set").first()
        if attachment is None:
            return None
        if attachment.set_id is None:
            return attachment if attachment.uploaded_by_id == user.pk else None
        return attachment if is_set_visible(user, attachment.set) else None
