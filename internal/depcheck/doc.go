// Package depcheck contains the import rules of the project and the test that
// enforces them.
package depcheck
