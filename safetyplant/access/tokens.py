"""Issue, revoke and recognise access tokens; and read them from a request."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from safetyplant.access.exceptions import WrongState
from safetyplant.access.models import ApiToken
from safetyplant.access.transitions import require

PREFIX = "sp_"
SHOWN = 8
#: Use is noted at most this often, else every API call would write a row.
NOTE_USE_EVERY = timedelta(minutes=5)
MAX_LIVE_TOKENS = 20


def digest_of(secret: str) -> str:
    """Plain SHA-256 is enough: the secret has 256 random bits, so there is nothing to guess slowly against."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def issue_token(person: Any, *, name: str, by: Any) -> tuple[ApiToken, str]:
    """A new token and its secret, which exists only in this return value.

    SECURITY: for oneself alone, since whoever has it acts as that person.
    """
    _require_own(person.pk, by)
    if ApiToken.objects.filter(person=person, revoked_at=None).count() >= MAX_LIVE_TOKENS:
        raise WrongState(_("Revoke a token you no longer use before you create another."))
    secret = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(person=person, name=name, digest=digest_of(secret), prefix=secret[:SHOWN])
    token.refresh_from_db(fields=["created_at"])
    return token, secret


def revoke_token(token: ApiToken, *, by: Any, now: datetime | None = None) -> None:
    """The next request with it is refused. One's own; revoking twice changes nothing."""
    _require_own(token.person_id, by)
    ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=now or timezone.now())


def revoke_all_tokens(person: Any, *, now: datetime | None = None) -> int:
    """None of this person's tokens opens anything any more. Returns how many were live. The caller has checked the right."""
    return ApiToken.objects.filter(person=person, revoked_at=None).update(revoked_at=now or timezone.now())


def _require_own(person_id: int, by: Any) -> None:
    require(by.is_active and by.pk == person_id, _("Access tokens are made and revoked by their own person alone."))


def person_for(secret: str, *, now: datetime | None = None) -> Any | None:
    """The active person this secret acts for, or None."""
    if not secret.startswith(PREFIX):
        return None
    token = ApiToken.objects.select_related("person").filter(digest=digest_of(secret), revoked_at=None).first()
    if token is None or not token.person.is_active:
        return None
    now = now or timezone.now()
    if token.last_used_at is None or now - token.last_used_at > NOTE_USE_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
    return token.person


def secret_in(request: HttpRequest) -> str | None:
    """The bearer secret of a request, if it carries one."""
    scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
    return secret.strip() if scheme.lower() == "bearer" and secret.strip() else None
