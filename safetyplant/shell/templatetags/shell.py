"""Template tags and filters known in every template (a builtin library)."""

from django import template

register = template.Library()
