CREATE TABLE authors (
    id   bigint PRIMARY KEY,
    name varchar(100) NOT NULL
);
CREATE TABLE books (
    id         bigint PRIMARY KEY,
    author_id  bigint NOT NULL,
    title      varchar(100) NOT NULL,
    price      decimal(10, 2) NOT NULL,
    created_at datetime(6) NOT NULL,
    day        date NOT NULL,
    INDEX books_created (created_at, id),
    FOREIGN KEY (author_id) REFERENCES authors (id)
);
