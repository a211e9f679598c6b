"""One refusal, three forms: a page, a banner for htmx, problem JSON (RFC 9457) for scripts.

Templates are named, not imported: `<status>.html` for pages, `errors/banner.html` for parts of a page.
"""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

TITLES = {
    400: _("This request cannot be read"),
    401: _("Sign in first"),
    403: _("You may not do this"),
    404: _("This does not exist, or not for you"),
    405: _("This address does not take that"),
    409: _("This has changed in the meantime"),
    422: _("Some answers need another look"),
    500: _("Something went wrong on our side"),
    503: _("SafetyPlant cannot reach its records just now"),
}


def is_api(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")


def is_partial(request: HttpRequest) -> bool:
    """A part of a page asked for by htmx; a boosted or restored whole page is not one."""
    wants_part = request.headers.get("HX-Request") == "true" and request.headers.get("HX-Boosted") != "true"
    return wants_part and request.headers.get("HX-History-Restore-Request") != "true"


def is_script(request: HttpRequest) -> bool:
    """Asked by a script (autosave, upload, API), which must never take a login page for success."""
    mode = request.headers.get("Sec-Fetch-Mode", "navigate")
    accepts_json = request.headers.get("Accept", "").startswith("application/json")
    return is_api(request) or accepts_json or mode != "navigate" or request.method not in ("GET", "HEAD", "POST")


def problem(request: HttpRequest, status: int, detail: object = "", **members: Any) -> HttpResponse:
    """RFC 9457: `title` says the kind of problem, `detail` this occurrence; extra members as given (`errors`, …)."""
    body = {
        "type": "about:blank",
        "title": str(TITLES.get(status, "")),
        "status": status,
        "detail": str(detail),
        "instance": request.path,
        **members,
    }
    return HttpResponse(json.dumps(body, ensure_ascii=False), status=status, content_type="application/problem+json")


def error_response(request: HttpRequest, status: int, *, message: object = "", code: str = "") -> HttpResponse:
    """`message` is the sentence for the person; `code` tells a template which kind of 409 it is."""
    title = TITLES.get(status, "")
    context = {"status": status, "error_title": title, "message": message, "code": code, "back_url": _came_from(request)}
    if is_partial(request):
        response = render(request, "errors/banner.html", context, status=status)
        response["HX-Retarget"] = "#sp-messages"
        response["HX-Reswap"] = "innerHTML show:top"
        return response
    if is_script(request):
        return problem(request, status, message, **({"code": code} if code else {}))
    return render(request, f"{status}.html", context, status=status)


def _came_from(request: HttpRequest) -> str:
    """The page of ours with the form or button that led here, so that going back is one tap."""
    url = request.META.get("HTTP_REFERER", "")
    is_ours = url_has_allowed_host_and_scheme(url, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return url if is_ours and url != request.build_absolute_uri() else ""
