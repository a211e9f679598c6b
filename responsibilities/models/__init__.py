"""The organisation, who answers for what, and everything that falls due."""

from responsibilities.models.appointment import Appointment, ChainSnapshot
from responsibilities.models.person import Person
from responsibilities.models.place import Place, Post, RouteStop
from responsibilities.models.unit import Unit, UnitPlacement

__all__ = [
    "Appointment",
    "ChainSnapshot",
    "Person",
    "Place",
    "Post",
    "RouteStop",
    "Unit",
    "UnitPlacement",
]
