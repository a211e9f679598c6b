"""Login, account, access tokens, theme and language. Each view carries its access rule."""

from typing import Any

from allauth.account import views as allauth_views
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.templatetags.static import static
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from safetyplant.access.models import ApiToken
from safetyplant.access.pins import pins_on
from safetyplant.access.rules import PUBLIC, SIGNED_IN, public, signed_in
from safetyplant.access.tokens import issue_token, revoke_token
from safetyplant.audit.services import record
from safetyplant.shell.accounts import PreferencesForm, TokenForm
from safetyplant.shell.devices import device_of
from safetyplant.shell.navigation import describe
from safetyplant.shell.preferences import THEMES, keep_language, keep_theme

DEMO_ORDER = ("director", "leader", "officer", "supervisor", "head", "head2", "worker", "worker2")


class FormFaultIs422:
    """An invalid form answers 422 with the form (outside contract); allauth's own views say 200."""

    def form_invalid(self, form: Any) -> HttpResponse:
        response = super().form_invalid(form)  # type: ignore[misc]
        response.status_code = 422
        return response


class LoginView(FormFaultIs422, allauth_views.LoginView):
    access_rule = PUBLIC

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        device = device_of(self.request)
        own = {"has_pins": device is not None and bool(pins_on(device.key))}
        demo = {"demo_accounts": demo_accounts(), "demo_password": settings.DEMO_PASSWORD}
        return {**super().get_context_data(**kwargs), **own, **demo}


class PasswordChangeView(FormFaultIs422, allauth_views.PasswordChangeView):
    access_rule = SIGNED_IN

    def form_valid(self, form: Any) -> HttpResponse:
        person = self.request.user
        with transaction.atomic():
            record("account.password_changed", person, by=person)
            return super().form_valid(form)


def demo_accounts() -> list[tuple[Any, str]]:
    """The demo people with their roles, for the login page; never in production."""
    if settings.IS_PRODUCTION:
        return []
    people = {person.username: person for person in get_user_model().objects.filter(is_demo=True, username__in=DEMO_ORDER)}
    return [(people[name], describe(people[name])) for name in DEMO_ORDER if name in people]


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def account(request: HttpRequest) -> HttpResponse:
    """Language, mail, theme, password, second factor, tokens."""
    form = PreferencesForm(request.POST or None, instance=request.user)
    if request.method != "POST" or not form.is_valid():
        status = 422 if request.method == "POST" else 200
        return render(request, "account/account.html", {"form": form}, status=status)
    person = form.save()
    response = redirect("account")
    if person.language:
        translation.activate(person.language)
        keep_language(response, person.language)
    messages.success(request, _("Saved"))
    return response


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def tokens(request: HttpRequest) -> HttpResponse:
    """Own access tokens. A new secret is shown in this one response and never again."""
    form = TokenForm(request.POST or None)
    secret, status = "", 200
    if request.method == "POST":
        if form.is_valid():
            with transaction.atomic():
                token, secret = issue_token(request.user, name=form.cleaned_data["name"], by=request.user)
                record("account.token_made", request.user, by=request.user, detail={"token": token.name})
            form, status = TokenForm(), 201
        else:
            status = 422
    own = ApiToken.objects.filter(person=request.user)
    context = {"form": form, "secret": secret, "live": own.filter(revoked_at=None), "revoked": own.exclude(revoked_at=None)[:10]}
    return render(request, "account/tokens.html", context, status=status)


@signed_in
@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    token = get_object_or_404(ApiToken, pk=pk, person=request.user)
    with transaction.atomic():
        revoke_token(token, by=request.user)
        record("account.token_revoked", request.user, by=request.user, detail={"token": token.name})
    messages.success(
        request, _("The token “%(name)s” is revoked. Whatever used it is refused from now on.") % {"name": token.name}
    )
    return redirect("account_tokens")


@public
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Anyone may choose, also on the login page; a signed-in person's choice follows them."""
    language = request.POST.get("language", "")
    response = _back(request)
    if language in dict(settings.LANGUAGES):
        if request.user.is_authenticated:
            get_user_model().objects.filter(pk=request.user.pk).update(language=language)
        keep_language(response, language)
    return response


@public
@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """Browsers ask for it beside pages that name no icon of their own, such as a photo opened by itself."""
    return redirect(static("img/mark.svg"))


@public
@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """Anyone may choose; kept in a cookie of this device, since a phone in the sun wants another theme than a desk."""
    response = _back(request)
    theme = request.POST.get("theme", "")
    if theme in THEMES:
        keep_theme(response, theme)
    return response


def _back(request: HttpRequest) -> HttpResponse:
    """SECURITY: only to a page of ours, else the form would be an open redirect."""
    url = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(url, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return redirect(url if is_ours else "/")
