package importer

import (
	"path/filepath"

	"github.com/ttshop-go/ttshop/internal/gen/spec"
)

// Read returns the OpenAPI files of the package at location, by domain. The
// package is checked against the pins of the spec folder.
func Read(location, specDir string) (map[string][]byte, error) {
	var pin Source
	if err := spec.ReadJSON(filepath.Join(specDir, "source.json"), &pin); err != nil {
		return nil, err
	}
	return readPackage(location, pin)
}
