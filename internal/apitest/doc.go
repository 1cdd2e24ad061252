// Package apitest tests the generated packages below api: it calls every
// operation of the catalogue through its Go method and holds what arrives at the
// other end, and what comes back, against what the catalogue says.
//
// It has no code of its own, only tests.
package apitest
