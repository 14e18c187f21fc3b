-- What an account's posts say of it: how many it makes in a month, and the share that is about one journal.
--
-- Told by the store: posts(account, output, mention, occurred, journal), a row for each post and output that everybody
-- may see; journal 0 is "none", times are microseconds. Told by habits.py, one row: prior(posts, days, elsewhere,
-- month, day, least, whole). Integers only; the results are thousandths, rounded down. Runs on DuckDB.

WITH

spoken AS (
    SELECT s.account, COUNT(DISTINCT s.mention) AS posts, (MAX(s.occurred) - MIN(s.occurred)) // MAX(p.day) AS days
    FROM posts AS s
    CROSS JOIN prior AS p
    GROUP BY s.account
    HAVING COUNT(DISTINCT s.mention) >= MAX(p.least)
),

by_journal AS (
    SELECT account, journal, COUNT(DISTINCT mention) AS posts
    FROM posts
    WHERE journal <> 0
    GROUP BY account, journal
),

favourites AS (
    SELECT account, MAX(posts) AS posts FROM by_journal GROUP BY account
)

SELECT
    s.account,
    (s.posts + p.posts) * p.whole * p.month // (s.days + p.days) AS posts,
    COALESCE(f.posts, 0) * p.whole // (s.posts + p.elsewhere) AS share
FROM spoken AS s
CROSS JOIN prior AS p
LEFT JOIN favourites AS f ON f.account = s.account
