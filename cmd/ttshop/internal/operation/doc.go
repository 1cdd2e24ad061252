// Package operation has the commands that find, describe and call operations,
// and walk lists.
package operation
