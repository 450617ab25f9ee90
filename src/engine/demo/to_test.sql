-- From production to test: the release that waits for production.

ALTER TABLE merchants ADD COLUMN tax_id text;
ALTER TABLE merchants ADD COLUMN risk_band text NOT NULL DEFAULT 'standard' CHECK (risk_band IN ('low', 'standard', 'high'));
COMMENT ON COLUMN merchants.tax_id IS 'As the merchant states it; checked by the tax service';

ALTER TABLE fee_items ADD COLUMN cap_amount numeric(10, 2);
ALTER TABLE fee_items ADD CONSTRAINT fee_items_cap CHECK (cap_amount IS NULL OR cap_amount >= amount);

ALTER TABLE terminals ADD CONSTRAINT terminals_serial_number_key UNIQUE (serial_number);

CREATE TABLE payment_links (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    merchant_id bigint NOT NULL REFERENCES merchants (id) ON DELETE CASCADE,
    amount numeric(12, 2) NOT NULL CHECK (amount > 0),
    currency char(3) NOT NULL REFERENCES currencies (code),
    expires_at timestamptz NOT NULL,
    paid_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE payment_links IS 'Links that a merchant sends to a customer';
CREATE INDEX payment_links_open_idx ON payment_links (merchant_id, expires_at) WHERE paid_at IS NULL;

CREATE TABLE transactions_2026_11 PARTITION OF transactions FOR VALUES FROM ('2026-11-01 00:00+00') TO ('2026-12-01 00:00+00');

CREATE OR REPLACE VIEW merchant_overview AS
    SELECT m.id, m.trading_name, m.status, c.name AS country, k.description AS category, p.name AS pricing, m.risk_band
    FROM merchants m
    JOIN countries c ON c.code = m.country
    JOIN merchant_categories k ON k.mcc = m.mcc
    JOIN pricing_types p ON p.id = m.pricing_type_id;

CREATE OR REPLACE FUNCTION fee_for(amount numeric, percent numeric, fixed numeric DEFAULT 0) RETURNS numeric
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ SELECT greatest(round(amount * percent / 100 + fixed, 2), 0.01) $$;

-- Lookup data: new, changed and removed rows.

INSERT INTO fee_groups (id, code, name, sort_order) VALUES (6, 'links', 'Payment links', 15);
INSERT INTO fee_items (id, fee_group_id, code, name, basis, amount, cap_amount) VALUES
    (16, 6, 'link', 'Payment by link', 'percentage', 1.4900, 12.00), (17, 6, 'link_reminder', 'Reminder', 'per_transaction', 0.0300, NULL);
UPDATE fee_items SET amount = 0.0450 WHERE code = 'auth';
UPDATE fee_items SET cap_amount = 15.00 WHERE code = 'rate_foreign';
UPDATE fee_items SET name = 'Chargeback handling', amount = 22.0000 WHERE code = 'chargeback';
INSERT INTO email_templates (id, code, subject, body) VALUES
    (9, 'link_paid', 'Your customer has paid', 'The link over {{amount}} was paid at {{paid_at}}.'),
    (10, 'link_expired', 'A payment link has expired', 'The link over {{amount}} expired unpaid.');
UPDATE email_templates SET body = 'Hello {{trading_name}}, your account is open. Your first payout follows the next working day.' WHERE code = 'welcome';
INSERT INTO email_triggers (id, event, email_template_id, delay_minutes) VALUES (9, 'link.paid', 9, 0), (10, 'link.expired', 10, 60);
INSERT INTO decline_reasons (code, description, may_retry) VALUES ('suspected_fraud', 'The issuer suspects fraud', false);
DELETE FROM decline_reasons WHERE code = 'cheque_guarantee';
UPDATE pricing_types SET is_active = false, description = 'Rates by card class; closed' WHERE code = 'tiered';
SELECT setval('fee_groups_id_seq', 6), setval('fee_items_id_seq', 17), setval('email_templates_id_seq', 10), setval('email_triggers_id_seq', 10);
