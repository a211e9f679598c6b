"""Read-only figures of this room: who answers where and what is missing, and how the engine of reminders does."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from django.db import connection
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from responsibilities.chain import ChainReader
from responsibilities.choices import SINGLE_HOLDER_ROLES, RoleCode
from responsibilities.models import Appointment, Deadline, Heartbeat, Level, Person, Unit
from safetyplant.notifications.metrics import DeliveryCounts, DeliveryHealth, delivery_counts, delivery_health
from safetyplant.shell.moments import day_text

if TYPE_CHECKING:
    from django.db.models import QuerySet

#: The sweep runs once a minute; three missed runs are a fault that someone must look at.
SWEEP_LATE = timedelta(minutes=3)
SHOWN_FAILING = 20


class GapKind(StrEnum):
    NO_HOLDER = "no_holder"
    EXPIRED = "expired"
    INACTIVE = "inactive"
    TWICE = "twice"


GAP_LABELS: dict[str, str | Promise] = {
    GapKind.NO_HOLDER: gettext_lazy("Nobody appointed"),
    GapKind.EXPIRED: gettext_lazy("Appointment expired"),
    GapKind.INACTIVE: gettext_lazy("Holder has no access"),
    GapKind.TWICE: gettext_lazy("Same person twice in one chain"),
}


@dataclass(frozen=True)
class Gap:
    """A link of the chain that does not hold: `text` says what is wrong and who answers instead."""

    kind: GapKind
    role: str
    text: str


@dataclass(frozen=True)
class Holder:
    """Who holds a role of a unit on the day. `acting` is the deputy who stands in; `is_gap` when nobody living does."""

    appointment: Appointment
    acting: Person | None = None

    @property
    def person(self) -> Person:
        return self.acting or self.appointment.person

    @property
    def is_gap(self) -> bool:
        return not self.person.is_active

    @property
    def title(self) -> str:
        """The role, with the field of a field leader."""
        role = str(self.appointment.get_role_display())
        if not self.appointment.field:
            return role
        return _("%(role)s, %(field)s") % {"role": role, "field": self.appointment.get_field_display()}

    @property
    def note(self) -> str:
        if self.acting is None:
            return ""
        return _("acting for %(name)s") % {"name": self.appointment.person.name}


@dataclass
class Node:
    """One unit of the tree on the day, with its holders and gaps."""

    unit: Unit
    depth: int
    holders: list[Holder] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    children: list["Node"] = field(default_factory=list)
    trail: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Organisation:
    on: date
    roots: list[Node]
    nodes: list[Node]

    @property
    def counts(self) -> list[tuple[str | Promise, int]]:
        """How many gaps of each kind, as (words, number); kinds without any are left out."""
        found = Counter(gap.kind for node in self.nodes for gap in node.gaps)
        return [(label, found[GapKind(kind)]) for kind, label in GAP_LABELS.items() if found[GapKind(kind)]]

    @property
    def gap_count(self) -> int:
        return sum(len(node.gaps) for node in self.nodes)

    @property
    def with_gaps(self) -> list[Node]:
        return [node for node in self.nodes if node.gaps]


def organisation_on(user: Person, on: date | None = None) -> Organisation:
    """The tree as it stood on a day (default: today), in six queries whatever its size."""
    reader = ChainReader(on)
    units = {unit.pk: unit for unit in _units_of_day(Unit.objects.visible_to(user), reader.on)}
    nodes = {pk: Node(unit, depth=len(_above(reader, pk, units))) for pk, unit in units.items()}
    _add_holders(nodes, reader.on)
    _add_gaps(nodes, reader)
    roots: list[Node] = []
    for pk, node in nodes.items():
        above = _above(reader, pk, units)
        node.trail = [units[each].name for each in reversed(above)]
        (nodes[above[0]].children if above else roots).append(node)
    return Organisation(reader.on, roots, list(_walk(roots)))


def _units_of_day(units: "QuerySet[Unit]", on: date) -> "QuerySet[Unit]":
    return units.filter(Q(closed_on__isnull=True) | Q(closed_on__gt=on), placements__period__contains=on).order_by("path")


def _above(reader: ChainReader, pk: int, units: dict[int, Unit]) -> list[int]:
    """Units above, nearest first, among those the reader sees."""
    return [each for each in reader.lineage(pk)[1:] if each in units]


def _walk(nodes: Iterable[Node]) -> Iterable[Node]:
    for node in nodes:
        yield node
        yield from _walk(node.children)


SHOWN_ORDER = [*RoleCode.values]


def _add_holders(nodes: dict[int, Node], on: date) -> None:
    in_force = Appointment.objects.covering(on).filter(unit__in=nodes).select_related("person", "deputy_of")
    appointments = sorted(in_force, key=lambda a: (SHOWN_ORDER.index(a.role), a.starts_on, a.pk))
    deputies = {a.deputy_of_id: a.person for a in appointments if a.role == RoleCode.DEPUTY and a.person.is_active}
    for appointment in appointments:
        if appointment.role != RoleCode.DEPUTY:
            nodes[appointment.unit_id].holders.append(Holder(appointment, deputies.get(appointment.pk)))


def _add_gaps(nodes: dict[int, Node], reader: ChainReader) -> None:
    ended = Appointment.objects.filter(role__in=SINGLE_HOLDER_ROLES, ends_on__lt=reader.on, unit__in=nodes)
    newest = ended.order_by("unit_id", "role", "-ends_on").distinct("unit_id", "role").select_related("person")
    last = {(appointment.unit_id, appointment.role): appointment for appointment in newest}
    for pk, node in nodes.items():
        for role in _expected_roles(reader, pk):
            if not any(holder.appointment.role == role for holder in node.holders):
                node.gaps.append(_missing(reader, pk, role, last.get((pk, role))))
        node.gaps += [_inactive(holder) for holder in node.holders if holder.is_gap and holder.appointment.role in _LINKS]
        node.gaps += _twice(reader, pk)


_LINKS = (*SINGLE_HOLDER_ROLES, RoleCode.FIELD_LEADER)


def _expected_roles(reader: ChainReader, pk: int) -> list[RoleCode]:
    """A unit has a head; the top of the tree is led by the director, with a leader in charge beside them."""
    is_top = len(reader.lineage(pk)) == 1
    return [RoleCode.DIRECTOR, RoleCode.LEADER] if is_top else [RoleCode.UNIT_HEAD]


def _missing(reader: ChainReader, pk: int, role: RoleCode, last: Appointment | None) -> Gap:
    instead = reader.chain(pk).above(None, role)
    words = {"role": role.label, "instead": instead.name if instead else _("nobody")}
    if last is None:
        return Gap(GapKind.NO_HOLDER, role, _("%(role)s: nobody is appointed. %(instead)s answers instead.") % words)
    words |= {"name": last.person.name, "day": day_text(last.ends_on) if last.ends_on else ""}
    text = _("%(role)s: %(name)s was appointed through %(day)s. %(instead)s answers instead.")
    return Gap(GapKind.EXPIRED, role, text % words)


def _inactive(holder: Holder) -> Gap:
    words = {"role": holder.title, "name": holder.person.name}
    return Gap(GapKind.INACTIVE, holder.appointment.role, _("%(role)s: %(name)s has no access. The next above answers.") % words)


def _twice(reader: ChainReader, pk: int) -> list[Gap]:
    """The unit's own holder also holds a link above it: a late thing would climb from one hand into the same hand."""
    links = [link for link in reader.chain(pk).links if link.person is not None]
    found: dict[int, Gap] = {}
    for at, link in enumerate(links):
        again = next((above for above in links[at + 1 :] if above.person == link.person), None)
        if link.unit_id == pk and again is not None and link.person is not None:
            words = {
                "name": link.person.name,
                "role": RoleCode(link.role).label,
                "other": RoleCode(again.role).label,
            }
            text = _("%(name)s is %(role)s here and %(other)s above: nobody else hears of what is late.")
            found.setdefault(link.person.pk, Gap(GapKind.TWICE, link.role, text % words))
    return list(found.values())


