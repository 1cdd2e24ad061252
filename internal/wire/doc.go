// Package wire turns Go values into what a request carries (path, query, JSON
// and multipart bodies) and the platform's answer back into Go values. It
// knows nothing about signing, tokens or connections.
package wire
