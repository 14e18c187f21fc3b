-- Where one output stands among others: how many there are, and how many of them have a higher score, in five populations.
-- Over population(millipoints, journal, type, day, precise): one row an output; journal 0 and type '' are "none", day
-- counts from 1970-01-01 (the first day of a month where only the month is known), precise is 0 where the date is coarser
-- than a month. Parameters: output_millipoints, journal, type, day, has_day (the output's own date is at least a month),
-- window (days either way, both ends included).
SELECT *
FROM (
    SELECT COUNT(*) AS all_count, COUNT(CASE WHEN millipoints > :output_millipoints THEN 1 END) AS all_higher
    FROM population
) AS everyone
CROSS JOIN (
    SELECT COUNT(*) AS journal_count, COUNT(CASE WHEN millipoints > :output_millipoints THEN 1 END) AS journal_higher
    FROM population WHERE journal = :journal AND journal <> 0
) AS same_journal
CROSS JOIN (
    SELECT COUNT(*) AS age_count, COUNT(CASE WHEN millipoints > :output_millipoints THEN 1 END) AS age_higher
    FROM population
    WHERE day BETWEEN :day - :window AND :day + :window AND precise = 1 AND precise = :has_day
) AS similar_age
CROSS JOIN (
    SELECT COUNT(*) AS both_count, COUNT(CASE WHEN millipoints > :output_millipoints THEN 1 END) AS both_higher
    FROM population
    WHERE journal = :journal AND journal <> 0
        AND day BETWEEN :day - :window AND :day + :window AND precise = 1 AND precise = :has_day
) AS similar_age_journal
CROSS JOIN (
    SELECT COUNT(*) AS type_count, COUNT(CASE WHEN millipoints > :output_millipoints THEN 1 END) AS type_higher
    FROM population WHERE type = :type AND type <> ''
) AS same_type
