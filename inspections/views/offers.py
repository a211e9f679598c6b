"""A thing the reader of a record may do now."""

from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True)
class Offer:
    """A link to its page, or with `posts` a button that does it at once. `tone` primary: the reader owes it."""

    label: str | Promise
    url: str
    icon: str
    tone: str = "plain"
    posts: bool = False
