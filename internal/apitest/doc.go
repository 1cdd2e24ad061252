// Package apitest tests the generated packages below api: it calls every
// operation of the catalogue through its Go method and compares what arrives at the
// other end, and what comes back, with what the catalogue says.
//
// It has only tests.
package apitest
