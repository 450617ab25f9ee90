-- What somebody changed in production by hand, one night when reports were slow, and told nobody.

DROP INDEX transactions_merchant_idx;
CREATE INDEX transactions_merchant_idx ON transactions (merchant_id);
