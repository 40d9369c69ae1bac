CREATE TABLE t (
 a tinyint, b smallint, c int, d bigint, e mediumint, f int(5), g bigint unsigned, h float, i double, j decimal, k decimal(10,3), l numeric(5), 
 m bit, n bit(4), o bool, p date, q datetime, q6 datetime(6), r timestamp, r3 timestamp(3), s time, s2 time(2), u year, v char, w char(3), x varchar(10), y binary, z varbinary(5),
 aa tinytext, ab text, ac mediumtext, ad longtext, ae tinyblob, af blob, ag mediumblob, ah longblob, ai enum('a','bb'), aj set('a','b'), ak json, am serial, an tinyint(1), ao double(5,2), ap float(7), aq float(30), ar text(100), as1 real, at1 integer unsigned, au boolean
);
CREATE TABLE u (id bigint PRIMARY KEY AUTO_INCREMENT, name varchar(20) NOT NULL COMMENT 'the name', k enum('x','y') not null) COMMENT='users';