@dataclass(frozen=True)
class EngineHealth:
    """Whether what falls due is told: the sweep, its backlog, the deliveries after it."""

    sweep: Heartbeat | None
    is_late: bool
    oldest_untold: datetime | None
    failing_count: int
    failing: list[Deadline]
    deliveries: DeliveryHealth

    @property
    def is_well(self) -> bool:
        return not (self.is_late or self.failing_count or self.deliveries.failed or self.deliveries.undeliverable)


def engine_health(now: datetime | None = None) -> EngineHealth:
    """Five small queries; the backlog is the head of the partial index that the sweep itself follows."""
    moment = now or timezone.now()
    heartbeat = Heartbeat.objects.filter(name="sweep").first()
    oldest = Deadline.objects.due_for_sweep(moment).values_list("next_step_at", flat=True).first()
    failing = Deadline.objects.open().filter(sweep_failures__gt=0, next_step_at__isnull=False)
    return EngineHealth(
        sweep=heartbeat,
        is_late=is_sweep_late(heartbeat, moment),
        oldest_untold=oldest,
        failing_count=failing.count(),
        failing=list(failing.select_related("owner", "unit", "level").order_by("due_at", "pk")[:SHOWN_FAILING]),
        deliveries=delivery_health(moment),
    )


def is_sweep_late(heartbeat: Heartbeat | None, now: datetime) -> bool:
    return heartbeat is None or heartbeat.finished_at is None or now - heartbeat.finished_at > SWEEP_LATE


