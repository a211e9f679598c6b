"""Every view declares who may enter; a view that declares nothing admits nobody.

@requires(lambda user: user.standing.has(Right.VERIFY_FIXES))
@require_GET
def hazard_list(request): ...
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

Check = Callable[[Any], bool]
View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Rule:
    """`is_public`: anyone, signed in or not. Otherwise a signed-in person for whom `check` holds."""

    name: str
    is_public: bool = False
    check: Check | None = None

    def admits(self, user: Any) -> bool:
        if self.is_public:
            return True
        return bool(user.is_authenticated) and (self.check is None or bool(self.check(user)))


PUBLIC = Rule("public", is_public=True)
SIGNED_IN = Rule("signed_in")


def _declare(view: View, rule: Rule) -> View:
    view.access_rule = rule  # type: ignore[attr-defined]
    return view


def public(view: View) -> View:
    """Open to anonymous visitors: login, health, language. Say why in the view's docstring."""
    return _declare(view, PUBLIC)


def signed_in(view: View) -> View:
    """Any signed-in person; which rows they see is then `visible_to`."""
    return _declare(view, SIGNED_IN)


def requires(check: Check) -> Callable[[View], View]:
    """A signed-in person for whom `check(user)` holds, else 403."""
    rule = Rule(getattr(check, "__name__", "check"), check=check)

    def decorate(view: View) -> View:
        return _declare(view, rule)

    return decorate
