CREATE TABLE authors (
    id   bigint PRIMARY KEY,
    name varchar(100) NOT NULL
);

CREATE TABLE books (
    id        bigint PRIMARY KEY,
    author_id bigint NOT NULL,
    title     varchar(100) NOT NULL,
    price     decimal(8, 2),
    mood      enum ('calm', 'dark'),
    FOREIGN KEY (author_id) REFERENCES authors (id)
);

CREATE TABLE kinds (
    id    int PRIMARY KEY,
    flag  boolean NOT NULL,
    maybe boolean,
    small smallint unsigned,
    big   bigint unsigned NOT NULL,
    f4    float NOT NULL,
    f8    double,
    n     decimal(40, 20) NOT NULL,
    day   date NOT NULL,
    at    datetime(6) NOT NULL,
    ts    timestamp NULL,
    took  time NOT NULL,
    y     year NOT NULL,
    body  varbinary(10) NOT NULL,
    doc   json,
    note  text NOT NULL
);

INSERT INTO authors VALUES (1, 'Austen'), (2, 'Homer');
INSERT INTO books VALUES (1, 1, 'Emma', 9.50, 'calm'), (2, 1, 'Sense & "Sensibility" \\ é ☃', NULL, NULL);
INSERT INTO kinds VALUES
    (1, true, false, 7, 18446744073709551615, 0.1, 1e300, '12345678901234567890.12345678901234567890', '2026-05-04', '2026-05-04 10:30:00.123456',
     '2026-05-04 10:30:00', '10:30:00', 2026, x'00ff', '{"a": [1]}', 'x'),
    (2, false, NULL, NULL, 0, -1.5, NULL, '0', '2026-05-04', '2026-05-04 10:30:00', NULL, '-10:30:00', 1999, '', NULL, '');
