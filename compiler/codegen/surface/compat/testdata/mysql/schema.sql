create table t (a int not null, b varchar(20), c bigint unsigned, n decimal(10,2) not null, f double, bo tinyint(1) not null, j json, ts datetime, d date, m enum('x','y') not null, bl blob);
create table s (id bigint unsigned primary key auto_increment, t_a int, name varchar(5) not null);
