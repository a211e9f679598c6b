"""Error pages: what happened, what was kept, what to do. The urlconf names these as its handlers."""

import sys
from http import HTTPStatus
from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from safetyplant.access.rendering import error_response


def bad_request(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return error_response(request, HTTPStatus.BAD_REQUEST)


def forbidden(request: HttpRequest, exception: Any = None) -> HttpResponse:
    message = getattr(exception, "message", "") or (str(exception) if exception else "")
    return error_response(request, HTTPStatus.FORBIDDEN, message=message)


def not_found(request: HttpRequest, exception: Http404 | None = None) -> HttpResponse:
    """Also what lies outside someone's scope: whether it exists is not told."""
    return error_response(request, HTTPStatus.NOT_FOUND)


def server_error(request: HttpRequest) -> HttpResponse:
    """500, or 503 when the database is what fails: then trying again soon is the right advice."""
    fault = sys.exc_info()[1]
    if isinstance(fault, (OperationalError, InterfaceError)):
        response = error_response(request, HTTPStatus.SERVICE_UNAVAILABLE)
        response["Retry-After"] = "10"
        return response
    return error_response(request, HTTPStatus.INTERNAL_SERVER_ERROR)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Nearly always a page that stood open over a login or logout in another tab."""
    message = _("This page was open for too long or you signed in elsewhere in between. Reload it and send again.")
    return error_response(request, HTTPStatus.FORBIDDEN, message=message, code="csrf")
