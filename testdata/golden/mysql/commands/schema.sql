CREATE TABLE books (
    id     bigint AUTO_INCREMENT PRIMARY KEY,
    title  varchar(100) NOT NULL,
    author varchar(100),
    price  int NOT NULL
);
