"""Signing in through allauth, with the rules of a plant."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import LoginForm as AllauthLoginForm


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by the safety officer; nobody signs up."""

    def is_open_for_signup(self, request: object) -> bool:
        return False


class LoginForm(AllauthLoginForm):
    """Fields `username` and `password` (the outside contract), where allauth says `login`."""
