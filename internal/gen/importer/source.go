package importer

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// Source pins the package that the spec was made from.
type Source struct {
	Package string `json:"package"`
	Version string `json:"version"`
	License string `json:"license"`
	Folder  string `json:"folder"` // of the OpenAPI files in the package
	SHA256  string `json:"sha256"` // of the package file
	// FilesSHA256 is the checksum of the OpenAPI files alone: of the lines
	// "checksum, two spaces, name" sorted by name, as sha256sum prints them.
	FilesSHA256 string `json:"files_sha256"`
}

// readPackage reads the OpenAPI files of a package, one per domain, from a .tgz
// file or from the folder that it unpacks to, and checks them against the pins.
func readPackage(location string, pin Source) (map[string][]byte, error) {
	info, err := os.Stat(location)
	if err != nil {
		return nil, fmt.Errorf("opening package: %w", err)
	}
	var files map[string][]byte
	if info.IsDir() {
		files, err = readFolder(location, pin.Folder)
	} else {
		files, err = readArchive(location, pin)
	}
	if err != nil {
		return nil, err
	}
	if err := verify(files, pin); err != nil {
		return nil, fmt.Errorf("package %s: %w", location, err)
	}
	domains := map[string][]byte{}
	for name, data := range files {
		if domain, ok := strings.CutPrefix(name, path.Join(pin.Folder, "paths")+"/"); ok {
			domains[strings.TrimSuffix(domain, ".json")] = data
		}
	}
	return domains, nil
}

func readFolder(root, folder string) (map[string][]byte, error) {
	files := map[string][]byte{}
	for _, pattern := range []string{"package.json", folder + "/*.json", folder + "/paths/*.json"} {
		names, err := filepath.Glob(filepath.Join(root, filepath.FromSlash(pattern)))
		if err != nil {
			return nil, fmt.Errorf("listing package: %w", err)
		}
		for _, name := range names {
			data, err := os.ReadFile(name)
			if err != nil {
				return nil, fmt.Errorf("reading package: %w", err)
			}
			rel, err := filepath.Rel(root, name)
			if err != nil {
				return nil, fmt.Errorf("reading package: %w", err)
			}
			files[filepath.ToSlash(rel)] = data
		}
	}
	return files, nil
}

func readArchive(name string, pin Source) (map[string][]byte, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("reading package: %w", err)
	}
	if sum := sha256Hex(data); sum != pin.SHA256 {
		return nil, fmt.Errorf("package %s has checksum %s, pinned is %s", name, sum, pin.SHA256)
	}
	zr, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("unpacking %s: %w", name, err)
	}
	files := map[string][]byte{}
	for tr := tar.NewReader(zr); ; {
		header, err := tr.Next()
		if errors.Is(err, io.EOF) {
			return files, nil
		}
		if err != nil {
			return nil, fmt.Errorf("unpacking %s: %w", name, err)
		}
		// Every entry of an npm package lies below one top folder.
		_, entry, _ := strings.Cut(header.Name, "/")
		if header.Typeflag != tar.TypeReg || entry != "package.json" && !strings.HasPrefix(entry, pin.Folder+"/") {
			continue
		}
		if files[entry], err = io.ReadAll(tr); err != nil {
			return nil, fmt.Errorf("unpacking %s: %w", name, err)
		}
	}
}

func verify(files map[string][]byte, pin Source) error {
	var manifest struct{ Name, Version string }
	if err := json.Unmarshal(files["package.json"], &manifest); err != nil {
		return fmt.Errorf("decoding package.json: %w", err)
	}
	if manifest.Name != pin.Package || manifest.Version != pin.Version {
		return fmt.Errorf("found %s %s, pinned is %s %s", manifest.Name, manifest.Version, pin.Package, pin.Version)
	}
	var list strings.Builder
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if rel, ok := strings.CutPrefix(name, pin.Folder+"/"); ok {
			fmt.Fprintf(&list, "%s  %s\n", sha256Hex(files[name]), rel)
		}
	}
	if sum := sha256Hex([]byte(list.String())); sum != pin.FilesSHA256 {
		return fmt.Errorf("its OpenAPI files have checksum %s, pinned is %s", sum, pin.FilesSHA256)
	}
	return nil
}

func sha256Hex(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
