"""The site as an app on the phone: its manifest, and the service worker that serves it without a signal."""

import hashlib
import json
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.templatetags.static import static
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from safetyplant.access.rules import public

#: What pages without signal are made of.
ASSETS = (
    "dist/styles.css",
    "dist/app.js",
    "dist/field.js",
    "dist/select.js",
    "dist/fonts/inter-latin-wght-normal.woff2",
    "dist/fonts/bootstrap-icons.woff2",
    "img/mark.svg",
    "img/app-192.png",
)
COLOUR = "#0b655e"


@public
@require_safe
@cache_control(max_age=3600)
def manifest(_request: HttpRequest) -> JsonResponse:
    """Public: a browser asks for it before anybody signs in."""
    icons = [
        {"src": static(f"img/app-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
        for size in (192, 512)
        for purpose in ("any", "maskable")
    ]
    body = {
        "id": "/",
        "name": "SafetyPlant",
        "short_name": "SafetyPlant",
        "description": _("Inspections, hazards and deadlines of the plant, with and without a signal"),
        "lang": get_language(),
        "start_url": "/field/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#f4f6f5",
        "theme_color": COLOUR,
        "icons": icons,
        "shortcuts": [
            {"name": _("Start an inspection"), "url": "/field/inspection/"},
            {"name": _("Report a hazard"), "url": "/field/hazard/"},
        ],
    }
    return JsonResponse(body, content_type="application/manifest+json")


@public
@require_safe
@cache_control(no_cache=True)
def service_worker(_request: HttpRequest) -> HttpResponse:
    """The built worker, with the addresses of this version's assets before it. From `/`, so that it may serve every page.

    Public: it holds no data, and must load before anybody signs in.
    """
    assets = [static(name) for name in ASSETS]
    body = f"const VERSION = {json.dumps(_version())};\nconst ASSETS = {json.dumps(assets)};\n{_read('dist/sw.js').decode()}"
    return HttpResponse(body, content_type="text/javascript; charset=utf-8", headers={"Service-Worker-Allowed": "/"})


@cache
def _version() -> str:
    """Changes when any of the assets does: without hashes in their names the phone would not notice."""
    return hashlib.sha256(b"".join(_read(name) for name in (*ASSETS, "dist/sw.js"))).hexdigest()[:12]


def _read(name: str) -> bytes:
    path = finders.find(name)
    return Path(path).read_bytes() if path else b""
