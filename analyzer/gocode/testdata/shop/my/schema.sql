CREATE TABLE teams (id bigint AUTO_INCREMENT PRIMARY KEY, name varchar(100) NOT NULL, slug varchar(100) NOT NULL UNIQUE);
CREATE TABLE users (
    id bigint AUTO_INCREMENT PRIMARY KEY,
    team_id bigint NOT NULL REFERENCES teams (id),
    email varchar(100) NOT NULL UNIQUE,
    name varchar(100) NOT NULL,
    role varchar(100) NOT NULL DEFAULT 'user',
    logins bigint NOT NULL DEFAULT 0
);
CREATE TABLE orders (
    id bigint AUTO_INCREMENT PRIMARY KEY,
    user_id bigint NOT NULL REFERENCES users (id),
    total bigint NOT NULL,
    status varchar(100) NOT NULL,
    created_at datetime NOT NULL DEFAULT CURRENT_TIMESTAMP
);
CREATE TABLE items (
    id varchar(36) PRIMARY KEY,
    order_id bigint NOT NULL REFERENCES orders (id),
    product varchar(100) NOT NULL,
    quantity int NOT NULL
);
CREATE TABLE categories (id bigint PRIMARY KEY, parent_id bigint REFERENCES categories (id), name varchar(100) NOT NULL);
CREATE TABLE settings (name varchar(100) PRIMARY KEY, value varchar(100) NOT NULL);
