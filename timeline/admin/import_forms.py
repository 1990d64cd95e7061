"""The two forms of an import: the file, and how it is to be read."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import validate_slug
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from timeline.desk import column_mapping, workflow
from timeline.desk.import_steps import dataset_of
from timeline.formats.cells import DAY_FIRST, MONTH_FIRST
from timeline.formats.problems import printable
from timeline.formats.registry import FORMATS
from timeline.models import Category, ColumnMapping, Dataset, EventStatus, ImportRun

LIMIT = 10 * 1024 * 1024
"""Bytes of a file."""
LONGEST_SHOWN = 60
"""Signs of a cell beside the choice of columns."""
DATASET = ("name", "publisher", "licence", "citation", "url")
MAPPING = "mapping"


class UploadForm(forms.Form):
    """Which file."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy(
            "CSV, TSV, Excel, JSON, TimelineJS, TimeMap, GDELT, ACLED, UCDP or a calendar, at most 10 MB. "
            "Nothing is imported before you have seen what it would do."
        ),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LIMIT:
            message = _("The file has %(size)s; at most %(limit)s are allowed. Split it, or use import_events.")
            raise forms.ValidationError(message % {"size": filesizeformat(file.size), "limit": filesizeformat(LIMIT)})
        return file


class ReadingForm(forms.Form):
    """How the file is read, and what its events become. Fields of columns are there for tables only."""

    format = forms.ChoiceField(label=gettext_lazy("Format"))
    status = forms.ChoiceField(
        label=gettext_lazy("New events become"),
        help_text=gettext_lazy("Where the file says nothing about it. Events that are here already keep their status."),
    )
    category = forms.ModelChoiceField(
        Category.objects.order_by("position", "slug"),
        label=gettext_lazy("Category"),
        required=False,
        help_text=gettext_lazy("Of events for which the file has none."),
    )
    day_order = forms.ChoiceField(
        label=gettext_lazy("Dates such as 3/4/1953"),
        required=False,
        choices=[
            ("", gettext_lazy("decided by the file as a whole")),
            (DAY_FIRST, gettext_lazy("day first: 3 April")),
            (MONTH_FIRST, gettext_lazy("month first: March 4")),
        ],
    )
    dataset = forms.CharField(
        label=gettext_lazy("Dataset"),
        max_length=60,
        required=False,
        validators=[validate_slug],
        help_text=gettext_lazy(
            "Its short name in addresses, such as csis-north-korea. One that is here already needs no more than that; "
            "leave it empty if the file names its dataset itself."
        ),
    )
    dataset_name = forms.CharField(label=gettext_lazy("Name"), max_length=200, required=False)
    dataset_publisher = forms.CharField(label=gettext_lazy("Publisher"), max_length=200, required=False)
    dataset_licence = forms.CharField(
        label=gettext_lazy("Licence"), max_length=100, required=False, help_text=gettext_lazy("Such as CC BY 4.0.")
    )
    dataset_citation = forms.CharField(
        label=gettext_lazy("How to cite it"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    dataset_url = forms.CharField(label=gettext_lazy("Address"), max_length=2000, required=False)
    keep_as = forms.CharField(
        label=gettext_lazy("Keep this choice of columns as"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("It is suggested for the next file that has these columns."),
    )

    def __init__(self, run: ImportRun, table: list[list[str]], user: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.run, self.table = run, table
        self.columns = columns = column_mapping.columns_of(table)
        known: Any = self.fields["format"]
        known.choices = [
            ("", _("Choose one")),
            *((found.slug, found.name) for found in FORMATS.values() if columns or found.slug != MAPPING),
        ]
        statuses = [EventStatus.DRAFT, *([EventStatus.PUBLISHED] if user.has_perm(workflow.PUBLISH) else [])]
        status: Any = self.fields["status"]
        status.choices = [(status.value, status.label) for status in statuses]
        if columns:
            self._add_columns()
        else:
            del self.fields["keep_as"]

    def _add_columns(self) -> None:
        choices = [("", _("none")), *((name, name) for name in self.columns)]
        for key, label in COLUMN_LABELS.items():
            self.fields[f"column_{key}"] = forms.ChoiceField(label=label, choices=choices, required=False)
        self.fields["column_split"] = forms.ChoiceField(
            label=_("Between several countries stands"),
            choices=[(";", ";"), (",", ","), ("/", "/"), ("", _("nothing: one country"))],
            required=False,
            initial=";",
        )

    def parts(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields in the groups in which they are shown, but those of columns."""
        of_dataset = [self[name] for name in ("dataset", *(f"dataset_{key}" for key in DATASET))]
        first = [self[name] for name in ("format", "status", "category", "day_order")]
        return [("", first), (_("Dataset"), of_dataset)]

    def of_columns(self) -> list[forms.BoundField]:
        """Which column is what; no fields where the file has none that are known."""
        names = [name for name in self.fields if name.startswith("column_")]
        return [self[name] for name in [*names, "keep_as"]] if names else []

    def shown_table(self) -> list[list[str]]:
        """The header and the first rows, short enough to stand beside the choice."""
        return [[printable(cell, LONGEST_SHOWN) for cell in row[: column_mapping.MOST]] for row in self.table]

    def is_mapped(self) -> bool:
        """Whether the columns are what the chosen format reads."""
        return bool(self["format"].value() == MAPPING)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        found = FORMATS[cleaned["format"]]
        if not found.has_categories and not cleaned["category"]:
            self.add_error("category", _("This format has no categories: choose one for its events."))
        self._clean_dataset(cleaned)
        if found.slug == MAPPING:
            self._clean_columns(cleaned)
        return cleaned

    def _clean_dataset(self, cleaned: dict[str, Any]) -> None:
        slug = cleaned["dataset"]
        given = [key for key in DATASET if cleaned[f"dataset_{key}"].strip()]
        stored = Dataset.objects.filter(slug=slug).first() if slug else None
        if not slug and (given or cleaned["format"] == MAPPING):
            self.add_error("dataset", _("Name the dataset to which the events belong."))
        elif stored and any(cleaned[f"dataset_{key}"] != getattr(stored, key) for key in given):
            message = _("This dataset is here already: “%(name)s”. Leave its fields empty; its own page changes them.")
            self.add_error("dataset", message % {"name": stored.name})
        elif slug and not stored:
            for key in DATASET[:4]:
                if key not in given:
                    self.add_error(f"dataset_{key}", _("A new dataset needs this."))

    def _clean_columns(self, cleaned: dict[str, Any]) -> None:
        for key in ("title", "date"):
            if not cleaned[f"column_{key}"]:
                self.add_error(f"column_{key}", _("An event needs this: choose the column."))
        if not cleaned["column_category"] and not cleaned["category"]:
            self.add_error("column_category", _("Choose the column of the category, or one category for all above."))

    def chosen(self) -> dict[str, str]:
        """The choices of columns, as `column_mapping.as_toml` takes them."""
        names = [name for name in self.fields if name.startswith("column_")]
        found = {name.removeprefix("column_"): str(self.cleaned_data[name]) for name in names}
        category = self.cleaned_data["category"]
        return found | {
            "one_category": category.pk if category else "",
            "day_order": self.cleaned_data["day_order"],
        }

    def keep(self) -> None:
        """Put what was chosen into the run, and the mapping under its name for the next time."""
        cleaned, run = self.cleaned_data, self.run
        category = cleaned["category"]
        run.format, run.status = cleaned["format"], cleaned["status"]
        run.reading = {key: value for key, value in cleaned.items() if key not in ("format", "status")}
        run.reading["category"] = category.pk if category else ""
        run.mapping = ""
        if run.format == MAPPING:
            dataset = dataset_of(run)
            assert dataset is not None
            run.mapping = column_mapping.as_toml(self.chosen(), dataset)
            if name := cleaned["keep_as"].strip():
                about = {"columns": self.chosen(), "mapping": run.mapping}
                ColumnMapping.objects.update_or_create(name=name, defaults=about)
        run.save()


COLUMN_LABELS = {
    "title": gettext_lazy("Title"),
    "date": gettext_lazy("Date"),
    "date_end": gettext_lazy("Last day"),
    "summary": gettext_lazy("Summary"),
    "countries": gettext_lazy("Countries"),
    "place": gettext_lazy("Place"),
    "latitude": gettext_lazy("Latitude"),
    "longitude": gettext_lazy("Longitude"),
    "category": gettext_lazy("Category of the row"),
    "importance": gettext_lazy("Importance"),
    "id": gettext_lazy("Identifier"),
    "source_publisher": gettext_lazy("Source: publisher"),
    "source_title": gettext_lazy("Source: title"),
    "source_url": gettext_lazy("Source: address"),
}
