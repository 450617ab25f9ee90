UPDATE promotions
SET undone = id = ANY ($2)
WHERE target = (SELECT target FROM promotions WHERE id = $1) AND undone <> (id = ANY ($2))
