CREATE TABLE authors (
    id   BIGINT PRIMARY KEY AUTO_INCREMENT,
    name VARCHAR(200) NOT NULL UNIQUE,
    born INT                -- a year; unknown of some
);

CREATE TABLE books (
    id        BIGINT PRIMARY KEY AUTO_INCREMENT,
    author_id BIGINT,       -- none for anonymous works
    title     VARCHAR(200) NOT NULL,
    price     BIGINT NOT NULL CHECK (price > 0), -- in cents
    published INT NOT NULL,
    FOREIGN KEY (author_id) REFERENCES authors (id)
);

CREATE INDEX books_title ON books (title, id);

CREATE TABLE stock (
    book_id BIGINT PRIMARY KEY,
    copies  INT NOT NULL CHECK (copies >= 0),
    FOREIGN KEY (book_id) REFERENCES books (id)
);

CREATE TABLE sales (
    id      BIGINT PRIMARY KEY AUTO_INCREMENT,
    book_id BIGINT NOT NULL,
    copies  INT NOT NULL CHECK (copies > 0),
    sold_at DATETIME NOT NULL,
    FOREIGN KEY (book_id) REFERENCES books (id)
);
