// Package replica has the commands that keep the data of shops in a database.
package replica
