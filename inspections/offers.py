"""What this room offers to the shared apps and to the room below; registered once the models are loaded."""

from django.utils.translation import gettext_lazy as _

from inspections import audit, home, imports, notifications, owners, search
from inspections.workflows.acceptances import lapse_acceptances
from inspections.workflows.following import (
    HazardSubject,
    barred_from_acceptance,
    barred_from_appeal,
    deadline_handed,
    follow_unit,
    is_seen_by_reporter,
)
from inspections.workflows.listing import verifier_handed
from inspections.workflows.place_checks import share_handed
from inspections.workflows.visits import follow_visit
from responsibilities.evidence import register_evidence_rule, register_first_photos
from responsibilities.maps import register_map
from responsibilities.permissions import can_manage_standards
from responsibilities.subjects import register_barred, register_handed, register_subject, register_timed, register_unit_closed
from safetyplant.documents.choices import DocumentKind
from safetyplant.documents.keepers import register_keeper
from safetyplant.documents.search import register_page
from safetyplant.shell import navigation
from safetyplant.shell.looks import register_state

PAGES = (
    navigation.NavItem("field", _("Plan"), "calendar3", "inspections:calendar", 15),
    navigation.NavItem("field", _("Listed hazards"), "exclamation-octagon", "inspections:hazard-listed", 25),
    navigation.NavItem("field", _("Similar places"), "signpost-split", "inspections:check-list", 26),
    navigation.NavItem("field", _("At the gate"), "door-closed", "inspections:gate", 40),
)
#: Tone and icon of the states of this room's records.
STATES = (
    ("done", "ok", "check-circle-fill"),
    ("missed", "back", "calendar-x"),
    ("excused", "wait", "check2-square"),
    ("planning", "wait", "journal-text"),
    ("proposed", "check", "calendar-check"),
    ("approved", "go", "tools"),
    ("lifted", "ok", "check-circle-fill"),
    ("dropped", "wait", "arrow-down-circle"),
    ("in_force", "back", "slash-circle"),
    ("ahead", "wait", "hourglass-split"),
    ("over", "ok", "check-circle-fill"),
    ("check_open", "go", "signpost-split"),
    ("check_closed", "ok", "check2-all"),
    ("check_cancelled", "wait", "slash-circle"),
    ("place_waiting", "", "circle"),
    ("place_fine", "ok", "check-circle-fill"),
    ("place_found", "back", "exclamation-triangle-fill"),
    ("place_na", "wait", "slash-circle"),
)


def register_all() -> None:
    notifications.register_types()
    audit.register_sentences()
    owners.register_owners()
    search.register_sources()
    home.register_sections()
    imports.register_targets()
    register_keeper(DocumentKind.STANDARD, can_manage_standards)
    register_page(DocumentKind.STANDARD, "inspections:standard-detail")
    register_map("inspections:site-map")
    _register_with_deadlines()
    for page in PAGES:
        navigation.register(page)
    for state, tone, icon in STATES:
        register_state(state, tone=tone, icon=icon)


def _register_with_deadlines() -> None:
    """What follows when a fix changes, a deadline gets another owner, a unit closes or a date comes."""
    register_subject("hazard", HazardSubject())
    register_unit_closed(follow_unit)
    register_evidence_rule(is_seen_by_reporter)
    register_first_photos("hazard", lambda action: action.hazard.photos_id)
    for handed in (deadline_handed, follow_visit, verifier_handed, share_handed):
        register_handed(handed)
    register_barred("appeal", barred_from_appeal)
    register_barred("acceptance", barred_from_acceptance)
    register_timed(lapse_acceptances)
