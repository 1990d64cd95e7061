"""Select boxes that search while one types, for tables too long to list: countries with flags, events with dates."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.admin.widgets import AutocompleteMixin, AutocompleteSelect, AutocompleteSelectMultiple
from django.core.exceptions import ValidationError
from django.db import models
from django.forms.models import ModelChoiceField
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.templatetags.static import static

from timeline import search
from timeline.models import Country, Event


def flag_address(country: Country) -> str:
    """The address of the country's flag; empty where the picture is missing, since hashed storage refuses those."""
    try:
        return static(country.flag) if country.flag else ""
    except ValueError:
        return ""


class PickerView(AutocompleteJsonView):
    """Django's answer to the select box, with the flag of a country and the date of an event."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().get(request, *args, **kwargs)
        except search.TooBroad as problem:
            # In the place of results, where a typing editor looks.
            said = {"id": "", "text": str(problem), "disabled": True}
            return JsonResponse({"results": [said], "pagination": {"more": False}})

    def serialize_result(self, obj: models.Model, to_field_name: str) -> dict[str, str]:
        result: dict[str, str] = super().serialize_result(obj, to_field_name)
        if isinstance(obj, Country):
            result |= {"text": f"{obj} ({obj.code})", "flag": flag_address(obj)}
        elif isinstance(obj, Event):
            result["text"] = f"{obj} ({obj.date_in_words})"
        return result


class PickerMixin(AutocompleteMixin):
    """Asks PickerView, and lets the script show flags."""

    url_name = "%s:timeline_picker"

    def optgroups(self, name: str, value: Any, attr: Any = None) -> Any:
        """What can be no key is not looked for: Django lets the database fail, and the field says what is wrong."""
        related = self.field.remote_field
        key = related.model._meta.get_field(getattr(related, "field_name", related.model._meta.pk.attname))
        return super().optgroups(name, [each for each in value if _may_be(key, each)], attr)

    @property
    def media(self) -> forms.Media:
        return super().media + forms.Media(js=["admin/js/jquery.init.js", "timeline/js/admin.js"])


def _may_be(key: models.Field[Any, Any], value: Any) -> bool:
    """True for a value that a column of this kind can hold."""
    try:
        found = key.to_python(value)
    except ValidationError:
        return False
    return not isinstance(found, int) or found.bit_length() < 64


class Picker(PickerMixin, AutocompleteSelect):
    def create_option(self, name: str, value: Any, label: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option: dict[str, Any] = super().create_option(name, value, label, *args, **kwargs)
        if isinstance(label, CountryLabel):
            option["attrs"]["data-flag"] = label.flag
        return option


class MultiplePicker(PickerMixin, AutocompleteSelectMultiple):
    pass


class CountryLabel(str):
    """A country's name that carries the address of its flag to the select box."""

    __slots__ = ("flag",)
    flag: str

    @classmethod
    def of(cls, country: Country) -> CountryLabel:
        label = cls(country)
        label.flag = flag_address(country)
        return label


class CountryField(ModelChoiceField):  # type: ignore[type-arg]  # not generic at run time
    def label_from_instance(self, obj: Country) -> CountryLabel:
        return CountryLabel.of(obj)


class WithPickers(admin.options.BaseModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """Gives the fields named in autocomplete_fields our select boxes, without the links that edit what they list."""

    linked: tuple[str, ...] = ()
    """Fields beside which a new row may be added on the spot."""

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = Picker(db_field, self.admin_site, using=kwargs.get("using"))
            if db_field.remote_field.model is Country:
                kwargs["form_class"] = CountryField
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = MultiplePicker(db_field, self.admin_site, using=kwargs.get("using"))
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        widget = getattr(field, "widget", None)
        if widget is not None and hasattr(widget, "can_add_related"):
            widget.can_add_related = widget.can_add_related and db_field.name in self.linked
            widget.can_change_related = widget.can_delete_related = widget.can_view_related = False
        return field


def picker_view(request: HttpRequest) -> HttpResponseBase:
    """What the select boxes ask."""
    return PickerView.as_view(admin_site=admin.site)(request)
