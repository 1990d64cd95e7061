"""Indexes that a table loses, without a copy of the table."""

from django.db.migrations import AlterField


class LoseIndex(AlterField):
    """An AlterField that only takes away the field's index. On SQLite Django would write the whole table anew."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        if schema_editor.connection.vendor != "sqlite":
            super().database_forwards(app_label, schema_editor, from_state, to_state)
            return
        model = to_state.apps.get_model(app_label, self.model_name)
        column = model._meta.get_field(self.name).column
        kept = {index.name for index in model._meta.indexes}
        for name in schema_editor._constraint_names(model, [column], index=True, unique=False, exclude=kept):
            schema_editor.execute(f"DROP INDEX {schema_editor.quote_name(name)}")
