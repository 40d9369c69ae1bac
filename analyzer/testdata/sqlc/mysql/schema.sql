CREATE TABLE authors (id bigint AUTO_INCREMENT PRIMARY KEY, name varchar(100) NOT NULL, bio text, born date, at datetime, t time, y year, n decimal(10,2), f double, j json, b tinyint(1), KEY (name));
CREATE TABLE books (id int PRIMARY KEY, author_id bigint NOT NULL, title varchar(50) NOT NULL, FOREIGN KEY (author_id) REFERENCES authors (id));
