"""Fields that the three targets have in common; each adds the names that its files call them by."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from inspections.imports.words import FIELDS
from safetyplant.reporting.imports.parsers import Choice, Name
from safetyplant.reporting.imports.targets import ImportField

INSPECTED = ("单位", "受检单位", "被检查单位", "部门", "Department", "Facility", "Site")

AREA_OF_WORK = ImportField("field", pgettext_lazy("area of work", "Field"), parser=Choice(FIELDS), aliases=("专业", "领域"))
OUTSIDE_BODY = ImportField(
    "outside_body",
    _("Outside body"),
    parser=Name(120),
    aliases=("检查单位", "检查机构", "Authority", "Inspected by"),
)


def unit_fields(*also: str, names: tuple[str, ...]) -> tuple[ImportField, ImportField]:
    """The unit, and the name (`names`) that one gets if the import makes it."""
    return (
        ImportField("unit", _("Unit"), required=True, parser=Name(), aliases=(*INSPECTED, *also), help=_("Code or name.")),
        ImportField("unit_name", _("Name for a unit that is made"), parser=Name(120), aliases=names),
    )
