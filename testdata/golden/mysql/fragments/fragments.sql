-- What several queries say, beside those that use it.

-- fragment: visible
NOT b.hidden;

-- Every filter may be left out.
-- fragment: wanted
sqlc.fragment(visible)
AND b.price <= sqlc.arg(most)   -- :if most
AND a.name = sqlc.arg(author)   -- :if author
;

-- fragment: cost
b.price + 1;

-- fragment: shelf
shelf AS (
    SELECT author_id, count(*) AS books FROM books GROUP BY author_id
)
