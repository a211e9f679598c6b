"""My work."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from responsibilities import home
from safetyplant.access.rules import signed_in
from safetyplant.notifications.models import Message

LATEST_MESSAGES = 5


@signed_in
@require_safe
def my_work(request: HttpRequest) -> HttpResponse:
    """What do I owe, what is late, what happened: in one glance, for every role."""
    now = timezone.now()
    groups = home.groups_for(request.user, now=now)
    asked = home.asked_of(request.user)
    sections = home.sections_for(request.user)
    context = {
        "now": now,
        "groups": groups,
        "glance": groups[:3],
        "asked": asked,
        "sections": sections,
        "charge": home.charge_of(request.user, now=now),
        "owes_nothing": not any(group.count for group in groups),
        "latest": Message.objects.visible_to(request.user).newest_first()[:LATEST_MESSAGES],
    }
    return render(request, "responsibilities/my_work.html", context)
