"""The photos of records, as a paper takes them. Whoever calls has read the records through `visible_to`."""

from collections.abc import Iterable

from safetyplant.attachments.choices import Purpose
from safetyplant.attachments.models import Attachment
from safetyplant.reporting.papers import PaperPicture


def pictures_of(sets: dict[int, str], *, purposes: Iterable[str] = tuple(Purpose)) -> list[PaperPicture]:
    """`sets` says for each set of files what its record is called, which stands below each photo."""
    found = Attachment.objects.filter(set__in=sets, purpose__in=purposes).order_by("set_id", "pk")
    return [PaperPicture(photo.open_file, _caption(sets[photo.set_id], photo)) for photo in found if photo.set_id]


def _caption(record: str, photo: Attachment) -> str:
    kind = "" if photo.purpose == Purpose.EVIDENCE else photo.get_purpose_display()
    return " · ".join(part for part in (record, kind, photo.caption) if part)
