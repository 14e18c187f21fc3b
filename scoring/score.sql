-- What counts. The only definition of the score: rows in, rows out, integers only.
--
-- The weights, tiers, curves and bounds are rows of the rule set, never written here; the only bare numbers are the
-- 0 and 1 of yes and no, the 1 of "one less than a whole step", and the 2 of rounding half up: (2 * a + b) // (2 * b).
-- Points are thousandths. It runs as it stands on DuckDB; sqlglot turns it into Spark's words.
--
-- Told by the store (all NOT NULL integers, times in microseconds UTC):
--   marks(output, mention, source, unit, account, outlet, occurred, known, taken, repost, url, twin)
--       unit, account, outlet: -1 is "not told"; taken: -1 is "never taken back"; url: 0 is "none";
--       twin: 1 where another mention of the same source has, or once had, the same url
--   outlets(outlet, tier, reach), accounts(account, followers, posts, share): a number below 0 is "not told"
--   signs(output, mention, sign): what the checks for gaming have found
--   params(now): one row; what had happened and was known by then
-- Told by the rule set: sources, tiers, reach_curve, promiscuity_curve, bias_curve, bounds (one row), nobody (one row
-- that stands for an account or outlet of which nothing is known), excluded (signs), reasons.

WITH

-- reach x promiscuity x bias, multiplied exactly, rounded half up once per account, kept within its bounds.
account_factors AS (
    SELECT
        a.account,
        GREATEST(b.factor_least, LEAST(b.factor_most,
            (2 * f.milli * p.milli * s.milli + b.whole * b.whole) // (2 * b.whole * b.whole))) AS factor,
        f.milli AS reach, p.milli AS promiscuity, s.milli AS bias
    FROM (
        SELECT account, followers, posts, share FROM accounts WHERE account >= 0
        UNION ALL
        SELECT account, followers, posts, share FROM nobody
    ) AS a
    JOIN reach_curve AS f ON a.followers BETWEEN f.least AND f.most
    JOIN promiscuity_curve AS p ON a.posts BETWEEN p.least AND p.most
    JOIN bias_curve AS s ON a.share BETWEEN s.least AND s.most
    CROSS JOIN bounds AS b
),

-- What an outlet's mention is worth where the tier decides, and what a blog's is multiplied by. Tier 0 is "unknown".
outlet_weights AS (
    SELECT
        o.outlet,
        COALESCE(t.tier, 0) AS tier,
        COALESCE(t.points, b.unknown_tier_points) AS points,
        CASE
            WHEN o.reach < 0 THEN b.unknown_reach
            ELSE GREATEST(b.reach_least, LEAST(b.reach_most, o.reach))
        END AS reach
    FROM (
        SELECT outlet, tier, reach FROM outlets WHERE outlet >= 0
        UNION ALL
        SELECT outlet, tier, reach FROM nobody
    ) AS o
    LEFT JOIN tiers AS t ON t.tier = o.tier
    CROSS JOIN bounds AS b
),

strangers AS (
    SELECT f.factor, w.tier, w.points, w.reach
    FROM nobody AS n
    JOIN account_factors AS f ON f.account = n.account
    JOIN outlet_weights AS w ON w.outlet = n.outlet
),

-- What the rule set leaves out for a sign of gaming; it is shown, and counts for nothing.
suspects AS (
    SELECT DISTINCT g.output, g.mention
    FROM signs AS g
    JOIN excluded AS e ON e.sign = g.sign
),

-- Every mention in force, its unit by the rule, and the points it would have if it were the first of its unit.
weighed AS NOT MATERIALIZED (
    SELECT
        m.output, m.mention, m.source, m.occurred, m.repost, m.url, m.twin,
        CASE WHEN s.whole_source = 1 THEN 0 ELSE m.unit END AS unit,
        2 * (m.occurred - b.origin) + m.repost AS moment,
        CASE
            WHEN s.by_tier = 1 THEN COALESCE(w.points, x.points)
            ELSE (2 * CASE WHEN m.repost = 1 THEN s.repost_points ELSE s.points END
                    * CASE
                        WHEN s.by_account = 1 THEN COALESCE(f.factor, x.factor)
                        WHEN s.by_reach = 1 THEN COALESCE(w.reach, x.reach)
                        ELSE b.whole
                    END + b.whole) // (2 * b.whole)
        END AS points,
        CASE WHEN s.by_tier = 1 THEN COALESCE(w.tier, x.tier) ELSE 0 END AS tier,
        CASE WHEN s.by_account = 1 THEN COALESCE(f.factor, x.factor) ELSE b.whole END AS factor,
        CASE WHEN g.mention IS NULL THEN 0 ELSE 1 END AS suspect
    FROM marks AS m
    CROSS JOIN params AS p
    CROSS JOIN bounds AS b
    CROSS JOIN strangers AS x
    JOIN sources AS s ON s.source = m.source
    LEFT JOIN outlet_weights AS w ON w.outlet = m.outlet
    LEFT JOIN account_factors AS f ON f.account = m.account
    LEFT JOIN suspects AS g ON g.output = m.output AND g.mention = m.mention
    WHERE m.occurred <= p.now AND m.known <= p.now AND (m.taken < 0 OR m.taken > p.now)
),

-- Same source and same canonical URL is one mention: copy 1 is the one that is kept.
copies AS NOT MATERIALIZED (
    SELECT
        output, mention, source, unit, moment, points,
        CASE
            WHEN url = 0 THEN 1
            ELSE ROW_NUMBER() OVER (PARTITION BY output, source, url ORDER BY moment, points, mention)
        END AS copy
    FROM weighed
    WHERE twin = 1 AND suspect = 0
),

kept AS NOT MATERIALIZED (
    SELECT output, mention, source, unit, moment, points FROM weighed WHERE twin = 0 AND suspect = 0
    UNION ALL
    SELECT output, mention, source, unit, moment, points FROM copies WHERE copy = 1
),

-- The first mention of each unit, without a sort: time, then original before repost, then the lower points, read as one
-- long number whose last digits are the points. The id, the last resort, changes no points; `counted` settles it.
firsts AS (
    SELECT
        k.output, k.source, k.unit,
        COUNT(*) AS mentions,
        MIN(k.moment) AS moment,
        MIN(CAST(k.moment AS DECIMAL(19, 0)) * CAST(b.room AS DECIMAL(18, 0)) + CAST(k.points AS DECIMAL(18, 0))) AS place
    FROM kept AS k
    CROSS JOIN bounds AS b
    GROUP BY k.output, k.source, k.unit
),

units AS (
    SELECT
        f.output, f.source, f.unit, f.mentions, f.moment,
        f.moment % 2 AS repost,
        CAST(f.place - CAST(f.moment AS DECIMAL(19, 0)) * CAST(b.room AS DECIMAL(18, 0)) AS BIGINT) AS points
    FROM firsts AS f
    CROSS JOIN bounds AS b
),

sums AS (
    SELECT
        output, source,
        CAST(SUM(mentions) AS BIGINT) AS mentions,
        COUNT(*) AS units,
        CAST(SUM(CASE WHEN repost = 0 THEN points ELSE 0 END) AS BIGINT) AS originals,
        CAST(SUM(CASE WHEN repost = 1 THEN points ELSE 0 END) AS BIGINT) AS reposts
    FROM units
    GROUP BY output, source
),

-- The reposts of a source are rounded up to a whole step; `carried` is what that adds.
by_source AS (
    SELECT
        t.output, t.source, t.mentions, t.units,
        t.originals + (t.reposts + s.repost_step - 1) // s.repost_step * s.repost_step AS millipoints,
        (t.reposts + s.repost_step - 1) // s.repost_step * s.repost_step - t.reposts AS carried
    FROM sums AS t
    JOIN sources AS s ON s.source = t.source
),

-- The displayed score is the ceiling of the sum.
scored AS (
    SELECT
        c.output,
        CAST(SUM(c.millipoints) AS BIGINT) AS millipoints,
        (CAST(SUM(c.millipoints) AS BIGINT) + MAX(b.whole) - 1) // MAX(b.whole) AS score,
        CAST(SUM(c.mentions) AS BIGINT) AS mentions,
        CAST(SUM(c.units) AS BIGINT) AS units
    FROM by_source AS c
    CROSS JOIN bounds AS b
    GROUP BY c.output
),

-- From here on: the same, line by line.
counted AS (
    SELECT k.output, k.source, u.moment, u.repost, MIN(k.mention) AS mention
    FROM kept AS k
    JOIN units AS u
        ON u.output = k.output AND u.source = k.source AND u.unit = k.unit
        AND u.moment = k.moment AND u.points = k.points
    GROUP BY k.output, k.source, u.unit, u.moment, u.repost
),

-- The last counted repost of each source carries what rounding up adds.
carriers AS (
    SELECT
        c.output, c.mention, c.source, t.carried,
        ROW_NUMBER() OVER (PARTITION BY c.output, c.source ORDER BY c.moment DESC, c.mention DESC) AS from_last
    FROM counted AS c
    JOIN by_source AS t ON t.output = c.output AND t.source = c.source
    WHERE c.repost = 1
),

ledger AS (
    SELECT
        w.output, w.mention, w.source, w.unit, w.occurred, w.repost,
        CASE WHEN c.mention IS NULL THEN 0 ELSE s.counts END AS counted,
        CASE WHEN c.mention IS NULL THEN 0 ELSE w.points + COALESCE(r.carried, 0) END AS millipoints,
        y.reason, w.tier, w.factor,
        COALESCE(r.carried, 0) AS carried
    FROM weighed AS w
    JOIN sources AS s ON s.source = w.source
    LEFT JOIN copies AS d
        ON d.output = w.output AND d.mention = w.mention AND d.copy > 1
    LEFT JOIN counted AS c
        ON c.output = w.output AND c.mention = w.mention
    LEFT JOIN carriers AS r
        ON r.output = w.output AND r.mention = w.mention AND r.from_last = 1
    JOIN reasons AS y
        ON y.suspect = w.suspect AND y.counts = s.counts AND y.published = s.published
        AND y.same_page = CASE WHEN d.mention IS NULL THEN 0 ELSE 1 END
        AND y.first_of_unit = CASE WHEN c.mention IS NULL THEN 0 ELSE 1 END
)

SELECT * FROM scored
