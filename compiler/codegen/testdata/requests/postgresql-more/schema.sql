CREATE TYPE public.status AS ENUM ('open', 'closed');
COMMENT ON TYPE public.status IS 'where an order stands';
CREATE DOMAIN email AS text CHECK (value ~ '@');
CREATE SCHEMA "Shop";
CREATE TABLE "Shop"."Orders" (
  "ID" uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  st status NOT NULL DEFAULT 'open',
  all_st status[] NOT NULL,
  customer email,
  total numeric(12, 2) NOT NULL,
  at timestamp with time zone NOT NULL,
  during interval,
  doc jsonb,
  raw bytea,
  bits bit varying(8),
  code character(3),
  low real, high double precision,
  span tstzrange
);
COMMENT ON COLUMN "Shop"."Orders".total IS 'with tax';
CREATE TABLE items (order_id uuid NOT NULL, n smallserial, label varchar(40) NOT NULL DEFAULT '', PRIMARY KEY (order_id, n));
ALTER TABLE items ADD COLUMN price money, ADD COLUMN gone boolean NOT NULL DEFAULT false;
ALTER TABLE items RENAME COLUMN gone TO removed;
ALTER TABLE items RENAME TO order_items;
CREATE VIEW totals AS SELECT order_id, count(*) AS n, max(label) AS top FROM order_items GROUP BY order_id;
CREATE VIEW big AS SELECT t.order_id, t.n + 1 AS more, i.label FROM totals t LEFT JOIN order_items i ON i.order_id = t.order_id;
CREATE FUNCTION twice(x integer) RETURNS bigint LANGUAGE sql AS 'SELECT 2 * x::bigint';
