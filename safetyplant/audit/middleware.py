"""Gives every request its audit context, and the request an id that also stands in the response."""

import ipaddress
import re
import uuid
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from safetyplant.audit.choices import Channel
from safetyplant.audit.context import AuditContext, audit_context

REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,64}")


def client_ip(request: HttpRequest) -> str | None:
    """The address the request came from.

    SECURITY: X-Forwarded-For is whatever the client likes, so only as many entries from its right end count as there are
    proxies of our own (TRUSTED_PROXIES).
    """
    proxies = settings.TRUSTED_PROXIES
    forwarded = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    given = forwarded[-proxies] if proxies and len(forwarded) >= proxies else request.META.get("REMOTE_ADDR", "")
    try:
        # Written as the database gives it back, or the digest over it would not match later.
        return str(ipaddress.ip_address(given))
    except ValueError:
        return None


class AuditContextMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        request_id = given if REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
        channel = Channel.API if request.path.startswith("/api/") else Channel.WEB
        with audit_context(AuditContext(channel=channel, ip=client_ip(request), request_id=request_id)):
            response = self.get_response(request)
        response["X-Request-ID"] = request_id
        return response
