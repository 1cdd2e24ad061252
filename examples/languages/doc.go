// Package languages has the programs of the guide to the sandbox from other
// languages, which its test runs.
package languages
