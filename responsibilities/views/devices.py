"""Devices that may be used in hazardous areas: which there are, and registering the one in one's hand."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from responsibilities.forms.devices import DeviceForm
from responsibilities.models import CertifiedDevice
from responsibilities.permissions import can_manage_catalogue
from responsibilities.services.devices import register_device, withdraw_device
from responsibilities.views.form_page import add_faults, form_page, posted
from safetyplant.access.rules import requires
from safetyplant.shell.devices import device_of

MOST_SHOWN = 200


@requires(can_manage_catalogue)
@require_http_methods(["GET", "HEAD", "POST"])
def device_list(request: HttpRequest) -> HttpResponse:
    device: Any = device_of(request)
    form = DeviceForm(posted(request))
    if form.is_valid() and device is not None:
        try:
            register_device(device.key, **form.cleaned_data, by=request.user)
        except ValidationError as fault:
            add_faults(form, fault)
        else:
            messages.success(request, _("This device is registered. Places without phones no longer warn on it."))
            return redirect("responsibilities:device-list")
    rows = CertifiedDevice.objects.visible_to(request.user).filter(withdrawn_at=None)
    return form_page(
        request,
        form if device is not None else None,
        title=_("Devices for hazardous areas"),
        lead=_("Register the device in your hand: sign in on it and open this page there."),
        submit=_("Register this device"),
        back=reverse("responsibilities:level-list"),
        crumbs=[(_("Levels and reminders"), reverse("responsibilities:level-list"))],
        template="responsibilities/device_list.html",
        devices=rows.select_related("registered_by")[:MOST_SHOWN],
        this_device=device.key if device is not None else "",
        today=timezone.localdate(),
    )


@requires(can_manage_catalogue)
@require_POST
def device_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    withdraw_device(get_object_or_404(CertifiedDevice.objects.visible_to(request.user), pk=pk), by=request.user)
    messages.success(request, _("Withdrawn. Places without phones warn on this device again."))
    return redirect("responsibilities:device-list")
