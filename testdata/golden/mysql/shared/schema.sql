CREATE TABLE authors (
    id   bigint PRIMARY KEY,
    name varchar(100) NOT NULL,
    born integer
);
CREATE TABLE books (
    id        bigint PRIMARY KEY,
    author_id bigint NOT NULL,
    title     varchar(100) NOT NULL,
    FOREIGN KEY (author_id) REFERENCES authors (id)
);
