// Package openapi makes an OpenAPI 3.1 document of the catalogue, in a form that
// generators of clients take: shared components under the names that package api
// has, bodies and answers under those of their operations, values as open sets, the envelope and the parts of a signature once.
package openapi
