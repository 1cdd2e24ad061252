// Package answer shows answers to people and programs: tables, columns, JSON,
// templates and pages of lists.
package answer
