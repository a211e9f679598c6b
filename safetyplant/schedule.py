"""Every piece of background work and how often it runs. PostgreSQL is the schedule of what is due; this only pokes it."""

from celery.schedules import crontab

SCHEDULE = {
    "sweep-deadlines": {"task": "responsibilities.tasks.sweep", "schedule": crontab()},
    "deliver-messages": {"task": "safetyplant.notifications.tasks.deliver_due", "schedule": 20.0},
    "send-digests": {"task": "safetyplant.notifications.tasks.send_digests", "schedule": crontab(minute="*/10")},
    "make-attempt-partitions": {
        "task": "safetyplant.notifications.tasks.make_partitions",
        "schedule": crontab(hour="*/6", minute=15),
    },
    "remove-orphan-photos": {"task": "safetyplant.attachments.tasks.remove_orphans", "schedule": crontab(hour=3, minute=30)},
    "remove-old-imports": {"task": "safetyplant.reporting.tasks.remove_old_runs", "schedule": crontab(hour=3, minute=45)},
    "remove-old-sessions": {"task": "safetyplant.shell.tasks.remove_old_sessions", "schedule": crontab(hour=4, minute=0)},
    "seal-audit": {"task": "safetyplant.audit.tasks.seal", "schedule": 30.0},
    "keep-plans": {"task": "inspections.tasks.keep_plans", "schedule": crontab(minute="*/5")},
    "keep-treatments": {"task": "inspections.tasks.keep_treatments", "schedule": crontab(minute="*/15")},
    "fold-facts": {"task": "inspections.tasks.fold_facts", "schedule": crontab()},
    "close-appeals": {"task": "inspections.tasks.close_appeals", "schedule": crontab()},
    "propose-overdue-points": {"task": "inspections.tasks.propose_overdue", "schedule": crontab(hour=7, minute=0)},
}
