CREATE TABLE people (
    id    bigint unsigned PRIMARY KEY,
    name  varchar(20) NOT NULL,
    pay   decimal(8, 2),
    state enum ('on', 'off') NOT NULL
);
