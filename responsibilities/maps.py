"""Where a site plan is shown with what is open on it: the room that has something to show on it registers its page."""

from django.urls import reverse

_pages: list[str] = []


def register_map(url_name: str) -> None:
    """The page that takes the id of a site plan."""
    _pages[:] = [url_name]


def map_url(plan_pk: int) -> str:
    """Empty as long as no room shows plans."""
    return reverse(_pages[0], args=[plan_pk]) if _pages else ""
