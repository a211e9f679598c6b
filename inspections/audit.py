"""How the timeline tells what happened to an inspection, a hazard or a violation."""

from functools import lru_cache
from time import monotonic
from typing import Any

from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _

from inspections.choices import Addressee
from responsibilities.models import Level
from safetyplant.audit.history import register
from safetyplant.audit.models import Event
from safetyplant.shell.moments import day_text

FRESH_FOR = 60.0


def level_in_words(event: Event) -> dict[str, Any]:
    """The log keeps the level's code; people read its word."""
    level = _levels(int(monotonic() / FRESH_FOR)).get(event.detail.get("level", ""))
    return {"level": level.word} if level else {}


@lru_cache(maxsize=1)
def _levels(_period: int) -> dict[str, Level]:
    """All levels, read once a minute: a story must not cost a query per line."""
    return Level.objects.in_bulk()


def register_sentences() -> None:
    register("inspection.submitted", sentence=_("%(actor)s submitted the inspection."), icon="clipboard-check")
    register("inspection.acknowledged", sentence=_("%(actor)s acknowledged it."), icon="check2-square", tone="good")
    register("hazard.reported", sentence=_("%(actor)s reported it."), icon="flag")
    register("hazard.found", sentence=_("%(actor)s found it during an inspection."), icon="flag")
    register(
        "hazard.fixed_on_spot",
        sentence=_("%(actor)s found it during an inspection and saw it fixed on the spot."),
        icon="check2-circle",
        tone="good",
    )
    register("hazard.assessed", sentence=_("%(actor)s assessed it as %(level)s."), icon="person-check", params=level_in_words)
    register(
        "hazard.level_changed",
        sentence=_("%(actor)s changed the level to %(level)s."),
        icon="bar-chart-steps",
        params=level_in_words,
    )
    register("hazard.major_decided", sentence=_("%(actor)s decided that it is major."), icon="exclamation-octagon", tone="bad")
    register("hazard.not_major", sentence=_("%(actor)s decided that it is not major."), icon="check2")
    _register_acceptances()
    register("hazard.seen_again", sentence=_("%(actor)s saw it too."), icon="eye")
    register("hazard.cancelled", sentence=_("%(actor)s cancelled it."), icon="x-circle")
    register(
        "hazard.work_stopped",
        sentence=_("%(actor)s stopped the work. %(releaser)s may release it. The chain was told at once."),
        icon="sign-stop",
        tone="bad",
    )
    register("hazard.work_released", sentence=_("%(actor)s released the work."), icon="play-circle", tone="good")
    _register_major()
    _register_checks()
    register("hazard.imported", sentence=_("%(actor)s took it over from earlier records."), icon="box-arrow-in-down")
    register("violation.recorded", sentence=_("%(actor)s recorded it."), icon="person-exclamation")
    register("inspection.imported", sentence=_("%(actor)s took it over from earlier records."), icon="box-arrow-in-down")
    register("violation.imported", sentence=_("%(actor)s took it over from earlier records."), icon="box-arrow-in-down")
    register("violation.cancelled", sentence=_("%(actor)s cancelled it."), icon="x-circle")
    register("inspection.letter_noted", sentence=_("%(actor)s noted document %(letter)s."), icon="envelope")
    register("inspection.letter_replied", sentence=_("%(actor)s put the reply on record."), icon="envelope-check", tone="good")
    _register_visits()
    register_penalties()
    register_bans()


def _register_acceptances() -> None:
    register(
        "hazard.accepted",
        sentence=_("%(actor)s accepted it until %(until)s. The date of the fix stands still."),
        icon="hourglass-split",
        tone="now",
        params=until_in_words,
    )
    register(
        "hazard.acceptance_withdrawn",
        sentence=_("%(actor)s withdrew the acceptance. The date of the fix goes on."),
        icon="x-circle",
    )
    register(
        "hazard.acceptance_lapsed", sentence=_("The acceptance is over. The date of the fix goes on."), icon="hourglass-bottom"
    )
    register("hazard.acceptance_ended", sentence=_("With that the acceptance is over."), icon="hourglass-bottom")


