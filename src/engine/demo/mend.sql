-- Takes back what violate.sql did.

DELETE FROM public.merchants WHERE trading_name = 'Nobody answers here';
DELETE FROM public.terminals AS extra USING public.terminals AS first
WHERE extra.serial_number = first.serial_number AND extra.id > first.id;
