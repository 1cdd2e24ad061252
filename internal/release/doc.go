// Package release has the tests of what releases are made with: workflows,
// Dockerfile, packages. It is a module of its own for the libraries that they take.
package release
