"""Case 13: whatever people type is shown as text. Every text of every record becomes a script, then each page is opened."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import IntegrityError, connection, models, transaction
from playwright.sync_api import BrowserContext, sync_playwright

from tests.fixtures.chromium import find_chromium
from tests.trust.cast import Cast
from tests.trust.matrix.records import make_records
from tests.trust.matrix.table import TABLE, Row
from tests.trust.matrix.walk import Callers, path_of
from tests.trust.result import Result
from tests.trust.wire import serving

ROOMS = ("safetyplant.", "responsibilities", "inspections")
#: Out of an attribute, out of a script element, out of a text; what runs leaves a mark.
LONG = "\"'></script><script>window.ran=1</script><img src=x onerror=window.ran=1><svg onload=window.ran=1>"
SHORT = "<svg onload=window.ran=1>"
#: Not what anybody types: keys, addresses, hashes, and what decides where a file lies or who somebody is.
NOT_TYPED = frozenset({
    "username", "password", "code", "number", "link", "path", "label", "file_key", "thumb_key", "content_type", "sha256",
    "sent_sha256", "digest", "prefix", "secret", "seal", "device", "owner_kind", "subject_kind", "body_hash", "action", "channel",
    "series", "hash", "previous", "dedupe_key", "withdraw_key", "mail_id", "state", "language", "key", "imported_key", "target",
    "request_id", "rule",
})  # fmt: skip
WORDS = frozenset({"title", "name", "where", "unit", "by", "reason", "quote", "note", "text", "task"})
WATCH = """
window.ran = 0; window.refused = [];
document.addEventListener("securitypolicyviolation", (event) => window.refused.push(event.violatedDirective, event.blockedURI));
"""


def run_scripts(cast: Cast, *, callers: tuple[str, ...], with_admin: bool = True) -> Result:
    """Every page one may open, in Chromium: nothing ran, and no page tried to run what its policy forbids."""
    result = Result(13, "scripts")
    records = make_records(cast)
    sessions = Callers(cast).sessions
    result.figures["fields"] = _poison()
    shown = 0
    with result.timed(), serving() as port, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox", "--disable-gpu"])
        for caller in callers:
            context = browser.new_context(base_url=f"http://127.0.0.1:{port}", service_workers="block")
            cookie = {"name": settings.SESSION_COOKIE_NAME, "value": sessions[caller], "url": f"http://127.0.0.1:{port}"}
            context.add_cookies([cookie])  # type: ignore[list-item]
            context.add_init_script(WATCH)
            for row in _pages(with_admin=with_admin):
                shown += _open(context, f"{path_of(row, records, 0)}", caller, result)
            context.close()
        browser.close()
    result.figures["pages_that_showed_it"] = shown
    result.require(shown > 10 * len(callers), f"only {shown} pages showed what was typed: the test looks at nothing")
    return result


def _pages(*, with_admin: bool) -> Iterator[Row]:
    for row in TABLE:
        is_page = "GET" in row.allows and not row.is_api and not row.route.endswith(("sw.js", "logout/"))
        if is_page and (with_admin or not row.route.startswith("admin/")):
            yield row


def _open(context: BrowserContext, path: str, caller: str, result: Result) -> bool:
    page = context.new_page()
    try:
        response = page.goto(path, wait_until="load")
        if response is None or "text/html" not in response.headers.get("content-type", ""):
            return False
        ran, refused = page.evaluate("() => [window.ran, window.refused]")
        result.times += 1
        result.extra += bool(ran)
        if ran or refused:
            result.fault(f"{path} as {caller}: ran {ran}, refused {refused[:2]}")
        return SHORT in page.content().replace("&lt;", "<").replace("&gt;", ">")
    except Exception as fault:
        # A paper or an export: the browser downloads it instead of opening it.
        if "Download is starting" in str(fault) or "ERR_ABORTED" in str(fault):
            return False
        raise
    finally:
        page.close()


def _poison() -> int:
    """The number of fields that hold a script now. Triggers sleep: they guard against exactly this."""
    count = 0
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
        for model in apps.get_models():
            if not model.__module__.startswith(ROOMS):
                continue
            count += sum(_poison_field(model, field) for field in model._meta.concrete_fields if _is_typed(field))
            for field in model._meta.concrete_fields:
                if isinstance(field, models.JSONField) and field.name in ("params", "detail", "personal", "links"):
                    _poison_json(model, field.name)
    return count


def _poison_field(model: type[models.Model], field: Any) -> bool:
    try:
        with transaction.atomic():
            model._default_manager.update(**{field.name: _script_for(field)})
    except IntegrityError:
        # The database knows what may stand there.
        return False
    return True


def _is_typed(field: Any) -> bool:
    if not isinstance(field, (models.CharField, models.TextField)) or field.choices or field.unique or field.primary_key:
        return False
    return field.name not in NOT_TYPED and (field.max_length or 1000) >= len(SHORT) and not getattr(field, "generated", False)


def _script_for(field: Any) -> str:
    return LONG if (field.max_length or 1000) >= len(LONG) else SHORT


def _poison_json(model: type[models.Model], name: str) -> None:
    for row in model._default_manager.all():
        setattr(row, name, _poisoned(getattr(row, name)))
        model._default_manager.filter(pk=row.pk).update(**{name: getattr(row, name)})


def _poisoned(value: Any, key: str = "") -> Any:
    if isinstance(value, dict):
        return {name: _poisoned(inner, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [_poisoned(inner, key) for inner in value]
    return LONG if isinstance(value, str) and key in WORDS else value
