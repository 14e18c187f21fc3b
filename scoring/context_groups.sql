-- The same among the outputs of each group of an output, or of each of its fields. Over members(grp, millipoints, own): one
-- row for a group and an output, own is 1 for the output itself. Parameter: output_millipoints.
SELECT
    grp,
    COUNT(*) AS members,
    COUNT(CASE WHEN millipoints > :output_millipoints THEN 1 END) AS higher,
    MAX(own) AS inside
FROM members
GROUP BY grp
