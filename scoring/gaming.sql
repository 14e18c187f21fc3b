-- Signs of gaming: the posts that each check has found.
--
-- Told by the store: posts(account, output, mention, occurred, journal), a row for each post and output that everybody may
-- see, journal 0 is "none", times are microseconds; accounts(account, followers), below 0 is "not told".
-- Told by gaming.toml: a table of one row for each check, with its numbers. Runs on DuckDB.

WITH

-- new_accounts: who spoke within the first days of having spoken at all, and has few followers; then the places, in order
-- of time, of each run of so many of them that fits into those days.
firsts AS (
    SELECT account, MIN(occurred) AS occurred FROM posts GROUP BY account
),

newcomers AS (
    SELECT s.output, s.account, MIN(s.occurred) AS occurred
    FROM posts AS s
    JOIN firsts AS f ON f.account = s.account
    JOIN accounts AS a ON a.account = s.account
    CROSS JOIN new_accounts AS c
    WHERE a.followers BETWEEN 0 AND c.followers AND s.occurred - f.occurred <= c.days
    GROUP BY s.output, s.account
),

in_order AS (
    SELECT output, account, occurred, ROW_NUMBER() OVER (PARTITION BY output ORDER BY occurred, account) AS place
    FROM newcomers
),

ends AS (
    SELECT n.output, n.occurred, n.place - c.accounts + 1 AS begins, n.place, c.days
    FROM in_order AS n
    CROSS JOIN new_accounts AS c
),

bursts AS (
    SELECT DISTINCT e.output, UNNEST(RANGE(e.begins, e.place + 1)) AS place
    FROM ends AS e
    JOIN in_order AS b ON b.output = e.output AND b.place = e.begins
    WHERE e.occurred - b.occurred <= e.days
),

burst_posts AS (
    SELECT s.output, s.mention, c.number
    FROM bursts AS b
    JOIN in_order AS n ON n.output = b.output AND n.place = b.place
    JOIN posts AS s ON s.output = n.output AND s.account = n.account
    CROSS JOIN new_accounts AS c
),

repeated AS (
    SELECT output, account
    FROM posts
    GROUP BY output, account
    HAVING COUNT(DISTINCT mention) >= (SELECT posts FROM same_account)
),

repeated_posts AS (
    SELECT s.output, s.mention, c.number
    FROM repeated AS r
    JOIN posts AS s ON s.output = r.output AND s.account = r.account
    CROSS JOIN same_account AS c
),

totals AS (
    SELECT account, COUNT(DISTINCT mention) AS posts FROM posts GROUP BY account
),

by_journal AS (
    SELECT account, journal, COUNT(DISTINCT mention) AS posts
    FROM posts
    WHERE journal <> 0
    GROUP BY account, journal
),

voices AS (
    SELECT j.account, j.journal
    FROM by_journal AS j
    JOIN totals AS t ON t.account = j.account
    CROSS JOIN one_journal AS c
    WHERE t.posts >= c.posts AND j.posts * c.whole >= c.share * t.posts
),

voice_posts AS (
    SELECT s.output, s.mention, c.number
    FROM voices AS v
    JOIN posts AS s ON s.account = v.account AND s.journal = v.journal
    CROSS JOIN one_journal AS c
),

-- mutual_only: everything that an account has spoken of, as one list; the accounts whose lists are equal.
spoken_of AS (
    SELECT account, LIST(DISTINCT output ORDER BY output) AS outputs FROM posts GROUP BY account
),

circles AS (
    SELECT outputs
    FROM spoken_of
    GROUP BY outputs
    HAVING LEN(outputs) >= (SELECT outputs FROM mutual_only) AND COUNT(*) >= (SELECT accounts FROM mutual_only)
),

circle_posts AS (
    SELECT s.output, s.mention, c.number
    FROM circles AS r
    JOIN spoken_of AS o ON o.outputs = r.outputs
    JOIN posts AS s ON s.account = o.account
    CROSS JOIN mutual_only AS c
)

SELECT output, mention, number AS sign FROM burst_posts
UNION
SELECT output, mention, number FROM repeated_posts
UNION
SELECT output, mention, number FROM voice_posts
UNION
SELECT output, mention, number FROM circle_posts
