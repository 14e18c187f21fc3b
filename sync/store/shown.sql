-- Who takes part and who sees: HOUSE's one relation, for a scope (parameter scope) at an instant (parameter now).
-- Everything that shows, previews, publishes or explains permission joins to these and asks nothing else.
-- A level that has closed is private (parameter never: no closing), and who has closed may leave the scope, so an
-- output that needs an author closes with the last one who is in scope. What is not listed in sees is not seen; a NULL
-- or a typo joins to nothing. After a restore there is no rule at all until every source was read again in full
-- (unread.py). permission.py tells how the parts are asked.
rule AS NOT MATERIALIZED (
  SELECT current_only, profile, people, outputs, authorships FROM scope
  WHERE id = :scope AND NOT EXISTS (SELECT 1 FROM connection WHERE unread = 1 AND state <> 'removed')
),
person_now AS NOT MATERIALIZED (
  SELECT p.id, p.public_id, p.name, p.current, p.academic, p.student, p.closes_at,
         CASE WHEN p.closes_at > :now THEN p.visibility ELSE 0 END AS visibility
  FROM person p WHERE p.live = 1
),
person_in AS NOT MATERIALIZED (
  SELECT p.id, p.public_id, p.name, p.visibility, p.closes_at,
         CASE WHEN r.people > 0 THEN p.closes_at ELSE :never END AS stays_until
  FROM person_now p CROSS JOIN rule r
  WHERE p.visibility >= r.people
    AND (r.current_only = 0 OR p.current = 1)
    AND (r.profile = 0 OR p.academic = 1 OR (r.profile = 1 AND p.student = 1))
),
authorship_in AS NOT MATERIALIZED (
  SELECT a.output_id, a.person_id, a.position, a.closes_at,
         CASE WHEN a.closes_at > :now THEN a.visibility ELSE 0 END AS visibility,
         CASE WHEN r.authorships > 0 AND a.closes_at < p.stays_until THEN a.closes_at ELSE p.stays_until END AS stays_until
  FROM authorship a CROSS JOIN rule r JOIN person_in p ON p.id = a.person_id
  WHERE CASE WHEN a.closes_at > :now THEN a.visibility ELSE 0 END >= r.authorships
),
output_now AS NOT MATERIALIZED (
  SELECT o.id, o.public_id, o.closes_at, o.requires_author,
         CASE WHEN o.closes_at > :now THEN o.visibility ELSE 0 END AS visibility
  FROM output o WHERE o.live = 1
),
output_in AS NOT MATERIALIZED (
  SELECT o.id, o.public_id, o.visibility,
         CASE WHEN o.requires_author = 1 AND o.authors_until < o.closes_at THEN o.authors_until ELSE o.closes_at END
           AS closes_at
  FROM (
    SELECT n.*, (SELECT max(a.stays_until) FROM authorship_in a WHERE a.output_id = n.id) AS authors_until
    FROM output_now n
  ) AS o CROSS JOIN rule r
  WHERE o.visibility >= r.outputs AND (o.requires_author = 0 OR o.authors_until IS NOT NULL)
),
shown_output AS NOT MATERIALIZED (
  SELECT s.audience, o.id AS output_id, o.public_id, o.visibility, o.closes_at
  FROM output_in o JOIN sees s ON s.visibility = o.visibility
),
shown_person AS NOT MATERIALIZED (
  SELECT s.audience, p.id AS person_id, p.public_id, p.name, p.closes_at
  FROM person_in p JOIN sees s ON s.visibility = p.visibility
),
shown_authorship AS NOT MATERIALIZED (
  SELECT o.audience, o.output_id, p.person_id, p.public_id, p.name, a.position,
         CASE WHEN a.closes_at < p.closes_at THEN a.closes_at ELSE p.closes_at END AS closes_at
  FROM shown_output o
  JOIN authorship_in a ON a.output_id = o.output_id
  JOIN sees s ON s.audience = o.audience AND s.visibility = a.visibility
  JOIN shown_person p ON p.audience = o.audience AND p.person_id = a.person_id
),
-- A group shows where one of those who are named is in it: publish and preview join it to them by person_group.
open_group AS NOT MATERIALIZED (
  SELECT s.audience, g.id AS group_id, g.public_id, g.name, g.effective_closes_at AS closes_at
  FROM group_record g
  JOIN sees s ON s.visibility = CASE WHEN g.effective_closes_at > :now THEN g.effective ELSE 0 END
  WHERE g.state = 1
)
