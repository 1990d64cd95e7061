"""Editing countries, and finding one under any of its names."""

from __future__ import annotations

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminTextareaWidget
from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from timeline.models import Country
from timeline.models.text import validate_plain_text

from .fields import LinesField
from .history import HistoryAdmin
from .pickers import WithPickers, flag_address, picker_view

SEARCHED = ("code", "alpha2", "name", "official_name", "name_ko", "name_ru", "name_zh", "demonym")


def ranks(term: str) -> dict[str, int]:
    """Codes of the countries that one of whose names holds the term, with how well it fits: 0 is best.

    A code beats the beginning of a name, which beats the beginning of a word, which beats the middle of one: "rus"
    means Russia before Belarus. Three hundred rows are compared here and not in the database, since SQLite ignores
    case in ASCII letters alone.
    """
    wanted = " ".join(term.casefold().split())
    found = {}
    for code, *names, aliases in Country.objects.values_list(*SEARCHED, "aliases"):
        texts = [text.casefold() for text in (code, *names, *map(str, aliases)) if text]
        if wanted == code.casefold():
            found[code] = 0
        elif any(text.startswith(wanted) for text in texts):
            found[code] = 1
        elif any(f" {wanted}" in text for text in texts):
            found[code] = 2
        elif any(wanted in text for text in texts):
            found[code] = 3
    return found


class CountryForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    aliases = LinesField(
        label=_("Other names"),
        required=False,
        validators=[validate_plain_text],
        widget=AdminTextareaWidget(attrs={"rows": 4}),
        help_text=_("One a line: spellings that an imported table may use."),
    )

    class Meta:
        model = Country
        fields = "__all__"
        widgets = {"note": AdminTextareaWidget(attrs={"rows": 3})}


@admin.register(Country)
class CountryAdmin(WithPickers, HistoryAdmin):
    """Codes are what addresses and files name countries by, so a code stays as it was made."""

    when_empty = _("There are no countries yet: the command load_countries brings them.")
    form = CountryForm
    list_display = ("flag_picture", "name", "code", "standard", "first_day", "last_day")
    list_display_links = ("name",)
    list_filter = ("standard",)
    search_fields = ("code", "name")
    search_help_text = _("Code or name in any of the four languages.")
    autocomplete_fields = ("successors",)
    fieldsets = (
        (None, {"fields": ("code", "name", "official_name", "demonym", ("name_ko", "name_ru", "name_zh"), "aliases")}),
        (_("Life"), {"fields": (("first_day", "last_day"), "successors", "note")}),
        (
            _("On the map and in tables"),
            {"fields": ("flag", ("latitude", "longitude"), ("alpha2", "numeric"), "standard")},
        ),
    )

    @admin.display(description=_("flag"))
    def flag_picture(self, country: Country) -> SafeString | str:
        address = flag_address(country)
        return format_html('<img class="flag" src="{}" alt="">', address) if address else ""

    def get_urls(self) -> list[URLPattern]:
        picker = path("picker/", self.admin_site.admin_view(picker_view), name="timeline_picker")
        return [picker, *super().get_urls()]

    def get_readonly_fields(self, request: HttpRequest, obj: Country | None = None) -> tuple[str, ...]:
        return ("code",) if obj else ()

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Country], search_term: str
    ) -> tuple[QuerySet[Country], bool]:
        if not search_term.strip():
            return queryset, False
        found = ranks(search_term)
        best_first = Case(
            *(
                When(pk__in=[code for code in found if found[code] == rank], then=Value(rank))
                for rank in sorted(set(found.values()))
            ),
            default=Value(9),
            output_field=IntegerField(),
        )
        return queryset.filter(pk__in=found).order_by(best_first, "name"), False
