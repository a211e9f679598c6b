"""Login and account at the contract's addresses; of allauth only what a plant needs (no sign-up)."""

from allauth.account import views as allauth_views
from allauth.mfa.base import views as mfa_views
from django.urls import include, path

from safetyplant.shell import app, pins, views

urlpatterns = [
    path("manifest.webmanifest", app.manifest, name="manifest"),
    path("sw.js", app.service_worker, name="service-worker"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("login/", views.LoginView.as_view(), name="account_login"),
    path("login/code/", mfa_views.authenticate, name="mfa_authenticate"),
    path("logout/", allauth_views.logout, name="account_logout"),
    path("account/", views.account, name="account"),
    path("account/password/", views.PasswordChangeView.as_view(), name="account_change_password"),
    path("account/confirm/", allauth_views.reauthenticate, name="account_reauthenticate"),
    path("account/tokens/", views.tokens, name="account_tokens"),
    path("account/tokens/<int:pk>/revoke/", views.revoke, name="account_token_revoke"),
    path("account/mfa/", mfa_views.index, name="mfa_index"),
    path("account/mfa/confirm/", mfa_views.reauthenticate, name="mfa_reauthenticate"),
    path("account/mfa/totp/", include("allauth.mfa.totp.urls")),
    path("account/mfa/recovery-codes/", include("allauth.mfa.recovery_codes.urls")),
    path("account/pin/", pins.pin, name="account_pin"),
    path("account/pin/close/", pins.pin_close, name="account_pin_close"),
    path("switch/", pins.switch, name="account_switch"),
    path("language/", views.set_language, name="language"),
    path("theme/", views.set_theme, name="theme"),
]