@dataclass(frozen=True)
class EngineSummary:
    """The engine's health in a few numbers, for the dashboard: mails of the last 24 hours, deadlines that fail."""

    swept_at: datetime | None
    is_late: bool
    failing: int
    mails: DeliveryCounts

    @property
    def is_well(self) -> bool:
        return not (self.is_late or self.failing or self.mails.undelivered)


#: Deadlines by the partial index `deadline_failing`.
ENGINE = """
    SELECT (SELECT finished_at FROM responsibilities_heartbeat WHERE name = 'sweep'),
           (SELECT count(*) FROM responsibilities_deadline
            WHERE status = 'open' AND sweep_failures > 0 AND next_step_at IS NOT NULL)
"""


def engine_summary(now: datetime | None = None) -> EngineSummary:
    """Two plain statements, over partial indexes: cost follows what waits, fails and was sent within the day."""
    moment = now or timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(ENGINE)
        swept_at, failing = cursor.fetchone()
    is_late = swept_at is None or moment - swept_at > SWEEP_LATE
    return EngineSummary(swept_at, is_late, failing, delivery_counts(moment))


@dataclass(frozen=True)
class WaitingAnswer:
    """Something late about which somebody higher up was asked, and has not answered yet. `level` is None where none is known."""

    title: str
    link: str
    unit: str
    level: Level | None
    due_at: datetime
    answer_due_at: datetime
    addressee_id: int
    addressee: str


@dataclass(frozen=True)
class WaitingAnswers:
    """The first of the questions that wait, and how many wait in all and of the reader."""

    shown: list[WaitingAnswer]
    count: int = 0
    mine: int = 0


#: `mine` first, then the longest waiting. Sorting reads all that wait, by their partial index, so counting them costs nothing.
ANSWERS = """
    WITH waiting AS (
        SELECT count(*) OVER () AS in_all, count(*) FILTER (WHERE e.addressee_id = %(user)s) OVER () AS of_user,
               e.id, e.asked_at, e.addressee_id, e.answer_deadline_id, d.title, d.link, d.due_at, d.level_id, d.unit_id
        FROM responsibilities_escalation AS e JOIN responsibilities_deadline AS d ON d.id = e.deadline_id
        WHERE e.settled_at IS NULL AND e.suspended_at IS NULL AND {scope}
        ORDER BY e.addressee_id <> %(user)s, e.asked_at, e.id LIMIT %(limit)s
    )
    SELECT waiting.title, waiting.link, unit.name, waiting.level_id, waiting.due_at, answer.due_at,
           waiting.addressee_id, person.name, waiting.in_all, waiting.of_user
    FROM waiting
    JOIN responsibilities_unit AS unit ON unit.id = waiting.unit_id
    JOIN responsibilities_deadline AS answer ON answer.id = waiting.answer_deadline_id
    JOIN responsibilities_person AS person ON person.id = waiting.addressee_id
    ORDER BY waiting.addressee_id <> %(user)s, waiting.asked_at, waiting.id
"""


def waiting_answers(user: Person, unit_ids: Iterable[int] | None, levels: Iterable[Level], *, limit: int = 8) -> WaitingAnswers:
    """Escalations without an answer about the units (None: all), those asked of `user` first, then the longest waiting."""
    scope = "TRUE" if unit_ids is None else "d.unit_id = ANY(%(units)s)"
    params = {"user": user.pk, "limit": limit, "units": list(unit_ids) if unit_ids is not None else None}
    by_code = {level.code: level for level in levels}
    with connection.cursor() as cursor:
        cursor.execute(ANSWERS.format(scope=scope), params)
        rows = cursor.fetchall()
    shown = [
        WaitingAnswer(title, link, unit, by_code.get(code), due_at, answer_due_at, addressee_id, addressee)
        for title, link, unit, code, due_at, answer_due_at, addressee_id, addressee, _in_all, _of_user in rows
    ]
    return WaitingAnswers(shown, *rows[0][-2:]) if rows else WaitingAnswers([])


UNITS_AND_HEADS = """
    SELECT unit.id, unit.name, unit.path, unit.parent_id, EXISTS (
        SELECT 1 FROM responsibilities_appointment AS held JOIN responsibilities_person AS person ON person.id = held.person_id
        WHERE held.unit_id = unit.id AND held.role = 'unit_head' AND person.is_active
            AND held.starts_on <= %(today)s AND (held.ends_on IS NULL OR held.ends_on >= %(today)s)
    ) AS has_head
    FROM responsibilities_unit AS unit WHERE unit.is_active AND {scope} ORDER BY unit.path
"""


def units_with_heads(unit_ids: Iterable[int] | None, today: date) -> list[Unit]:
    """The units (None: all in use) down the tree, each with `has_head`: whether somebody with access heads it on the day."""
    scope = "TRUE" if unit_ids is None else "unit.id = ANY(%(units)s)"
    params = {"today": today, "units": list(unit_ids) if unit_ids is not None else None}
    return list(Unit.objects.raw(UNITS_AND_HEADS.format(scope=scope), params))
