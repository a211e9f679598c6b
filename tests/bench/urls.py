"""The product's addresses and the floor: the least that an authenticated Django view with a page of 50 KB can cost."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from safetyplant.access.rules import signed_in
from safetyplant.urls import *  # noqa: F403
from safetyplant.urls import urlpatterns as product

PAGE = "<!doctype html><title>floor</title><p>" + "x" * 50_000


@signed_in
def floor(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"{PAGE}{request.user.pk}")


urlpatterns = [path("floor/", floor), *product]
