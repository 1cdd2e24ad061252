// Package ask finds operations, fields and error codes by what people ask.
package ask
