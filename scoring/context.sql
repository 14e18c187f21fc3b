-- Where one output stands among others: four populations, counts only.
-- Over population(millipoints, journal, day, precise): one row an output, journal 0 is "none", day counts from 1970-01-01
-- (the first day of a month where only the month is known), precise is 0 where the date is coarser than a month.
-- Parameters: output_millipoints, journal, day, has_day (the output's own date is at least a month), window (days).
SELECT
    (SELECT COUNT(*) FROM population) AS all_count,
    (SELECT COUNT(*) FROM population WHERE millipoints > :output_millipoints) AS all_higher,
    (SELECT COUNT(*) FROM population WHERE journal = :journal AND journal <> 0) AS journal_count,
    (SELECT COUNT(*) FROM population
        WHERE journal = :journal AND journal <> 0 AND millipoints > :output_millipoints) AS journal_higher,
    (SELECT COUNT(*) FROM population
        WHERE day BETWEEN :day - :window AND :day + :window AND precise = 1 AND precise = :has_day) AS age_count,
    (SELECT COUNT(*) FROM population
        WHERE day BETWEEN :day - :window AND :day + :window AND precise = 1 AND precise = :has_day
        AND millipoints > :output_millipoints) AS age_higher,
    (SELECT COUNT(*) FROM population
        WHERE journal = :journal AND journal <> 0
        AND day BETWEEN :day - :window AND :day + :window AND precise = 1 AND precise = :has_day) AS both_count,
    (SELECT COUNT(*) FROM population
        WHERE journal = :journal AND journal <> 0
        AND day BETWEEN :day - :window AND :day + :window AND precise = 1 AND precise = :has_day
        AND millipoints > :output_millipoints) AS both_higher
