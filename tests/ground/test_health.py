"""What load balancers and alarms are told."""

import pytest
from django.db import OperationalError, connection

from safetyplant import health


@pytest.fixture
def probes(monkeypatch):
    """Only the probes that a test sets: the rooms' own depend on what ran before."""
    probes = {"broker": health.probe_broker}
    monkeypatch.setattr(health, "_probes", probes)
    return probes


def test_alive_without_database(client):
    response = client.get("/healthz")
    assert response.status_code == 200


def test_ready(client, db, probes):
    response = client.get("/readyz")
    assert (response.status_code, response.json()["status"]) == (200, "ok")


def test_not_ready_with_unapplied_migrations(client, db, probes):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'responsibilities' AND name LIKE '0001%'")
    response = client.get("/readyz")
    assert (response.status_code, response.json()["status"]) == (503, "unavailable")
    assert response.json()["checks"]["database"]["detail"] == "migrations are not applied"


def test_not_ready_without_database(client, db, probes, monkeypatch):
    monkeypatch.setattr(connection, "ensure_connection", refuse)
    connection.close()
    response = client.get("/readyz")
    assert (response.status_code, response.json()["status"]) == (503, "unavailable")


@pytest.mark.parametrize(("query", "status"), [("", 200), ("?engine=1", 503)])
def test_lost_broker_is_degraded(client, db, probes, settings, query, status):
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"
    response = client.get(f"/readyz{query}")
    assert (response.status_code, response.json()["status"]) == (status, "degraded")


@pytest.mark.parametrize(("query", "status"), [("", 200), ("?engine=1", 503)])
def test_fault_of_a_registered_probe_is_degraded(client, db, probes, query, status):
    health.register_probe("sweep", lambda: health.Health(False, "last ran an hour ago"))
    response = client.get(f"/readyz{query}")
    assert (response.status_code, response.json()["status"]) == (status, "degraded")
    assert response.json()["checks"]["sweep"] == {"ok": False, "detail": "last ran an hour ago"}


def refuse():
    raise OperationalError("connection refused")
