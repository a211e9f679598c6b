"""Types of what comes in: bounded, and without what PostgreSQL cannot store."""

from datetime import datetime
from typing import Annotated, Any

from django.utils import timezone
from django.utils.translation import gettext as _
from pydantic import AfterValidator, Field

from safetyplant.texts import trimmed

LONGEST = 10_000
BIGGEST_ID = 2**63 - 1


def _storable(text: str) -> str:
    if "\x00" in text or any("\ud800" <= char <= "\udfff" for char in text):
        raise ValueError(_("The text has a character that cannot be stored."))
    return trimmed(text)


def _aware(moment: datetime) -> datetime:
    """A moment without an offset is plant time; only the years people live in, by the calendar of the plant.

    The year is looked at twice: as written, since far out the offset cannot be counted, and as the plant will read it.
    """
    aware = timezone.make_aware(moment) if timezone.is_naive(moment) else moment
    if not (_is_lived_in(moment) and _is_lived_in(timezone.localtime(aware))):
        raise ValueError(_("The year must be between 1970 and 2100."))
    return aware


def _is_lived_in(moment: datetime) -> bool:
    return 1970 <= moment.year <= 2100


Text = Annotated[str, Field(max_length=LONGEST), AfterValidator(_storable)]
Line = Annotated[str, Field(max_length=200), AfterValidator(_storable)]
RequiredText = Annotated[str, Field(min_length=1, max_length=LONGEST), AfterValidator(_storable), Field(min_length=1)]
RequiredLine = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_storable), Field(min_length=1)]
Id = Annotated[int, Field(ge=1, le=BIGGEST_ID)]
Moment = Annotated[datetime, AfterValidator(_aware)]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


def person_brief(person: Any) -> dict[str, Any] | None:
    """A person as records show them: id and name, nothing else."""
    return {"id": person.pk, "name": person.name} if person is not None else None
