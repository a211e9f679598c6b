"""How levels and states look: never colour alone, always shape or icon and word. Rooms add their states."""

from dataclasses import dataclass

#: Level code → class, icon in lists, icon on a solid tile. The shape gains sides as the danger grows.
LEVEL_LOOKS = {
    "g3": ("g3", "info-lg", "info-circle-fill"),
    "g2": ("g2", "exclamation-triangle-fill", "exclamation-triangle-fill"),
    "g1": ("g1", "exclamation-diamond-fill", "exclamation-diamond-fill"),
    "m": ("m", "exclamation-lg", "exclamation-octagon-fill"),
}


@dataclass(frozen=True)
class StateLook:
    """`tone`: go (petrol), check (violet), ok (green), back (red), wait (outline) or nothing (grey)."""

    tone: str
    icon: str


STATE_LOOKS: dict[str, StateLook] = {
    "draft": StateLook("wait", "pencil"),
    "planned": StateLook("", "calendar-event"),
    "reported": StateLook("", "flag"),
    "recorded": StateLook("", "flag"),
    "assessed": StateLook("", "clipboard-check"),
    "assigned": StateLook("", "person-check"),
    "open": StateLook("", "circle"),
    "in_progress": StateLook("go", "wrench-adjustable"),
    "running": StateLook("go", "play-circle"),
    "waiting": StateLook("wait", "hourglass-split"),
    "paused": StateLook("wait", "pause-circle"),
    "asked": StateLook("wait", "calendar-plus"),
    "submitted": StateLook("check", "send-check"),
    "noticed": StateLook("check", "envelope-check"),
    "appealed": StateLook("check", "chat-left-text"),
    "returned": StateLook("back", "arrow-return-left"),
    "refused": StateLook("back", "x-circle"),
    "stopped": StateLook("back", "sign-stop"),
    "verified": StateLook("ok", "check-circle-fill"),
    "closed": StateLook("ok", "check-circle-fill"),
    "final": StateLook("ok", "check-circle-fill"),
    "met": StateLook("ok", "check-circle-fill"),
    "granted": StateLook("ok", "calendar-check"),
    "decided": StateLook("ok", "check2-square"),
    "published": StateLook("ok", "broadcast"),
    "active": StateLook("ok", "check-circle-fill"),
    "signed": StateLook("ok", "pen"),
    "fixed_on_spot": StateLook("ok", "check2-circle"),
    "fixed_on_the_spot": StateLook("ok", "check2-circle"),
    "cancelled": StateLook("wait", "slash-circle"),
    "withdrawn": StateLook("wait", "slash-circle"),
    "inactive": StateLook("wait", "slash-circle"),
    "retired": StateLook("wait", "archive"),
    "superseded": StateLook("wait", "archive"),
}


def register_state(code: str, *, tone: str = "", icon: str = "circle") -> None:
    """A room's own state, or another look for it under `room.code`."""
    STATE_LOOKS[code] = StateLook(tone, icon)


def state_look(code: str) -> StateLook:
    return STATE_LOOKS.get(code) or STATE_LOOKS.get(code.rpartition(".")[2]) or StateLook("", "circle")