def _register_visits() -> None:
    """Plans of inspections, their visits, and the calendar of them."""
    register("plan.created", sentence=_("%(actor)s wrote the plan."), icon="calendar-plus")
    register("plan.changed", sentence=_("%(actor)s changed the plan."), icon="pencil")
    register("plan.ended", sentence=_("%(actor)s ended the plan."), icon="calendar-x")
    register("calendar.opened", sentence=_("%(actor)s made a calendar address."), icon="calendar3")
    register("calendar.revoked", sentence=_("%(actor)s revoked the calendar address."), icon="x-circle")
    register("visit.planned", sentence=_("%(actor)s planned this visit."), icon="calendar-plus")
    register("visit.done", sentence=_("%(actor)s made the visit."), icon="check-circle", tone="good")
    register("visit.missed", sentence=_("The date went by without an inspection."), icon="calendar-x", tone="bad")
    register("visit.lapsed", sentence=_("It is no longer asked for. It stays missed."), icon="hourglass-bottom")
    register("visit.excuse_asked", sentence=_("%(actor)s asked to be excused."), icon="chat-left-text")
    register("visit.excused", sentence=_("%(actor)s excused it."), icon="check2-square")
    register("visit.excuse_refused", sentence=_("%(actor)s did not accept the excuse."), icon="x-circle", tone="bad")


def until_in_words(event: Event) -> dict[str, Any]:
    until = event.detail.get("until", "") or ""
    day = parse_date(until)
    return {"until": day_text(day) if day else until}


def register_penalties() -> None:
    """SECURITY: sentences name who acted, never the person concerned; points are told where points are shown."""
    register("penalty.noticed", sentence=_("%(actor)s served the penalty notice."), icon="envelope-paper")
    signed = _("%(actor)s signed for the notice. Appeals are possible through %(until)s.")
    register("penalty.received_signed", sentence=signed, icon="pen", params=until_in_words)
    paper = _("%(actor)s recorded that the notice was signed on paper. Appeals are possible through %(until)s.")
    register("penalty.received_paper", sentence=paper, icon="file-earmark-check", params=until_in_words)
    register(
        "penalty.refused", sentence=_("%(actor)s recorded that the signature was refused before a witness."), icon="x-circle"
    )
    seen = _("%(actor)s confirmed having seen the refusal. Appeals are possible through %(until)s.")
    register("penalty.received_refused", sentence=seen, icon="eye", params=until_in_words)
    register("penalty.appealed", sentence=_("%(actor)s appealed."), icon="chat-left-text", tone="now")
    register("penalty.upheld", sentence=_("%(actor)s decided the appeal: the notice stands."), icon="check2-square")
    register(
        "penalty.reduced", sentence=_("%(actor)s decided the appeal: it was reduced."), icon="arrow-down-circle", tone="good"
    )
    withdrawn = _("%(actor)s decided the appeal: the notice was withdrawn.")
    register("penalty.withdrawn", sentence=withdrawn, icon="slash-circle", tone="good")
    register("penalty.final", sentence=_("Nobody appealed in time: it is final."), icon="check-circle")
    register("penalty.taken_back", sentence=_("%(actor)s took the points back."), icon="arrow-counterclockwise", tone="good")
    register("proposal.made", sentence=_("The rules proposed it."), icon="question-diamond")
    register("proposal.confirmed", sentence=_("%(actor)s confirmed the proposal."), icon="check2")
    register("proposal.dismissed", sentence=_("%(actor)s dismissed the proposal."), icon="x-circle")
    register("duty.opened", sentence=_("The points of the year reached %(threshold)s."), icon="mortarboard", tone="now")
    register("duty.done", sentence=_("%(actor)s saw to it and added the proof."), icon="send-check")
    register("duty.verified", sentence=_("%(actor)s checked the proof and accepted it."), icon="check-circle", tone="good")
    register("duty.returned", sentence=_("%(actor)s returned it."), icon="arrow-return-left", tone="bad")
    register("duty.cancelled", sentence=_("It fell away: the points were taken back."), icon="slash-circle")
    shown = _("%(actor)s was shown %(records)s records that name %(people)s people.")
    register("violation.persons_shown", sentence=shown, icon="eye")
    # Nothing of points: everyone who sees the hazard reads it.
    register("hazard.report_verified", sentence=_("The report was verified by the fix of others."), icon="award", tone="good")
    corrected = _("The account of points was corrected after a replay.")
    register("points.corrected", sentence=corrected, icon="arrow-repeat")
    register("penalty_rule.changed", sentence=_("%(actor)s changed the penalty rule from %(valid_from)s on."), icon="sliders")
    register(
        "violation_type.changed", sentence=_("%(actor)s changed the breach %(code)s from %(valid_from)s on."), icon="sliders"
    )


