// Package mysql runs generated code on MySQL and MariaDB, by go-sql-driver: a pool of its connections, statements prepared once in each of
// them, transactions that are what they are called, and no detour through database/sql where the generated code asks directly. Values, types
// and errors are those of database/sql over prepared statements of the same driver, with the options of the DSN.
package mysql
