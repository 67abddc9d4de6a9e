from typing import Any

from django import forms
from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CommonConfig(AppConfig):
    name = "common"
    verbose_name = "Dùng chung"

    def ready(self) -> None:
        """One wording of what is missing: “Chưa ghi.” is Django's own sentence in `locale/vi`; of choices it is said so."""
        for field in (forms.ChoiceField, forms.ModelChoiceField, forms.FileField):
            messages: dict[str, Any] = field.default_error_messages
            field.default_error_messages = messages | {"required": _("Chưa chọn.")}
