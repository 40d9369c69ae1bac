CREATE TABLE accounts (
    id      integer PRIMARY KEY,
    owner   text NOT NULL UNIQUE,
    balance integer NOT NULL CHECK (balance >= 0)
);

CREATE TABLE transfers (
    id      integer PRIMARY KEY,
    payer   integer NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    payee   integer NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    amount  integer NOT NULL CHECK (amount > 0)
);

CREATE INDEX transfers_payer ON transfers (payer);
CREATE INDEX transfers_payee ON transfers (payee);
