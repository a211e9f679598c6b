"""The inbox: what each person was told."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from safetyplant.access.rules import signed_in
from safetyplant.notifications import services
from safetyplant.notifications.inbox import read_page
from safetyplant.notifications.metrics import UNREAD_CAP, unread_count
from safetyplant.notifications.models import Message


@signed_in
@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    unread_only = request.GET.get("show") == "unread"
    page = read_page(request.user, unread_only=unread_only, cursor=request.GET.get("before", ""))
    unread = unread_count(request.user)
    context = {"page": page, "unread_only": unread_only, "unread": unread, "unread_is_capped": unread >= UNREAD_CAP}
    return render(request, "notifications/message_list.html", context)


@signed_in
@require_POST
def open_message(request: HttpRequest, pk: int) -> HttpResponse:
    """Reading changes a row, so it is a POST; the redirect goes to the record, whose own rule then decides."""
    message = get_object_or_404(Message.objects.visible_to(request.user), pk=pk)
    services.mark_read(message, by=request.user)
    return redirect(message.link or reverse("notifications:inbox"))


@signed_in
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    services.mark_all_read(by=request.user)
    return redirect("notifications:inbox")
