CREATE TABLE people (
    id          int PRIMARY KEY,
    home_url    varchar(20) NOT NULL,
    e_mail      varchar(20) NOT NULL,
    `weird-col` varchar(20) NOT NULL,
    type        varchar(20) NOT NULL
);

INSERT INTO people VALUES (1, 'http://a', 'ann@example.com', 'w', 'person');
