-- The lookup data of the sample payments company as it is in production.

INSERT INTO countries (code, name, in_sepa) VALUES
    ('AT', 'Austria', true), ('BE', 'Belgium', true), ('CH', 'Switzerland', true), ('DE', 'Germany', true), ('DK', 'Denmark', true),
    ('ES', 'Spain', true), ('FI', 'Finland', true), ('FR', 'France', true), ('GB', 'United Kingdom', true), ('IE', 'Ireland', true),
    ('IT', 'Italy', true), ('LU', 'Luxembourg', true), ('NL', 'Netherlands', true), ('NO', 'Norway', true), ('PL', 'Poland', true),
    ('PT', 'Portugal', true), ('SE', 'Sweden', true), ('US', 'United States', false);

INSERT INTO currencies (code, name, minor_units) VALUES
    ('EUR', 'Euro', 2), ('GBP', 'Pound sterling', 2), ('USD', 'US dollar', 2), ('CHF', 'Swiss franc', 2), ('SEK', 'Swedish krona', 2),
    ('NOK', 'Norwegian krone', 2), ('DKK', 'Danish krone', 2), ('PLN', 'Polish zloty', 2), ('JPY', 'Japanese yen', 0);

INSERT INTO card_schemes (code, name, chargeback_days) VALUES
    ('blue', 'Blue Card', 120), ('orbit', 'Orbit', 120), ('maple', 'Maple Debit', 90), ('north', 'North Pay', 60);

INSERT INTO merchant_categories (mcc, description, risk) VALUES
    ('5411', 'Groceries', 1), ('5462', 'Bakeries', 1), ('5541', 'Fuel', 2), ('5651', 'Clothing', 2), ('5732', 'Electronics', 3),
    ('5812', 'Restaurants', 2), ('5814', 'Fast food', 1), ('5912', 'Pharmacies', 1), ('5942', 'Books', 1), ('5977', 'Cosmetics', 2),
    ('7011', 'Hotels', 3), ('7230', 'Hairdressers', 1), ('7299', 'Other services', 3), ('7922', 'Tickets', 4), ('7997', 'Sports clubs', 3),
    ('8999', 'Professional services', 2);

INSERT INTO pricing_types (id, code, name, description) VALUES
    (1, 'blended', 'Blended', 'One rate for every card'),
    (2, 'interchange_plus', 'Interchange plus', 'What the scheme charges plus a margin'),
    (3, 'flat', 'Flat', 'A fixed price per month up to a volume'),
    (4, 'tiered', 'Tiered', 'Rates by card class; no new contracts');

INSERT INTO fee_groups (id, code, name, sort_order) VALUES
    (1, 'processing', 'Processing', 10), (2, 'account', 'Account', 20), (3, 'equipment', 'Equipment', 30), (4, 'disputes', 'Disputes', 40),
    (5, 'payouts', 'Payouts', 50);

INSERT INTO fee_items (id, fee_group_id, code, name, basis, amount) VALUES
    (1, 1, 'auth', 'Authorisation', 'per_transaction', 0.0500), (2, 1, 'rate_consumer', 'Consumer cards', 'percentage', 1.2900),
    (3, 1, 'rate_business', 'Business cards', 'percentage', 1.9900), (4, 1, 'rate_foreign', 'Cards from abroad', 'percentage', 2.4900),
    (5, 1, 'refund', 'Refund', 'per_transaction', 0.1500), (6, 2, 'monthly', 'Monthly fee', 'monthly', 9.9000),
    (7, 2, 'statement_paper', 'Statement on paper', 'monthly', 2.5000), (8, 2, 'setup', 'Set-up', 'one_off', 49.0000),
    (9, 3, 'terminal_rent', 'Terminal rent', 'monthly', 14.9000), (10, 3, 'terminal_repair', 'Terminal repair', 'one_off', 65.0000),
    (11, 3, 'sim', 'Mobile data', 'monthly', 3.0000), (12, 4, 'chargeback', 'Chargeback', 'one_off', 25.0000),
    (13, 4, 'retrieval', 'Retrieval request', 'one_off', 10.0000), (14, 5, 'payout', 'Payout', 'per_transaction', 0.2000),
    (15, 5, 'payout_express', 'Express payout', 'percentage', 0.5000);

INSERT INTO equipment_types (id, name) VALUES (1, 'Countertop terminal'), (2, 'Mobile terminal'), (3, 'Card reader'), (4, 'Accessory');

INSERT INTO equipment_items (equipment_type_id, model, monthly_rent, purchase_price)
VALUES (1, 'Quay 100', 12.90, 189.00), (1, 'Quay 200', 15.90, 249.00), (2, 'Skiff 10', 17.90, 279.00), (2, 'Skiff 20', 19.90, 329.00),
    (3, 'Buoy Mini', 4.90, 39.00), (3, 'Buoy Pro', 6.90, 79.00), (4, 'Charging dock', 1.50, 29.00), (4, 'Paper roll, box of 20', 0.00, 18.00);

INSERT INTO email_templates (id, code, subject, body) VALUES
    (1, 'welcome', 'Welcome aboard', 'Hello {{trading_name}}, your account is open. Your first payout follows within three days.'),
    (2, 'application_received', 'We have your application', 'Hello {{trading_name}}, we look at your documents within two working days.'),
    (3, 'document_missing', 'A document is missing', 'Please send us: {{document}}.'),
    (4, 'payout_sent', 'Your payout is on its way', 'We sent {{amount}} to your account ending in {{account_end}}.'),
    (5, 'dispute_opened', 'A customer disputes a payment', 'Please answer until {{respond_by}}. Amount: {{amount}}.'),
    (6, 'dispute_won', 'Dispute won', 'The dispute over {{amount}} was decided for you.'),
    (7, 'terminal_shipped', 'Your terminal is on its way', 'Parcel number {{parcel}}.'),
    (8, 'monthly_statement', 'Your statement for {{month}}', 'Volume {{volume}}, fees {{fees}}.');

INSERT INTO email_triggers (id, event, email_template_id, delay_minutes) VALUES
    (1, 'merchant.activated', 1, 0), (2, 'merchant.applied', 2, 0), (3, 'document.missing', 3, 1440), (4, 'payout.sent', 4, 0),
    (5, 'dispute.opened', 5, 15), (6, 'dispute.won', 6, 0), (7, 'equipment.shipped', 7, 0), (8, 'month.closed', 8, 360);

INSERT INTO decline_reasons (code, description, may_retry) VALUES
    ('insufficient_funds', 'Not enough money on the account', true), ('expired_card', 'The card has expired', false),
    ('wrong_pin', 'Wrong PIN', true), ('lost_card', 'Reported as lost', false), ('limit', 'Above the limit of the card', true),
    ('issuer_away', 'The issuer does not answer', true), ('cheque_guarantee', 'Cheque guarantee failed', false);

INSERT INTO document_types (id, name, is_required) VALUES
    (1, 'Register extract', true), (2, 'Proof of bank account', true), (3, 'Proof of address', false), (4, 'Licence', false);

SELECT setval('pricing_types_id_seq', 4), setval('fee_groups_id_seq', 5), setval('fee_items_id_seq', 15),
    setval('email_templates_id_seq', 8), setval('email_triggers_id_seq', 8);
