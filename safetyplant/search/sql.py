"""The SQL functions behind search: `sp_terms` turns text into terms, `sp_query` turns what someone typed into a query.

Text is normalised (NFKC: full-width letters and digits become plain ones) and lower-cased. Chinese has no word spaces, so
each run of it is cut into overlapping pairs (配电箱 → 配电, 电箱) plus its last character alone, which lets any two characters
be found through the index, and one character by prefix. Other letters and digits form words; a word with hyphens
(hz-2026-0412) is kept whole and in its parts. Positions are not stored: matches are an AND of terms.

Both functions are IMMUTABLE, which stored generated columns require. Changing how text is cut means new functions and a
migration that rewrites the columns, never an edit of these.
"""

from django.db.migrations.operations import RunSQL

# Characters as \uXXXX so that the regular expressions do not depend on the collation of the database.
CJK = r"\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\U00020000-\U0003ffff"
LETTERS = r"0-9a-z\u00df-\u00f6\u00f8-\u024f\u0370-\u03ff\u0400-\u052f"
LONGEST_WORD = 60
LONGEST_TEXT = 50_000

CREATE_PLAIN = rf"""
CREATE FUNCTION sp_plain(value text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT regexp_replace(
        regexp_replace(
            regexp_replace(lower(normalize(left(coalesce(value, ''), {LONGEST_TEXT}), NFKC)), '[^-{LETTERS}{CJK}]+', ' ', 'g'),
            '([{CJK}]+)', ' \1 ', 'g'),
        '([-{LETTERS}]{{{LONGEST_WORD}}})[-{LETTERS}]+', '\1', 'g')
$$;
"""

CREATE_TERMS = rf"""
CREATE FUNCTION sp_terms(value text) RETURNS tsvector
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    plain text := sp_plain(value);
    words text;
BEGIN
    -- pairs from the first character of each run, then pairs from the second, then hyphenated words in parts
    words := regexp_replace(plain, '([{CJK}])([{CJK}])', ' \1\2 ', 'g');
    IF plain ~ '[{CJK}]' THEN
        words := words || ' ' || regexp_replace(regexp_replace(plain, ' [{CJK}]', ' ', 'g'), '([{CJK}])([{CJK}])', ' \1\2 ', 'g');
    END IF;
    IF strpos(plain, '-') > 0 THEN
        words := regexp_replace(words || ' ' || replace(words, '-', ' '), '(^| )-+|-+(?= |$)', ' ', 'g');
    END IF;
    RETURN array_to_tsvector(array_remove(string_to_array(words, ' '), ''));
END
$$;
"""

CREATE_QUERY = rf"""
CREATE FUNCTION sp_query(value text) RETURNS tsquery
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    word text;
    part text;
    piece text;
    pieces text[] := '{{}}';
BEGIN
    FOREACH word IN ARRAY regexp_split_to_array(sp_plain(left(value, 200)), ' +') LOOP
        word := btrim(word, '-');
        IF word = '' THEN
            CONTINUE;
        ELSIF word ~ '^[{CJK}]$' THEN
            piece := quote_literal(word) || ':*';
        ELSIF word ~ '[{CJK}]' THEN
            SELECT string_agg(DISTINCT quote_literal(substr(word, place, 2)), ' & ') INTO piece
            FROM generate_series(1, length(word) - 1) AS place;
        ELSIF word LIKE '%-%' THEN
            SELECT string_agg(quote_literal(item), ' & ') INTO part
            FROM unnest(string_to_array(word, '-')) AS item WHERE item <> '';
            piece := '(' || quote_literal(word) || ':* | (' || part || '))';
        ELSE
            -- Shorter words would match half the index by prefix.
            piece := quote_literal(word) || CASE WHEN length(word) >= 3 THEN ':*' ELSE '' END;
        END IF;
        pieces := pieces || piece;
    END LOOP;
    RETURN array_to_string(pieces, ' & ')::tsquery;
END
$$;
"""  # noqa: S608 - a function definition


def create_functions() -> RunSQL:
    """The operation of search's first migration. Rooms with a `SearchVector` depend on ("search", "0001_initial")."""
    return RunSQL(
        CREATE_PLAIN + CREATE_TERMS + CREATE_QUERY,
        "DROP FUNCTION sp_query(text); DROP FUNCTION sp_terms(text); DROP FUNCTION sp_plain(text);",
    )
