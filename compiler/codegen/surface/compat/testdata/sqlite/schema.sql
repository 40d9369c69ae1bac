create table t (a integer not null, b text, c bigint, n numeric not null, f real, bo boolean not null, j json, ts datetime, d date, bl blob, vc varchar(3), x INT NOT NULL DEFAULT 1);
create table s (id integer primary key, t_a int, name text not null);
