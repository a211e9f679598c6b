"""Case 1: `kill -9` in the middle of sweeping and of sending."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from responsibilities import sweep as sweeping
from responsibilities.sweep import sweep_deadlines
from safetyplant.notifications.delivery import deliver_due
from safetyplant.notifications.models import Delivery, Message
from tests.fixtures.servers import Mailbox
from tests.trust import forks, ledger
from tests.trust.cast import make_cast
from tests.trust.post import post_office
from tests.trust.result import Result

#: Several batches a sweep, so that death also comes between two commits.
SMALL_BATCH = 12
STEP = timedelta(hours=5)


def run_killed(*, kills: int, restore: Callable[[], None], seed: int = 1) -> Result:
    """Sweeps and senders are killed at random moments until `kills` have struck; then everything is as if none had."""
    result, chance = Result(1, "killed"), random.Random(seed)  # noqa: S311 - chance of a test, not a secret
    batch, sweeping.BATCH = sweeping.BATCH, SMALL_BATCH
    try:
        with result.timed(), post_office() as mailbox:
            moments, struck = _kill(kills, chance)
            found = ledger.snapshot()
            result.extra += ledger.unlike_their_ledger()
            _judge_mails(mailbox, result)
            restore()
            lost, extra = ledger.compare(ledger.told_in_peace(moments), found)
            result.lost += lost
            result.extra += extra
    finally:
        sweeping.BATCH = batch
    result.times = struck["sweep"] + struck["send"]
    result.figures |= {
        "killed_sweeping": struck["sweep"],
        "killed_sending": struck["send"],
        "reminders": found["reminders"].total(),
    }
    return result


def _kill(kills: int, chance: random.Random) -> tuple[list[datetime], dict[str, int]]:
    """At each moment two sweeps and two senders are killed somewhere between their start and their end; then one sweep lives."""
    cast, moment, length = make_cast(), ledger.START, 0.1
    moments: list[datetime] = []
    struck = {"sweep": 0, "send": 0}
    while sum(struck.values()) < kills:
        moment += STEP
        ledger.plant_for(cast, len(moments), moment)
        moments.append(moment)
        for _try in range(2):
            struck["sweep"] += forks.start(partial(sweep_deadlines, moment)).kill_after(chance.uniform(0, length))
            struck["send"] += forks.start(partial(deliver_due, moment)).kill_after(chance.uniform(0, length))
        length = 1.1 * forks.seconds_of(partial(sweep_deadlines, moment))
    _deliver_all(moment)
    return moments, struck


def _deliver_all(moment: datetime) -> None:
    """The leases of the killed run out, quiet hours end; a day later everything has left."""
    for day in range(1, 12):
        deliver_due(moment + timedelta(days=day, hours=3))
        if not Delivery.objects.filter(state__in=["queued", "held", "sending"], channel="email").exists():
            return


def _judge_mails(mailbox: Mailbox, result: Result) -> None:
    """Each message that wants a mail left at least once, and every mail of it under the one id of its delivery."""
    sent: dict[str, set[str]] = {}
    for mail in mailbox.messages:
        sent.setdefault(str(mail["Message-ID"]), set()).add(str(mail["To"]))
    deliveries = list(Delivery.objects.filter(channel="email").select_related("message__recipient"))
    wanted = {row.mail_id: row for row in deliveries if row.message.withdrawn_at is None}
    known = {identity.strip("<>").partition("@")[0] for identity in sent}
    for mail_id, row in wanted.items():
        if str(mail_id) not in known:
            result.lost += 1
            result.fault(f"no mail of {row.message.code} to {row.message.recipient.username}: {row.state} {row.last_error}")
    result.extra += len(known - {str(row.mail_id) for row in deliveries})
    for identity, addresses in sent.items():
        result.require(len(addresses) == 1, f"{identity} went to {sorted(addresses)}")
    result.figures |= {"mails": len(mailbox.messages), "mails_twice": len(mailbox.messages) - len(sent)}
    untold = Message.objects.filter(deliveries=None, recipient__email__gt="", recipient__mail_mode="each").count()
    result.require(untold == 0, f"{untold} messages have no delivery")
