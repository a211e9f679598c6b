"""The admin pages: records as they stand, for whoever may see all of the log today. Every change has a page of its own."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from safetyplant.access.declared import RECORDS
from safetyplant.search.fields import SearchVector

#: Never shown and never asked for, whatever a model's own admin says.
SECRET = frozenset({"password"})
ENDS = ("", "__exact", "__isnull")


class ReadOnlyAdmin(admin.ModelAdmin):
    """Whoever may read the admin pages sees the rows as they are; nobody changes them there."""

    list_per_page = 50
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> Any:
        """SECURITY: the rows this person sees everywhere else; someone's unfinished draft is theirs here too."""
        rows = super().get_queryset(request)
        return rows.visible_to(request.user) if hasattr(rows, "visible_to") else rows

    def get_exclude(self, request: HttpRequest, obj: Any = None) -> list[str]:
        hidden = [field.name for field in self.model._meta.fields if isinstance(field, SearchVector) or field.name in SECRET]
        return [*(self.exclude or ()), *hidden]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        hidden = self.get_exclude(request, obj)
        return [field.name for field in self.model._meta.fields if field.name not in hidden]

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        """SECURITY: only the filters the page offers. Django lets any column of the table be asked for, hidden ones too, and
        `?password__startswith=` then tells a hash letter by letter."""
        return lookup in {offered for name in self.list_filter for offered in self._lookups_of(str(name))}

    def _lookups_of(self, name: str) -> list[str]:
        field = self.model._meta.get_field(name)
        paths = [name, f"{name}__{field.target_field.name}"] if field.is_relation else [name]
        return [f"{path}{end}" for path in paths for end in ENDS]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return RECORDS.admits(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return RECORDS.admits(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class RecordsSite(admin.AdminSite):
    def has_permission(self, request: HttpRequest) -> bool:
        """SECURITY: by today's standing, not by a flag, which would stay with a person whose appointment has ended."""
        return RECORDS.admits(request.user)

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Libraries' own pages (groups, second factors with their secrets) would write and tell: only reading ones come in."""
        if admin_class is not None and issubclass(admin_class, ReadOnlyAdmin):
            super().register(model_or_iterable, admin_class, **options)
