"""Who may do what at which address, written down by hand from DESIGN and the roles: what the product is held to.

A row names an address as the resolver does. `enter`: who passes the address's own rule. `kind`: which records it is about, with
who sees them in `SEES`. `may`: who, of those, may take the step. HEAD and WORKER are those of the record's own unit. `keeper` is
the safety officer of the contractor, for whom the plant ends at the contractor.
An address that stands in no row fails the test.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

HEAD, WORKER = "HEAD", "WORKER"
ROLES = ("director", "leader", "officer", "supervisor", "head", "head2", "worker", "worker2", "outsider", "keeper")
NOBODY_SIGNED_IN = ("anonymous", "suspended")
EVERYONE = frozenset(ROLES)
PLANT = frozenset({"director", "leader", "officer", "supervisor"})
ASSESSORS = frozenset({"director", "leader", "officer"})
PLANT_KEEPERS = frozenset({"director", "officer"})
KEEPERS = PLANT_KEEPERS | {"keeper"}
HEADS = frozenset({"head", "head2"})
INSPECTORS = PLANT | HEADS | {"keeper"}
COLLEAGUES = EVERYONE - {"outsider", "keeper"}
FIXERS = frozenset({"director", HEAD})
DIRECTOR = frozenset({"director"})
#: Who fixes a major hazard: the leader, or in their place whoever leads the unit's fixes.
LEADERS = frozenset({"leader", "director", HEAD})
RECORD = PLANT | {HEAD, WORKER}
PERSONAL = ASSESSORS | {HEAD, WORKER}

#: Who sees a record of station A, and its twin of station B.
SEES: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    **dict.fromkeys(
        (
            "hazard",
            "accepted",
            "reported",
            "major",
            "stopped",
            "action",
            "submitted",
            "asked",
            "visit",
            "deadline",
            "escalation",
            "file",
            "inspection plan",
            "planned visit",
            "asked visit",
            "outside visit",
            "listed",
            "proposed",
            "in treatment",
            "lifted",
            "place check",
            "place to check",
        ),
        (RECORD, RECORD),
    ),
    "violation": (PERSONAL, PERSONAL),
    "feed": (EVERYONE, EVERYONE),
    "draft": (frozenset({"supervisor"}), frozenset({"leader"})),
    "round": (PLANT | {HEAD}, PLANT | {HEAD}),
    "message": (frozenset({WORKER}), frozenset({WORKER})),
    "upload": (frozenset({WORKER}), frozenset({WORKER})),
    "token": (frozenset({WORKER}), frozenset({WORKER})),
    "import": (frozenset({"officer"}), frozenset({"director"})),
    "unit": (EVERYONE, COLLEAGUES),
    "place": (COLLEAGUES, COLLEAGUES),
    # By the unit: whoever sees it and may not change it is refused before the place is looked for.
    "place of unit": (EVERYONE, COLLEAGUES),
    "post of unit": (EVERYONE, COLLEAGUES),
    "unit of places": (EVERYONE, COLLEAGUES),
    "site plan": (COLLEAGUES, COLLEAGUES),
    "site plan of unit": (EVERYONE, COLLEAGUES),
    "label": (COLLEAGUES, COLLEAGUES),
    "receipt": (EVERYONE, EVERYONE),
    "device": (PLANT_KEEPERS, PLANT_KEEPERS),
    "person": (COLLEAGUES, COLLEAGUES),
    "suspended person": (COLLEAGUES, COLLEAGUES),
    "appointment": (EVERYONE, COLLEAGUES),
    **dict.fromkeys(
        ("standard", "standard draft", "regulation", "regulation draft", "published", "level", "stage", "schedule"),
        (EVERYONE, EVERYONE),
    ),
}


@dataclass(frozen=True)
class Row:
    route: str
    kind: str = ""
    enter: frozenset[str] = EVERYONE
    may: frozenset[str] | None = None
    methods: str = "GET"
    body: dict[str, Any] = field(default_factory=dict)
    given: dict[str, str] = field(default_factory=dict)
    is_public: bool = False
    #: One's own password and second factor: allauth decides from what the person has set up; only who is signed in matters here.
    is_own_matter: bool = False
    #: Shows to those who enter, and changes nothing for anybody, whatever is sent.
    only_shows: bool = False

    @property
    def is_api(self) -> bool:
        return self.route.startswith("api/")

    @property
    def allows(self) -> frozenset[str]:
        return frozenset(self.methods.split())


def there(names: frozenset[str], side: int) -> frozenset[str]:
    """HEAD and WORKER as the people of station A (0) or B (1)."""
    own = {HEAD: ("head", "head2")[side], WORKER: ("worker", "worker2")[side]}
    return frozenset(own.get(name, name) for name in names)


FORM = "GET POST"
PUBLIC = (
    Row("healthz", is_public=True),
    Row("manifest.webmanifest", is_public=True),
    Row("sw.js", is_public=True),
    Row("readyz", is_public=True),
    Row("login/", is_public=True, methods=FORM),
    Row("login/code/", is_public=True, methods=FORM),
    Row("language/", is_public=True, methods="POST"),
    Row("favicon.ico", is_public=True, methods="GET"),
    Row("switch/", is_public=True, methods=FORM),
    Row("calendar/<str:secret>.ics", "feed", is_public=True),
    Row("theme/", is_public=True, methods="POST"),
)
NONE = frozenset[str]()
ACCOUNT = (
    Row("logout/", methods=FORM),
    Row("account/", methods=FORM),
    Row("account/password/", methods=FORM, is_own_matter=True),
    Row("account/confirm/", methods=FORM, is_own_matter=True),
    Row("account/tokens/", methods=FORM),
    Row("account/pin/", methods=FORM),
    Row("account/pin/close/", methods="POST"),
    Row("account/tokens/<int:pk>/revoke/", "token", methods="POST"),
    *(
        Row(f"account/mfa/{end}", methods=FORM, is_own_matter=True)
        for end in (
            "",
            "confirm/",
            "totp/activate/",
            "totp/deactivate/",
            "recovery-codes/",
            "recovery-codes/generate/",
            "recovery-codes/download/",
        )
    ),
)
MINE = (
    Row(""),
    Row("inbox/"),
    Row("inbox/read/", methods="POST"),
    Row("inbox/<int:pk>/open/", "message", methods="POST"),
    Row("search/"),
    Row("dashboard/", enter=ASSESSORS | HEADS | {"keeper"}),
    Row("files/<sha256:sent_sha256>/", methods="PUT HEAD"),
    Row("files/<int:pk>/", "file"),
    Row("files/<int:pk>/thumb/", "file"),
    Row("files/<int:pk>/", "upload"),
)
IMPORTS = (
    Row("imports/", enter=KEEPERS),
    Row("imports/new/", enter=KEEPERS, methods=FORM),
    *(Row(f"imports/<int:pk>/{end}", "import", enter=KEEPERS) for end in ("", "mapping/")),
    Row("imports/<int:pk>/report/", "import", enter=KEEPERS, may=NONE),
    *(
        Row(f"imports/<int:pk>/{end}/", "import", enter=KEEPERS, methods="POST")
        for end in ("read", "check", "commit", "restart", "discard")
    ),
)
HAZARDS = (
    Row("hazards/"),
    Row("hazards/new/", methods=FORM),
    Row("hazards/<int:pk>/", "hazard"),
    Row("hazards/<int:pk>/", "major"),
    Row("hazards/<int:pk>/sent/", "reported"),
    Row("hazards/<int:pk>/notice/", "hazard"),
    Row("hazards/<int:pk>/assess/", "reported", may=ASSESSORS, methods=FORM),
    Row("hazards/<int:pk>/level/", "hazard", may=ASSESSORS, methods=FORM),
    Row("hazards/<int:pk>/accept/", "hazard", may=ASSESSORS, methods=FORM),
    Row("hazards/<int:pk>/end-acceptance/", "accepted", may=ASSESSORS | FIXERS, methods=FORM),
    Row("hazards/<int:pk>/decide/", "major", may=ASSESSORS, methods=FORM),
    Row("hazards/<int:pk>/cancel/", "reported", may=ASSESSORS | {WORKER}, methods=FORM),
    Row("hazards/<int:pk>/cancel/", "hazard", may=ASSESSORS, methods=FORM),
    Row("hazards/<int:pk>/stop/", "hazard", methods="POST"),
    Row("hazards/<int:pk>/release/", "stopped", may=frozenset({"director", "leader", HEAD}), methods=FORM),
    Row("hazards/alike/", methods="POST", only_shows=True),
    Row("hazards/<int:pk>/same/", "reported", may=frozenset({WORKER}), methods="POST"),
    Row("hazards/places/"),
    Row("hazards/listed/"),
    Row("hazards/checks/"),
    Row("hazards/board/"),
    *(Row(f"hazards/many/{verb}/", enter=ASSESSORS | {"keeper"}, methods=FORM) for verb in ("assign", "date")),
    Row("hazards/map/"),
    Row("hazards/map/<int:pk>/", "site plan"),
    Row("hazards/<int:pk>/checks/new/", "hazard", may=ASSESSORS | {HEAD}, methods=FORM),
    Row("hazards/checks/<int:pk>/", "place check"),
    Row("hazards/checks/<int:pk>/cancel/", "place check", may=ASSESSORS, methods=FORM),
    Row("hazards/checks/<int:pk>/fine/", "place check", methods="POST"),
    Row("hazards/checks/<int:pk>/places/<int:answer_pk>/", "place to check", may=FIXERS, methods=FORM),
    *(Row(f"hazards/<int:pk>/treatment/{end}", kind) for end, kind in (("", "listed"), ("notice/", "listed"))),
    Row("hazards/<int:pk>/treatment/lifting/", "lifted"),
    Row("hazards/<int:pk>/treatment/plan/", "listed", may=LEADERS, methods=FORM),
    Row("hazards/<int:pk>/treatment/progress/", "listed", may=LEADERS, methods=FORM),
    Row("hazards/<int:pk>/treatment/decide/", "proposed", may=DIRECTOR, methods=FORM),
    Row("hazards/<int:pk>/treatment/verifiers/", "in treatment", may=DIRECTOR, methods=FORM),
    Row("hazards/<int:pk>/treatment/sign/", "in treatment", may=frozenset({"supervisor"}), methods=FORM),
    Row(
        "hazards/<int:pk>/treatment/outside/<slug:addressee>/",
        "listed",
        may=ASSESSORS,
        methods=FORM,
        given={"addressee": "regulator"},
    ),
)
FIELD = (
    Row("q/<uuid:label>/", "label", is_public=True),
    Row("q/<uuid:label>/report/", "label", is_public=True, methods=FORM),
    Row("report/", is_public=True, methods=FORM),
    Row("report/<str:code>/", "receipt", is_public=True),
    *(Row(f"field/{end}") for end in ("", "hazard/", "kit/", "session/")),
    Row("field/inspection/", enter=INSPECTORS),
    Row("field/checklists/free/", enter=INSPECTORS),
    Row("field/checklists/<int:pk>/", "published", enter=INSPECTORS),
)
INSPECTIONS = (
    Row("inspections/"),
    Row("inspections/new/", enter=INSPECTORS, methods=FORM),
    Row("inspections/rounds/<int:pk>/", "round", enter=INSPECTORS),
    Row("inspections/<int:pk>/", "visit"),
    Row("inspections/<int:pk>/", "draft"),
    Row("inspections/<int:pk>/report/", "visit"),
    Row("inspections/<int:pk>/notice/", "visit"),
    Row("inspections/<int:pk>/acknowledge/", "visit", may=FIXERS, methods="POST"),
    Row("inspections/<int:pk>/review/", "draft", enter=INSPECTORS),
    *(Row(f"inspections/<int:pk>/{end}/", "draft", enter=INSPECTORS, methods="POST") for end in ("save", "submit", "discard")),
    Row("inspections/people/"),
    Row("inspections/proposal/", enter=INSPECTORS),
    Row("inspections/<int:pk>/letter/", "outside visit", may=ASSESSORS | {"supervisor"}, methods=FORM),
    Row("inspections/blank/<int:pk>/", "published", enter=INSPECTORS),
    Row("inspections/plans/"),
    Row("inspections/plans/feed/", methods=FORM),
    Row("inspections/plans/coverage/", enter=ASSESSORS | HEADS | {"keeper"}),
    Row("inspections/plans/visits/new/", enter=ASSESSORS | {"keeper"}, methods="POST"),
    Row("inspections/plans/all/"),
    Row("inspections/plans/new/", enter=ASSESSORS | {"keeper"}, methods=FORM),
    Row("inspections/plans/<int:pk>/", "inspection plan"),
    *(
        Row(f"inspections/plans/<int:pk>/{end}/", "inspection plan", enter=ASSESSORS | {"keeper"}, may=ASSESSORS, methods=FORM)
        for end in ("edit", "end")
    ),
    Row("inspections/plans/visits/"),
    Row("inspections/plans/visits/<int:pk>/", "planned visit"),
    Row(
        "inspections/plans/visits/<int:pk>/begin/",
        "planned visit",
        enter=INSPECTORS,
        may=frozenset({"supervisor"}),
        methods="POST",
    ),
    Row("inspections/plans/visits/<int:pk>/excuse/", "planned visit", may=ASSESSORS | {"supervisor"}, methods=FORM),
    Row("inspections/plans/visits/<int:pk>/decide/", "asked visit", may=ASSESSORS, methods=FORM),
    Row("violations/"),
    Row("violations/new/", enter=INSPECTORS, methods=FORM),
    Row("violations/clauses/", enter=INSPECTORS),
    Row("violations/<int:pk>/", "violation"),
    Row("violations/<int:pk>/cancel/", "violation", may=ASSESSORS, methods=FORM),
)
JUDGES = frozenset({"director", "leader"})
#: The act, which record it is tried on, who may, and what the API takes.
PENALTY_VERBS: dict[str, tuple[str, frozenset[str], dict[str, Any]]] = {
    "serve": ("violation", ASSESSORS, {}),
    "sign": ("noticed violation", frozenset({WORKER}), {"password": "not-it"}),
    "paper": ("noticed violation", ASSESSORS | {HEAD}, {"photos": ["0" * 64]}),
    "refuse": ("noticed violation", ASSESSORS | {HEAD}, {"witness": "$worker"}),
    "appeal": ("received violation", frozenset({WORKER}), {"text": "I wore it"}),
    "decide": ("appealed violation", JUDGES, {"decision": "uphold", "reason": "Seen"}),
    "takeback": ("final violation", JUDGES, {"reason": "Another"}),
}
PENALTIES = (
    *(
        Row("violations/<int:pk>/<slug:verb>/", kind, may=may, methods=FORM, given={"verb": verb})
        for verb, (kind, may, _body) in PENALTY_VERBS.items()
    ),
    Row("violations/<int:pk>/notice/", "noticed violation"),
    Row("violations/<int:pk>/witness/", "witnessed violation", methods=FORM),
    *(Row(f"violations/{end}/") for end in ("record", "duties", "posted", "rule", "bans")),
    Row("violations/<int:pk>/<slug:verb>/", "contractor violation", may=JUDGES, methods=FORM, given={"verb": "ban"}),
    # At the gate only whoever keeps one, or leads or inspects work of the plant: never a contractor's own officer.
    Row("violations/gate/", enter=PLANT | HEADS),
    Row("violations/bans/<int:pk>/", "ban"),
    *(
        Row("violations/bans/<int:pk>/<slug:verb>/", kind, may=may, methods=FORM, given={"verb": verb})
        for verb, kind, may in (
            ("appeal", "ban", NONE),
            ("lift", "ban", JUDGES),
            ("decide", "appealed ban", frozenset({"leader"})),
        )
    ),
    Row("violations/people/<int:pk>/", "person", may=PERSONAL),
    Row("violations/duties/<int:pk>/", "duty"),
    Row("violations/duties/<int:pk>/<slug:verb>/", "duty", may=ASSESSORS | {HEAD}, methods=FORM, given={"verb": "done"}),
    *(
        Row("violations/duties/<int:pk>/<slug:verb>/", "done duty", may=ASSESSORS, methods=FORM, given={"verb": verb})
        for verb in ("check", "return")
    ),
    Row("violations/proposals/", enter=ASSESSORS | {"keeper"}),
    Row("violations/proposals/<int:pk>/", "proposal"),
    Row("violations/proposals/<int:pk>/confirm/", "proposal", methods="POST"),
    Row("violations/proposals/<int:pk>/dismiss/", "proposal", methods=FORM),
    Row("violations/comparison/", enter=ASSESSORS),
    Row("violations/rule/change/", enter=frozenset({"officer"}), methods=FORM),
    Row("violations/rule/types/<slug:code>/", "violation type", enter=frozenset({"officer"}), methods=FORM),
    Row("api/v1/violations/<pk>/penalty/", "noticed violation"),
    Row("api/v1/violations/<pk>/witness/", "witnessed violation", methods="POST"),
    *(
        Row(f"api/v1/violations/<pk>/{verb}/", kind, may=may, methods="POST", body=body)
        for verb, (kind, may, body) in PENALTY_VERBS.items()
    ),
)
for _kind in ("noticed violation", "received violation", "appealed violation", "final violation", "duty", "done duty"):
    SEES[_kind] = (PERSONAL, PERSONAL)
SEES["witnessed violation"] = (frozenset({HEAD}), frozenset({HEAD}))
SEES["proposal"] = (ASSESSORS, ASSESSORS)
for _kind in ("ban", "appealed ban", "contractor violation"):
    SEES[_kind] = (ASSESSORS | {HEAD}, ASSESSORS | {HEAD})
SEES["violation type"] = (EVERYONE, EVERYONE)
OFFICER = frozenset({"officer"})
DOCUMENTS = tuple(
    row
    for shelf, kind in (("standards", "standard"), ("regulations", "regulation"))
    for row in (
        Row(f"{shelf}/"),
        Row(f"{shelf}/new/", enter=OFFICER, methods=FORM),
        Row(f"{shelf}/<int:pk>/", kind),
        Row(f"{shelf}/<int:pk>/draft/", f"{kind} draft", enter=OFFICER, methods=FORM),
        *(Row(f"{shelf}/<int:pk>/{end}/", f"{kind} draft", enter=OFFICER, methods="POST") for end in ("discard", "publish")),
        *(Row(f"{shelf}/<int:pk>/{end}/", kind, enter=OFFICER, methods="POST") for end in ("start", "withdraw")),
    )
)
STANDARDS = (
    Row("standards/<int:pk>/compare/", "standard"),
    Row("standards/<int:pk>/export/", "standard"),
    Row("standards/<int:pk>/import/", "standard draft", enter=OFFICER, methods=FORM),
)
LEVELS = (
    Row("standards/levels/"),
    Row("standards/levels/<slug:code>/", "level", enter=OFFICER, methods=FORM),
    Row("standards/levels/quiet-hours/", enter=OFFICER, methods=FORM),
    Row("standards/levels/devices/", enter=OFFICER, methods=FORM),
    Row("standards/levels/devices/<int:pk>/withdraw/", "device", enter=OFFICER, methods="POST"),
    Row("standards/levels/stages/<slug:code>/", "stage", enter=OFFICER, methods=FORM),
    Row("standards/levels/schedules/<slug:code>/", "schedule", enter=OFFICER, methods=FORM),
)
ORGANISATION = (
    Row("responsibilities/"),
    Row("units/"),
    Row("units/new/", enter=KEEPERS, methods=FORM),
    Row("units/<int:pk>/", "unit"),
    *(
        Row(f"units/<int:pk>/{end}/", "unit", enter=KEEPERS, may=PLANT_KEEPERS, methods=FORM)
        for end in ("rename", "move", "close")
    ),
    Row("units/<int:unit_pk>/places/", "unit of places"),
    Row("units/<int:unit_pk>/places/labels/", "unit of places"),
    Row("units/<int:unit_pk>/places/new/", "unit of places", enter=KEEPERS, may=PLANT_KEEPERS, methods=FORM),
    Row("units/<int:unit_pk>/places/<int:pk>/", "place of unit", may=COLLEAGUES),
    Row("units/<int:unit_pk>/places/<int:pk>/edit/", "place of unit", enter=KEEPERS, may=PLANT_KEEPERS, methods=FORM),
    Row("units/<int:unit_pk>/site-plans/new/", "unit of places", enter=KEEPERS, may=PLANT_KEEPERS, methods=FORM),
    Row("units/<int:unit_pk>/site-plans/<int:pk>/edit/", "site plan of unit", enter=KEEPERS, may=PLANT_KEEPERS, methods=FORM),
    Row("units/<int:unit_pk>/site-plans/<int:pk>/points/", "site plan of unit", enter=KEEPERS, may=PLANT_KEEPERS, methods=FORM),
    Row("units/<int:unit_pk>/posts/new/", "unit of places", enter=KEEPERS, may=PLANT_KEEPERS, methods=FORM),
    Row("units/<int:unit_pk>/posts/<int:pk>/edit/", "post of unit", enter=KEEPERS, may=PLANT_KEEPERS, methods=FORM),
    Row("units/<int:unit_pk>/appointments/new/", "unit of places", enter=KEEPERS, may=PLANT_KEEPERS, methods=FORM),
    Row("people/"),
    Row("people/new/", enter=KEEPERS, methods=FORM),
    Row("people/<int:pk>/", "person"),
    Row("people/<int:pk>/edit/", "person", enter=KEEPERS, may=PLANT_KEEPERS, methods=FORM),
    Row("people/<int:pk>/suspend/", "person", may=ASSESSORS, methods=FORM),
    Row("people/<int:pk>/restore/", "suspended person", may=ASSESSORS, methods="POST"),
    Row("people/<int:pk>/password/", "person", may=PLANT_KEEPERS, methods=FORM),
    Row("people/<int:pk>/appointments/new/", "person", enter=KEEPERS, may=PLANT_KEEPERS, methods=FORM),
    Row("appointments/<int:pk>/end/", "appointment", enter=KEEPERS, may=PLANT_KEEPERS, methods=FORM),
)
VERBS: dict[str, tuple[str, frozenset[str], dict[str, Any]]] = {
    "start": ("action", FIXERS, {}),
    "wait": ("action", FIXERS, {"waiting_for": "parts", "interim_control": "Fenced"}),
    "submit": ("action", FIXERS, {"note": "Welded"}),
    "return": ("submitted", ASSESSORS, {"reason": "Leaks"}),
    "verify": ("submitted", ASSESSORS, {}),
    "reassign": ("action", ASSESSORS | {HEAD}, {"reason": "Leave"}),
    "date": ("action", ASSESSORS, {"reason": "Storm"}),
    "extend": ("action", FIXERS, {"reason": "Parts"}),
    "decide": ("asked", ASSESSORS, {}),
    "cancel": ("action", ASSESSORS, {"reason": "Twice"}),
}
WORK = (
    Row("deadlines/"),
    Row("deadlines/health/", enter=ASSESSORS),
    Row("deadlines/<int:pk>/", "deadline"),
    Row("actions/"),
    Row("actions/<int:pk>/", "action"),
    *(
        Row("actions/<int:pk>/<slug:verb>/", kind, may=may, methods=FORM, body=body, given={"verb": verb})
        for verb, (kind, may, body) in VERBS.items()
    ),
    Row("escalations/<int:pk>/answer/", "escalation", may=ASSESSORS, methods=FORM),
)
NEXT_YEAR = "2099-06-01T12:00:00+08:00"
API = (
    Row("api/v1/", may=NONE),
    # Reads the same whatever the method.
    Row("api/v1/openapi.json", methods="GET POST PUT PATCH DELETE"),
    Row("api/v1/files/<sha256:sent_sha256>/", methods="PUT HEAD"),
    *(Row(f"api/v1/{noun}/") for noun in ("units", "people", "deadlines", "actions", "standards")),
    *(Row(f"api/v1/{noun}/", methods=FORM) for noun in ("inspections", "hazards", "violations")),
    Row("api/v1/units/<pk>/", "unit"),
    Row("api/v1/people/<pk>/", "person"),
    Row("api/v1/deadlines/<pk>/", "deadline"),
    Row("api/v1/actions/<pk>/", "action"),
    Row("api/v1/standards/<pk>/", "published"),
    Row("api/v1/inspections/batch/", methods="POST"),
    Row("api/v1/inspections/<pk>/", "visit", methods="GET DELETE"),
    Row("api/v1/inspections/<pk>/", "draft", methods="GET DELETE"),
    Row("api/v1/inspections/<pk>/receipt/", "draft"),
    Row("api/v1/hazards/<pk>/receipt/", "reported"),
    Row("api/v1/inspections/<pk>/submit/", "draft", methods="POST"),
    Row("api/v1/inspections/<pk>/acknowledge/", "visit", may=FIXERS, methods="POST"),
    Row("api/v1/hazards/<pk>/", "hazard"),
    Row("api/v1/hazards/<pk>/assess/", "reported", may=ASSESSORS, methods="POST", body={"level": "G2", "category": "MECH"}),
    Row("api/v1/hazards/<pk>/level/", "hazard", may=ASSESSORS, methods="POST", body={"level": "G1", "reason": "Worse"}),
    Row(
        "api/v1/hazards/<pk>/accept/",
        "hazard",
        may=ASSESSORS,
        methods="POST",
        body={"reason": "Part comes", "interim_control": "Fenced", "until": NEXT_YEAR},
    ),
    Row(
        "api/v1/hazards/<pk>/end-acceptance/",
        "accepted",
        may=ASSESSORS | FIXERS,
        methods="POST",
        body={"reason": "Worse"},
    ),
    Row("api/v1/hazards/<pk>/decide/", "major", may=ASSESSORS, methods="POST", body={"is_major": False, "reason": "Seen"}),
    Row("api/v1/hazards/<pk>/cancel/", "hazard", may=ASSESSORS, methods="POST", body={"reason": "Twice"}),
    Row("api/v1/hazards/<pk>/stop/", "hazard", methods="POST"),
    Row("api/v1/hazards/<pk>/seen/", "hazard", methods="POST", body={"client_id": str(uuid4()), "text": "Still there"}),
    Row("api/v1/hazards/<pk>/same/", "reported", may=frozenset({WORKER}), methods="POST", body={"same": "$hazard"}),
    Row(
        "api/v1/hazards/<pk>/release/",
        "stopped",
        may=frozenset({"director", "leader", HEAD}),
        methods="POST",
        body={"note": "Safe"},
    ),
    *(Row(f"api/v1/{noun}/") for noun in ("inspection-plans", "visits")),
    Row("api/v1/inspection-plans/<pk>/", "inspection plan"),
    Row("api/v1/visits/<pk>/", "planned visit"),
    Row("api/v1/place-checks/", methods=FORM),
    Row("api/v1/place-checks/<pk>/", "place check"),
    Row(
        "api/v1/place-checks/<pk>/answer/",
        "place to check",
        may=FIXERS,
        methods="POST",
        body={"place": "$place", "answer": "fine"},
    ),
    Row("api/v1/place-checks/<pk>/cancel/", "place check", may=ASSESSORS, methods="POST", body={"reason": "Twice"}),
    Row("api/v1/hazards/<pk>/treatment/", "listed"),
    *(
        Row(f"api/v1/hazards/<pk>/{verb}/", kind, may=may, methods="POST", body=body)
        for verb, kind, may, body in (
            (
                "plan",
                "listed",
                LEADERS,
                {**dict.fromkeys(("responsibility", "measures", "funds", "contingency"), "So"), "due_at": NEXT_YEAR},
            ),
            ("progress", "listed", LEADERS, {"text": "Dug", "percent": 20}),
            ("return-plan", "proposed", DIRECTOR, {"reason": "Who pays?"}),
            ("approve-plan", "proposed", DIRECTOR, {"checker": "$worker", "expert": "$worker"}),
            ("verifiers", "in treatment", DIRECTOR, {"checker": "$worker", "expert": "$worker"}),
            ("sign", "in treatment", frozenset({"supervisor"}), {"accepted": True, "note": "Seen"}),
            (
                "outside",
                "listed",
                ASSESSORS,
                {"addressee": "regulator", "reported_on": "2026-01-05", "document_number": "A-1", "files": ["0" * 64]},
            ),
        )
    ),
    Row("api/v1/violations/<pk>/", "violation"),
    Row("api/v1/violations/<pk>/cancel/", "violation", may=ASSESSORS, methods="POST", body={"reason": "Twice"}),
    *(
        Row(f"api/v1/actions/<pk>/{verb}/", VERBS[verb][0], may=VERBS[verb][1], methods="POST", body=VERBS[verb][2])
        for verb in ("start", "wait", "submit", "return", "verify")
    ),
    Row(
        "api/v1/actions/<pk>/assign/",
        "action",
        may=ASSESSORS | {HEAD},
        methods="POST",
        body={"reason": "Leave", "owner": "$worker"},
    ),
    Row("api/v1/actions/<pk>/date/", "action", may=ASSESSORS, methods="POST", body={"reason": "Storm", "due_at": NEXT_YEAR}),
    Row("api/v1/actions/<pk>/extend/", "action", may=FIXERS, methods="POST", body={"reason": "Parts", "due_at": NEXT_YEAR}),
    Row("api/v1/extensions/<pk>/decide/", "extension", may=ASSESSORS, methods="POST", body={"grant": False}),
    Row("api/v1/escalations/<pk>/answer/", "escalation", may=ASSESSORS, methods="POST", body={"answer": "visit"}),
)
SEES["extension"] = (RECORD, RECORD)

ADMIN_MODELS = (
    *(
        f"responsibilities/{name}"
        for name in [
            "unit",
            "person",
            "appointment",
            "place",
            "correctiveaction",
            "deadline",
            "reminder",
            "escalation",
            "heartbeat",
            "level",
            "levelterm",
            "post",
            "schedule",
            "schedulestep",
            "stageterm",
            "unitplacement",
        ]
    ),
    *(
        f"inspections/{name}"
        for name in [
            "hazard",
            "inspection",
            "inspectionplan",
            "plannedvisit",
            "majortreatment",
            "placecheck",
            "violation",
            "hazardcategory",
            "violationtype",
            "riskband",
        ]
    ),
)
ADMIN_PAGES = ("", "login/", "logout/", "password_change/", "password_change/done/", "autocomplete/", "jsi18n/")
ADMIN_OTHERS = (
    "r/<path:content_type_id>/<path:object_id>/",
    "^(?P<app_label>responsibilities|inspections)/$",
    "(?P<url>.*)$",
)
#: The admin is for those who may see all of the log. It shows what they see elsewhere and writes nothing.
OWN_MATTERS = ("login/", "logout/", "password_change/")
ADMIN = tuple(
    Row(f"admin/{end}", enter=KEEPERS, methods=FORM, is_own_matter=end in OWN_MATTERS, only_shows=end not in OWN_MATTERS)
    for end in (
        *ADMIN_PAGES,
        *ADMIN_OTHERS,
        *(f"{model}/{end}" for model in ADMIN_MODELS for end in ("", "add/")),
        *(f"{model}/<path:object_id>/{end}" for model in ADMIN_MODELS for end in ("", "history/", "delete/", "change/")),
    )
)

TABLE: tuple[Row, ...] = (
    *PUBLIC, *ACCOUNT, *MINE, *IMPORTS, *HAZARDS, *FIELD, *INSPECTIONS, *PENALTIES, *DOCUMENTS,
    *STANDARDS, *LEVELS, *ORGANISATION, *WORK, *API, *ADMIN,
)  # fmt: skip


def rows_by_route() -> Iterator[str]:
    return iter(sorted({row.route for row in TABLE}))
