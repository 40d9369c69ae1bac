CREATE TABLE authors (
    id   bigint PRIMARY KEY,
    name varchar(100) NOT NULL
);
CREATE TABLE books (
    id        bigint PRIMARY KEY,
    author_id bigint NOT NULL,
    title     varchar(100) NOT NULL,
    price     integer NOT NULL,
    hidden    boolean NOT NULL,
    FOREIGN KEY (author_id) REFERENCES authors (id)
);
