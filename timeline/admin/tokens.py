"""Making and revoking the tokens with which programs write. A secret is shown once, on the answer that makes it."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from timeline.models import ApiToken


@admin.action(description=gettext_lazy("Revoke the selected tokens"), permissions=["change"])
def revoke(model_admin: ApiTokenAdmin, request: HttpRequest, queryset: QuerySet[ApiToken]) -> None:
    """End the tokens for good; each says in its history who did it."""
    tokens = list(queryset.filter(revoked__isnull=True))
    for token in tokens:
        token.revoke()
        model_admin.log_change(request, token, _("Revoked."))
    count = len(tokens)
    text = ngettext("%(count)d token is revoked.", "%(count)d tokens are revoked.", count) % {"count": count}
    model_admin.message_user(request, text, messages.SUCCESS)


@admin.register(ApiToken)
class ApiTokenAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """A token is made, used, and revoked; it is never changed, and never deleted, so that its traces stay readable."""

    when_empty = gettext_lazy("Make a token for each program that writes in your name. Its secret is shown once.")
    list_display = ("name", "user", "created", "last_used", "revoked")
    list_filter = ("revoked",)
    list_select_related = ("user",)
    search_fields = ("name", "user__username")
    autocomplete_fields = ("user",)
    fields = ("user", "name", "created", "last_used", "revoked")
    actions = (revoke,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ApiToken]:
        """All tokens for who manages users and may have to revoke them, one's own for others."""
        tokens: QuerySet[ApiToken] = super().get_queryset(request)
        return tokens if request.user.has_perm("auth.change_user") else tokens.filter(user=request.user.pk)

    def get_fields(self, request: HttpRequest, obj: ApiToken | None = None) -> Any:
        """A token may do what its user may do, so only a superuser makes them for others."""
        if obj:
            return self.fields
        return ("user", "name") if request.user.is_superuser else ("name",)

    def get_readonly_fields(self, request: HttpRequest, obj: ApiToken | None = None) -> Any:
        return self.fields if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: ApiToken | None = None) -> bool:
        return False

    def get_form(self, request: HttpRequest, obj: ApiToken | None = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        field: Any = form.base_fields.get("user")
        if field is not None:
            field.queryset = field.queryset.filter(is_active=True)
            field.initial = request.user.pk
        return form

    def save_model(self, request: HttpRequest, obj: ApiToken, form: Any, change: bool) -> None:
        if not change:
            if not request.user.is_superuser:
                obj.user = request.user
            # On the request and not in a message: those travel in a cookie.
            request.new_secret = obj.renew_secret()  # type: ignore[attr-defined]
        super().save_model(request, obj, form, change)

    def response_add(self, request: HttpRequest, obj: ApiToken, post_url_continue: str | None = None) -> HttpResponse:
        """The only page that ever shows the secret; no cache keeps it."""
        context = self.admin_site.each_context(request) | {
            "title": _("The token “%(name)s” is made") % {"name": obj.name},
            "opts": self.opts,
            "token": obj,
            "secret": request.new_secret,  # type: ignore[attr-defined]  # from save_model
        }
        response = render(request, "admin/timeline/token_made.html", context)
        response.headers["Cache-Control"] = "no-store"
        return response
