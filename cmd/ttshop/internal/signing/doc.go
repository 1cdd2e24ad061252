// Package signing has the commands that sign, verify and explain signatures.
package signing
