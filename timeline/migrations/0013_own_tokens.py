"""Editors, and so administrators, make and revoke tokens of their own. What an installation gave or took away stays."""

from django.db import migrations

RIGHTS = ("add_apitoken", "change_apitoken", "view_apitoken")


def let_editors_make_tokens(apps, schema_editor):
    """Permissions are made after all migrations, so those that are needed here are made the same way first."""
    kind, made = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label="timeline", model="apitoken"
    )
    permissions = apps.get_model("auth", "Permission").objects
    rights = [
        permissions.get_or_create(
            content_type=kind, codename=codename, defaults={"name": f"Can {codename.split('_')[0]} API token"}
        )[0]
        for codename in RIGHTS
    ]
    for group in apps.get_model("auth", "Group").objects.filter(name__in=("editor", "administrator")):
        group.permissions.add(*rights)


class Migration(migrations.Migration):

    dependencies = [("timeline", "0012_merged_into")]

    operations = [migrations.RunPython(let_editors_make_tokens, migrations.RunPython.noop)]
