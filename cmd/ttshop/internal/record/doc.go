// Package record has the command that writes answers of the platform to files,
// without people's data and secrets.
package record
