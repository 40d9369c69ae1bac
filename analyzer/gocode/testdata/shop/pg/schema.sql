CREATE TABLE teams (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL, slug text NOT NULL UNIQUE);
CREATE TABLE users (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    team_id bigint NOT NULL REFERENCES teams (id),
    email text NOT NULL UNIQUE,
    name text NOT NULL,
    role text NOT NULL DEFAULT 'user',
    logins bigint NOT NULL DEFAULT 0
);
CREATE TABLE orders (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id bigint NOT NULL REFERENCES users (id),
    total bigint NOT NULL,
    status text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE items (
    id uuid PRIMARY KEY,
    order_id bigint NOT NULL REFERENCES orders (id),
    product text NOT NULL,
    quantity int NOT NULL
);
CREATE TABLE categories (id bigint PRIMARY KEY, parent_id bigint REFERENCES categories (id), name text NOT NULL);
CREATE TABLE settings (name text PRIMARY KEY, value text NOT NULL);
