// Gen writes what is generated in this repository.
//
//	go run ./internal/gen import -package FILE   official package → spec/operations
//	go run ./internal/gen                        spec → api, catalog/data, webhook/event, codes.go, spec/names.lock
//	go run ./internal/gen describe                what is described; -missing DOMAIN lists the rest
//	go run ./internal/gen enums -official FILE   lists of values that the import could not decide
//	go run ./internal/gen -check                 fails when a generated file is not up to date
//
// The import needs the official package, a .tgz file or the folder that it unpacks
// to, in the version that spec/source.json pins. It prints what was added to and
// removed from the spec. The second step reads nothing but spec.
package main

//go:generate go run .
