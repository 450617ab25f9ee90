-- Ordinary rows. The session says how many payments: demo.payments; everything else follows from it.
-- The rows are consistent by construction; checking a quarter of a million of them one by one would take most of the start.
SET LOCAL session_replication_role = replica;

INSERT INTO sales_partners (name, commission)
SELECT 'Partner ' || n, 0.10 + (n % 5) * 0.05 FROM generate_series(1, 12) AS n;

INSERT INTO merchants (legal_name, trading_name, status, mcc, country, sales_partner_id, pricing_type_id, support_email, created_at, updated_at)
SELECT format('%s %s No. %s', word.a, word.b, n), format('%s %s', word.a, word.b),
    (ARRAY['active', 'active', 'active', 'active', 'in_review', 'suspended', 'active', 'applied', 'active', 'closed']::merchant_status[])[1 + n % 10],
    (ARRAY['5411', '5462', '5541', '5651', '5732', '5812', '5814', '5912', '5942', '5977', '7011', '7230', '7299', '7922', '7997', '8999'])[1 + n % 16],
    (ARRAY['DE', 'FR', 'NL', 'IE', 'SE', 'AT', 'ES', 'GB'])[1 + n % 8], CASE WHEN n % 3 = 0 THEN 1 + n % 12 END, 1 + n % 4,
    format('help@shop-%s.example', n),
    moment.at, moment.at
FROM generate_series(1, greatest(40, current_setting('demo.payments')::integer / 100)) AS n
CROSS JOIN LATERAL (SELECT
    (ARRAY['Harbour', 'Linden', 'North', 'Copper', 'Meadow', 'Lantern', 'Granite', 'Willow', 'Amber', 'Canal', 'Summit'])[1 + n % 11] AS a,
    (ARRAY['Coffee', 'Books', 'Bikes', 'Bakery', 'Hotel', 'Pharmacy', 'Clothing', 'Kitchen', 'Cinema', 'Garage', 'Studio', 'Market', 'Flowers'])[1 + n % 13] AS b
) AS word
CROSS JOIN LATERAL (SELECT timestamptz '2025-01-06 08:00+00' + n % 500 * interval '1 day' AS at) AS moment;

INSERT INTO merchant_locations (merchant_id, label, city, country)
SELECT id, 'Main', (ARRAY['Bremen', 'Lyon', 'Utrecht', 'Cork', 'Malmö', 'Graz', 'Sevilla', 'Leeds'])[1 + id % 8], country FROM merchants;

INSERT INTO merchant_documents (merchant_id, document_type_id, received_on)
SELECT m.id, d.id, m.created_at::date + 2 FROM merchants m CROSS JOIN document_types d WHERE d.is_required;

INSERT INTO contracts (merchant_id, pricing_type_id, starts_on)
SELECT id, pricing_type_id, created_at::date + 7 FROM merchants WHERE status NOT IN ('applied', 'in_review');

INSERT INTO contract_fees (contract_id, fee_item_id, amount)
SELECT c.id, f.id, f.amount FROM contracts c CROSS JOIN fee_items f WHERE f.code IN ('auth', 'rate_consumer', 'monthly');

INSERT INTO terminals (merchant_location_id, equipment_item_id, serial_number, activated_on)
SELECT id, 1 + id % 6, 'T-' || lpad(id::text, 8, '0'), date '2025-02-01' + (id % 400)::integer FROM merchant_locations;

INSERT INTO equipment_orders (merchant_id, ordered_at, shipped_at)
SELECT id, created_at + interval '3 days', created_at + interval '5 days' FROM merchants WHERE id % 2 = 0;

INSERT INTO equipment_order_lines (equipment_order_id, line, equipment_item_id, quantity)
SELECT o.id, line, 1 + (o.id + line) % 8, 1 + (o.id % 2) FROM equipment_orders o CROSS JOIN generate_series(1, 2) AS line;

INSERT INTO transactions (id, created_at, merchant_id, terminal_id, card_scheme, status, amount, fee, decline_reason)
SELECT n, timestamptz '2026-07-01 06:00+00' + n * (interval '120 days' / current_setting('demo.payments')::integer),
    1 + n % merchants.total, 1 + n % merchants.total, (ARRAY['blue', 'orbit', 'maple', 'north'])[1 + n % 4],
    (ARRAY['settled', 'settled', 'settled', 'captured', 'settled', 'settled', 'declined', 'settled', 'refunded', 'settled']::transaction_status[])[1 + n % 10],
    3 + (n::bigint * 7919 % 24900)::numeric / 100, round((n::bigint * 7919 % 24900)::numeric / 10000, 2),
    CASE WHEN n % 10 = 6 THEN (ARRAY['insufficient_funds', 'expired_card', 'wrong_pin', 'limit'])[1 + n % 4] END
FROM generate_series(1, current_setting('demo.payments')::integer) AS n, (SELECT count(*)::integer AS total FROM merchants) AS merchants;

SELECT setval('transactions_id_seq', current_setting('demo.payments')::integer);

INSERT INTO refunds (transaction_id, transaction_created_at, amount, requested_at)
SELECT id, created_at, amount, created_at + interval '2 days' FROM transactions WHERE status = 'refunded' AND id % 20 = 8;

INSERT INTO disputes (transaction_id, transaction_created_at, stage, opened_on, respond_by)
SELECT id, created_at, (ARRAY['opened', 'evidence', 'won', 'lost']::dispute_stage[])[1 + id / 500 % 4], created_at::date + 10, created_at::date + 31
FROM transactions WHERE id % 500 = 1;

INSERT INTO settlements (merchant_id, period_start, period_end, gross, fees, paid_out_at)
SELECT merchant_id, month::date, (month + interval '1 month' - interval '1 day')::date, sum(amount), sum(fee), month + interval '1 month 3 days'
FROM (SELECT merchant_id, date_trunc('month', created_at AT TIME ZONE 'UTC') AS month, amount, fee FROM transactions WHERE status = 'settled') AS settled
WHERE month < '2026-10-01'
GROUP BY merchant_id, month;

INSERT INTO exchange_rates (day, currency, per_euro)
SELECT date '2026-07-01' + n, code, round(1.05 + (n % 30) * 0.001 + length(name) * 0.01, 6)
FROM generate_series(0, 122) AS n CROSS JOIN currencies WHERE code <> 'EUR';

INSERT INTO email_outbox (merchant_id, email_template_id, queued_at, sent_at, attempts)
SELECT id, 1, created_at, created_at + interval '1 minute', 1 FROM merchants WHERE status <> 'applied';

SET LOCAL session_replication_role = origin;
REFRESH MATERIALIZED VIEW reporting.monthly_volume;
ANALYZE;
