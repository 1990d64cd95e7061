"""The engine of the database that finds the words of events, as SQLite and PostgreSQL have it."""

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
