CREATE TABLE teams (id integer PRIMARY KEY, name text NOT NULL, slug text NOT NULL UNIQUE);
CREATE TABLE users (
    id integer PRIMARY KEY,
    team_id integer NOT NULL REFERENCES teams (id),
    email text NOT NULL UNIQUE,
    name text NOT NULL,
    role text NOT NULL DEFAULT 'user',
    logins integer NOT NULL DEFAULT 0
);
CREATE TABLE orders (
    id integer PRIMARY KEY,
    user_id integer NOT NULL REFERENCES users (id),
    total integer NOT NULL,
    status text NOT NULL,
    created_at datetime NOT NULL DEFAULT CURRENT_TIMESTAMP
);
CREATE TABLE items (
    id text PRIMARY KEY,
    order_id integer NOT NULL REFERENCES orders (id),
    product text NOT NULL,
    quantity int NOT NULL
);
CREATE TABLE categories (id integer PRIMARY KEY, parent_id integer REFERENCES categories (id), name text NOT NULL);
CREATE TABLE settings (name text PRIMARY KEY, value text NOT NULL);
