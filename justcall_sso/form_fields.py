"""Every control of every form gets its class of Bootstrap here (FORM_RENDERER of the settings)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms import BoundField
from django.forms.renderers import DjangoTemplates
from django.forms.widgets import Widget

_CHECKED = (forms.CheckboxInput, forms.RadioSelect, forms.CheckboxSelectMultiple)


def _class_of(widget: Widget) -> str:
    if widget.is_hidden:
        return ""
    if isinstance(widget, _CHECKED):
        return "form-check-input"
    return "form-select" if isinstance(widget, forms.Select) else "form-control"


class BootstrapField(BoundField):
    """A field whose control has its class, beside those of the form, and says when it is wrong."""

    def build_widget_attrs(self, attrs: dict[str, Any], widget: Widget | None = None) -> dict[str, Any]:
        built = super().build_widget_attrs(attrs, widget)
        widget = widget or self.field.widget
        classes = [_class_of(widget), widget.attrs.get("class", ""), "is-invalid" if self.errors else ""]
        return built | {"class": " ".join(filter(None, classes))}


class Renderer(DjangoTemplates):
    """Django's own templates of forms, with fields as above."""

    bound_field_class = BootstrapField