def _register_checks() -> None:
    register(
        "hazard.check_sent", sentence=_("%(actor)s sent check %(check)s to %(count)s similar places."), icon="signpost-split"
    )
    register("check.sent", sentence=_("%(actor)s sent it to %(count)s places."), icon="signpost-split")
    register("check.fine", sentence=_("%(actor)s looked at %(place)s: fine there."), icon="check-circle", tone="good")
    register(
        "check.found", sentence=_("%(actor)s found it at %(place)s too: %(hazard)s."), icon="exclamation-triangle", tone="bad"
    )
    register("check.not_applicable", sentence=_("%(actor)s: does not apply to %(place)s."), icon="slash-circle")
    register(
        "check.closed",
        sentence=_("All %(count)s places have answered. Found there too: %(found)s."),
        icon="check2-all",
        tone="good",
    )
    register("check.cancelled", sentence=_("%(actor)s cancelled the check."), icon="x-circle")


def addressee_in_words(event: Event) -> dict[str, Any]:
    return {"addressee": Addressee(event.detail["addressee"]).label} if event.detail.get("addressee") in Addressee else {}


def _register_major() -> None:
    register("hazard.listed", sentence=_("Listed supervision began, notice %(notice)s."), icon="exclamation-octagon", tone="bad")
    register("hazard.unlisted", sentence=_("It is no longer major; its listed supervision ended."), icon="arrow-down-circle")
    register("hazard.lifted", sentence=_("%(actor)s lifted the listed supervision."), icon="check-circle", tone="good")
    register("hazard.plan_proposed", sentence=_("%(actor)s proposed the treatment plan."), icon="journal-text")
    register("hazard.plan_returned", sentence=_("%(actor)s returned the treatment plan."), icon="arrow-return-left", tone="bad")
    register(
        "hazard.plan_approved",
        sentence=_("%(actor)s approved the treatment plan. %(checker)s and %(expert)s verify the fix."),
        icon="calendar-check",
        tone="good",
    )
    register("hazard.verifiers_named", sentence=_("%(actor)s named %(checker)s and %(expert)s to verify the fix."), icon="people")
    register("hazard.verified", sentence=_("%(actor)s verified the fix."), icon="pen", tone="good")
    register("hazard.objected", sentence=_("%(actor)s objected: it is not good enough yet."), icon="x-octagon", tone="bad")
    register("hazard.progress", sentence=_("%(actor)s reported progress: %(percent)s %% done."), icon="graph-up-arrow")
    register("hazard.progress_missed", sentence=_("No progress was reported in time."), icon="calendar-x", tone="bad")
    register(
        "hazard.reported_outside",
        sentence=_("%(actor)s recorded the report to %(addressee)s, document %(document)s."),
        icon="send",
        params=addressee_in_words,
    )


def register_bans() -> None:
    """SECURITY: as with penalties, never whom it keeps off the site."""
    banned = _("%(actor)s imposed the site ban, through %(until)s.")
    register("ban.imposed", sentence=banned, icon="slash-circle", tone="bad", params=until_in_words)
    numbered = _("%(actor)s imposed site ban %(number)s, through %(until)s.")
    register("violation.banned", sentence=numbered, icon="slash-circle", params=until_in_words)
    register("ban.appealed", sentence=_("%(actor)s appealed."), icon="chat-left-text", tone="now")
    register("ban.upheld", sentence=_("%(actor)s decided the appeal: the site ban stands."), icon="check2-square")
    shortened = _("%(actor)s decided the appeal: the site ban was shortened.")
    register("ban.shortened", sentence=shortened, icon="arrow-down-circle", tone="good")
    withdrawn_ban = _("%(actor)s decided the appeal: the site ban was withdrawn.")
    register("ban.withdrawn", sentence=withdrawn_ban, icon="check-circle", tone="good")
    register("ban.lifted", sentence=_("%(actor)s lifted the site ban."), icon="check-circle", tone="good")
