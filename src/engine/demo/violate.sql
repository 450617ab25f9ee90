-- What an application may do between an approval and the run: rows that the waiting release forbids. Run it against a target, and the
-- promotion into it fails on its data: test refuses the merchant without an address, production the serial number used twice.

INSERT INTO public.merchants (legal_name, trading_name, mcc, country, pricing_type_id, support_email)
SELECT 'Nobody answers here No. 1', 'Nobody answers here', '5942', 'DE', 1, NULL
WHERE NOT EXISTS (SELECT 1 FROM public.merchants WHERE trading_name = 'Nobody answers here');

INSERT INTO public.terminals (merchant_location_id, equipment_item_id, serial_number)
SELECT 1, 1, 'T-00000001'
WHERE (SELECT count(*) FROM public.terminals WHERE serial_number = 'T-00000001') < 2
    AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_constraint WHERE conname = 'terminals_serial_number_key');
