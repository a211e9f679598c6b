"""The API under /api/v1/: the rooms' routers put together, one way to say what went wrong (RFC 9457)."""

from ninja import NinjaAPI

from inspections.api import hazard_steps, major, place_checks
from inspections.api import plans as inspection_plans
from inspections.api import views as inspections
from inspections.api.inspections import inspections as inspection_router
from inspections.api.penalties import penalties
from responsibilities import api as responsibilities
from safetyplant.rest.auth import token_or_session
from safetyplant.rest.problems import ANSWERED, problem_of

api = NinjaAPI(
    title="SafetyPlant",
    version="1",
    urls_namespace="api-1",
    auth=token_or_session,
    docs_url=None,
    description="Units, people, standards, inspections, hazards, violations, corrective actions and deadlines. "
    "Sign in with a token (Authorization: Bearer …) made on the account page. Lists follow `next`.",
)
for noun, router in {
    "units": responsibilities.units,
    "people": responsibilities.people,
    "deadlines": responsibilities.deadlines,
    "actions": responsibilities.actions,
    "extensions": responsibilities.extensions,
    "escalations": responsibilities.escalations,
    "standards": inspections.standards,
    "inspections": inspection_router,
    "inspection-plans": inspection_plans.plans,
    "visits": inspection_plans.visits,
    "hazards": inspections.hazards,
    "place-checks": place_checks.checks,
    "violations": inspections.violations,
}.items():
    api.add_router(f"/{noun}/", router)
api.add_router("/violations/", penalties)
# Steps of major hazards stand below the hazard they are about.
api.add_router("/hazards/", major.treatments)
api.add_router("/hazards/", hazard_steps.steps)


for kind in ANSWERED:
    api.add_exception_handler(kind, lambda request, exc: problem_of(exc, request))
