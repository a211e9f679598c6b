"""The API under /api/v1/: the rooms' routers put together, one way to say what went wrong (RFC 9457)."""

from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from ninja import NinjaAPI
from ninja.errors import HttpError
from ninja.errors import ValidationError as BodyError

from inspections.api import hazard_steps, major, place_checks
from inspections.api import plans as inspection_plans
from inspections.api import views as inspections
from inspections.api.penalties import penalties
from inspections.workflows.inspections import Incomplete
from responsibilities import api as responsibilities
from safetyplant.access.exceptions import Refusal
from safetyplant.access.rendering import problem
from safetyplant.rest.auth import token_or_session

NOT_TAKEN = gettext_lazy("Some of what was sent cannot be taken. Nothing was saved.")

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
    "inspections": inspections.inspections,
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


@api.exception_handler(BodyError)
def body_invalid(request: HttpRequest, exc: BodyError) -> HttpResponse:
    """422 with one entry per fault: where it is, and what is wrong with it."""
    errors = [{"field": _field_of(error), "message": str(error["msg"])} for error in exc.errors]
    return problem(request, 422, str(NOT_TAKEN), errors=errors)


@api.exception_handler(Incomplete)
def incomplete(request: HttpRequest, exc: Incomplete) -> HttpResponse:
    faults = [{"field": f"answers.{position}", "message": fault} for position, fault in exc.faults.items()]
    return problem(request, 422, str(exc.message), errors=faults)


@api.exception_handler(Refusal)
def refused(request: HttpRequest, exc: Refusal) -> HttpResponse:
    return problem(request, exc.status, str(exc.message), code=type(exc).__name__)


@api.exception_handler(ValidationError)
def rule_broken(request: HttpRequest, exc: ValidationError) -> HttpResponse:
    """Where the rule names fields, one entry per field; what is said there is not said twice."""
    by_field = dict(exc.message_dict) if hasattr(exc, "error_dict") else {NON_FIELD_ERRORS: exc.messages}
    whole = " ".join(by_field.pop(NON_FIELD_ERRORS, []))
    errors = [{"field": name, "message": " ".join(messages)} for name, messages in by_field.items()]
    return problem(request, 422, whole or str(NOT_TAKEN), **({"errors": errors} if errors else {}))


@api.exception_handler(Http404)
def missing(request: HttpRequest, exc: Http404) -> HttpResponse:
    return problem(request, 404, _("This does not exist, or not for you."))


@api.exception_handler(HttpError)
def http_error(request: HttpRequest, exc: HttpError) -> HttpResponse:
    return problem(request, exc.status_code, exc.message)


def _field_of(error: dict[str, Any]) -> str:
    """`body.data.title` becomes `title`."""
    where = [str(part) for part in error.get("loc", ())]
    return ".".join(where[2:] if where[:1] == ["body"] else where[1:]) or ".".join(where)
