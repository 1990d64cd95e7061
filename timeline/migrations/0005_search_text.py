"""The words of each event, and the engine of the database that finds them."""

from collections import defaultdict

import django.db.models.deletion
from django.db import migrations, models

from timeline.words import GAP, words

AT_ONCE = 500

SQLITE = (
    # Our words need only be split at spaces, and this tokenizer takes every character beyond ASCII for a letter.
    # The engine keeps no copy of the texts and no sizes: nothing here is ranked by bm25.
    """
    CREATE VIRTUAL TABLE timeline_searchtext_words USING fts5(
        title, other, content='timeline_searchtext', content_rowid='event_id', tokenize='ascii', columnsize=0
    )
    """,
    """
    CREATE TRIGGER timeline_searchtext_insert AFTER INSERT ON timeline_searchtext BEGIN
        INSERT INTO timeline_searchtext_words (rowid, title, other) VALUES (new.event_id, new.title, new.other);
    END
    """,
    """
    CREATE TRIGGER timeline_searchtext_delete AFTER DELETE ON timeline_searchtext BEGIN
        INSERT INTO timeline_searchtext_words (timeline_searchtext_words, rowid, title, other)
        VALUES ('delete', old.event_id, old.title, old.other);
    END
    """,
    """
    CREATE TRIGGER timeline_searchtext_update AFTER UPDATE ON timeline_searchtext BEGIN
        INSERT INTO timeline_searchtext_words (timeline_searchtext_words, rowid, title, other)
        VALUES ('delete', old.event_id, old.title, old.other);
        INSERT INTO timeline_searchtext_words (rowid, title, other) VALUES (new.event_id, new.title, new.other);
    END
    """,
)
POSTGRESQL = (
    # to_tsvector() would split and drop words by rules of its own. A position is at most 16383; a lexeme of the title
    # has weight A, and no phrase reaches from the title into the rest.
    """
    CREATE FUNCTION timeline_search_vector(title text, other text) RETURNS tsvector
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (
        SELECT coalesce(string_agg(
            '''' || word || ''':' || least(place, 16383)
            || CASE WHEN place <= cardinality(string_to_array(title, ' ')) THEN 'A' ELSE '' END,
            ' '
        ), '')::tsvector
        FROM unnest(string_to_array(title || ' ¶ ' || other, ' ')) WITH ORDINALITY AS given (word, place)
        WHERE word <> ''
    )
    """,
    """
    ALTER TABLE timeline_searchtext ADD COLUMN vector tsvector
    GENERATED ALWAYS AS (timeline_search_vector(title, other)) STORED
    """,
    "CREATE INDEX timeline_searchtext_vector ON timeline_searchtext USING gin (vector)",
)
SQLITE_REVERSE = (
    "DROP TRIGGER timeline_searchtext_update",
    "DROP TRIGGER timeline_searchtext_delete",
    "DROP TRIGGER timeline_searchtext_insert",
    "DROP TABLE timeline_searchtext_words",
)
POSTGRESQL_REVERSE = (
    "DROP INDEX timeline_searchtext_vector",
    "ALTER TABLE timeline_searchtext DROP COLUMN vector",
    "DROP FUNCTION timeline_search_vector",
)


def run(editor, sqlite, postgresql):
    for statement in {"sqlite": sqlite, "postgresql": postgresql}[editor.connection.vendor]:
        editor.execute(statement)


def make_engine(apps, editor):
    run(editor, SQLITE, POSTGRESQL)


def remove_engine(apps, editor):
    run(editor, SQLITE_REVERSE, POSTGRESQL_REVERSE)


def fill(apps, editor):
    """The words of the events that are there already; later ones are written as they change."""
    stored, events, names, parts, sources = (
        apps.get_model("timeline", name).objects.using(editor.connection.alias)
        for name in ("SearchText", "Event", "EventName", "ActorParticipation", "Source")
    )
    ids = list(events.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        others = defaultdict(list)
        for rows in (
            names.filter(event__in=some).order_by("pk").values_list("event_id", "name"),
            parts.filter(event__in=some).order_by("actor_id").values_list("event_id", "actor__name").distinct(),
            sources.filter(event__in=some).exclude(title="").order_by("pk").values_list("event_id", "title"),
        ):
            for event_id, text in rows:
                others[event_id].append(text)
        rows = events.filter(pk__in=some).values_list("pk", "title", "summary", "place")
        stored.bulk_create(
            stored.model(
                event_id=pk,
                title=" ".join(words(title)),
                other=f" {GAP} ".join(" ".join(words(text)) for text in (summary, place, *others[pk]) if text),
            )
            for pk, title, summary, place in rows
        )


class Migration(migrations.Migration):

    dependencies = [
        ('timeline', '0004_change_token'),
    ]

    operations = [
        migrations.CreateModel(
            name='SearchText',
            fields=[
                ('event', models.OneToOneField(on_delete=django.db.models.deletion.DO_NOTHING, primary_key=True, related_name='+', serialize=False, to='timeline.event')),
                ('title', models.TextField()),
                ('other', models.TextField()),
            ],
            options={
                'verbose_name': 'search text',
            },
        ),
        migrations.RunPython(make_engine, remove_engine),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
