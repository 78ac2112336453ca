package store

import "github.com/ncruces/go-sqlite3"

// defend keeps a database from doing what none of ours does: it may be damaged, or
// have come here by another way. Its views are for people with other tools.
//
// Source: https://sqlite.org/security.html
func defend(conn *sqlite3.Conn) error {
	for option, on := range map[sqlite3.DBConfig]bool{
		sqlite3.DBCONFIG_DEFENSIVE:      true,
		sqlite3.DBCONFIG_TRUSTED_SCHEMA: false,
		sqlite3.DBCONFIG_ENABLE_TRIGGER: false,
		sqlite3.DBCONFIG_ENABLE_VIEW:    false,
	} {
		if _, err := conn.Config(option, on); err != nil {
			return err
		}
	}
	conn.Limit(sqlite3.LIMIT_ATTACHED, 0)
	return conn.Exec("PRAGMA cell_size_check = on")
}
