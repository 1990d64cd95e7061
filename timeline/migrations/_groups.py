"""The three groups of the editors' desk, with their permissions. What an installation gave or took away later stays."""

from django.apps.registry import Apps
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

VERBS = ("add", "change", "delete", "view")
PARTS = ("participation", "actorparticipation", "eventname", "source", "relation")
VOCABULARY = ("actor", "category", "country", "dataset", "coverage", "story", "storyevent")
SEEN = ("event", *PARTS, *VOCABULARY, "pendingrevision")

CONTRIBUTOR = {
    *(f"view_{model}" for model in SEEN),
    *(f"{verb}_{model}" for model in PARTS for verb in ("add", "change", "delete")),
    "add_event",
    "change_event",
    "add_actor",
}
EDITOR = CONTRIBUTOR | {
    *(f"{verb}_{model}" for model in VOCABULARY for verb in ("add", "change")),
    "delete_storyevent",
    "publish_event",
    "view_correction",
    "change_correction",
    "view_bulkchange",
    "add_bulkchange",
    "add_apitoken",
    "change_apitoken",
    "view_apitoken",
}
ADMINISTRATOR = EDITOR | {
    *(f"delete_{model}" for model in ("event", "actor", "category", "country", "dataset", "coverage", "story")),
    "delete_correction",
    "view_deletedevent",
    "change_pendingrevision",
}
GROUPS = {"contributor": CONTRIBUTOR, "editor": EDITOR, "administrator": ADMINISTRATOR}


def make_groups(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Permissions are made after all migrations, so those that are needed here are made the same way first."""
    # The database that is migrated need not be the one in use: an installation may be moving to it.
    migrated = editor.connection.alias
    types = apps.get_model("contenttypes", "ContentType").objects.using(migrated)
    permissions = apps.get_model("auth", "Permission").objects.using(migrated)
    groups = apps.get_model("auth", "Group").objects.using(migrated)
    given = apps.get_model("auth", "Group").permissions.through

    def right(app, codename):
        verb, model = codename.split("_")
        kind, made = types.get_or_create(app_label=app, model=model)
        name = f"Can {verb} {apps.get_model(app, model)._meta.verbose_name}" if verb != "publish" else "Can publish events"
        return permissions.get_or_create(content_type=kind, codename=codename, defaults={"name": name[:255]})[0]

    for name, codenames in GROUPS.items():
        group, made = groups.get_or_create(name=name)
        rights = [right("timeline", codename) for codename in sorted(codenames)]
        if name == "administrator":
            rights += [right("auth", f"{verb}_{model}") for verb in VERBS for model in ("user", "group")]
        given.objects.using(migrated).bulk_create(
            [given(group_id=group.pk, permission_id=each.pk) for each in rights], ignore_conflicts=True
        )
