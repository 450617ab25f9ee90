-- A release that takes rows of a promotion back; its source is the environment of that promotion.
ALTER TABLE releases ADD COLUMN undoes uuid REFERENCES promotions;
