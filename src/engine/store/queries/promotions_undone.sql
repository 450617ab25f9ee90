WITH RECURSIVE chain AS (
    SELECT r.undoes AS promotion, true AS undone
    FROM releases AS r
    WHERE r.id = $1 AND r.whole
    UNION ALL
    SELECT r.undoes, NOT chain.undone
    FROM chain
    JOIN promotions AS p ON p.id = chain.promotion
    JOIN releases AS r ON r.id = p.release AND r.whole
)
UPDATE promotions AS p
SET undone = chain.undone
FROM chain
WHERE p.id = chain.promotion
