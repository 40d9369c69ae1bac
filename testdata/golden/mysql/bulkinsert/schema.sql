CREATE TABLE readings (
    id    integer PRIMARY KEY,
    place varchar(200) NOT NULL,
    value double,
    note  varchar(200) NOT NULL DEFAULT ''
);
CREATE TABLE places (
    name varchar(200) PRIMARY KEY,
    seen integer NOT NULL
);
