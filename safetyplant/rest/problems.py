"""What went wrong, as problem JSON (RFC 9457): of a whole request, or of one record among many."""

from functools import singledispatch
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from ninja.errors import HttpError
from ninja.errors import ValidationError as BodyError

from safetyplant.access.exceptions import Refusal
from safetyplant.access.rendering import problem

NOT_TAKEN = gettext_lazy("Some of what was sent cannot be taken. Nothing was saved.")
#: What the API answers in words; a room registers a kind of its own with `problem_of.register`.
ANSWERED = (BodyError, Refusal, ValidationError, Http404, HttpError)


@singledispatch
def problem_of(exc: Exception, _request: HttpRequest) -> HttpResponse:
    """The answer to a refusal; anything that is none is raised on."""
    raise exc


@problem_of.register
def _body_invalid(exc: BodyError, request: HttpRequest) -> HttpResponse:
    """422 with one entry per fault: where it is, and what is wrong with it."""
    errors = [{"field": _field_of(error), "message": str(error["msg"])} for error in exc.errors]
    return problem(request, 422, str(NOT_TAKEN), errors=errors)


@problem_of.register
def _refused(exc: Refusal, request: HttpRequest) -> HttpResponse:
    return problem(request, exc.status, str(exc.message), code=type(exc).__name__)


@problem_of.register
def _rule_broken(exc: ValidationError, request: HttpRequest) -> HttpResponse:
    """Where the rule names fields, one entry per field; what is said there is not said twice."""
    by_field = dict(exc.message_dict) if hasattr(exc, "error_dict") else {NON_FIELD_ERRORS: exc.messages}
    whole = " ".join(by_field.pop(NON_FIELD_ERRORS, []))
    errors = [{"field": name, "message": " ".join(messages)} for name, messages in by_field.items()]
    return problem(request, 422, whole or str(NOT_TAKEN), **({"errors": errors} if errors else {}))


@problem_of.register
def _missing(_exc: Http404, request: HttpRequest) -> HttpResponse:
    return problem(request, 404, _("This does not exist, or not for you."))


@problem_of.register
def _http_error(exc: HttpError, request: HttpRequest) -> HttpResponse:
    return problem(request, exc.status_code, exc.message)


def _field_of(error: dict[str, Any]) -> str:
    """`body.data.title` becomes `title`."""
    where = [str(part) for part in error.get("loc", ())]
    return ".".join(where[2:] if where[:1] == ["body"] else where[1:]) or ".".join(where)
