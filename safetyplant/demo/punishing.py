"""What follows from the demo's violations: notices, receipts, appeals, and the duties and proposals they bring."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from inspections.choices import ProposalStatus
from inspections.models import Duty, Penalty, Proposal, Violation
from inspections.workflows import (
    appeal,
    check_duty,
    close_appeals,
    confirm_proposal,
    confirm_refusal,
    decide_appeal,
    dismiss_proposal,
    do_duty,
    impose_ban,
    record_paper,
    record_refusal,
    serve_notice,
    sign_notice,
)
from inspections.workflows.appeals import Decision
from inspections.workflows.bans import BanTerms
from inspections.workflows.penalties import Terms
from responsibilities.models import Person
from safetyplant.demo.data.penalties import APPEALS, BAN_REASON, DECISIONS, DISMISSED, DUTY_NOTES, OTHER_POINTS
from safetyplant.demo.story import Life, Story, chance

#: By their number: who appeals (the last of them waits for its decision), whose points are fewer than proposed, who refuses.
APPEALING, MILDER, REFUSING = (5, 12, 19, 26, 33), (7, 21), (3, 17, 31)
#: Someone of a contractor, weeks ago: the ban goes on after today.
BANNED, BAN_DAYS = 21, timedelta(days=59)


def punish(story: Story, violation: Violation, number: int) -> Life:
    """The way of one violation as far as today allows. Its officer serves it within days."""
    rng = chance("penalty", number)
    yield story.later(rng.uniform(10, 40))
    deadline = violation.notice_deadline
    if deadline is None:
        return
    by = story.people[deadline.owner_id]
    points = violation.proposed_points
    milder = number in MILDER and bool(points)
    terms = Terms((points or 1) - 1, reason=story.say(OTHER_POINTS)) if milder else Terms(points if points is not None else 0)
    penalty = serve_notice(violation, terms, by=by, now=story.clock)
    if number == BANNED:
        _ban(story, violation)
    yield story.later(rng.uniform(6, 30))
    yield from _receive(story, violation, number, by)
    if number in APPEALING:
        yield from _appeal(story, violation, number)
    else:
        penalty = Penalty.objects.get(pk=penalty.pk)
        assert penalty.appeal_until is not None  # received just now
        yield penalty.appeal_until + timedelta(minutes=1)
        close_appeals(now=story.clock)
    _follow(story, violation, number)


def _ban(story: Story, violation: Violation) -> None:
    """One of the contractors' people stays off the site, from weeks ago until after today."""
    today = timezone.localdate(story.clock)
    terms = BanTerms(today, today + BAN_DAYS, story.say(BAN_REASON))
    impose_ban(violation, terms, by=story.who("leader"), now=story.clock)


def _receive(story: Story, violation: Violation, number: int, by: Person) -> Life:
    """With an account by signature, else on paper; a few refuse before the head."""
    addressee = story.people[violation.penalty.addressee_id]
    colleagues = [person for person in story.people.values() if person.unit_id == violation.unit_id]
    witness = next((person for person in colleagues if person not in (addressee, by)), None)
    if number in REFUSING and witness is not None:
        record_refusal(violation, by=by, witness=witness, now=story.clock)
        yield story.later(4)
        confirm_refusal(violation, by=witness, now=story.clock)
    elif addressee.check_password(settings.DEMO_PASSWORD):
        sign_notice(violation, by=addressee, password=settings.DEMO_PASSWORD, now=story.clock)
    else:
        record_paper(violation, by=by, photos=[story.photo("sheet", broken=False, by=by)], now=story.clock)


def _appeal(story: Story, violation: Violation, number: int) -> Life:
    place = APPEALING.index(number)
    yield story.later(30)
    addressee = story.people[violation.penalty.addressee_id]
    penalty = appeal(violation, by=addressee, text=story.say(APPEALS[place]), now=story.clock)
    if place >= len(DECISIONS):
        yield story.now  # on someone's desk
    decision, words = DECISIONS[place]
    yield story.later(40)
    deadline = penalty.appeal_deadline
    assert deadline is not None  # opened with the appeal
    left = max(penalty.points - 2, 0) if decision == "reduce" else None
    decide_appeal(violation, Decision(decision, story.say(words), left), by=story.people[deadline.owner_id], now=story.clock)


def _follow(story: Story, violation: Violation, number: int) -> None:
    for duty in Duty.objects.filter(entry__violation=violation, status="open"):
        story.begin(_see_to(story, duty, number))
    proposal = Proposal.objects.filter(violation=violation, status=ProposalStatus.OPEN).first()
    if proposal is not None:
        story.begin(_propose(story, proposal, number))


def _see_to(story: Story, duty: Duty, number: int) -> Life:
    rng = chance("duty", number)
    yield story.later(rng.uniform(30, 130))
    duty = Duty.objects.select_related("deadline", "unit", "person").get(pk=duty.pk)
    by = story.people[duty.deadline.owner_id]
    note = story.say(DUTY_NOTES[0 if duty.kind == "talk" else 1])
    duty = do_duty(duty, by=by, note=note, photos=[story.photo("sheet", broken=False, by=by)], now=story.clock)
    yield story.later(rng.uniform(10, 60))
    assert duty.check_deadline is not None  # opened with the proof
    check_duty(duty, by=story.people[duty.check_deadline.owner_id], now=story.clock)


def _propose(story: Story, proposal: Proposal, number: int) -> Life:
    """The first is confirmed and goes the way of every violation, the next dismissed, and so on; the last ones wait."""
    yield story.later(50)
    by = story.people[proposal.deadline.owner_id]
    if Proposal.objects.exclude(status=ProposalStatus.OPEN).count() % 2 == 0:
        confirmed = confirm_proposal(proposal, by=by, now=story.clock)
        assert confirmed.result is not None
        yield from punish(story, confirmed.result, number + 1000)
    else:
        dismiss_proposal(proposal, by=by, reason=story.say(DISMISSED), now=story.clock)
