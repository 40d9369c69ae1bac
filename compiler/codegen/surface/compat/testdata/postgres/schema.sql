create type mood as enum('a');
create table t (a int not null, b text, c bigint, n numeric(10,2) not null, f float8, bo boolean not null, j jsonb, ts timestamptz, d date, arr text[], m mood not null, vc varchar(3), u uuid not null);
create table s (id bigint primary key, t_a int, name text not null);
create function uf(x int, y text) returns text language sql as $$select 'a'$$;
create function ufs(x int) returns setof s language sql as $$select * from s$$;
create function uft(x int) returns table(p int, q text) language sql as $$select 1, 'a'$$;
create function ufst(x int) returns text language sql strict as $$select 'a'$$;
