package mysql

import (
	"database/sql"
	"errors"
	"net/url"
	"strings"

	driver "github.com/go-sql-driver/mysql"
)

// Open gives connections as a configuration says. Nothing is connected yet.
func Open(config *driver.Config) (*sql.DB, error) {
	connector, err := driver.NewConnector(config)
	if err != nil {
		return nil, errors.New("the database's URI has settings that do not fit together")
	}
	return sql.OpenDB(connector), nil
}

// Parse reads a URI (mysql://user:password@host:3306/database) or the driver's own form
// (user:password@tcp(host:3306)/database). Its errors name no part of it: any part may hold the password.
func Parse(uri string) (*driver.Config, error) {
	unreadable := errors.New("the database's URI can not be understood; it should look like mysql://user:password@host:3306/database")
	var config *driver.Config
	if strings.HasPrefix(uri, "mysql://") || strings.HasPrefix(uri, "mariadb://") {
		u, err := url.Parse(uri)
		if err != nil {
			return nil, unreadable
		}
		config = driver.NewConfig()
		config.Net, config.Addr = "tcp", u.Host
		if u.Port() == "" {
			config.Addr = u.Hostname() + ":3306"
		}
		config.User = u.User.Username()
		config.Passwd, _ = u.User.Password()
		config.DBName = strings.TrimPrefix(u.Path, "/")
		switch u.Query().Get("tls") {
		case "true", "skip-verify", "preferred":
			config.TLSConfig = u.Query().Get("tls")
		}
	} else {
		var err error
		if config, err = driver.ParseDSN(uri); err != nil {
			return nil, unreadable
		}
	}
	return config, nil
}
