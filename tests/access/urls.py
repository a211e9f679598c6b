"""Addresses that exist for these tests alone, beside the real ones."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import path

from safetyplant.access.exceptions import NotAllowed, StaleVersion, WrongState
from safetyplant.access.rules import public, requires, signed_in
from safetyplant.urls import handler400, handler403, handler404, handler500  # noqa: F401
from safetyplant.urls import urlpatterns as real

REFUSALS: dict[str, Exception] = {
    "state": WrongState("It is closed already."),
    "stale": StaleVersion("Someone saved at 14:18."),
    "right": NotAllowed("Only the verifier may close it."),
    "invalid": ValidationError("The date lies in the past."),
    "fault": RuntimeError("boom"),
}


def undeclared(request: HttpRequest) -> HttpResponse:
    return HttpResponse("secret")


@public
def open_to_all(request: HttpRequest) -> HttpResponse:
    return HttpResponse("open")


@signed_in
def for_people(request: HttpRequest) -> HttpResponse:
    return HttpResponse(request.user.username)


@requires(lambda user: user.username == "officer")
def for_the_officer(request: HttpRequest) -> HttpResponse:
    return HttpResponse("officer")


@signed_in
def refuse(request: HttpRequest, why: str) -> HttpResponse:
    raise REFUSALS[why]


def routes(prefix: str) -> list[Any]:
    return [
        path(f"{prefix}undeclared/", undeclared),
        path(f"{prefix}open/", open_to_all),
        path(f"{prefix}people/", for_people),
        path(f"{prefix}officer/", for_the_officer),
        path(f"{prefix}refuse/<str:why>/", refuse),
    ]


urlpatterns = [*routes("t/"), *routes("api/v1/t/"), *real]
