INSERT INTO approvals (promotion, person, requester, digest, name, role, decision, comment)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
